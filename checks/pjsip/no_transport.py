"""There are endpoints, but nothing listens for them.

Why it matters: chan_pjsip has no port of its own accord; without a section `type=transport` nothing listens
(res_pjsip/config_transport.c), and phones get no answer at all. chan_sip listened on 5060 unasked, so this is easily
forgotten when one moves over. Judged in pjsip.conf only, not in a piece of one.

Client sees: any request -> no answer

Log: Nothing. Nothing listens, and nobody misses it.

Verdict: spurious. The phone asks the right server.

Does not help: anything that is changed in the phone, or in the firewall.

Fix: add a section `type=transport` with `protocol` and `bind`. The edit listens for UDP on all addresses, where
chan_sip does not.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect
from cfglint.model.pjsip import Pjsip
from cfglint.source import Place

NAME = "transport-udp"

EXAMPLES = [
    Example(
        bad="[«1001»]\ntype=endpoint\nallow=ulaw\n",
        good="[udp]\ntype=transport\nbind=0.0.0.0\n[1001]\ntype=endpoint\nallow=ulaw\n",
        fixed="[transport-udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n\n[1001]\ntype=endpoint\nallow=ulaw\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.is_piece or pjsip.external("transport"):
        return
    endpoint = next(iter(pjsip.endpoints.values()), None)
    if endpoint is None or pjsip.declared["transport"] or any(s.incomplete for s in pjsip.unrecognised):
        return
    text = "there is no type=transport, so nothing listens: phones get no answer at all"
    taken = pjsip.tree.sip is not None or pjsip.config.named(NAME)
    first = next((header for header in pjsip.config.headers(pjsip.config.root)), None)
    free = first is not None and not taken and not pjsip.config.trees[pjsip.config.root].marks
    yield Defect(endpoint.place, text, subject=Place(pjsip.config.root, first.name_span) if first and free else None)


def fix(first: Place) -> Fix:
    """Above the first header."""
    source, newline = first.source, first.source.newline
    lines = (f"[{NAME}]", "type=transport", "protocol=udp", "bind=0.0.0.0", "", "")
    start = source.line_span(first.span.start).start
    return Fix("listen for UDP on all addresses", (insert(source, start, newline.join(lines)),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="any request")
