"""A line stands above the first section.

Why it matters: every line belongs to a section. main/config.c:process_text_line gives up at one that has none and the
server rejects the whole configuration: no peer, no endpoint and no transport is left. A file that is included may begin
with such lines: they belong to the section that is open where it is included.

Client sees: any request -> no answer

Log:
    parse error: No category context for line ... of ...
    Contents of ... are invalid and cannot be parsed

Verdict: spurious, for every phone there is.

Does not help: anything that is changed in the phone; a reload: the old configuration stays, and the next restart shows
it.

Fix: put the line below the header it belongs to; a comment begins with a semicolon.
"""

import os
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Edit, Fix, delete, insert
from cfglint.findings import Defect, Note
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import ABORTS, NO_CATEGORY, Config, Problem
from cfglint.source import Place
from cfglint.syntax.asterisk import Broken, Header, Node, Run, Single, Trivia

from ._loading import stopping
from ._sections import is_apart

EXAMPLES = [
    Example(
        bad="«allowguest=no»\nbindport=5060\n; of all\n[general]\ncontext=public\n",
        good="[general]\nallowguest=no\nbindport=5060\ncontext=public\n",
        fixed="[general]\nallowguest=no\nbindport=5060\n; of all\ncontext=public\n",
    ),
    Example(
        bad="«allowguest=no»\n[1001]\ntype=friend\n",
        good="[general]\nallowguest=no\n[1001]\ntype=friend\n",
        fixed="[general]\nallowguest=no\n[1001]\ntype=friend\n",
    ),
    Example(
        bad={"sip.conf": "#include office.conf\n", "office.conf": "«allowguest=no»\n[1001]\ntype=friend\n"},
        good={"sip.conf": "[general]\n#include office.conf\n", "office.conf": "allowguest=no\n[1001]\ntype=friend\n"},
        fixed={"sip.conf": "#include office.conf\n", "office.conf": "[general]\nallowguest=no\n[1001]\ntype=friend\n"},
    ),
    Example(
        bad={"sip.conf": "«allowguest=no»\n#include office.conf\n", "office.conf": "[1001]\ntype=friend\n"},
        good={"sip.conf": "[general]\nallowguest=no\n#include office.conf\n", "office.conf": "[1001]\ntype=friend\n"},
        fixed={"sip.conf": "[general]\nallowguest=no\n#include office.conf\n", "office.conf": "[1001]\ntype=friend\n"},
    ),
    Example(bad="«// my phones»\n[general]\n", good="; my phones\n[general]\n"),
    Example(
        bad={"pjsip.conf": "«max_forwards=70»\n[transport-udp]\ntype=transport\n"},
        good={"pjsip.conf": "#include global.conf\n", "global.conf": "[global]\nmax_forwards=70\n"},
    ),
]


class _General(NamedTuple):
    """Where a header of the general section has to stand, and where one stands now."""

    first: Place
    header: Place | None


def find(config: Config) -> Iterator[Defect]:
    seen = set()
    for problem in config.problems:
        source = problem.place.source
        if problem.kind != NO_CATEGORY or source in seen:
            continue
        seen.add(source)
        header = next((h for h in _nodes(config, problem) if isinstance(h, Header)), None)
        notes = [Note(Place(source, header.name_span), f"the first section is [{header.name}]")] if header else []
        where = "stands above the first section" if problem.effect == ABORTS else "has no section to belong to"
        text = f"{_what(problem)} {where}"
        yield stopping(config, problem, text, tuple(notes), _general(config, problem, header))


def _nodes(config: Config, problem: Problem) -> list[Node]:
    return config.trees[problem.place.source].nodes


def _what(problem: Problem) -> str:
    text = problem.place.text
    if text.startswith(("\udcff\udcfe", "\udcfe\udcff")):
        return "text in UTF-16, which the server does not read,"
    if text.startswith("\ufeff"):
        return "a line with an invisible byte order mark in it"
    if text.startswith(("//", "/*", "--", "<!--")):
        return "a line that is no comment for the server (comments begin with ';')"
    return "this line"


def _general(config: Config, problem: Problem, header: Header | None) -> _General | None:
    """sip.conf's own options need [general]: as the header that comes later, or as a new one if there is none."""
    if os.path.basename(config.path) != "sip.conf" or "=" not in problem.place.text:
        return None
    source = problem.place.source
    below = next((n for n in _nodes(config, problem) if not isinstance(n, (Run, Single, Trivia))), None)
    lines = [source.line_span(place.start) for place in (problem.place.span, *([below] if below is not None else ()))]
    if isinstance(below, Broken) or not all(is_apart(config.trees[source], line) for line in lines):
        return None
    if header is not None and header is below and header.name == "general":
        return _General(problem.place, Place(source, lines[-1]))
    return None if config.named("general") else _General(problem.place, None)


def fix(general: _General) -> Fix:
    source, (start, _) = general.first
    line = general.header.text if general.header is not None else "[general]" + source.newline
    edits: list[Edit] = [insert(source, source.line_span(start).start, line)]
    if general.header is not None:
        edits.append(delete(general.header))
    return Fix("put [general] above the first option", tuple(edits))


CHECK = Check(find, level="error", category="syntax", fix=fix)
