"""permissions: who may, by source address, by peer, and by files of rules (modules/permissions/address.c, trusted.c,
permissions.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.data.database import Row
from cfglint.knowledge.kamailio_effects import ADDRESSES, ALLOW_FILE, DENY_FILE, TRUSTED
from cfglint.simulate.kamailio import address_table, rule_files, stores, tables
from cfglint.simulate.kamailio.address_table import BadEntry, Entry
from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.simulate.kamailio.rule_files import Rule
from cfglint.simulate.kamailio.values import Unknown, Value, text_of
from cfglint.syntax.kamailio.pv import BadVariable, parse_variable

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def _set_tag(run: Run, tag: Value) -> None:
    """Put the tag of a match into the AVP of peer_tag_avp."""
    name = run.setup.text("permissions", "peer_tag_avp", "")
    variable = parse_variable(name) if name else None
    if tag is not None and variable is not None and not isinstance(variable, BadVariable):
        stores.write_avp(run, variable.inner or variable.name, None, tag)


# ------------------------------------------------------------------------------------------------------ allow_trusted


def allow_trusted(run: Run, arguments: Arguments) -> Value:
    """Is the source in the table of trusted peers? (modules/permissions/trusted.c)"""
    host: Value = run.message.source.host
    transport: Value = run.message.transport
    if len(arguments) >= 2:
        host, transport = arguments.text(0), arguments.text(1)
    from_uri = arguments.text(2) if len(arguments) >= 3 else str(run.message.from_uri)
    if isinstance(host, Unknown) or isinstance(transport, Unknown) or isinstance(from_uri, Unknown):
        return 1 if run.is_true(f"a trusted peer has {host}") else -1
    url = run.setup.text("permissions", "db_url", "")
    if not url or not address_table.is_loaded(run.setup, TRUSTED):
        setting = run.setup.setting("permissions", "load_backends")
        why = "db_url is not set" if not url else "load_backends leaves out the trusted table"
        run.say(f"allow_trusted() finds nobody: {why}", setting.place if url and setting else None)
        return -1
    table = run.setup.text("permissions", "trusted_table", "trusted")
    names = {"src_ip": "source_col", "proto": "proto_col", "from_pattern": "from_col", "ruri_pattern": "ruri_col"}
    columns = {name: run.setup.text("permissions", parameter, name) for name, parameter in names.items()}
    columns |= {name: run.setup.text("permissions", f"{name}_col", name) for name in ("tag", "priority")}
    try:
        rows = tables.select(run, url, table, {columns["src_ip"]: text_of(host)})
    except tables.Failed as reason:
        run.say(f"allow_trusted() finds nobody: {reason}")
        return -1
    if rows is None:
        subject = f"does table {table} hold a row that fits {host}?"
        return 1 if run.choose(subject, "no", "yes") else -1
    if not rows:
        run.say(f"table {table} has no row with the text {host}")
        return -1
    rows = sorted(rows, key=lambda row: tables.number(row, columns["priority"]))
    return _first_match(run, rows, columns, text_of(transport), text_of(from_uri))


def _first_match(run: Run, rows: list[Row], columns: dict[str, str], transport: str, from_uri: str) -> Value:
    count = 0
    for row in rows:
        why = _mismatch(run, row, columns, transport, from_uri)
        if why is not None:
            run.say(f"the row for {row[columns['src_ip']]} does not fit: {why}")
            continue
        run.say(f"the row for {row[columns['src_ip']]} fits")
        _set_tag(run, row.get(columns["tag"]))  # type: ignore[arg-type]
        count += 1
        if not run.setup.number("permissions", "peer_tag_mode", 0):
            return 1
    return count or -1


def _mismatch(run: Run, row: Row, columns: dict[str, str], transport: str, from_uri: str) -> str | None:
    """Why a row does not fit, None where it does."""
    proto = str(row.get(columns["proto"]) or "").lower()
    if transport.lower() != "any" and proto not in ("any", transport.lower()):
        return f"its protocol is '{proto}', not {transport}"
    for column, text in (("from_pattern", from_uri), ("ruri_pattern", run.message.uri)):
        pattern = row.get(columns[column])
        if pattern is None:
            continue
        try:
            matches = compiled(str(pattern), basic=True).search(text)
        except BadPattern as error:
            return f"its {column} is no regular expression: {error}"
        except Untold:
            matches = run.is_true(f"'{pattern}' matches {text}")
        if not matches:
            return f"its {column} '{pattern}' does not match {text} (a basic regular expression, case counts)"
    return None


# ---------------------------------------------------------------------------------------------------------- addresses


def _entries(run: Run) -> list[Entry] | None:
    """The loaded address table; raises `tables.Failed`, `BadEntry`."""
    found = run.setup.once("permissions.addresses", lambda: address_table.load(run))
    if found is None:
        address_table.load(run)  # so that this path, too, tells what is missing
    return found


def _allowed(run: Run, group: int | Unknown | None, host: str | Unknown, port: int | Unknown | None) -> Entry | None:
    """The entry that fits, or none; what is unknown is asked."""
    if isinstance(group, Unknown) or isinstance(host, Unknown):
        return Entry(1, "", None, 0, None, None) if run.is_true(f"{host} is in group {group}") else None
    if isinstance(port, Unknown):
        port = None
    named = f"group {group}" if group is not None else "any group"
    try:
        entries = _entries(run)
    except (tables.Failed, BadEntry) as reason:
        run.say(f"no address is known: {reason}")
        return None
    if entries is None:
        subject = f"is {host} in {named} of the address table?"
        return Entry(group or 1, host, None, 0, None, None) if run.choose(subject, "no", "yes") else None
    found = address_table.matching(run, entries, group, host, port)
    if found is None:
        _say_why(run, entries, group, host)
        return None
    where = f"{found.network or found.written}, group {found.group}"
    run.say(f"{host} is in {named}: {where}", found.place)
    _set_tag(run, found.tag)
    return found


def _say_why(run: Run, entries: list[Entry], group: int | None, host: str) -> None:
    if not address_table.is_loaded(run.setup, ADDRESSES):
        setting = run.setup.setting("permissions", "load_backends")
        run.say("no address is known: load_backends leaves out the address table", setting.place if setting else None)
    elif not run.setup.text("permissions", "db_url", "") and not run.setup.text("permissions", "address_file", ""):
        run.say("no address is known: neither db_url nor address_file is set")
    else:
        others = sum(entry.group == group for entry in entries) if group is not None else len(entries)
        run.say(f"{host} is in none of the {others} entries" + (f" of group {group}" if group is not None else ""))


def allow_source_address(run: Run, arguments: Arguments) -> Value:
    """Is the source in a group of addresses?"""
    group = arguments.number(0, 1)
    return 1 if _allowed(run, group, run.message.source.host, run.message.source_port) else -1


def allow_address(run: Run, arguments: Arguments) -> Value:
    """Is an address in a group?"""
    group, host, port = arguments.number(0, 1), arguments.text(1), arguments.number(2)
    return 1 if _allowed(run, group, host, port) else -1


def allow_source_address_group(run: Run, arguments: Arguments) -> Value:
    """The group of the source."""
    found = _allowed(run, None, run.message.source.host, run.message.source_port)
    return found.group if found is not None else -1


def allow_address_group(run: Run, arguments: Arguments) -> Value:
    """The group of an address."""
    found = _allowed(run, None, arguments.text(0), arguments.number(1))
    return found.group if found is not None else -1


# --------------------------------------------------------------------------------------------------------------- files


def _rule_files(run: Run, arguments: Arguments, given: int) -> tuple[list[Rule], list[Rule]]:
    """The rules of the allow and the deny file; a file that is missing has none."""
    setup = run.setup
    if given == 0:
        allow = setup.text("permissions", "default_allow_file", "permissions.allow")
        deny = setup.text("permissions", "default_deny_file", "permissions.deny")
        return (
            _rules(run, allow) if address_table.is_loaded(run.setup, ALLOW_FILE) else [],
            _rules(run, deny) if address_table.is_loaded(run.setup, DENY_FILE) else [],
        )
    if given == 1:
        name = arguments.raw(0)
        return (
            _rules(run, name + setup.text("permissions", "allow_suffix", ".allow")),
            _rules(run, name + setup.text("permissions", "deny_suffix", ".deny")),
        )
    return _rules(run, arguments.raw(0)), _rules(run, arguments.raw(1))


def _rules(run: Run, path: str) -> list[Rule]:
    def load() -> list[Rule]:
        source = run.setup.file(path)
        return rule_files.parse(source) if source is not None else []

    return run.setup.once(f"permissions.rules {path}", load)


def _may(run: Run, allow: list[Rule], deny: list[Rule], left: str, right: str) -> bool | None:
    """True when an allow rule fits, False when only a deny rule does, None when neither."""
    try:
        rule = rule_files.search(allow, left, right)
        if rule is not None:
            run.say(f"allowed: {left}, {right}", rule.place)
            return True
        rule = rule_files.search(deny, left, right)
    except Untold:
        return run.is_true(f"the rules allow {left}, {right}")
    if rule is not None:
        run.say(f"denied: {left}, {right}", rule.place)
        return False
    return None


def _plain(text: str, port: bool = False) -> str:
    uri = parse_uri(text)
    if uri is None:
        return text
    user = f"{uri.user}@" if uri.user else ""
    return f"sip:{user}{uri.host}" + (f":{uri.port}" if port and uri.port else "")


def allow_routing(run: Run, arguments: Arguments) -> Value:
    """May From go to the request-URI, and to all branches?"""
    allow, deny = _rule_files(run, arguments, len(arguments))
    if not allow and not deny:
        run.say("there are no rules, so all may")
        return 1
    if isinstance(run.uri, Unknown):
        return 1 if run.is_true(f"the rules allow {run.uri.name}") else -1
    from_uri = str(run.message.from_uri)
    uri = parse_uri(run.uri)
    verdict = _may(run, allow, deny, from_uri, f"sip:{uri.user}@{uri.host}" if uri else run.uri)
    if verdict is False:
        return -1
    if run.setup.number("permissions", "check_all_branches", 1):
        for branch, _ in run.branches:
            if not isinstance(branch, Unknown) and _may(run, allow, deny, from_uri, _plain(branch)) is False:
                return -1
    return 1


def _register(run: Run, arguments: Arguments, port: bool) -> Value:
    allow, deny = _rule_files(run, arguments, len(arguments))
    if not allow and not deny:
        run.say("there are no rules, so all may")
        return 1
    to_uri, contact = str(run.message.to_uri), _plain(run.message.contact, port)
    try:
        allowed = rule_files.search(allow, to_uri, contact)
        if allowed is not None and run.setup.number("permissions", "check_all_branches", 1):
            run.say(f"allowed: {to_uri}, {contact}", allowed.place)
            return 1
        denied = rule_files.search(deny, to_uri, contact)
    except Untold:
        return 1 if run.is_true(f"the rules allow {to_uri}, {contact}") else -1
    if denied is not None:
        run.say(f"denied: {to_uri}, {contact}", denied.place)
        return -1
    return 1


def allow_register(run: Run, arguments: Arguments) -> Value:
    """May To be reached at the Contact? Its port does not count."""
    return _register(run, arguments, port=False)


def allow_register_include_port(run: Run, arguments: Arguments) -> Value:
    """May To be reached at the Contact, its port included?"""
    return _register(run, arguments, port=True)


def allow_uri(run: Run, arguments: Arguments) -> Value:
    """May From go to a URI?"""
    allow, deny = _rule_files(run, arguments, 1)
    if not allow and not deny:
        return 1
    uri = arguments.text(1)
    if isinstance(uri, Unknown):
        return 1 if run.is_true(f"the rules allow {uri.name}") else -1
    return -1 if _may(run, allow, deny, str(run.message.from_uri), uri) is False else 1


FUNCTIONS = {
    "allow_trusted": allow_trusted,
    "allow_source_address": allow_source_address,
    "allow_address": allow_address,
    "allow_source_address_group": allow_source_address_group,
    "allow_address_group": allow_address_group,
    "allow_routing": allow_routing,
    "allow_register": allow_register,
    "allow_register_include_port": allow_register_include_port,
    "allow_uri": allow_uri,
}
