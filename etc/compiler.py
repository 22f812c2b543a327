"""`etc.compile`: from a PyTorch module or an exported program to one for the stock ExecuTorch runtime, or to C."""

from __future__ import annotations

import gc
import io
import logging
import os
import time
import traceback
import warnings
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from etc import pipelines
from etc.c_program import CompiledC
from etc.dialects.custom import link_kernels
from etc.errors import EtcError, Problem, did_you_mean, kind_of
from etc.report import Report, make_c_report, make_report
from etc.transforms.bound_sizes import bound_sizes
from etc.transforms.plan_memory import MethodPlan, planned_by
from etc.transforms.rewrite_log import RewriteLog, recording

if TYPE_CHECKING:
    from torch.export import ExportedProgram
    from torch.nn import Module

    from etc.quantize.recipe import Recipe
    from etc.quantize.samples import Data
    from etc.quantize.stages import Forms

Passes = Sequence[str | ModulePass]
"""Passes by name, with options as `etc-opt -p` takes them, or as objects."""

ExampleInputs = Sequence[Any] | Mapping[str, Any]
"""Arguments of a model's forward: in order, or by name."""

Stages = Sequence[tuple[str, Passes]]
OnStage = Callable[[str, ModuleOp], None]
"""Called after each stage with its name and the module as it then is."""


class Compiled:
    """A compiled program: `module` is its IR at the stage `exec`, `pte` its bytes, `report` its figures."""

    def __init__(self, module: ModuleOp, pte: bytes, report: Report):
        self.module, self.pte, self.report = module, pte, report
        self.forms: Forms | None = None
        """of a quantised program, what it was on the way"""
        self._loaded: Any = None

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the `.pte` file, whole or not at all; returns its path."""
        from etc.tools.files import write_whole

        target = Path(path)
        write_whole(str(target), self.pte)
        return target

    def run(self, *inputs: Any, method: str = "forward", **keywords: Any) -> Any:
        """Execute a method on the stock ExecuTorch runtime.

        The arguments are those of the PyTorch module's forward, by position or by keyword as they were when it was
        exported; the outputs have its structure. State lives on from call to call. Raises EtcError when an input does
        not fit, or when the package executorch is not installed.
        """
        from etc.runtime.stock import LoadedProgram

        if self._loaded is None:
            self._loaded = LoadedProgram(self.pte, self.module)
        return self._loaded.call(method, inputs, keywords)


@contextmanager
def _without_garbage_collection() -> Generator[None]:
    """IR is full of cycles that stay alive: the collector finds nothing and takes a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


_Model: TypeAlias = "Module | ExportedProgram | Mapping[str, ExportedProgram | tuple[Any, ...]]"


