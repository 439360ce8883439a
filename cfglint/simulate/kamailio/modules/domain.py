"""domain: domains that are served, from a table that is read at start (modules/domain)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import tables
from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def served(run: Run) -> list[str] | None:
    """The domains, in lower case; None where nobody can know."""
    return run.setup.once("domain", lambda: _load(run))


def _load(run: Run) -> list[str] | None:
    setup = run.setup
    url, table = setup.text("domain", "db_url", tables.DEFAULT_URL), setup.text("domain", "domain_table", "domain")
    try:
        rows = tables.select(run, url, table)
    except tables.Failed:
        return []
    column = setup.text("domain", "domain_col", "domain")
    return None if rows is None else [str(row.get(column) or "").lower() for row in rows]


def _is_served(run: Run, host: str | Unknown) -> Value:
    if isinstance(host, Unknown):
        return 1 if run.is_true(f"{host.name} is a domain that is served") else -1
    domains = served(run)
    if domains is None:
        return -1 if run.choose(f"is {host} in the table of domains?", "yes", "no") else 1
    if host.lower() in domains:
        return 1
    run.say(f"{host} is not in the table of domains; aliases and addresses do not count")
    return -1


def is_from_local(run: Run, arguments: Arguments) -> Value:
    """The host of From."""
    return _is_served(run, run.message.from_uri.host)


def is_uri_host_local(run: Run, arguments: Arguments) -> Value:
    """The host of the request-URI."""
    if isinstance(run.uri, Unknown):
        return _is_served(run, run.uri)
    uri = parse_uri(run.uri)
    return _is_served(run, uri.host) if uri is not None else -1


def is_domain_local(run: Run, arguments: Arguments) -> Value:
    """Any host."""
    return _is_served(run, arguments.text(0))


FUNCTIONS = {
    "is_from_local": is_from_local,
    "is_uri_host_local": is_uri_host_local,
    "is_domain_local": is_domain_local,
    "lookup_domain": is_domain_local,
}
