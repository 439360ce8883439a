"""Changes of where passwords are looked for, and in which form."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.edits import Edit, Fix, replace
from cfglint.knowledge.kamailio_effects import DATABASE_CHECKS, PASSWORD_CHECKS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import add_line_below, remove_item, written
from cfglint.model.kamailio.script import Use, uses
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.nodes import Node, String, Variable

TABLE = "subscriber"
"""The table of accounts that Kamailio's own scripts make."""
KEYS = (("$tu", "$tU@$td", "$tU"), ("$fu", "$fU@$fd", "$fU"), ("$au@$ar", "$au"))
"""By what an account is looked up: its URI, which begins with ``sip:``, its address of record, or its user alone."""


def stored(kamailio: Kamailio) -> Iterator[Fix]:
    """Other tables, columns and forms of passwords."""
    if kamailio.calls_of(*DATABASE_CHECKS):
        yield from _tables(kamailio)
        for column, calculated in (("password", 1), ("ha1", 0)):
            yield from _form(kamailio, column, calculated)
        yield from _algorithm(kamailio)
        yield from _loaded(kamailio)
    if kamailio.calls_of(*PASSWORD_CHECKS):
        yield from _keys(kamailio)


def _tables(kamailio: Kamailio) -> Iterator[Fix]:
    for located in kamailio.calls_of(*DATABASE_CHECKS):
        table = located.call.arguments[1] if len(located.call.arguments) > 1 else None
        if isinstance(table, String) and table.value != TABLE and written(table):
            yield Fix(f"ask the table {TABLE}", (replace(table.place, f'"{TABLE}"'),))


def _form(kamailio: Kamailio, column: str, calculated: int) -> Iterator[Fix]:
    """Passwords are in a column, as they are or hashed."""
    edits: list[Edit] = []
    lines: list[str] = []
    for name, value, text in (
        ("calculate_ha1", calculated, str(calculated)),
        ("password_column", column, f'"{column}"'),
    ):
        setting = kamailio.parameters.last("auth_db", name)
        default = {"calculate_ha1": 0, "password_column": "ha1"}[name]
        if (default if setting is None else setting.value) == value:
            continue
        if setting is None:
            lines.append(f'modparam("auth_db", "{name}", {text})')
        elif written(setting.node.value):
            edits.append(replace(setting.node.value.place, text))
        else:
            return
    anchor = _anchor(kamailio, "auth_db")
    if lines and anchor is not None:
        edits.append(add_line_below(anchor, anchor.home.source.newline.join(lines)))
    if edits:
        title = "make hashes of the passwords" if calculated else "take the hashes as they are"
        yield Fix(f"{title}, of the column {column}", tuple(edits))


def _anchor(kamailio: Kamailio, module: str) -> Node | None:
    """The last line about a module, to put another below."""
    lines: list[Node] = [setting.node for setting in kamailio.settings if setting.module == module]
    if module in kamailio.loaded:
        lines.insert(0, kamailio.loaded[module].node)
    return next((line for line in reversed(lines) if written(line)), None)


def _algorithm(kamailio: Kamailio) -> Iterator[Fix]:
    """The hashes are those of the usual algorithm."""
    settings = kamailio.parameters.all("auth", "algorithm")
    if settings and all(written(setting.node) for setting in settings):
        yield Fix("offer the algorithm of the hashes", tuple(remove_item(setting.node) for setting in settings))


def _loaded(kamailio: Kamailio) -> Iterator[Fix]:
    """No column is asked for beside the password: without the line it is ``rpid``, which the table need not have."""
    anchor = _anchor(kamailio, "auth_db")
    if anchor is not None and kamailio.parameters.last("auth_db", "load_credentials") is None:
        line = 'modparam("auth_db", "load_credentials", "")'
        yield Fix("ask for no column that is not there", (add_line_below(anchor, line),))


def _keys(kamailio: Kamailio) -> Iterator[Fix]:
    """A table of passwords is asked for another form of the account's name."""
    for forms in KEYS:
        for form in forms:
            places = [place for token in _texts(kamailio) for place in _asked_for(token, form)]
            for other in forms if places else ():
                if other != form:
                    yield Fix(f"look {other} up", tuple(replace(place, other) for place in places))


def _texts(kamailio: Kamailio) -> list[Variable | String]:
    found = [located.node for kind in (Variable, String) for located in kamailio.nodes(kind)]
    return [token for token in found if written(token)]


def _asked_for(token: Variable | String, form: str) -> Iterator[Place]:
    """Where an account's name in one form is the key in a hash table."""
    for use in uses(token):
        variable = use.variable
        if variable.name == "sht" and (variable.inner or "").endswith(f"=>{form}"):
            first, last = Use(variable.nested[0], token).place, Use(variable.nested[-1], token).place
            yield Place(first.source, Span(first.span.start, last.span.end))
