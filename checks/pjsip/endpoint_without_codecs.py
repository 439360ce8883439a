"""An endpoint that allows no codec, so that every call gets 488.

Why it matters: an endpoint has no codecs of its own accord, and `disallow=all` behind `allow` takes away what was
allowed, as the lines are carried out in order (main/format_cap.c). Without a codec there is none in common with any
caller (res_pjsip_sdp_rtp.c:set_caps), and every INVITE gets 488.

Client sees: INVITE -> 488

Log:
    No joint capabilities for '...' media stream between our configuration(...) and incoming SDP(...)

RFC: 3261 section 21.4.26: 488 says that the offer does not suit this callee; a warning may say what does.

Verdict: spurious. No offer would suit.

Does not help: other codecs in the phone.

Fix: put `disallow=all` in front of `allow`, or name the codecs. Where nothing says which ones are wanted, there is no
fix.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import remove_line
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, codecs
from cfglint.resolve.asterisk import Option
from cfglint.source import Source

from ._phones import inherited

EXAMPLES = [
    Example(
        bad="[1001]\ntype=endpoint\ncontext=phones\nallow=ulaw\n«disallow=all»\n",
        good="[1001]\ntype=endpoint\ncontext=phones\ndisallow=all\nallow=ulaw\n",
        fixed="[1001]\ntype=endpoint\ncontext=phones\nallow=ulaw\n",
    ),
    Example(
        bad="[«1001»]\ntype=endpoint\ncontext=phones\nauth=1001\n",
        good="[1001]\ntype=endpoint\ncontext=phones\nallow=!all,ulaw\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.config.incomplete:
        return  # what is not here may set it
    found: dict[tuple[Source, int], tuple[Object, Option | None, int]] = {}
    for endpoint in pjsip.endpoints.values():
        lines = [option for option in endpoint.options if option.name in ("allow", "disallow")]
        if endpoint.section.incomplete or endpoint.wizard or codecs(endpoint):
            continue
        option = lines[-1] if lines else None
        if option is None and not endpoint.get("context"):
            continue  # nothing says that it makes calls at all
        where = (option.source, option.start) if option else (endpoint.section.source, endpoint.section.header.start)
        first, _, count = found.get(where, (endpoint, option, 0))
        found[where] = first, option, count + 1
    for endpoint, option, count in found.values():
        more = f" and {count - 1} more" if count > 1 else ""
        yield Defect(
            endpoint.place if option is None else option.place,
            f"endpoint '{endpoint.name}'{more} {'allow' if more else 'allows'} no codec: every call gets 488",
            inherited(endpoint, option),
            subject=endpoint if option is not None else None,
            level="warning" if option is None else None,
            answers=(488,),
        )


def fix(endpoint: Object) -> Fix | None:
    """Where all else comes before it, the last line of all was meant to come first, and does nothing there."""
    lines = [option for option in endpoint.options if option.name in ("allow", "disallow")]
    last = lines[-1]
    if last.name != "disallow" or last.value.strip().lower() != "all" or not any(o.name == "allow" for o in lines):
        return None
    return Fix("take away the disallow=all behind allow", (remove_line(last),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="INVITE")
