"""A number sign does not start a comment.

Why it matters: a line that begins with `#` is a directive, and main/config.c:process_text_line knows three: #include,
#tryinclude and #exec, written without a blank. Any other is ignored, so `# include phones.conf` and `#inlcude
phones.conf` include nothing. A line that is only meant as a comment is harmless, and told as an information. Behind a
value `#` and `//` are part of it: in `host=dynamic # kitchen` the host is all of it.

Log:
    Unknown directive '#...' at line ... of ...

Fix: comments begin with a semicolon; write the directive as the server knows it.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, UNSAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.names import nearest
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import UNKNOWN_DIRECTIVE, Config, Option
from cfglint.source import Place, Span

EXAMPLES = [
    Example(
        bad={"sip.conf": "[general]\n«#» include phones.conf\n", "phones.conf": "[1001]\ntype=friend\n"},
        good={"sip.conf": "[general]\n#include phones.conf\n", "phones.conf": "[1001]\ntype=friend\n"},
        fixed={"sip.conf": "[general]\n#include phones.conf\n", "phones.conf": "[1001]\ntype=friend\n"},
    ),
    Example(
        bad="[general]\n«#comment» on guests\nallowguest=no\n",
        good="[general]\n; comment on guests\nallowguest=no\n",
        fixed="[general]\n;comment on guests\nallowguest=no\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic «# in the kitchen»\n",
        good="[1001]\ntype=friend\nhost=dynamic ; in the kitchen\ncallerid=Desk # 2 <1001>\nsecret=a#b//c\n",
        fixed="[1001]\ntype=friend\nhost=dynamic ; in the kitchen\n",
    ),
]

_DIRECTIVES = ("include", "tryinclude", "exec")
_PROSE = frozenset(
    ("callerid", "description", "fullname", "cid_name", "setvar", "set_var", "exten", "same", "mohsuggest")
)


class _Line(NamedTuple):
    """A directive the server does not know: where to write what instead."""

    place: Place
    text: str
    safety: str


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        if problem.kind != UNKNOWN_DIRECTIVE:
            continue
        meant = _meant(problem.place, problem.detail)
        if meant:
            subject = _Line(_extent(problem.place, problem.detail), f"#{meant}", UNSAFE)
            text = f"the server knows no such directive and ignores the line; did you mean '#{meant}'?"
            yield Defect(problem.place, text, (), subject)
        else:
            start = problem.place.span.start
            hash_ = Place(problem.place.source, Span(start, start + 1))
            comment = None if "--" in problem.place.source.line_text(start) else _Line(hash_, ";", SAFE)
            text = (
                "the server takes this for a directive it does not know, and ignores the line; comments begin with ';'"
            )
            yield Defect(problem.place, text, (), comment, "info")
    sources = {source for source in config.files if " #" in source.text or " //" in source.text}
    for section in config.sections if sources else ():
        for option in section.options:
            if option.source in sources and option.home is section and option.name not in _PROSE:
                yield from _behind(option)


def _meant(place: Place, word: str) -> str | None:
    """The directive that was meant, if a file name follows."""
    rest = place.source.text[place.span.end : place.source.line_span(place.span.start).end].split(";")[0].split()
    if not word:
        word, *rest = rest or [""]
        return word.lower() if word.lower() in _DIRECTIVES and len(rest) == 1 else None
    return nearest(word, _DIRECTIVES) if len(rest) == 1 and word[0].isalpha() else None


def _extent(place: Place, word: str) -> Place:
    """From the number sign to the end of the word, which may stand behind blanks."""
    source, (start, end) = place
    if word:
        return place
    rest = source.text[end : source.line_span(start).end]
    return Place(source, Span(start, end + len(rest) - len(rest.lstrip()) + len(rest.split()[0])))


def _behind(option: Option) -> Iterator[Defect]:
    """A value with a comment of another language behind it."""
    for mark in (" #", " //"):
        value, found, rest = option.value.partition(mark)
        if found and rest and value and (rest[0].isspace() or (rest[0].isalpha() and not any(map(str.isspace, value)))):
            place = option.part_place(len(value) + 1, len(option.value))
            line = _Line(option.part_place(len(value) + 1, len(value + mark)), ";", UNSAFE)
            text = f"'{mark[1:]}' starts no comment: it and what follows are part of the value of '{option.key}'"
            yield Defect(place, text, (), None if "--" in rest or ";" in rest else line)
            return


def fix(line: _Line) -> Fix:
    title = "make it a comment" if line.text == ";" else f"write {line.text}"
    return Fix(title, (replace(line.place, line.text),), line.safety)


CHECK = Check(find, level="warning", category="load", fix=fix)
