"""The nodes of a Kamailio configuration: what all of them have, statements, and expressions. `items` has the top level.

Offsets are those of the file that `home` names; a node that a macro brought has those of the macro's use, and
``home.expansion`` tells the define. Leaves are the tokens themselves: `Number`, `String`, `Variable`, `Select`, `Word`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cfglint.source import Place, Span
from cfglint.syntax.kamailio.tokens import Home, Number, Select, String, Token, Variable, Word

__all__ = ["Number", "Select", "String", "Token", "Variable", "Word"]


class Node:
    """Something made of tokens. `children` are the tokens and nodes it is made of, in order; they give its span."""

    __slots__ = ("end", "home", "start")
    parts: tuple[str, ...] = ()
    """The attributes that hold what `walk` goes into, in the order of the text: a node, a leaf, a list of them, or
    None."""

    def __init__(self, children: list[Any]) -> None:
        first, last = children[0], children[-1]
        self.start: int = first.start
        home: Home = first.home
        if home is last.home:
            self.end: int = last.end
        elif home.source is last.home.source and last.end >= first.start:
            self.end = last.end
            if home.expansion is not None and (first.start, first.end) != (last.start, last.end):
                home = Home(home.source, home.chain)
        else:  # it ends in another file
            self.end = first.end
        self.home = home

    @property
    def place(self) -> Place:
        """Where it stands, or where the macro that brought it is used."""
        return Place(self.home.source, Span(self.start, self.end))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.place.text[:40]!r})"


# ---------------------------------------------------------------------------------------------------------- statements


class Statement(Node):
    """What a block is made of; `stop` is the offset behind its semicolon, or its end when it needs none."""

    __slots__ = ("stop",)

    def __init__(self, children: list[Any]) -> None:
        super().__init__(children)
        self.stop = self.end


class Broken(Statement):
    """Tokens that could not be understood."""

    __slots__ = ()


class Empty(Statement):
    """A semicolon alone; only seen as the body of an ``if`` or ``while``."""

    __slots__ = ()


class Block(Statement):
    """``{ statements }``; empty statements (lone semicolons) are left out."""

    __slots__ = ("closing", "opening", "statements")
    parts = ("statements",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.opening: Token = c[0]
        self.statements: list[Statement] = c[1]
        self.closing: Token = c[2]


class Call(Statement):
    """A call of a module's function, or of a command of the language itself."""

    __slots__ = ("arguments", "is_command", "name", "word")
    parts = ("arguments",)

    def __init__(self, c: list[Any], arguments: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.name: str = self.word.text
        """The function's name."""
        self.is_command: bool = self.word.type != "WORD"
        """Is it a command of the language (``route``, ``setflag``, ``forward``, ...)?"""
        self.arguments = arguments


class Assignment(Statement):
    """``target = value``."""

    __slots__ = ("target", "value")
    parts = ("target", "value")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.target: Any = c[0]
        self.value: Any = c[2]


class Branch(Node):
    """One ``if`` of a chain: its condition and what is done then."""

    __slots__ = ("body", "condition", "word")
    parts = ("condition", "body")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.condition: Any = c[1]
        self.body: Statement = c[2]


class If(Statement):
    """A chain of ``if ... else if ... else``."""

    __slots__ = ("branches", "otherwise")
    parts = ("branches", "otherwise")

    def __init__(self, c: list[Any], branches: list[Branch], otherwise: Statement | None) -> None:
        super().__init__(c)
        self.branches = branches
        self.otherwise = otherwise


class While(Statement):
    """``while condition body``."""

    __slots__ = ("body", "condition")
    parts = ("condition", "body")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.condition: Any = c[1]
        self.body: Statement = c[2]


class Case(Node):
    """``case label: statements``, ``case /regex: statements``, or (without a label) ``default: statements``."""

    __slots__ = ("label", "regex", "statements", "word")
    parts = ("label", "statements")

    def __init__(self, c: list[Any]) -> None:
        statements = c.pop() if isinstance(c[-1], list) else []
        super().__init__([*c, *statements[-1:]])
        self.word: Token = c[0]
        self.regex = c[1].type == "SLASH" if isinstance(c[1], Token) else False
        self.label: Any = c[-2] if len(c) > 2 else None
        self.statements: list[Statement] = statements


class Switch(Statement):
    """``switch subject { cases }``."""

    __slots__ = ("cases", "subject")
    parts = ("subject", "cases")

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.subject: Any = c[1]
        self.cases: list[Case] = c[3] if len(c) > 4 else []


class Return(Statement):
    """``return``, ``exit``, ``drop`` (each with a value or not), or ``break``."""

    __slots__ = ("value", "word")
    parts = ("value",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.value: Any = c[1] if len(c) == 2 else None


# --------------------------------------------------------------------------------------------------------- expressions


class Expression(Node):
    """Operands with operators (tokens) between them, in the order they are written; see
    `cfglint.syntax.kamailio.precedence`."""

    __slots__ = ("items", "order")
    parts = ("items",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.items = c
        self.order: Any = None
        """What `cfglint.syntax.kamailio.precedence.ordered` made of it, once somebody asked."""


class Prefixed(Node):
    """An operand with operators before it: ``!``, ``not``, ``-``, ``~``, ``defined``, ``(int)``, ``(str)``."""

    __slots__ = ("_inside_out", "operand")
    parts = ("operand",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self._inside_out: list[Token] = [c[0]]
        self.operand: Any = c[1]

    @property
    def operators(self) -> list[Token]:
        """The operators as they are written: the last is applied first."""
        return self._inside_out[::-1]

    def behind(self, operator: Token) -> Prefixed:
        """This with one more operator in front; a long row of them must not nest."""
        self._inside_out.append(operator)
        if operator.home is self.home:
            self.start = operator.start
        return self

    def on(self, operand: Any) -> Prefixed:
        """The same operators on another operand."""
        other = Prefixed([self._inside_out[-1], operand])
        other._inside_out = list(self._inside_out)
        return other


class Parenthesis(Node):
    """An expression, or an assignment, in parentheses."""

    __slots__ = ("inner",)
    parts = ("inner",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.inner: Any = c[1]


class Function(Node):
    """``strlen(x)``, ``strempty(x)``, ``selval(condition, one, other)``: part of the language, usable in arguments."""

    __slots__ = ("arguments", "word")
    parts = ("arguments",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.arguments: list[Any] = c[2:-1:2]


class CoreTest(Node):
    """One of the old tests: ``method == INVITE``, ``uri == myself``, ``src_ip == 10.0.0.0/8``."""

    __slots__ = ("operator", "value", "word")
    parts = ("value",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.word: Token = c[0]
        self.operator: Token = c[1]
        self.value: Any = c[2]


class AttributeValue(Node):
    """``%name[index]``, or ``$name[index]`` where names without a pseudo-variable are attributes."""

    __slots__ = ("index", "token")
    parts = ("index",)

    def __init__(self, c: list[Any]) -> None:
        super().__init__(c)
        self.token: Token = c[0]
        self.index: Token | None = c[2] if len(c) > 3 else None


def walk(nodes: Iterable[Any]) -> Iterator[Any]:
    """Nodes and all that is inside of them, in the order of the text, down to the leaves. Of the other tokens, which
    only hold the nodes together, the operators of an `Expression` are among them."""
    waiting = [*nodes][::-1]
    pop = waiting.pop
    while waiting:
        node = pop()
        yield node
        if not isinstance(node, tuple):  # a token is one
            for name in node.parts[::-1]:
                part = getattr(node, name)
                if type(part) is list:
                    waiting += part[::-1]
                elif part is not None:
                    waiting.append(part)
