"""secfilter: black and white lists; an entry fits whatever begins with it (modules/secfilter/secfilter.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.namedtuples import NamedTuple
from cfglint.simulate.kamailio import tables
from cfglint.simulate.kamailio.message import SipUri, parse_uri
from cfglint.simulate.kamailio.values import Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

BLACK, WHITE, DESTINATION = 0, 1, 2
"""What an entry's action says."""
USER_AGENT, COUNTRY, DOMAIN, ADDRESS, USER = range(5)
"""What its type says."""

QUOTES = ("'", '"', "--", "%27", "%22", "%60")
"""What is taken for an attempt to slip SQL in."""


class Item(NamedTuple):
    """An entry of the table."""

    action: int
    type: int
    data: str


def items(run: Run) -> list[Item] | None:
    """The loaded table; None where nobody can know it."""
    return run.setup.once("secfilter", lambda: _load(run))


def _load(run: Run) -> list[Item] | None:
    setup = run.setup
    columns = [setup.text("secfilter", f"{name}_col", name) for name in ("action", "type", "data")]
    url, table = (
        setup.text("secfilter", "db_url", tables.DEFAULT_URL),
        setup.text("secfilter", "table_name", "secfilter"),
    )
    try:
        rows = tables.select(run, url, table)
    except tables.Failed:
        return []
    if rows is None:
        return None
    return [Item(tables.number(r, columns[0]), tables.number(r, columns[1]), str(r[columns[2]] or "")) for r in rows]


def _listed(run: Run, what: int, text: str) -> Value:
    """2 on the white list, -2 on the black list, else 1."""
    entries = items(run)
    if entries is None:
        return (1, -2, 2)[
            run.choose(f"is {text!r} on a list of secfilter?", "no", "on the black list", "on the white list")
        ]
    for action, code, name in ((WHITE, 2, "white"), (BLACK, -2, "black")):
        for item in entries:
            if (item.action, item.type) == (action, what) and text.lower().startswith(item.data.lower()):
                run.say(f"'{text}' begins with '{item.data}', which is on the {name} list")
                return code
    return 1


def check_ua(run: Run, arguments: Arguments) -> Value:
    """The User-Agent."""
    agent = run.message.header("user-agent")
    return _listed(run, USER_AGENT, agent) if agent else -1


def check_ip(run: Run, arguments: Arguments) -> Value:
    """The source, as text: 10.0.0.1 fits 10.0.0.100, too."""
    return _listed(run, ADDRESS, run.message.source.host)


def check_country(run: Run, arguments: Arguments) -> Value:
    """A country's code."""
    return _listed(run, COUNTRY, arguments.raw(0))


def check_dst(run: Run, arguments: Arguments) -> Value:
    """A destination: -2 when it is on the list."""
    text, entries = arguments.raw(0), items(run)  # the argument is taken as it is written
    if entries is None:
        return -2 if run.choose(f"is {arguments.raw(0)} on a list of secfilter?", "no", "yes") else 1
    exact = run.setup.number("secfilter", "dst_exact_match", 1)
    for item in entries:
        if item.action == DESTINATION:
            fits = text.lower() == item.data.lower() if exact else text.lower().startswith(item.data.lower())
            if fits:
                run.say(f"'{text}' is a destination on the black list")
                return -2
    return 1


def _check_user(uri_of: Callable[[Run], SipUri | None]) -> Callable[[Run, Arguments], Value]:
    """User first, then domain: 2 and 3 on the white list, -2 and -3 on the black list."""

    def check(run: Run, arguments: Arguments) -> Value:
        uri = uri_of(run)
        if uri is None or not uri.user:
            return -1
        by_user = _listed(run, USER, uri.user)
        if by_user != 1:
            return by_user
        by_domain = _listed(run, DOMAIN, uri.host)
        return {2: 3, -2: -3}.get(by_domain, by_domain) if isinstance(by_domain, int) else by_domain

    return check


def check_quotes(run: Run, arguments: Arguments) -> Value:
    """-1 for a text with quotes or dashes, taken as it is written: no pseudo-variable is replaced."""
    return -1 if any(sign in arguments.raw(0) for sign in QUOTES) else 1


FUNCTIONS = {
    "secf_check_ua": check_ua,
    "secf_check_ip": check_ip,
    "secf_check_country": check_country,
    "secf_check_dst": check_dst,
    "secf_check_from_hdr": _check_user(lambda run: run.message.from_uri),
    "secf_check_to_hdr": _check_user(lambda run: run.message.to_uri),
    "secf_check_contact_hdr": _check_user(lambda run: parse_uri(run.message.contact)),
    "secf_check_sqli_all": lambda run, arguments: 1,
    "secf_check_sqli_hdr": check_quotes,
}
