"""The routes of a script that requests take, as a graph in the languages of Graphviz and Mermaid."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from cfglint.namedtuples import NamedTuple
from cfglint.render.printable import printable
from cfglint.simulate.answer import Answer, Status
from cfglint.source import Place
from cfglint.tracing import Trace


class Graph(NamedTuple):
    """The blocks that one request passes, and the ways between them; a node is known by its number."""

    title: str
    nodes: list[str]
    ends: frozenset[int]
    """The nodes that are final answers."""
    edges: dict[tuple[int, int], list[str]]
    """From caller and callee to the lines with the calls."""


def as_dot(trace: Trace) -> Iterator[str]:
    """A digraph with a cluster for each request."""
    yield "digraph trace {\n"
    yield '  node [shape=box, fontname="sans-serif"];\n  edge [fontname="sans-serif", fontsize=10];\n'
    for number, graph in enumerate(_graphs(trace)):
        yield f"  subgraph cluster_{number} {{\n    label={_dot(graph.title)};\n"
        for at, name in enumerate(graph.nodes):
            shape = ", shape=oval, style=bold" if at in graph.ends else ", shape=plain" if at == 0 else ""
            yield f"    n{number}_{at} [label={_dot(name)}{shape}];\n"
        for (caller, callee), lines in graph.edges.items():
            label = f" [label={_dot(', '.join(lines))}]" if lines else ""
            yield f"    n{number}_{caller} -> n{number}_{callee}{label};\n"
        yield "  }\n"
    yield "}\n"


def as_mermaid(trace: Trace) -> Iterator[str]:
    """A flowchart with a subgraph for each request."""
    yield "flowchart TD\n"
    for number, graph in enumerate(_graphs(trace)):
        yield f"  subgraph g{number}[{_mermaid(graph.title)}]\n"
        for at, name in enumerate(graph.nodes):
            label = _mermaid(name)
            yield f"    n{number}_{at}" + (f"([{label}])" if at in graph.ends or at == 0 else f"[{label}]") + "\n"
        for (caller, callee), lines in graph.edges.items():
            label = f"|{_mermaid(', '.join(lines))}|" if lines else ""
            yield f"    n{number}_{caller} -->{label} n{number}_{callee}\n"
        yield "  end\n"


def _graphs(trace: Trace) -> list[Graph]:
    places = [p.place for answer in trace.answers for p in answer.passages if p.place is not None]
    top = os.path.commonpath([os.path.dirname(os.path.abspath(place.source.path)) for place in places] or ["/"])

    def where(place: Place) -> str:
        return f"{os.path.relpath(place.source.path, top)}:{place.start.line}"

    return [_graph(answer, where) for answer in trace.answers]


def _graph(answer: Answer, where: Callable[[Place], str]) -> Graph:
    """Node 0 is where messages arrive."""
    numbers: dict[Status, int] = {"": 0}
    edges: dict[tuple[int, int], list[str]] = {}
    ends = set()
    for passage in answer.passages:
        caller, callee = (numbers.setdefault(name, len(numbers)) for name in (passage.caller, passage.callee))
        lines = edges.setdefault((caller, callee), [])
        if passage.callee in answer.statuses:
            ends.add(callee)
        if passage.place is not None and (line := where(passage.place)) not in lines:
            lines.append(line)
    title = f"{answer.id}: {' -> '.join(map(str, answer.statuses))}"
    arrival = " and ".join(dict.fromkeys(exchange.method for exchange in answer.exchanges))
    return Graph(title, [arrival, *map(str, list(numbers)[1:])], frozenset(ends), edges)


def _dot(text: str) -> str:
    """A quoted string; Graphviz reads entities of HTML in labels."""
    escaped = printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{escaped}"'


_ENTITIES = str.maketrans({"#": "#35;", "&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;"})


def _mermaid(text: str) -> str:
    """Characters that mean something to Mermaid, or to HTML, are written as Mermaid's entities."""
    return f'"{printable(text).translate(_ENTITIES)}"'
