"""What a configuration tells of the people around a Kamailio: accounts, domains, and where they send to."""

from __future__ import annotations

import re
from functools import lru_cache

from cfglint.data.database import MAX_ROWS, NoData, Row
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import operations
from cfglint.model.kamailio.script import constant
from cfglint.namedtuples import NamedTuple
from cfglint.simulate.kamailio import hashtables, tables
from cfglint.simulate.kamailio.server import KamailioServer
from cfglint.simulate.kamailio.sockets import EVERY_ADDRESS, canonical
from cfglint.simulate.request import KNOWN, Endpoint
from cfglint.syntax.kamailio.nodes import CoreTest, Expression
from cfglint.syntax.kamailio.tokens import String

MAX_DOMAINS, MAX_USERS, MAX_PEERS = 4, 2, 5
"""So many of the configuration's domains, accounts and peers are tried."""
MAX_NAME = 80
"""No domain that a script compares with is longer, in characters."""
SERVER_ADDRESS = "198.18.0.1"
"""The server's own address where the configuration names none."""

_DOMAIN = r"(?i)[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*\.[a-z][a-z0-9-]+"
_FILE = r"(?i).*\.(?:so|cfg|conf|list|lua|py|js|sock|pid|txt|db|sqlite|pem|crt|key|log|sh)"


class Account(NamedTuple):
    """A phone's account; the domain None: any of the configuration's own."""

    user: str
    domain: str | None
    password: str


def accounts(server: KamailioServer) -> list[Account]:
    """Accounts to try: some of the subscriber table where that can be read, else one that is taken to be there."""
    rows = rows_of(server, "auth_db", "subscriber", MAX_USERS)
    if not rows:
        kept = _kept(server)
        return kept[:MAX_USERS] or [Account("1001", None, KNOWN)]
    found = []
    for row in rows:
        password, domain = row.get("password"), row.get("domain")
        found.append(Account(str(row.get("username")), str(domain) if domain else None, str(password or KNOWN)))
    return found


def _kept(server: KamailioServer) -> list[Account]:
    """Accounts that a hash table holds at start, for pv_auth."""
    if not server.setup.kamailio.calls_of("pv_www_authenticate", "pv_proxy_authenticate", "pv_auth_check"):
        return []
    run = server.idle()
    keys = [key for table in hashtables.names(run) for key in hashtables.entries(run, table)]
    split = [key.removeprefix("sip:").partition("@") for key in keys]
    return [Account(user, domain or None, KNOWN) for user, _, domain in split if user]


@lru_cache(maxsize=4)  # one for each version that a question is put to
def domains(server: KamailioServer) -> list[str]:
    """The server's own names, and what the script compares domains with; the likeliest first."""
    setup = server.setup
    found = [name.host for name in setup.sockets.names]
    found += [str(row.get("domain")) for row in rows_of(server, "domain", "domain")]
    found += [text for located in setup.kamailio.nodes(String) if _is_domain(text := located.node.value)]
    found += [name for s in setup.sockets.sockets for name in (s.host, *(s.advertised or ())[:1])]
    named = [name for name in dict.fromkeys(found) if name not in EVERY_ADDRESS]
    return named[:MAX_DOMAINS] or [endpoint.host for _, endpoint in endpoints(server)]


def _is_domain(text: str) -> bool:
    """Four characters are the shortest that anybody has."""
    return 4 <= len(text) <= MAX_NAME and bool(re.fullmatch(_DOMAIN, text)) and not re.fullmatch(_FILE, text)


def rows_of(server: KamailioServer, module: str, table: str, limit: int = MAX_ROWS) -> list[Row]:
    """What can be read of a table; nothing where that is nothing."""
    data = server.setup.kamailio.data
    if data is None or not server.setup.has(module):
        return []
    try:
        database = data.database(server.setup.text(module, "db_url", tables.DEFAULT_URL))
        return database.rows(table, limit=limit) if database is not None else []
    except NoData:
        return []


SOURCE, OWN = ("$si", "src_ip"), ("$Ri", "$RAi", "dst_ip")
"""What a script compares with addresses of others, and with its own."""


def compared(kamailio: Kamailio, subjects: tuple[str, ...], operators: tuple[str, ...]) -> list[str]:
    """The addresses that conditions compare one of some subjects with."""
    found: list[str | None] = []
    for located in kamailio.nodes(CoreTest):
        test: CoreTest = located.node
        if test.word.text in subjects and test.operator.text in operators:
            found.append(canonical(test.value.place.text.strip("\"'")))
    for located in kamailio.nodes(Expression):
        found += (
            canonical(constant(node.operands[-1]) or "")
            for node in operations(located.node)
            if node.operator in operators and getattr(node.operands[0], "text", "") in subjects
        )
    return [host for host in dict.fromkeys(found) if host is not None][:MAX_PEERS]


@lru_cache(maxsize=4)
def endpoints(server: KamailioServer) -> list[tuple[str, Endpoint]]:
    """Transports and where a client would send to, one of each transport; where the server's addresses are not written
    down, those that the script compares its own with."""
    own = compared(server.setup.kamailio, OWN, ("==", "!=")) or [SERVER_ADDRESS]
    found: dict[str, list[Endpoint]] = {}
    for socket in server.setup.sockets.sockets:
        known = socket.address if socket.address not in EVERY_ADDRESS else None
        for transport in [socket.transport] if socket.transport else ["udp", "tcp"]:
            found.setdefault(transport, [Endpoint(host, socket.port) for host in ([known] if known else own)])
    if not found:
        found["udp"] = [Endpoint(host, 5060) for host in own]
    return [(transport, endpoint) for transport, endpoints in found.items() for endpoint in endpoints]
