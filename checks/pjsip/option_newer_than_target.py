"""An option or value that only later releases know drops the object in the version in question.

Why it matters: an older Asterisk stops at the first option it does not know and throws the whole object away
(main/sorcery.c:ast_sorcery_objectset_apply). A configuration written for a newer release then loses endpoints (401
again and again), AORs (404) or auths (500). Reported where `--target` names the version; `auth_type=digest`, for which
every release knows another word, also without, as an information.

Client sees: of an endpoint: REGISTER -> 401 -> 401; of an AOR: REGISTER -> 401 -> 404; of an auth: REGISTER -> 500

Log:
    Could not find option suitable for category '...' named '...' at line ... of ...
    Could not create an object of type '...' with id '...' from configuration file '...'

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: a reload: the object is dropped again.

Fix: upgrade, or do without the option. For `auth_type=digest` the word that fits what the auth holds, `userpass` or
`md5`, means the same to all releases.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.knowledge import asterisk_changes
from cfglint.model.editing import remove_line, set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import LOST, NEWER, Object
from cfglint.resolve.asterisk import Option

from ._phones import inherited

EXAMPLES = [
    Example(
        bad="[1001]\ntype=aor\nmax_contacts=1\n«qualify_2xx_only»=yes\n",
        good="[1001]\ntype=aor\nmax_contacts=1\nqualify_frequency=60\n",
        fixed="[1001]\ntype=aor\nmax_contacts=1\n",
        targets=("asterisk=20.11",),
    ),
    Example(
        bad="[1001]\ntype=auth\nauth_type=«digest»\nusername=1001\npassword=x\n",
        good="[1001]\ntype=auth\nauth_type=userpass\nusername=1001\npassword=x\n",
        fixed="[1001]\ntype=auth\nauth_type=userpass\nusername=1001\npassword=x\n",
        targets=("asterisk=22.1",),
    ),
    Example(
        bad="[1001]\ntype=auth\nauth_type=«digest»\nusername=1001\nmd5_cred=0123456789abcdef0123456789abcdef\n",
        good="[1001]\ntype=auth\nauth_type=digest\nusername=1001\npassword_digest=SHA-256:x\n",
        fixed="[1001]\ntype=auth\nauth_type=md5\nusername=1001\nmd5_cred=0123456789abcdef0123456789abcdef\n",
    ),
    Example(
        bad="[1001]\ntype=aor\n«qualify_2xx_only»=yes\nmax_contacts=1\n",
        good="[1001]\ntype=aor\nqualify_frequency=60\nmax_contacts=1\n",
        fixed="[1001]\ntype=aor\nmax_contacts=1\n",
        targets=("asterisk=16",),
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.version is None:
        yield from _newer_than_some(pjsip)
    for objects in pjsip.dropped(NEWER).values():
        first = objects[0]
        if first.drop is None or first.drop.option is None:
            continue
        option, since = first.drop.option, first.drop.detail
        more = f" and {len(objects) - 1} more" if len(objects) > 1 else ""
        known = pjsip.knowledge.types[first.type].get(option.name) is not None
        shown = f"{option.key}={option.value}" if known else option.key
        yield Defect(
            option.value_place if known else option.key_place,
            f"'{shown}' exists from {since} on and drops {first.type} '{first.name}'{more}:"
            f" {LOST.get(first.type, 'it does not exist')}",
            inherited(first, option),
            subject=(first, option),
        )


def _newer_than_some(pjsip: Pjsip) -> Iterator[Defect]:
    """Values for which every release knows another word."""
    for auth in pjsip.auths.values():
        option = auth.get("auth_type")
        if option is not None and option.value.lower() == "digest" and _older_word(auth) is not None:
            since = asterisk_changes.shown(asterisk_changes.NEW_DIGEST)
            message = f"auth_type=digest exists from {since} on; earlier releases drop auth '{auth.name}': 500"
            yield Defect(option.value_place, message, inherited(auth, option), (auth, option), level="info")


def _older_word(auth: Object) -> str | None:
    """The ``auth_type`` that means to every release what ``digest`` means to new ones."""
    if auth.value("password_digest"):
        return None
    if auth.value("password"):
        return None if auth.value("md5_cred") else "userpass"
    return "md5" if auth.value("md5_cred") else None


def fix(subject: tuple[Object, Option]) -> Fix | None:
    item, option = subject
    if (item.type, option.name) in asterisk_changes.VALUES:
        word = _older_word(item) if option.name == "auth_type" else None
        title = f"write auth_type={word}, which every release knows"
        return None if word is None else Fix(title, (set_value(option, word),))
    return Fix(f"delete the line, so that {item.type} '{item.name}' exists", (remove_line(option),))


CHECK = Check(find, level="error", category="load", fix=fix)
