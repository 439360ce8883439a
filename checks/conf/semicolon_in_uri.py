r"""A semicolon in a SIP URI starts a comment, and the parameters behind it are lost.

Why it matters: main/config.c:config_text_file_load takes an unescaped semicolon for the beginning of a comment, also in
the middle of `sip:proxy.example.com;transport=tls;lr`. Asterisk then sends to the wrong port over UDP, or sends a
request on with the proxy's address in place of the called one, and the other side answers 403, 404 or not at all.

Log: Nothing.

Does not help: quotes around the URI: they become part of it.

Fix: write `\;` for each of them. Unsafe: requests go another way.
"""

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.resolve.asterisk import Config, Option
from cfglint.source import Place, Span

EXAMPLES = [
    Example(
        bad={"pjsip.conf": "[c]\ntype=registration\nserver_uri=sip:sip.example.net«;transport=tls» ; the carrier\n"},
        good={"pjsip.conf": "[c]\ntype=registration\nserver_uri=sip:sip.example.net\\;transport=tls ; the carrier\n"},
        fixed={"pjsip.conf": "[c]\ntype=registration\nserver_uri=sip:sip.example.net\\;transport=tls ; the carrier\n"},
    ),
    Example(
        bad={"pjsip.conf": "[1001]\ntype=endpoint\noutbound_proxy=sip:192.0.2.9«;lr;hide»\n"},
        good={"pjsip.conf": "[1001]\ntype=endpoint\noutbound_proxy=sip:192.0.2.9;the carrier\n"},
        fixed={"pjsip.conf": "[1001]\ntype=endpoint\noutbound_proxy=sip:192.0.2.9\\;lr\\;hide\n"},
    ),
]

_PARAMETERS = re.compile(
    r"(?:;(?:(?:transport|user|maddr|ttl|method|line|comp|sigcomp-id)=[^\s;]+|lr|ob|hide|rport))+(?=\s|;|\Z)"
)
_ONE = re.compile(r";(?:transport|user|maddr|ttl|method|line|comp|sigcomp-id|lr|ob|hide|rport)")
"""A quick look at a whole file, in which most often there is none."""


def find(config: Config) -> Iterator[Defect]:
    sources = {source for source in config.files if _ONE.search(source.text)}
    for section in config.sections if sources else ():
        for option in section.options:
            value = option.value
            if value.startswith(("sip", "<sip")) or "<sip" in value or "=sip" in value:
                place = _lost(option) if option.home is section else None
                if place is not None:
                    text = f"the semicolon begins a comment: '{place.text}' is lost; a '\\;' would not"
                    yield Defect(place, text, (), place)


def _lost(option: Option) -> Place | None:
    """Parameters that adjoin the value."""
    source, end = option.source, option.start + option.assignment.value_span.end
    if source.text[end : end + 1] != ";":
        return None
    found = _PARAMETERS.match(source.text, end, source.line_span(option.start).end)
    return Place(source, Span(end, found.end())) if found is not None else None


def fix(place: Place) -> Fix:
    return Fix("escape the semicolons", (replace(place, place.text.replace(";", "\\;")),))


CHECK = Check(find, level="warning", category="load", fix=fix)
