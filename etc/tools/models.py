"""The MODEL of a command line: `file.pt2`, or `file.py:function` whose function returns what to compile."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from etc.errors import EtcError, did_you_mean, kind_of
from etc.pipelines import PTE
from etc.tools.plugins import line_of
from etc.tools.reporting import UsageError

EXPECTED = (
    "(module, example_inputs), (module, example_inputs, dynamic_shapes), an object with these attributes, an "
    "ExportedProgram, or a dict from method names to any of these"
)


def default_output(reference: str, target: str) -> str:
    """What a model is compiled to when no name is given: `resnet.pte` or the folder `resnet` for `models.py:resnet`."""
    name = _model_name(reference)
    return f"{name}.pte" if target == PTE else name


def c_name(reference: str) -> str:
    """What the names in generated C begin with when nothing is given: the model's name, as C can have it."""
    return re.sub(r"\W", "_", _model_name(reference), flags=re.ASCII)


def _model_name(reference: str) -> str:
    path, _, function = reference.rpartition(":")
    return function if path else Path(reference).stem


def load_model(reference: str) -> Mapping[str, Any]:
    """The exported programs that MODEL stands for, by method name. Runs and exports what a Python file defines.

    Raises UsageError for what is no model reference, EtcError when the model cannot be had.
    """
    if reference.endswith(".pt2"):
        from etc.lowering.import_torch_files import load_pt2

        return {"forward": load_pt2(reference)}
    path, _, function = reference.rpartition(":")
    if not path.endswith(".py") or not function:
        found = f"{reference}: this names no function in it" if reference.endswith(".py") else reference
        raise UsageError("this names no model", expected="FILE.pt2 or FILE.py:FUNCTION", found=found)
    place = f"{path}:{function}"
    returned = _call(load_function(reference), place, Path(path))
    methods: Mapping[str, Any] = returned if isinstance(returned, Mapping) else {"forward": returned}
    if not methods:
        raise EtcError(f"{place} returned an empty dict", expected=EXPECTED)
    from etc.compiler import check_method_names

    check_method_names(methods)
    return {name: _exported(value, place) for name, value in methods.items()}


def load_function(reference: str) -> Callable[..., Any]:
    """The function that `file.py:function` stands for, once the file has been run.

    Raises UsageError for what is no such reference, EtcError when the function cannot be had.
    """
    path, _, function = reference.rpartition(":")
    if not path.endswith(".py") or not function:
        raise UsageError("this names no function", expected="FILE.py:FUNCTION", found=reference)
    file = Path(path)
    if not file.is_file():
        raise EtcError(f"{path}: {'this is not a file' if file.exists() else 'there is no such file'}")
    return _find(_import(file, path), function, path)


def _import(file: Path, path: str) -> ModuleType:
    """Run a Python file, as part of the package that it lies in if there is one."""
    root = file.resolve().parent
    parts = [file.stem]
    while (root / "__init__.py").is_file():
        parts.insert(0, root.name)
        root = root.parent
    sys.path.insert(0, str(root))
    try:
        if len(parts) > 1:
            return import_module(".".join(parts))
        return _run_alone(file)
    except EtcError:
        raise
    except (Exception, SystemExit) as error:
        where = line_of(error, file.resolve())
        raise EtcError(f"{path}{where}: cannot be loaded: {type(error).__name__}: {error}") from error


def _run_alone(file: Path) -> ModuleType:
    """Run a file under a name that hides no module of the same name."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(f"model {file.stem}", file.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def _find(module: ModuleType, function: str, path: str) -> Callable[[], Any]:
    found = getattr(module, function, None)
    if not callable(found):
        own = [n for n, v in vars(module).items() if callable(v) and getattr(v, "__module__", "") == module.__name__]
        what = f"{path}: there is no function {function}" if found is None else f"{path}: {function} is no function"
        raise EtcError(what, next_step=did_you_mean(function, own) if own else "the file defines no function")
    return found


def call(function: Callable[[], Any], reference: str) -> Any:
    """What a function of `file.py:function` gives. Raises EtcError, with the line in the file, when it raises."""
    return _call(function, reference, Path(reference.rpartition(":")[0]))


def _call(function: Callable[[], Any], place: str, file: Path) -> Any:
    try:
        return function()
    except EtcError:
        raise
    except (Exception, SystemExit) as error:
        where = line_of(error, file.resolve())
        at = f" at line {where[1:]}" if where else ""
        raise EtcError(f"{place} raised{at}: {type(error).__name__}: {error}") from error


def _exported(value: Any, place: str) -> Any:
    """An exported program of what a function returned."""
    if hasattr(value, "graph_signature"):
        return value
    keywords = getattr(value, "example_kwargs", None)
    if not isinstance(value, tuple) and hasattr(value, "module"):
        inputs = getattr(value, "inputs", getattr(value, "example_inputs", () if keywords else None))
        value = (value.module, inputs, getattr(value, "dynamic_shapes", None))
    from torch import Tensor
    from torch.nn import Module

    if not isinstance(value, tuple) or not isinstance(value[0] if value else None, Module):
        raise EtcError(f"{place} returned what is no model", expected=EXPECTED, found=_describe(value))
    if not 2 <= len(value) <= 3:
        raise EtcError(f"{place} returned a tuple of {len(value)}", expected=EXPECTED)
    module, inputs = value[:2]
    inputs = (inputs,) if isinstance(inputs, Tensor) else inputs
    if not isinstance(inputs, tuple | list | Mapping):
        raise EtcError(
            f"{place} returned example inputs that are no tuple", expected="a tuple or a dict", found=_describe(inputs)
        )
    if not isinstance(keywords, Mapping | None):
        raise EtcError(f"{place}: example_kwargs is no dict", expected="a dict", found=_describe(keywords))
    from etc.compiler import export

    return export(module, inputs, keywords, value[2] if len(value) == 3 else None)


def _describe(value: Any) -> str:
    if isinstance(value, tuple):
        return f"a tuple of {', '.join(map(kind_of, value))}" if value else "an empty tuple"  # pyright: ignore[reportUnknownVariableType]
    return kind_of(value)
