"""From what people see, a status or a line of the log, to the checks that explain it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cfglint import registry
from cfglint.documentation import OUTBOUND, Documentation, Symptom, parse
from cfglint.namedtuples import NamedTuple
from cfglint.registry import Registered

GAP = "..."
"""Stands for what varies in a message of the log."""


_COLOR = re.compile(r"\x1b\[[0-9;]*m")


class Status(NamedTuple):
    """What a final status means: its name, where RFC 3261 defines it, and what the servers use it for."""

    name: str
    section: str
    text: str


STATUSES: dict[int | str, Status] = {
    401: Status(
        "Unauthorized",
        "21.4.2",
        "The first 401 is no refusal: it asks for the password. Again and again it is how chan_pjsip refuses: "
        "for a wrong password, an unknown endpoint, one that was dropped for a wrong line, and an endpoint's "
        "own address list. RFC 3261, 22.1 allows that, and forbids the client to try the same credentials "
        "again. Of chan_sip the second 401 only says that the nonce was out of date. Kamailio says it where "
        "the script challenges again.",
    ),
    403: Status(
        "Forbidden",
        "21.4.4",
        "After the password it is chan_sip's answer to nearly everything that refuses a REGISTER, a wrong "
        "password as well as an account that does not exist; the log line tells which. chan_pjsip never says "
        "it for a wrong password: the password was right, and the AOR takes no registration. At once it comes "
        "from an address list, or because the request was taken for somebody else's. Kamailio says it only "
        "where the script does. RFC 3261, 21.4.4: credentials will not help, and the request should not be "
        "repeated; so many phones stop trying.",
    ),
    404: Status(
        "Not Found",
        "21.4.5",
        "To a REGISTER, chan_pjsip says it where no AOR has the name in To, after the password was accepted; "
        "chan_sip with alwaysauthreject=no where the account does not exist. To an INVITE it means that the "
        "dialplan has no such number in the context that the caller ended up in.",
    ),
    407: Status(
        "Proxy Authentication Required",
        "21.4.8",
        "The proxy's 401. The first one asks for the password; again and again it refuses.",
    ),
    480: Status(
        "Temporarily Unavailable",
        "21.4.18",
        "The called one cannot be reached now; chan_sip also says it to a caller who has reached his limit of calls.",
    ),
    488: Status(
        "Not Acceptable Here",
        "21.4.26",
        "The offer of media does not suit: no codec in common, or one side wants encryption and the other does not.",
    ),
    500: Status(
        "Server Internal Error",
        "21.5.1",
        "chan_pjsip says it where an object that it needs is not there: the auth that the endpoint names, for "
        "example. Kamailio says it where a request can be sent nowhere.",
    ),
    501: Status("Not Implemented", "21.5.2", "No module that is loaded handles the method."),
    503: Status("Service Unavailable", "21.5.4", "The server cannot take more, or is not ready."),
    603: Status(
        "Decline",
        "21.6.2",
        "chan_sip says it to a REGISTER whose Contact address a list refuses, chan_pjsip to a SUBSCRIBE that "
        "the endpoint may not send. RFC 3261, 10.3 forbids a registrar to say so.",
    ),
    "timeout": Status(
        "no answer",
        "17.1.2.2",
        "Nothing listens there, the server did not start or rejected its file as a whole, or its script "
        "dropped the request.",
    ),
    "refused": Status("connection refused", "18.4", "Nothing listens on that TCP or TLS port."),
}


class Explained(NamedTuple):
    """A check, and what it says of itself."""

    registered: Registered
    documentation: Documentation


def every() -> list[Explained]:
    """All checks with their documentation, by id."""
    return [Explained(registered, parse(registered.documentation)) for registered in registry.every()]


def name(symptom: Symptom) -> str:
    """What people call it: ``403 after the password``, ``403 at once``, ``401 for ever``, ``no answer``."""
    *before, last = symptom.statuses
    if last in (401, 407):
        shown = f"{last} for ever"
    elif not isinstance(last, int):
        shown = STATUSES[last].name
    else:
        shown = f"{last} {'after the password' if before else 'at once'}"
    return shown + (" from the other side" if symptom.request.startswith(OUTBOUND) else "")


def index(checks: Iterable[Explained]) -> dict[str, list[tuple[Explained, Symptom]]]:
    """Name of a symptom to the checks that explain it, the frequent statuses first."""
    found: dict[str, list[tuple[Explained, Symptom]]] = {}
    for check in checks:
        for symptom in check.documentation.client_sees:
            found.setdefault(name(symptom), []).append((check, symptom))
    order = list(STATUSES)
    return dict(sorted(found.items(), key=lambda item: (order.index(item[1][0][1].statuses[-1]), item[0])))


def message_pattern(message: str) -> re.Pattern[str]:
    """A message of a ``Log`` section as a pattern for lines of a log."""
    return re.compile(".*?".join(map(re.escape, message.split(GAP))))


def by_message(lines: Iterable[str], checks: Iterable[Explained]) -> dict[str, list[Explained]]:
    """The messages that lines of a log hold, the most telling first, and the checks that explain each."""
    known: dict[str, list[Explained]] = {}
    for check in checks:
        for message in check.documentation.log:
            known.setdefault(message, []).append(check)
    waiting = {message: (max(message.split(GAP), key=len), message_pattern(message)) for message in known}
    found = []
    for line in lines:
        plain = _COLOR.sub("", line)
        for message, (word, pattern) in list(waiting.items()):
            if word in plain and pattern.search(plain):
                found.append(message)
                del waiting[message]
    return {message: known[message] for message in sorted(found, key=lambda m: (-len(m.replace(GAP, "")), m))}
