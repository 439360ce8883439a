"""A second section [general] or [authentication], or one marked as a template, is not read.

Why it matters: channels/chan_sip.c:reload_config asks for the variables of the section of that name and gets those of
the first one that is no template (main/config.c:ast_variable_browse). What a later one sets, such as `tcpenable`,
`transport`, `domain` or `allowguest`, does not apply. It often comes with an included file that has a header of its
own.

Log: Nothing.

Does not help: moving the second section up in its own file: what counts is which is read first.

Fix: `[general](+)` adds to the first one. Unsafe: settings come into force that never were.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert, replace
from cfglint.findings import Defect, Note
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Section, folded
from cfglint.source import Place, Span

EXAMPLES = [
    Example(
        bad="[general]\nbindport=5060\n[«general»]\ntcpenable=yes\n",
        good="[general]\nbindport=5060\n[general](+)\ntcpenable=yes\n",
        fixed="[general]\nbindport=5060\n[general](+)\ntcpenable=yes\n",
    ),
    Example(
        bad="[«general»](!)\nbindport=5060\n",
        good="[general]\nbindport=5060\n",
        fixed="[general]\nbindport=5060\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    bases = {id(base) for section in sip.config.sections for base in section.bases}
    for section in sip.unread:
        name = folded(section.name)
        first = sip.general if name == "general" else sip.authentication
        if not section.options or id(section) in bases:
            continue
        if first is None:
            message = f"[{section.name}] is marked as a template: its settings do not apply"
            yield Defect(section.name_place, message, subject=(section, True))
        elif not section.template:
            message = f"only the first [{name}] is read: the settings of this one do not apply"
            note = Note(first.name_place, "this one is")
            yield Defect(section.name_place, message, (note,), (section, False))


def fix(subject: tuple[Section, bool]) -> Fix | None:
    section, template = subject
    source, end = section.source, section.name_place.span.end + 1
    rest = source.text[end : source.line_span(end).end]
    if template:
        mark = Place(source, Span(end, end + 3))
        return Fix("make it a section", (replace(mark, ""),)) if rest.startswith("(!)") else None
    if section.header.items is not None or section.header.detached is not None:
        return None
    return Fix("add to the first one", (insert(source, end, "(+)"),))


CHECK = Check(find, level="warning", category="load", fix=fix)
