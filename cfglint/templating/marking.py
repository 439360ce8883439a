"""Puts marks into a template, so that its rendered text tells where each piece comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from cfglint.templating.marks import EXPRESSION, LITERAL, NUMBERS_END


class Marker(NodeTransformer):
    """Adds marks to the nodes of one template. `tokens` are the raw tokens of its text, which begins at the offset
    `shift` of the file."""

    def __init__(self, file: int, shift: int, text: str, tokens: Iterator[tuple[int, str, str]]) -> None:
        self._file, self._shift = file, shift
        texts, expressions = [], []
        at = start = 0
        for _, kind, value in tokens:
            at = text.index(value, at)
            if kind == "data" and value:
                texts.append(at)
            elif kind == "variable_begin":
                start = at
            elif kind == "variable_end":
                # Behind "-}}" the blanks that it takes away belong to the token.
                expressions.append((start, at + len(value.rstrip())))
            at += len(value)
        self._texts, self._expressions = iter(texts), iter(expressions)
        self._captured = 0
        self._lines = [0, *(match.end() for match in re.finditer("\n", text)), len(text) + 1]

    def visit_Output(self, node: nodes.Output, *arguments: Any, **options: Any) -> nodes.Output:  # noqa: N802
        """The pieces of text between tags, with their marks."""
        marked: list[nodes.Expr] = []
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                at = next(self._texts) + self._shift
                marked.append(nodes.TemplateData(f"{LITERAL}{self._file},{at}{NUMBERS_END}{child.data}"))
            else:
                start, end = (at + self._shift for at in next(self._expressions))
                heading = f"{EXPRESSION}{self._file},{start},{end}{NUMBERS_END}"
                marked += [nodes.TemplateData(heading), _call("begin"), child, _call("end")]
        if not self._captured:
            node.nodes = marked
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock, *arguments: Any, **options: Any) -> Any:  # noqa: N802
        """What is caught as a value, to be compared or measured, stays without marks."""
        self._captured += 1
        self.generic_visit(node)
        self._captured -= 1
        return node

    def visit_FilterBlock(self, node: nodes.FilterBlock, *arguments: Any, **options: Any) -> Any:  # noqa: N802
        """What goes through a filter stays without marks, too: all of it stands at the block's beginning."""
        self.visit_AssignBlock(node)
        if self._captured:
            return node
        start, end = self._lines[node.lineno - 1] + self._shift, self._lines[node.lineno] - 1 + self._shift
        heading = nodes.TemplateData(f"{EXPRESSION}{self._file},{start},{end}{NUMBERS_END}")
        return [nodes.Output([heading, _call("begin")]), node, nodes.Output([_call("end")])]

    def visit_For(self, node: nodes.For, *arguments: Any, **options: Any) -> Any:  # noqa: N802
        """Loops that take items apart say into how many."""
        if isinstance(node.target, nodes.Tuple):
            node.iter = _call("apart", node.iter, nodes.Const(len(node.target.items)))
        return self.generic_visit(node, *arguments, **options)


def _call(name: str, *arguments: nodes.Expr) -> nodes.Call:
    """A call of one of the environment's own methods."""
    return nodes.Call(nodes.EnvironmentAttribute(name), list(arguments), [], None, None)
