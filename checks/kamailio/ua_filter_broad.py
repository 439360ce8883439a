"""A filter for scanners refuses phones.

Why it matters: =~ finds its pattern anywhere in the User-Agent, without regard to case (core/rvalue.c, REG_ICASE):
"sip" is part of what most phones call themselves, and an empty alternative, as behind a | at the end, is part of
everything, also of a header that is not there. The phone gets 403, or no answer at all.

Client sees: where the script answers so: REGISTER -> 403

Log: Nothing.

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. It is a telephone.

Does not help: the right password: the filter stands in front; another version of the phone's software, by chance.

Fix: name the scanners in full. Unsafe: others that the part was meant for are let through.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import comparison
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import String

from ._patterns import alternatives, listed, matches
from ._phones import PHONES, SCANNERS, is_user_agent, names_user_agents
from ._replies import refusing

EXAMPLES = [
    Example(
        bad='request_route {\n    if ($ua =~ «"sip|scan"») {\n        send_reply("403", "No");\n    }\n}\n',
        good='request_route {\n    if ($ua =~ "friendly-scanner|sipvicious|sipcli|eyeBeam") {\n'
        '        send_reply("403", "No");\n    }\n}\n',
        fixed='request_route {\n    if ($ua =~ "sipvicious|sipcli|sip-scan|sipsak|pplsip|VaxSIPUserAgent|scan") {\n'
        '        send_reply("403", "No");\n    }\n}\n',
    ),
    Example(
        bad='request_route {\n    if ($hdr(User-Agent) =~ «"(sipvicious|)"») drop;\n}\n',
        good='request_route {\n    if ($ua =~ "sip") xlog("a phone");\n}\n',
        fixed='request_route {\n    if ($hdr(User-Agent) =~ "(sipvicious)") drop;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for condition, reply, holds in refusing(kamailio) if names_user_agents(kamailio) else ():
        for term in condition.terms:
            test = comparison(term.node)
            if test is None or term.negated == holds or test.operator != "=~" or not is_user_agent(test.left):
                continue
            what = _phones(test.right.value) if isinstance(test.right, String) else None
            if what is not None:
                note = Note(reply.place, "they are refused here")
                yield Defect(test.right.place, f"this matches {what}", (note,), test.right, answers=(403,))


def _phones(pattern: str) -> str | None:
    """Which phones a part of a pattern matches, if they are of several makers."""
    for part in alternatives(pattern):
        if matches(part, ""):
            return "every User-Agent there is, and none at all"
        found = _found(part)
        if found:
            return f"phones, too: '{part}' is found in '{found[0]}' and '{found[1]}'"
    return None


def _found(part: str) -> list[str]:
    """The phones that a part of a pattern matches, if they are of several makers."""
    found = [phone.split("/")[0] for phone in PHONES if matches(part, phone)]
    return found if len(found) > 1 else []


def fix(pattern: String) -> Fix | None:
    """Each part that matches phones gives way to the scanners that it matches."""
    start, parts = listed(pattern.value)
    kept = []
    for part in parts:
        whole = f"^{part}" if pattern.value.startswith("^") else part
        if matches(whole, "") or _found(whole):
            kept += [name for name in SCANNERS if part and matches(whole, name)]
        else:
            kept.append(part)
    place = pattern.part(start, start + len("|".join(parts)))
    if not kept or not written(pattern) or place.text != "|".join(parts):
        return None
    return Fix("name the scanners in full", (replace(place, "|".join(dict.fromkeys(kept))),))


CHECK = Check(find, level="warning", category="answer", request="REGISTER", fix=fix)
