"""Subscribers are looked up under a domain that the configuration does not know.

Why it matters: with `use_domain` auth_db asks for the user and a domain: that of the digest's user name, which phones
rarely send, else the realm (auth_db/authorize.c:get_ha1). With a realm such as "asterisk" a row for example.org is not
found: -3, and 401 for ever or 403.

Client sees: where -3 is challenged again: REGISTER -> 401 -> 401; where -3 is answered so: REGISTER -> 401 -> 403

Log: Nothing.

RFC: 3261 section 22.1: the realm alone defines what credentials are good for.

Verdict: spurious. The account stands in the table, under another domain.

Does not help: typing the password again: no row is found to compare it with.

Fix: use "$fd" (or "$td") as realm, or the domain that stands in the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import DATABASE_CHECKS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.script import constant
from cfglint.syntax.kamailio.items import Alias

EXAMPLES = [
    Example(
        bad='alias=example.org\nmodparam("auth_db", "use_domain", 1)\n'
        'request_route {\n    www_authorize(«"asterisk"», "subscriber");\n}\n',
        good='alias=example.org\nmodparam("auth_db", "use_domain", 1)\n'
        'request_route {\n    www_authorize("example.org", "subscriber");\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = kamailio.parameters.last("auth_db", "use_domain")
    if setting is None or not setting.number:
        return
    aliases = [item for item in kamailio.file.items if isinstance(item, Alias)]
    own = {constant(address) for item in aliases for socket in item.sockets for address in socket.addresses}
    for located in kamailio.calls_of(*DATABASE_CHECKS):
        realm = literal(located.call.arguments[0]) if located.call.arguments else None
        if realm and realm not in own:
            note = Note(setting.node.value.place, "subscribers are looked up by domain")
            message = f"only subscribers whose domain is '{realm}' in the table are found"
            yield Defect(located.call.arguments[0].place, message, (note,))


CHECK = Check(find, level="info", category="answer")
