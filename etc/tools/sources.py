"""Text programs: parsed with places, so that an error about an operation can name its line in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import cast

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.parser import Parser
from xdsl.utils.exceptions import ParseError, VerifyException
from xdsl.utils.lexer import Span
from xdsl.utils.mlir_lexer import MLIRTokenKind

from etc.errors import EtcError, describe_location, did_you_mean

_SEPARATOR = re.compile(r"^[ \t]*// -----.*$", re.MULTILINE)
_MARGIN = 100


@dataclass(frozen=True)
class Chunk:
    """A piece of a file, or all of it; `line_offset` lines of the file come before it."""

    name: str
    text: str
    line_offset: int = 0


def split(name: str, text: str) -> Iterator[Chunk]:
    """The programs of a file, separated by `// -----` lines."""
    line_offset = 0
    for piece in _SEPARATOR.split(text):
        yield Chunk(name, piece, line_offset)
        line_offset += piece.count("\n")


class SourceParser(Parser):
    """xDSL's parser, which also knows where in the text each operation begins."""

    def __init__(self, ctx: Context, chunk: Chunk):
        super().__init__(ctx, chunk.text, chunk.name)
        self.starts: dict[Operation, Span] = {}
        self._start = self._current_token.span

    def parse_operation(self) -> Operation:
        self._start = start = self._current_token.span
        op = super().parse_operation()
        self.starts[op] = start
        return op

    def _get_op_by_name(self, name: str) -> type[Operation]:
        if (op_type := self.ctx.get_optional_op(name, dialect_stack=self._parser_state.dialect_stack)) is not None:
            return op_type
        dialect, _, _ = name.partition(".")
        if (loaded := self.ctx.get_optional_dialect(dialect)) is not None:
            known = [op.name for op in loaded.operations]
            hint = _nearest(name, known, f"in dialect {dialect}")
        else:
            hint = _nearest(dialect, list(self.ctx.registered_dialect_names), "among the dialects")
        self.raise_error(f"there is no operation {name}; {hint}", self._start)

    @property
    def place(self) -> Span:
        """Where the parser stands."""
        return self._current_token.span

    @property
    def at_end(self) -> bool:
        return self._current_token.kind is MLIRTokenKind.EOF


def _nearest(word: str, known: list[str], where: str) -> str:
    hint = did_you_mean(word, known)
    return hint if hint.endswith("?") else f"nothing near it is known {where}"


@dataclass(frozen=True)
class Program:
    """A module and, when it was read from text, the places in the text where its operations begin."""

    module: ModuleOp
    starts: dict[Operation, Span] = field(default_factory=dict[Operation, Span])
    line_offset: int = 0

    def place(self, op: Operation) -> str:
        """`file:line:column` of an operation that was read, the model's source line of one that a pass made."""
        if (span := self.starts.get(op)) is None:
            return describe_location(op.location)
        return str(replace(span, line_offset=self.line_offset).get_location())


def parse(ctx: Context, chunk: Chunk) -> Program:
    """Read a program. Raises SyntaxProblem, at the place in the text, for whatever is wrong with it."""
    parser = SourceParser(ctx, chunk)
    try:
        if parser.at_end:
            parser.raise_error("there is no program here: the text is empty")
        return Program(parser.parse_module(), parser.starts, chunk.line_offset)
    except ParseError as error:
        raise SyntaxProblem(_offset(cast(Span, error.span), chunk), error.msg) from error
    except (EtcError, VerifyException) as error:
        raise SyntaxProblem(_offset(parser.place, chunk), str(error)) from error
    except RecursionError as error:
        raise SyntaxProblem(_offset(parser.place, chunk), "this is nested too deeply") from error
    except Exception as error:
        what = f"this cannot be read ({type(error).__name__}: {error})"
        raise SyntaxProblem(_offset(parser.place, chunk), what) from error


def _offset(span: Span, chunk: Chunk) -> Span:
    return replace(span, line_offset=chunk.line_offset)


class SyntaxProblem(EtcError):
    """Text that is not a program. The message shows the line and marks the place in it."""

    def __init__(self, span: Span, message: str):
        message = " ".join(message.split())
        text, start, end = span.input.content, span.start, max(span.end, span.start + 1)
        left = max(span.input.get_start_of_line(start), start - _MARGIN)
        right = min(span.input.get_end_of_line(start), start + _MARGIN)
        line = text[left:right]
        marks = " " * (start - left) + "^" * max(1, min(end, right) - start)
        super().__init__(f"{span.get_location()}: {message}\n  {line}\n  {marks}")