# For checkers of types: the target decides what comes back.
@overload
def compile(
    model: _Model, example_inputs: ExampleInputs = (), *, target: Literal["pte"] = "pte", **options: Any
) -> Compiled: ...
@overload
def compile(model: _Model, example_inputs: ExampleInputs = (), *, target: str, **options: Any) -> CompiledC: ...
def compile(  # pyright: ignore[reportInconsistentOverload]
    model: _Model,
    example_inputs: ExampleInputs = (),
    *,
    example_kwargs: Mapping[str, Any] | None = None,
    dynamic_shapes: Any = None,
    constants: Mapping[str, Any] | None = None,
    bounds: Mapping[str, int] | None = None,
    custom_kernels: Collection[str] = (),
    passes: Passes | None = None,
    quantize: str | Recipe | None = None,
    calibration: Data | None = None,
    target: str = pipelines.PTE,
    name: str = "model",
    pools: Mapping[str, int] | None = None,
    weights: Literal["array", "blob"] = "array",
    on_stage: OnStage | None = None,
) -> Compiled | CompiledC:
    """Compile a module (exported with `example_inputs`), an exported program, or several as methods of one program.

    Example inputs are a sequence, or a mapping from the names of forward's parameters; `example_kwargs` go beside them.
    The methods are given by name: exported programs, or tuples (module, example_inputs) or (module, example_inputs,
    dynamic_shapes). They share weights and state, which they know by the tensors or, from several modules, by name and
    equal content. `constants` become methods without inputs that give these values: numbers, strings, tensors, or
    lists and dicts of them.

    `bounds` gives sizes that may be as large as they like a largest value, by the names of their `Dim`s; the program
    refuses larger inputs.

    `custom_kernels` are those that the runtime has for custom operators, besides those of operators that torch.library
    knows with an out variant: "myns::blur.out" for the operator myns::blur.

    `passes` are the optimisations on the edge dialect, names as `etc-opt -p` takes them or passes of yours:
    `[*etc.OPTIMISATIONS, MyPass()]`.

    `quantize` is a `Recipe`, or the name of a config of quantization alone: "int8", "int8-dynamic", "int4-weight-g32",
    …; `calibration` are the inputs that scales are taken from, where the recipe has no data. A model that is quantised
    already, by training or by PT2E, keeps its scales.

    `target` is "pte", which gives a `Compiled`, or one that is programmed in C, which gives a `CompiledC`: "c" for any
    processor, "host", "cortex-m4", … ; all names in the generated C begin with `name`. Its temporaries lie in `pools`,
    bytes by name, the fastest first, instead of one arena. Its `weights` are arrays, or a "blob": a file that the
    assembler includes.

    Raises EtcError with all that stands in the way, each problem with the model's
    source line.
    """
    seconds: dict[str, float] = {}
    programs: Any = model
    if target == pipelines.PTE and (pools or weights != "array"):
        raise EtcError("pools and forms of weights are for C programs", expected="a target other than pte")
    if pools:
        from etc.emit.c.interfaces import check_pools

        check_pools(pools)
    with _timed(seconds, "export"):
        if isinstance(model, Mapping):
            check_method_names(model)
            programs = {name: _exported(name, method) for name, method in model.items()}
        elif not hasattr(model, "graph_signature"):
            programs = export(model, example_inputs, example_kwargs, dynamic_shapes)
    from etc.lowering.import_torch import import_program
    from etc.lowering.import_torch_constants import add_constant_methods

    with _without_garbage_collection():
        with _timed(seconds, "import"):
            module = import_program(programs)
            add_constant_methods(module, constants or {})
            bound_sizes(module, bounds or {})
            link_kernels(module, custom_kernels)
        if on_stage is not None:
            on_stage("aten", module)
        if quantize is None:
            return _lowered(module, stages_to(target, passes, pools), target, name, seconds, on_stage, weights)
        from etc.quantize.stages import Forms, is_quantised, recipe_of, with_quantization

        recipe = recipe_of(quantize, calibration)
        if is_quantised(module):
            stages = with_quantization(stages_to(target, passes, pools), None, target, recipe.quantize_io)
            return _lowered(module, stages, target, name, seconds, on_stage, weights)
        forms = Forms(recipe)

        def on_each_stage(stage: str, module: ModuleOp) -> None:
            forms.keep(stage, module)
            if on_stage is not None:
                on_stage(stage, module)

        # Convolutions stay what they are, as their weights are quantised by channels.
        stages = stages_to(target, pipelines.OPTIMISATIONS_FOR_C if passes is None else passes, pools)
        stages = with_quantization(stages, forms, target, recipe.quantize_io)
        compiled = _lowered(module, stages, target, name, seconds, on_each_stage, weights)
        compiled.forms = forms
        return compiled


def _lowered(
    module: ModuleOp,
    stages: Stages,
    target: str,
    name: str,
    seconds: dict[str, float],
    on_stage: OnStage | None,
    weights: Literal["array", "blob"],
) -> Compiled | CompiledC:
    if target == pipelines.PTE:
        return lower(module, stages, seconds, on_stage)
    return lower_to_c(module, stages, target, name, seconds, on_stage, weights)


def stages_to(
    target: str = pipelines.PTE, passes: Passes | None = None, pools: Mapping[str, int] | None = None
) -> Stages:
    """The stages of `compile`, from ATen on, with `passes` as the optimisations. Raises EtcError for no target."""
    if target not in pipelines.TARGETS:
        raise EtcError(f"there is no target {target}", next_step=did_you_mean(target, pipelines.TARGETS))
    given = pipelines.stages(target, pools)
    return [(name, passes if passes is not None and name == "optimised" else listed) for name, listed in given]


@_without_garbage_collection()
def lower(
    module: ModuleOp, stages: Stages, seconds: dict[str, float] | None = None, on_stage: OnStage | None = None
) -> Compiled:
    """Run the stages that lead to a `.pte` on a module of any earlier stage, and emit what results."""
    from etc.emit.flatbuffer import emit_pte

    seconds = {} if seconds is None else seconds
    plans, log = _run_stages(module, stages, seconds, on_stage)
    with _timed(seconds, "emit"):
        pte = emit_pte(module)
    return Compiled(module, pte, make_report(module, plans, log, seconds, len(pte)))


@_without_garbage_collection()
def lower_to_c(
    module: ModuleOp,
    stages: Stages,
    target: str,
    name: str = "model",
    seconds: dict[str, float] | None = None,
    on_stage: OnStage | None = None,
    weights: Literal["array", "blob"] = "array",
) -> CompiledC:
    """Run the stages that lead to C on a module of any earlier stage, and emit what results."""
    from etc.emit.c import emit_c

    seconds = {} if seconds is None else seconds
    plans, log = _run_stages(module, stages, seconds, on_stage)
    with _timed(seconds, "emit"):
        c = emit_c(module, name, weights=weights)
    return CompiledC(module, c, make_c_report(module, c, plans, log, seconds), target)


