"""An endpoint is found by the digest user only, but its own auth expects another one.

Why it matters: with `identify_by=auth_username` the digest user has to be the endpoint's name
(res_pjsip_endpoint_identifier_user.c:auth_username_identify), and at the same time it has to be the `username` of the
endpoint's auth. Where the two differ, no credentials do: 401 again and again.

Client sees: REGISTER -> 401 -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - No matching endpoint found
    Request '...' from '...' failed for '...' (callid: ...) - Failed to authenticate

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. There is no Auth ID with which it could succeed.

Does not help: another Auth ID in the phone: one of the two comparisons always fails.

Fix: write the endpoint's name as `username`, or add `username` to `identify_by`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import identify_by
from cfglint.resolve.asterisk import Option

ENDPOINT = "[desk1]\ntype=endpoint\nidentify_by=auth_username\nauth=desk1\naors=desk1\n"
AUTH = "[desk1]\ntype=auth\npassword=s3cret\nusername="

EXAMPLES = [
    Example(
        bad=ENDPOINT + AUTH + "«1001»\n",
        good=ENDPOINT + AUTH + "desk1\n",
        fixed=ENDPOINT + AUTH + "desk1\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for endpoint in pjsip.endpoints.values():
        if set(identify_by(endpoint)) & {"username", "ip", "header", "request_uri"} or pjsip.is_trunk(endpoint):
            continue
        if "auth_username" not in identify_by(endpoint) or endpoint.wizard:
            continue
        auths = pjsip.auths_of(endpoint)
        options = [option for auth in auths if (option := auth.get("username")) is not None]
        fitting = {endpoint.name, endpoint.name.partition("@")[0]}
        if not options or any(option.value in fitting for option in options):
            continue
        alone = len(options) == 1 and options[0].home is auths[0].section
        yield Defect(
            options[0].value_place,
            f"endpoint '{endpoint.name}' is found by digest user '{endpoint.name}' only, and its auth wants"
            f" '{options[0].value}': 401 again and again",
            (Note(endpoint.place, f"endpoint '{endpoint.name}' uses it"),),
            subject=(options[0], endpoint.name.partition("@")[0]) if alone else None,
            answers=(401, 401),
        )


def fix(subject: tuple[Option, str]) -> Fix:
    option, name = subject
    return Fix(f"expect digest user '{name}'", (set_value(option, name),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="any request")
