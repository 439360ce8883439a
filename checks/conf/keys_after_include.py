"""Lines at the top of an included file go to the last section of the file included before it.

Why it matters: an included file starts in the section that was opened last, wherever that was
(main/config.c:config_text_file_load). After `#include phones.conf`, which opens sections, a second included file that
begins with options adds them to the last of those phones, not to the section that the two `#include` lines stand in.
One phone gets settings that were meant for all, and the others do not.

Log: Nothing.

Fix: include the file with the options first, or begin it with a header such as `[general](+)`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.resolve.asterisk import Config
from cfglint.source import Source
from cfglint.syntax.asterisk import Directive, File, Header

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
                yield Defect(option.place, message, (Note(section.name_place, "the section opened last"),))


def _first_header(file: File) -> int:
    return next((node.start for node in file.nodes if isinstance(node, Header)), len(file.source.text))


CHECK = Check(find, level="warning", category="load")
