"""Subscriptions are refused although there is something to subscribe to.

Why it matters: with `allowsubscribe=no` channels/chan_sip.c:handle_request_subscribe answers 403 to SUBSCRIBE, which is
how the lamps of a phone learn who is busy; many phones show it as a failed registration. In [general] it is the default
for all accounts that have no line of their own.

A warning where the context of such an account has hints, or it has a `subscribecontext`; otherwise an information.

Client sees: SUBSCRIBE -> 403

Log: Nothing.

RFC: 3261 section 21.4.4: credentials will not help, and none were asked for.

Verdict: deserved, if nobody is to see who is busy; spurious where the dialplan has hints for the phone.

Does not help: the password; the registration is not concerned, though many phones show it as failed.

Fix: `allowsubscribe=yes`. Unsafe: the accounts may watch each other's state.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_value
from cfglint.model.sip import Peer, Sip
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Option
from cfglint.simulate.dialplan import Dialplan

from ._owners import by_option, inherited, shown

_HINTS = "[phones]\nexten => 1002,hint,SIP/1002\n"
_PHONE = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\ncontext=phones\n"
EXAMPLES = [
    Example(
        bad={"sip.conf": "[general]\n«allowsubscribe=no»\n" + _PHONE, "extensions.conf": _HINTS},
        good={
            "sip.conf": "[general]\nallowsubscribe=no\n" + _PHONE + "allowsubscribe=yes\n",
            "extensions.conf": _HINTS,
        },
        fixed={"sip.conf": "[general]\nallowsubscribe=yes\n" + _PHONE, "extensions.conf": _HINTS},
    ),
    Example(
        bad=_PHONE + "subscribecontext=lamps\n«allowsubscribe=no»\n",
        good=_PHONE + "subscribecontext=lamps\n",
        fixed=_PHONE + "subscribecontext=lamps\nallowsubscribe=yes\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    general = sip.general_option("allowsubscribe")
    lines = ((peer.get("allowsubscribe") or general, peer) for peer in sip.phones)
    groups = by_option((option, peer) for option, peer in lines if option is not None and not is_true(option.value))
    dialplan = Dialplan(sip.tree.companion("extensions.conf")) if groups else None
    contexts: dict[str, bool] = {}
    for option, peers in groups:
        watchers = []
        for peer in peers:
            context = _context(sip, peer)
            if context not in contexts:
                contexts[context] = dialplan is not None and dialplan.has_hints(context)
            if contexts[context] or peer.value("subscribecontext"):
                watchers.append(peer)
        message = f"{shown(watchers or peers)} gets 403 to SUBSCRIBE"
        if watchers:
            message += ", though there are hints to subscribe to"
        notes = () if option is general else inherited(option, watchers or peers)
        level = None if watchers else "info"
        yield Defect(option.place, message, notes, option if watchers else None, level, answers=(403,))


def _context(sip: Sip, peer: Peer) -> str:
    """Where a subscription is looked up."""
    for name in ("subscribecontext", "context"):
        found = peer.value(name) or sip.setting(name)
        if found:
            return found
    return "default"


def fix(option: Option) -> Fix:
    return Fix("allow subscriptions", (set_value(option, "yes"),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="SUBSCRIBE")
