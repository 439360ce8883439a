"""What register.allow says has no effect.

Why it matters: in permissions/permissions.c:check_register a rule of the allow file only spares a contact the deny file
when `check_all_branches` is on. With 0 the deny file is asked for all of them: a phone that is allowed by name gets 403
when the deny file says ALL.

Client sees: where the script answers so: REGISTER -> 403

RFC: 3261 section 10.3: 403 is for a user who may not change the bindings of this address-of-record (step 4).

Verdict: spurious. The allow file lists the phone.

Does not help: another rule in register.allow.

Fix: take the parameter away; it is on by default. Unsafe: who is allowed by name registers.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import remove_item, written
from cfglint.model.kamailio.parameters import Setting

EXAMPLES = [
    Example(
        bad='modparam("permissions", "check_all_branches", «0»)\n'
        'request_route {\n    if (!allow_register("register")) exit;\n}\n',
        good='modparam("permissions", "check_all_branches", 1)\n'
        'request_route {\n    if (!allow_register("register")) exit;\n}\n',
        fixed='request_route {\n    if (!allow_register("register")) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = kamailio.parameters.last("permissions", "check_all_branches")
    calls = kamailio.calls_of("allow_register", "allow_register_include_port")
    if setting is not None and setting.number == 0 and calls:
        message = f"{calls[0].call.name}() only asks the deny file: the rules of the allow file have no effect"
        yield Defect(setting.node.value.place, message, (Note(calls[0].call.place, "here"),), setting)


def fix(setting: Setting) -> Fix | None:
    return Fix("ask the allow file, too", (remove_item(setting.node),)) if written(setting.node) else None


CHECK = Check(find, level="warning", category="answer", request="REGISTER", fix=fix)
