"""Lines at the top of an included file go to the last section of the file included before it.

Why it matters: an included file starts in the section that was opened last, wherever that was
(main/config.c:config_text_file_load). After `#include phones.conf`, which opens sections, a second included file that
begins with options adds them to the last of those phones, not to the section that the two `#include` lines stand in.
One phone gets settings that were meant for all, and the others do not.

Log: Nothing.

Fix: include the file with the options first, or begin it with a header such as `[general](+)`. Unsafe: other lines of
the section count where they did not.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, insert
from cfglint.findings import Defect, Note
from cfglint.resolve.asterisk import Config, Section
from cfglint.source import Place, Source
from cfglint.syntax.asterisk import Directive, File, Header

from ._sections import include_of

_PHONES = "[1001]\ntype=friend\n[1002]\ntype=friend\n"
EXAMPLES = [
    Example(
        bad={
            "sip.conf": "[general]\n#include phones.conf\n#include options.conf\n",
            "phones.conf": _PHONES,
            "options.conf": "; for all\n«tcpenable=yes»\nallowguest=no\n",
        },
        good={
            "sip.conf": "[general]\n#include options.conf\n#include phones.conf\nallowguest=no\n",
            "phones.conf": _PHONES,
            "options.conf": "; for all\ntcpenable=yes\n",
        },
        fixed={
            "sip.conf": "[general]\n#include options.conf\n#include phones.conf\n",
            "phones.conf": _PHONES,
            "options.conf": "; for all\ntcpenable=yes\nallowguest=no\n",
        },
    ),
]


def find(config: Config) -> Iterator[Defect]:
    if len(config.files) < 3:
        return
    first = {source: _first_header(file) for source, file in config.trees.items()}
    including = {s for s, file in config.trees.items() if any(isinstance(node, Directive) for node in file.nodes)}
    told: set[tuple[Source, str]] = set()
    for section in config.sections:
        if section.source in including:
            continue  # it may have included the file whose lines these are
        for option in section.options:
            source = option.source
            if option.home is not section or source is section.source or option.start > first[source]:
                continue
            if (source, section.name) not in told:
                told.add((source, section.name))
                message = f"this and what follows belongs to [{section.name}] of another included file"
                note = Note(section.name_place, "the section opened last")
                yield Defect(option.place, message, (note,), subject=(config, source, section))


def _first_header(file: File) -> int:
    return next((node.start for node in file.nodes if isinstance(node, Header)), len(file.source.text))


def fix(subject: tuple[Config, Source, Section]) -> Fix | None:
    """Where both files are included by their names below one header of the root."""
    config, source, section = subject
    options, sections = include_of(config, source), include_of(config, section.source)
    root = config.root
    if options is None or sections is None or config.trees[root].marks or options.start < sections.start:
        return None
    header = config.header_above(root, sections.start)
    if header is None or header is not config.header_above(root, options.start):
        return None
    line = Place(root, root.line_span(options.start))
    text = line.text if line.text.endswith("\n") else line.text + root.newline
    title = f"include these lines first, so that they belong to [{header.name}]"
    return Fix(title, (insert(root, root.line_span(sections.start).start, text), delete(line)))


CHECK = Check(find, level="warning", category="load", fix=fix)
