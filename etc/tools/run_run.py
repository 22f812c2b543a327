"""What etc-run does once its command line is understood."""

from __future__ import annotations

import ast
import json
import math
import re
import shlex
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, cast

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from etc.errors import EtcError, Problem, did_you_mean
from etc.runtime.stock import Input, input_text
from etc.tools.files import in_file, read_bytes, reason_of, write_whole
from etc.tools.reporting import UsageError
from etc.tools.runners import Method, Runner, load, random_value
from etc.tools.target_runner import OnTarget, figures_text


def run(args: Namespace) -> None:
    """Do what the command line says. Raises EtcError, UsageError for mistakes in the command line itself."""
    if args.random is not None and args.inputs:
        raise UsageError("inputs are given, and to be made up too", next_step="leave out --random or the inputs")
    if args.report and args.target is None:
        raise UsageError("a report is on C", expected="--target with one of the targets")
    runner = _load(args)
    name = _choose(runner, args.method)
    method = runner.methods[name]
    inputs = _inputs(args, name, method)
    try:
        outputs = list(runner.run(name, inputs))
    except EtcError as error:
        raise EtcError([_of_file(problem, args.inputs) for problem in error.problems]) from error
    files = _write(outputs, args.output) if args.output else [None] * len(outputs)
    names = [*method.outputs, *map(str, range(len(method.outputs), len(outputs)))]
    summary: dict[str, Any] = {
        "program": args.program,
        "method": name,
        "on": runner.where,
        "outputs": [
            {"name": label, **_describe(value), **({"file": file} if file else {})}
            for label, value, file in zip(names, outputs, files, strict=False)
        ],
    }
    if isinstance(runner, OnTarget):
        summary |= runner.figures()
        if args.report:
            summary["report"] = runner.report(args.report, name, inputs)
    if args.repeat:
        summary["milliseconds"] = _time(runner, name, inputs, args.repeat)
    if args.json:
        print(json.dumps(_finite(summary), indent=2))
    else:
        _print(summary)


def _load(args: Namespace) -> Runner:
    if args.target is None and Path(args.program).is_dir():
        raise EtcError(f"{args.program}: this is a folder", next_step="generated C runs with --target, host for one")
    if args.target is None:
        return load(args.program, args.on)
    if args.on is not None:
        raise UsageError("--target and --on each say where to run", next_step="leave one of them out")
    runner = OnTarget(args.program, args.target, None if args.cflags is None else shlex.split(args.cflags))
    if args.repeat and runner.is_measured:
        what = f"on {args.target} instructions are counted, not time, and each run counts the same"
        raise UsageError(what, next_step="leave out --repeat")
    return runner


def _choose(runner: Runner, asked: str | None) -> str:
    names = list(runner.methods)
    if not names:
        raise EtcError("there is no method in the program", expected="a func.func or an exec.plan")
    if asked is None and (len(names) == 1 or "forward" in names):
        return names[0] if len(names) == 1 else "forward"
    if asked is None:
        raise UsageError("which method is to run?", expected="--method with one of " + ", ".join(names))
    if asked not in names:
        raise EtcError(
            f"there is no method {asked}", found=", ".join(names) or "none", next_step=did_you_mean(asked, names)
        )
    return asked


# ---- inputs ----------------------------------------------------------------------------------------------------------


def _inputs(args: Namespace, name: str, method: Method) -> list[Any]:
    if args.random is not None:
        generator = torch.Generator().manual_seed(args.random)
        return [_random(expected, generator) for expected in method.inputs]
    if len(args.inputs) != len(method.inputs):
        listed = ", ".join(f"{i.name} {input_text(i)}".strip() for i in method.inputs)
        raise EtcError(
            f"method {name} takes another number of inputs",
            expected=f"{len(method.inputs)}: {listed}" if method.inputs else "none",
            found=str(len(args.inputs)),
            next_step="give one .npy file for each, or --random SEED",
        )
    return [_read(given, expected) for given, expected in zip(args.inputs, method.inputs, strict=True)]


def _random(expected: Input, generator: torch.Generator) -> Any:
    try:
        return random_value(expected, generator)
    except (RuntimeError, TypeError) as error:  # torch's ways to say that so much memory cannot be had
        what = f"no random input can be made for {input_text(expected)}"
        raise EtcError(what, found=str(error).partition("\n")[0], next_step="give smaller sizes") from error