def _run_stages(
    module: ModuleOp, stages: Stages, seconds: dict[str, float], on_stage: OnStage | None
) -> tuple[list[MethodPlan], RewriteLog]:
    """Run stages; what the memory of each method became, and what rewrites did."""
    from etc.tools.pipeline import PassTable, run_passes

    ctx = context()
    table = PassTable()
    plans: list[MethodPlan] = []
    with recording() as log:
        for name, listed in stages:
            with _timed(seconds, name):
                steps = [step for p in listed for step in (table.parse(p) if isinstance(p, str) else [p])]
                # Our own passes are held to leave valid programs by their tests; those of others are checked here.
                run_passes(ctx, module, steps, verify=any(_is_foreign(step) for step in steps))
                plans += [plan for step in steps for plan in planned_by(step)]
            if on_stage is not None:
                on_stage(name, module)
    return plans, log


def _is_foreign(step: ModulePass) -> bool:
    return not type(step).__module__.startswith("etc.")


def context() -> Context:
    """A context that knows every dialect of ours."""
    from etc.dialects import get_all_dialects

    ctx = Context()
    for name, load in get_all_dialects().items():
        ctx.register_dialect(name, load)
    return ctx


def export(
    model: Any,
    example_inputs: ExampleInputs,
    example_kwargs: Mapping[str, Any] | None = None,
    dynamic_shapes: Any = None,
) -> Any:
    """`torch.export.export` in evaluation mode. Raises EtcError with torch's reason when it cannot be exported."""
    import torch

    from etc.lowering.recurrent_shapes import recurrent_shapes
    from etc.quantize.qat import QATModule

    if not isinstance(model, torch.nn.Module):
        raise EtcError(
            "this cannot be compiled",
            expected="a torch.nn.Module, an ExportedProgram, or a mapping of method names to ExportedPrograms",
            found=kind_of(model),
        )
    if not isinstance(dynamic_shapes, dict | tuple | list | None):
        raise EtcError(
            "these are no dynamic shapes",
            expected='{"x": {0: torch.export.Dim("batch", max=8)}}: by the names of forward\'s parameters, or in order',
            found=repr(dynamic_shapes),
        )
    if isinstance(model, QATModule):
        model = model.convert()
    kwargs = dict(example_kwargs or {})
    if isinstance(example_inputs, Mapping):
        example_inputs, kwargs = (), {**example_inputs, **kwargs}
    try:
        with torch.no_grad(), _in_evaluation(model), _without_remarks(), recurrent_shapes():
            return torch.export.export(model, tuple(example_inputs), kwargs, dynamic_shapes=dynamic_shapes)
    except Exception as error:  # torch.export raises many kinds, all of them about the model
        raise EtcError(
            "torch.export cannot capture the model",
            where=_line_of_model(error),
            found=_explanation(error),
            next_step="run torch.export.export(model, inputs) alone to see torch's full explanation",
        ) from error


def check_method_names(names: Iterable[Any]) -> None:
    """Raise an EtcError for what cannot be the name of a method."""
    wrong = [name for name in names if not isinstance(name, str) or not name]
    if wrong:
        problems = (Problem("a method has no name", expected="a text that is not empty", found=repr(n)) for n in wrong)
        raise EtcError(problems)


def _exported(name: str, method: Any) -> Any:
    """A method of several, exported. Raises EtcError when it is neither an exported program nor what to export."""
    if hasattr(method, "graph_signature"):
        return method
    if not isinstance(method, tuple) or not 2 <= len(method) <= 3:
        raise EtcError(
            f"the method {name} cannot be compiled",
            expected="an ExportedProgram, (module, example_inputs) or (module, example_inputs, dynamic_shapes)",
            found=kind_of(method),
        )
    module, inputs, *dynamic_shapes = method
    return export(module, inputs, None, *dynamic_shapes)


@contextmanager
def _without_remarks() -> Generator[None]:
    """Silence what torch.export warns of, logs and prints besides the error that it raises."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


@contextmanager
def _in_evaluation(model: Module) -> Generator[None]:
    """Put a model in evaluation mode, and back every module of it into the mode that its owner left it in."""
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True


def _explanation(error: Exception, most: int = 3) -> str:
    """The first lines of torch's text, without its advice on logs."""
    lines = [
        line.strip().removesuffix('For more information, run with TORCH_LOGS="+dynamic".').strip()
        for line in str(error).splitlines()
    ]
    return " ".join([line for line in lines if line][:most]) or type(error).__name__


def _line_of_model(error: Exception) -> str:
    """`model.py:12`: the innermost line outside of torch, Python and this module that led to an error of torch."""
    import torch

    others = (str(Path(torch.__file__).parent), str(Path(traceback.__file__).parent), __file__)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith((*others, "<"))]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else ""


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Generator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] = seconds.get(stage, 0.0) + time.perf_counter() - start
