"""A section's header lacks its closing bracket or parenthesis.

Why it matters: main/config.c:process_text_line gives up at such a line and logs "parse error: no closing ']'" or "no
closing ')'". The server rejects the whole configuration: sip.conf leaves no peer at all and phones get no answer,
pjsip.conf no endpoint and they get 401 for ever. An included file ends at that line. Comments are taken out first, so a
semicolon between the brackets has the same effect.

Client sees: any request -> no answer

Log:
    parse error: no closing ']', line ... of ...
    parse error: no closing ')', line ... of ...
    Contents of ... are invalid and cannot be parsed

Verdict: spurious, for every phone there is.

Does not help: anything that is changed in the phone; a reload: the old configuration stays, and the next restart shows
it.

Fix: close the bracket or parenthesis.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect
from cfglint.resolve.asterisk import Config
from cfglint.source import Place
from cfglint.syntax.asterisk import NO_CLOSING_BRACKET, NO_CLOSING_PAREN

from ._loading import stopping

EXAMPLES = [
    Example(
        bad="[general]\nallowguest=no\n«[1001»\ntype=friend\n",
        good="[general]\nallowguest=no\n[1001]\ntype=friend\n",
        fixed="[general]\nallowguest=no\n[1001]\ntype=friend\n",
    ),
    Example(
        bad="[phone](!)\ntype=friend\n[1001]«(phone»\nsecret=s3cret\n",
        good="[phone](!)\ntype=friend\n[1001](phone)\nsecret=s3cret\n",
        fixed="[phone](!)\ntype=friend\n[1001](phone)\nsecret=s3cret\n",
    ),
    Example(bad="[general]\n«[sales»;east]\ntype=friend\n", good="[general]\n[sales\\;east]\ntype=friend\n"),
    Example(
        bad={
            "sip.conf": "[general]\n#include phones.conf\n",
            "phones.conf": "«[1001»\ntype=friend\n[1002]\ntype=friend\n",
        },
        good={
            "sip.conf": "[general]\n#include phones.conf\n",
            "phones.conf": "[1001]\ntype=friend\n[1002]\ntype=friend\n",
        },
        fixed={
            "sip.conf": "[general]\n#include phones.conf\n",
            "phones.conf": "[1001]\ntype=friend\n[1002]\ntype=friend\n",
        },
    ),
]

_MISSING = {NO_CLOSING_BRACKET: "]", NO_CLOSING_PAREN: ")"}


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        missing = _MISSING.get(problem.kind)
        if missing is None:
            continue
        source, (_, end) = problem.place
        rest = source.text[end : source.line_span(end).end].lstrip()
        text = (
            f"the '{missing}' lies in a comment" if rest[:1] == ";" and missing in rest else f"no '{missing}' follows"
        )
        subject = None if missing in rest else (problem.place, missing)
        yield stopping(config, problem, text, (), subject)


def fix(subject: tuple[Place, str]) -> Fix | None:
    """Only where nothing but names stands there, so that there is one place for what is missing."""
    place, missing = subject
    name, paren, items = place.text[1:].partition("(")
    if missing == ")":
        name, items, at = "x", place.text[1:], place.span.end
    else:
        at = place.span.start + 1 + len(name)
        if paren and not items.endswith(")"):
            return None
        items = items[:-1] if paren else "!"
    if not all(item in ("!", "+") or _is_word(item) for item in (name, *items.split(","))):
        return None
    return Fix(f"put the '{missing}' there", (insert(place.source, at, missing),))


def _is_word(text: str) -> bool:
    return bool(text) and all(c.isalnum() or c in "_-." for c in text)


CHECK = Check(find, level="error", category="syntax", fix=fix)