def _read(given: str, expected: Input) -> Any:
    """A tensor from a file, or a number. Raises EtcError for what is neither."""
    if (number := _number(given)) is not None:
        return number
    try:
        array = np.load(BytesIO(read_bytes(given)), allow_pickle=False)
        tensor = torch.from_numpy(np.ascontiguousarray(array).reshape(array.shape))
    except (ValueError, TypeError, EOFError, AttributeError) as error:
        reason = str(error).split(". ")[0] if str(error).strip() else type(error).__name__
        raise EtcError(f"{given}: this is no .npy file of numbers", found=reason) from error
    return tensor.item() if expected.dtype is None and tensor.numel() == 1 else tensor


def _number(text: str) -> int | float | bool | None:
    if text in ("true", "false"):
        return text == "true"
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, int | float) else None


_OF_INPUT = re.compile(r"input (\d+)\b")


def _of_file(problem: Problem, given: Sequence[str]) -> Problem:
    """A problem of an input that was given in a file: it names the file, and what to do about it."""
    match = _OF_INPUT.match(problem.what)
    if match is None or int(match[1]) >= len(given):
        return problem
    file = given[int(match[1])]
    bounds = ", ≤ being the largest" if "≤" in problem.expected else ""
    next_step = f"give {file} that type and these sizes{bounds}; --random SEED makes inputs that fit"
    if not problem.expected:
        next_step = f"give {file} another size, or compile the model for it: its torch.export.Dim has the limits"
    return replace(in_file(file, problem), next_step=problem.next_step or next_step)


# ---- outputs ---------------------------------------------------------------------------------------------------------


def _write(outputs: Sequence[Any], folder: str) -> list[str]:
    """Write every output that is not None to a file of its own; 16-bit floats that NumPy lacks as float32."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EtcError(f"{folder}: cannot be made: {reason_of(error)}") from error
    files: list[str] = []
    for number, value in enumerate(outputs):
        if value is None:
            files.append("")
            continue
        tensor = torch.as_tensor(value)
        buffer = BytesIO()
        np.save(buffer, (tensor.float() if tensor.dtype is torch.bfloat16 else tensor).numpy())
        files.append(str(Path(folder) / f"output_{number}.npy"))
        write_whole(files[-1], buffer.getvalue())
    return files


def _describe(value: Any) -> Mapping[str, Any]:
    """Type, shape and range of an output; a number as it is."""
    if value is None:
        return {"dtype": None, "shape": None, "value": None}
    if not isinstance(value, torch.Tensor):
        return {"dtype": type(value).__name__, "shape": None, "value": value}
    facts: dict[str, Any] = {"dtype": str(value.dtype).removeprefix("torch."), "shape": list(value.shape)}
    if value.numel() and not value.is_complex():
        wide = value.double()
        facts |= {"min": wide.min().item(), "max": wide.max().item(), "mean": wide.mean().item()}
    return facts


def _finite(value: Any) -> Any:
    """JSON has no infinities and no NaN: null stands for them."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_finite(part) for part in cast(list[Any], value)]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _time(runner: Runner, method: str, inputs: Sequence[Any], count: int) -> Mapping[str, float]:
    times: list[float] = []
    for _ in range(count):
        start = perf_counter()
        runner.run(method, inputs)
        times.append(1e3 * (perf_counter() - start))
    return {"median": median(times), "min": min(times), "max": max(times), "runs": count}


def _print(summary: Mapping[str, Any]) -> None:
    console = Console(highlight=False)
    table = Table(title=f"{summary['program']}: {summary['method']}, on {summary['on']}", title_justify="left")
    table.add_column("output")
    table.add_column("type")
    for name in ("min", "max", "mean"):
        table.add_column(name, justify="right")
    for output in summary["outputs"]:
        if output["shape"] is None:
            table.add_row(output["name"], output["dtype"] or "", "", "", str(output["value"]))
            continue
        figures = [f"{output[name]:.6g}" if name in output else "" for name in ("min", "max", "mean")]
        table.add_row(output["name"], f"{output['dtype']} {output['shape']}", *figures)
    console.print(table)
    for line in figures_text(summary):
        console.print(line)
    if (times := summary.get("milliseconds")) is not None:
        console.print(
            f"{times['median']:.3f} ms a run (median of {times['runs']}; {times['min']:.3f} to {times['max']:.3f})"
        )
    if files := [output["file"] for output in summary["outputs"] if "file" in output]:
        console.print(f"written: {', '.join(files)}")
    if report := summary.get("report"):
        console.print(f"report: {report}", soft_wrap=True)
