"""A directive in a comment takes effect, because the comment is in a part that is left out.

Why it matters: between an #!ifdef that does not hold and its end, the server looks for #!else, #!endif and #!ifdef in
all lines, in comments, too (core/cfg.lex, IFDEF_SKIP). `# was: #!else` or `##!endif` ends the part that is left out
there, though the same comment means nothing when the part is read.

Log: Nothing.

Fix: take #! out of the comment. Unsafe: other lines are read from then on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.directives import Region
from cfglint.source import Place, Span, place

EXAMPLES = [
    Example(
        bad="#!ifdef WITH_X\n# was: «#!else»\nport=5070\n#!endif\nrequest_route {\n    exit;\n}\n",
        good="#!ifdef WITH_X\n##!ifdef B\n##!endif\nport=5070\n#!endif\nrequest_route {\n    exit;\n}\n",
        fixed="#!ifdef WITH_X\n# was: else\nport=5070\n#!endif\nrequest_route {\n    exit;\n}\n",
    ),
    Example(
        bad="#!ifdef X\n// «#!ifdef» Y\nport=5070\n#!endif\nport=5080\n#!endif\nrequest_route {\n    exit;\n}\n",
        good="#!ifndef WITH_X\n# #!else\nport=5070\n#!endif\nrequest_route {\n    exit;\n}\n",
        fixed="#!ifdef X\n// ifdef Y\nport=5070\n#!endif\nport=5080\n#!endif\nrequest_route {\n    exit;\n}\n",
    ),
]

_CONDITION = re.compile(r"[#!]!(ifdef|ifndef|ifexp|else|endif)\b")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    """Follows the conditions, and tells those in comments that belong to one that is in none, and the reverse."""
    opened: list[tuple[Region, bool]] = []
    for region in kamailio.config.regions:
        match = _CONDITION.match(region.home.source.text, region.start) if region.kind == "directive" else None
        if match is None:
            continue
        commented = _is_commented(region)
        if match[1] not in ("else", "endif"):
            opened.append((region, commented))
            continue
        beginning, inside = opened[-1] if opened else (region, commented)
        if commented != inside:
            culprit = region if commented else beginning
            yield _defect(culprit)
        if match[1] == "endif" and opened:
            opened.pop()


def _is_commented(region: Region) -> bool:
    """Does it stand behind the beginning of a comment?"""
    source = region.home.source
    before = source.text[source.line_span(region.start).start : region.start]
    return "#" in before or "//" in before


def _defect(region: Region) -> Defect:
    source = region.home.source
    match = _CONDITION.match(source.text, region.start)
    assert match is not None
    where = place(source, region.start, match.end())
    return Defect(where, "this is carried out, although it stands in a comment", subject=where)


def fix(where: Place) -> Fix | None:
    return Fix(
        "make it part of the comment", (delete(Place(where.source, Span(where.span.start, where.span.start + 2))),)
    )


CHECK = Check(find, level="warning", category="load", fix=fix)
