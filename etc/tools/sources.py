"""Text programs: parsed with places, so that an error about an operation can name its line in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import cast

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.parser import Parser, ParserState
from xdsl.utils.exceptions import ParseError, VerifyException
from xdsl.utils.lexer import Input, Span
from xdsl.utils.mlir_lexer import MLIRLexer, MLIRTokenKind

from etc.errors import EtcError, describe_location, did_you_mean

_SEPARATOR = re.compile(r"^[ \t]*// -----.*$", re.MULTILINE)
_DETAIL = re.compile(r"\n\s*(expected|found|next): ")
_MARGIN = 100
_TOO_LONG = re.compile(r"\d{4301,}")
"""What Python does not take for a number."""
# Messages of xDSL's parser that do not say what is wrong.
_CLEARER = {
    "in block definition": "expected an operation, the label of a block, or the `}` that ends the region",
    "Could not parse entire input!": "expected an operation",
}


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


class _Lexer(MLIRLexer):
    """xDSL's expression for strings takes exponential time when the closing quote is missing; this one does not."""

    _unescaped_characters_regex = re.compile(r'"(?:[^"\\\n\v\f]++|\\(?:["nt\\]|[0-9A-Fa-f]{2}))*+"')


class SourceParser(Parser):
    """xDSL's parser, which also knows where in the text each operation begins."""

    def __init__(self, ctx: Context, chunk: Chunk):
        super().__init__(ctx, "", chunk.name)
        self._parser_state = ParserState(_Lexer(Input(chunk.text, chunk.name)))
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

    def undefined(self) -> tuple[Span, str] | None:
        """At the end of the text: the place of a value that was used and not defined, and what is wrong with it."""
        for name, values in self.forward_ssa_references.items():
            use = next(iter(values.values())).first_use
            if use is not None and (start := self.starts.get(use.operation)) is not None:
                place = start.input.content.index(f"%{name}", start.start)
                return Span(place, place + 1 + len(name), start.input), f"%{name} is used, but never defined"
        return None

    @property
    def operation(self) -> Span:
        """The start of the operation that was begun last."""
        return self._start

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
    try:
        parser = SourceParser(ctx, chunk)
    except ParseError as error:  # the parser reads the first token when it is made
        raise SyntaxProblem(_offset(cast(Span, error.span), chunk), error.msg) from error
    try:
        if parser.at_end:
            parser.raise_error("there is no program here")
        return Program(parser.parse_module(), parser.starts, chunk.line_offset)
    except ParseError as error:
        span, what = cast(Span, error.span), _CLEARER.get(error.msg.strip(), error.msg)
        if what.startswith("values used but not defined"):
            span, what = parser.undefined() or (span, what)
        raise SyntaxProblem(_offset(span, chunk), what) from error
    except (EtcError, VerifyException) as error:
        raise SyntaxProblem(_offset(parser.operation, chunk), str(error)) from error
    except RecursionError as error:
        raise SyntaxProblem(_offset(parser.operation, chunk), "this is nested too deeply") from error
    except Exception as error:
        start = parser.operation.start
        if (number := _TOO_LONG.search(chunk.text, start)) is not None:
            span = Span(number.start(), number.end(), parser.operation.input)
            raise SyntaxProblem(_offset(span, chunk), f"a number of {len(number[0])} digits is too long") from error
        what = f"this cannot be read ({type(error).__name__}: {error})"
        raise SyntaxProblem(_offset(parser.operation, chunk), what) from error


def _offset(span: Span, chunk: Chunk) -> Span:
    return replace(span, line_offset=chunk.line_offset)


class SyntaxProblem(EtcError):
    """Text that is not a program. The message shows the line and marks the place in it."""

    def __init__(self, span: Span, message: str):
        message = " ".join(_DETAIL.sub(r"; \1 ", message).split())
        text, start, end = span.input.content, span.start, max(span.end, span.start + 1)
        if not text[start:].strip():
            message, start = f"{message}; the text ends here", len(text.rstrip())
        left = max(span.input.get_start_of_line(start), start - _MARGIN)
        right = min(span.input.get_end_of_line(start), start + _MARGIN)
        mark = " " * (start - left) + "^" * max(1, min(end, right) - start)
        shown = f"\n  {text[left:right]}\n  {mark}" if text[left:right].strip() else ""
        super().__init__(f"{replace(span, start=start).get_location()}: {message}{shown}")
