"""Hash tables of the htable module: what a table holds from its database, and what the script has written since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import tables
from cfglint.simulate.kamailio.state import Entry
from cfglint.simulate.kamailio.values import Unknown, Value, number_in

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run
    from cfglint.simulate.kamailio.setup import Setup

COLUMNS = {
    "key_name_column": "key_name",
    "key_type_column": "key_type",
    "value_type_column": "value_type",
    "key_value_column": "key_value",
}
"""Parameters that name columns, and their defaults."""
ARRAY, NUMBER = 1, 1
"""Types of a key and of a value."""


def parts(text: str) -> tuple[str, str]:
    """``table=>key`` in two parts."""
    table, _, key = text.partition("=>")
    return table.strip(), key


def names(run: Run) -> list[str]:
    """The tables that there are."""
    defined = [str(setting.value).partition("=>")[0].strip() for setting in run.setup.settings("htable", "htable")]
    return list(dict.fromkeys([*defined, *run.memory.tables]))


def _options(setup: Setup, table: str) -> dict[str, str] | None:
    """The definition of a table (``table=>size=8;autoexpire=30;``); None where there is none."""
    for setting in setup.settings("htable", "htable"):
        name, _, rest = str(setting.value).partition("=>")
        if name.strip() == table:
            pairs = (part.partition("=") for part in rest.split(";"))
            return {key.strip(): value.strip() for key, _, value in pairs}
    return None


def _lifetime(run: Run, table: str) -> int:
    return number_in((_options(run.setup, table) or {}).get("autoexpire", "")) or 0


def stored(run: Run, table: str) -> dict[str, Entry] | None:
    """What a table has from its database at start; None where nobody can know (ht_db.c:ht_db_load_table)."""
    return run.setup.once(f"htable {table}", lambda: _load(run, table))


def _load(run: Run, table: str) -> dict[str, Entry] | None:
    setup = run.setup
    options, url = _options(setup, table) or {}, setup.text("htable", "db_url", "")
    if not options.get("dbtable") or not url:
        return {}
    if "cols" in options:  # several columns in one value
        return None
    try:
        rows = tables.select(run, url, options["dbtable"])
    except tables.Failed:
        return {}
    if rows is None:
        return None
    name, key_type, value_type, value = (setup.text("htable", *column) for column in COLUMNS.items())
    found: dict[str, Entry] = {}
    sizes: dict[str, int] = {}
    for row in rows:
        key, text = str(row.get(name) or ""), str(row.get(value) or "")
        if tables.number(row, key_type) == ARRAY:
            sizes[key] = sizes.get(key, 0) + 1
            key = f"{key}[{sizes[key] - 1}]"
        is_number = tables.number(row, value_type) == NUMBER
        found[key] = Entry((number_in(text) or 0) if is_number else text, _lifetime(run, table) or None)
    suffix = setup.text("htable", "array_size_suffix", "::size")
    return found | {key + suffix: Entry(size, None) for key, size in sizes.items()}


def entries(run: Run, table: str) -> dict[str, Entry]:
    """What is known of a table: a value of null stands for an entry that was removed."""
    return {**(stored(run, table) or {}), **run.memory.tables.get(table, {})}


def _entry(run: Run, table: str, key: str) -> Entry | None:
    written = run.memory.tables.get(table, {}).get(key)
    return written if written is not None else (stored(run, table) or {}).get(key)


def read(run: Run, table: str, key: str) -> Value:
    """The value of a key; null, or the table's initval, where there is none or it has expired."""
    entry = _entry(run, table, key)
    if entry is None and stored(run, table) is None:
        return Unknown(f"$sht({table}=>{key})")
    if entry is not None and entry.value is not None and (entry.expires is None or entry.expires > run.message.now):
        return entry.value
    initial = (_options(run.setup, table) or {}).get("initval")
    return None if initial is None else number_in(initial) or 0


def write(run: Run, table: str, key: str, value: Value) -> None:
    """Writing prolongs an entry unless updateexpire=0; null removes it."""
    old, lifetime = _entry(run, table, key), _lifetime(run, table)
    expires = run.message.now + lifetime if lifetime else None
    if old is not None and old.expires is not None and (_options(run.setup, table) or {}).get("updateexpire") == "0":
        expires = old.expires
    run.memory.tables.setdefault(table, {})[key] = Entry(value, expires)
    if value is None and stored(run, table) == {}:
        del run.memory.tables[table][key]


def clear(run: Run, table: str) -> None:
    """Remove all entries."""
    for key in entries(run, table):
        write(run, table, key, None)


def expire(run: Run, table: str, key: str, seconds: int) -> None:
    """Set how long an entry stays."""
    entry = _entry(run, table, key)
    if entry is not None:
        run.memory.tables.setdefault(table, {})[key] = Entry(entry.value, run.message.now + seconds)


def seconds_left(run: Run, table: str, key: str) -> int:
    """How long an entry stays; 0 in a table whose entries stay for ever (ht_api.c:ht_get_cell_expire)."""
    entry = _entry(run, table, key)
    return int(entry.expires - run.message.now) if entry is not None and entry.expires is not None else 0
