"""Pipelines of passes: which passes there are, the text that names them, and the run with its observers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from time import perf_counter
from typing import Any, get_type_hints

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import ArgSpec, ParameterListType, parse_pipeline
from xdsl.utils.exceptions import ArgSpecParseError, DiagnosticException
from xdsl.utils.hints import isa, type_repr

from etc.errors import EtcError, did_you_mean
from etc.tools.plugins import load_passes
from etc.tools.reporting import UsageError
from etc.transforms import CATALOGUE, get_all_passes
from etc.transforms.verification import place_in_model, verify_program

ENTRY_POINTS = "etc.passes"


@dataclass
class PassTable:
    """The passes that can be named: those of the catalogue, of `--load`ed files, of installed packages.

    Packages are asked only when a name is unknown: a scan of all installed distributions takes time.
    """

    loaded: dict[str, type[ModulePass]] = field(default_factory=dict[str, Any])

    def load_file(self, path: str) -> list[str]:
        """Register the pass classes that a Python file defines; returns their names. Raises EtcError."""
        passes = load_passes(path)
        for name in passes:
            if name in self.loaded or name in get_all_passes():
                raise EtcError(
                    f'{path}: there is another pass "{name}"',
                    found="one that was loaded before" if name in self.loaded else "one of the compiler's own",
                    next_step="give the pass in this file a name of its own",
                )
        self.loaded |= passes
        return list(passes)

    def installed(self) -> dict[str, Callable[[], type[ModulePass]]]:
        """Passes of other packages, from the entry points in group `etc.passes`."""
        from importlib.metadata import entry_points

        return {point.name: point.load for point in entry_points(group=ENTRY_POINTS)}

    def get(self, name: str) -> type[ModulePass]:
        """The class of a pass. Raises UsageError with the nearest name for an unknown one."""
        if name in self.loaded:
            return self.loaded[name]
        ours = get_all_passes()
        if name in ours:
            return ours[name]()
        installed = self.installed()
        if name in installed:
            return installed[name]()
        raise UsageError(f'there is no pass "{name}"', next_step=did_you_mean(name, {*self.loaded, *ours, *installed}))

    def groups(self) -> list[tuple[str, list[type[ModulePass]]]]:
        """The catalogue with titles: our groups, then passes from packages and files."""
        ours = get_all_passes()
        groups = [(group.title, [ours[name]() for name in group.passes]) for group in CATALOGUE]
        installed = self.installed()
        groups.append(("From installed packages", [installed[name]() for name in sorted(installed)]))
        groups.append(("Loaded", [self.loaded[name] for name in sorted(self.loaded)]))
        return [(title, passes) for title, passes in groups if passes]

    def parse(self, text: str) -> list[ModulePass]:
        """The passes of `a,b{x=1 y=true}` or `builtin.module(a,b{x=1 y=true})`. Raises UsageError."""
        return [make_pass(self.get(spec.name), spec) for spec in parse_specs(text)]


_WRAPPED = re.compile(r"\s*builtin\.module\s*\((.*)\)\s*", re.DOTALL)
_OPENED = re.compile(r"\s*builtin\.module\s*\([^)]*$")
_QUOTED_OR_SPACED = re.compile(r'("[^"]*")|\s*([,{}=])\s*')


def parse_specs(text: str) -> list[ArgSpec]:
    """Split the text of a pipeline into names and options. Raises UsageError that marks the place."""

    if (wrapped := _WRAPPED.fullmatch(text)) is not None:
        text = wrapped[1]
    elif _OPENED.match(text) is not None:
        raise UsageError(f"this is not a pipeline: the parenthesis of builtin.module is not closed\n  {text}")
    tight = _QUOTED_OR_SPACED.sub(lambda match: match[1] or match[2], text.strip())
    try:
        return list(parse_pipeline(tight))
    except ArgSpecParseError as error:
        # "Error parsing …:", the place, the text, the mark below it, what is wrong.
        _, _, line, mark, what = str(error).rstrip().split("\n")
        raise UsageError(
            f"this is not a pipeline: {what.strip()}\n  {line}\n  {mark}",
            expected="name,name{option=value …},…",
        ) from None


def options_of(pass_type: type[ModulePass]) -> Mapping[str, Field[Any]]:
    """The options of a pass by name; a dash in the text of a pipeline stands for an underscore."""
    return {f.name: f for f in fields(pass_type) if f.init and f.name != "name"}


def make_pass(pass_type: type[ModulePass], spec: ArgSpec) -> ModulePass:
    """A pass with options from text. Raises UsageError for an unknown, missing or ill-typed option."""

    options, hints = options_of(pass_type), get_type_hints(pass_type)
    values: dict[str, Any] = {}
    for name, given in spec.normalize_parameter_names().parameters.items():
        if name not in options:
            hint = did_you_mean(name, options) if options else "it has no options"
            raise UsageError(f'pass {pass_type.name} has no option "{name}"', next_step=hint)
        values[name] = _convert(pass_type, name, given, hints[name])
    for name, option in options.items():
        if name not in values and option.default is MISSING and option.default_factory is MISSING:
            raise UsageError(
                f'pass {pass_type.name} needs a value for its option "{name}"',
                next_step=f"write {pass_type.name}{{{name}=…}}",
            )
    return pass_type(**values)


def _convert(pass_type: type[ModulePass], name: str, given: ParameterListType, hint: Any) -> Any:

    candidates: list[Any] = [given[0]] if len(given) == 1 else [] if given else [True, None]
    if len(given) == 1 and isinstance(given[0], int):
        candidates.append(float(given[0]))
    for value in (*candidates, given):
        if isa(value, hint):
            return value
    found = ",".join(str(value).lower() if isinstance(value, bool) else str(value) for value in given)
    raise UsageError(
        f'option "{name}" of pass {pass_type.name} has a wrong value',
        expected=type_repr(hint),
        found=found or "no value",
    )


class Observer:
    """Watches a run. `before` sees the module as it came, `after` sees it after each pass."""

    def before(self, module: ModuleOp) -> None: ...

    def after(self, ran: ModulePass, module: ModuleOp, seconds: float) -> None: ...

    def finish(self) -> None: ...


def run_passes(
    ctx: Context,
    module: ModuleOp,
    passes: Sequence[ModulePass],
    *,
    observers: Sequence[Observer] = (),
    verify: bool = True,
    place: Callable[[Operation], str] = place_in_model,
) -> None:
    """Run passes over a module, which is verified before the first and after each unless `verify` is off.

    Raises EtcError for what the program or a pass gets wrong; other exceptions of a pass are reported as its fault.
    """

    if verify:
        verify_program(module, place)
    for observer in observers:
        observer.before(module)
    for current in passes:
        start = perf_counter()
        _apply(ctx, module, current)
        seconds = perf_counter() - start
        if verify:
            try:
                verify_program(module, place)
            except EtcError as error:
                raise EtcError(f"pass {current.name} left an invalid program: {error}") from error
        for observer in observers:
            observer.after(current, module, seconds)
    for observer in observers:
        observer.finish()


def _apply(ctx: Context, module: ModuleOp, current: ModulePass) -> None:

    try:
        current.apply(ctx, module)
    except EtcError:
        raise
    except DiagnosticException as error:
        raise EtcError(f"pass {current.name}: {error}") from error
    except (Exception, SystemExit) as error:
        raise EtcError(
            f"pass {current.name} failed: {type(error).__name__}: {error}",
            next_step="this is a mistake in the pass; ETC_TRACEBACK=1 shows where",
        ) from error
