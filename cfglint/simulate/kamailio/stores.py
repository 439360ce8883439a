"""Where a script keeps values: ``$var``, ``$avp``, ``$xavp``, ``$shv``, ``$sht`` and their like."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import hashtables, xavps
from cfglint.simulate.kamailio.values import Unknown, Value, number_in, text_of
from cfglint.syntax.kamailio.pv import PseudoVariable

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run


def inner(run: Run, variable: PseudoVariable) -> str | Unknown:
    """What stands in the parentheses, its own pseudo-variables replaced."""
    from cfglint.simulate.kamailio.expressions import formatted

    value = formatted(run, variable.inner or "")
    return value if isinstance(value, Unknown) else text_of(value)


# ------------------------------------------------------------------------------------------------------- $var and $shv


def _read_var(run: Run, variable: PseudoVariable) -> Value:
    """Unset is 0; the value outlives the request (pv/pv_svar.c)."""
    return run.memory.variables.get(variable.inner or "", 0)


def _write_var(run: Run, variable: PseudoVariable, value: Value) -> None:
    run.memory.variables[variable.inner or ""] = 0 if value is None else value


def _read_vn(run: Run, variable: PseudoVariable) -> Value:
    return run.memory.variables.get(f"vn {variable.inner}")


def _write_vn(run: Run, variable: PseudoVariable, value: Value) -> None:
    run.memory.variables[f"vn {variable.inner}"] = value


def _read_shv(run: Run, variable: PseudoVariable) -> Value:
    if variable.inner in run.memory.shared:
        return run.memory.shared[variable.inner or ""]
    for setting in run.setup.settings("pv", "shvset"):
        name, _, rest = str(setting.value).partition("=")
        kind, _, value = rest.partition(":")
        if name == variable.inner:
            return (number_in(value) or 0) if kind == "i" else value
    return 0


def _write_shv(run: Run, variable: PseudoVariable, value: Value) -> None:
    run.memory.shared[variable.inner or ""] = 0 if value is None else value


# ---------------------------------------------------------------------------------------------------------------- AVPs


def avp_name(name: str) -> str:
    """``s:name`` and ``name`` are one, ``i:5`` is another (core/usr_avp.c)."""
    return name.strip().removeprefix("s:")


def read_avp(run: Run, name: str, index: str | None) -> Value:
    """The newest value of an AVP, or the one that an index asks for; a negative one finds the newest or nothing
    (modules/pv/pv_core.c:pv_get_avp starts over at the end of the list)."""
    values = run.attributes.get(avp_name(name), [])
    if index == "*":
        return ", ".join(text_of(v) for v in values if not isinstance(v, Unknown)) if values else None
    number = number_in(index or "0")
    if number is None or not -len(values) <= number < len(values) or (number < 0 and number + len(values)):
        return None
    return values[number]


def write_avp(run: Run, name: str, index: str | None, value: Value) -> None:
    """A new value goes in front of the others; with ``[*]`` it replaces them, and null deletes."""
    key = avp_name(name)
    if index is not None:
        run.attributes.pop(key, None)
    if value is not None:
        run.attributes.setdefault(key, []).insert(0, value)
    elif index is None and run.attributes.get(key):
        del run.attributes[key][0]


def _read_avp(run: Run, variable: PseudoVariable) -> Value:
    name = inner(run, variable)
    return name if isinstance(name, Unknown) else read_avp(run, name, variable.subscript)


def _write_avp(run: Run, variable: PseudoVariable, value: Value) -> None:
    name = inner(run, variable)
    if not isinstance(name, Unknown):
        write_avp(run, name, variable.subscript, value)


# ------------------------------------------------------------------------------------------------- $xavp and $dlg_var


def _read_field(run: Run, variable: PseudoVariable) -> Value:
    name = inner(run, variable)
    return name if isinstance(name, Unknown) else run.fields.get(f"{variable.name} {name}")


def _read_xavp(run: Run, variable: PseudoVariable) -> Value:
    name = inner(run, variable)
    return name if isinstance(name, Unknown) else xavps.read(run, variable.name, name)


def _write_xavp(run: Run, variable: PseudoVariable, value: Value) -> None:
    name = inner(run, variable)
    if not isinstance(name, Unknown):
        xavps.write(run, variable.name, name, value)


def _write_field(run: Run, variable: PseudoVariable, value: Value) -> None:
    name = inner(run, variable)
    if isinstance(name, Unknown):
        return
    key = f"{variable.name} {name}"
    if value is None:
        run.fields.pop(key, None)
    else:
        run.fields[key] = value


# --------------------------------------------------------------------------------------------------------- hash tables


def _read_table(run: Run, variable: PseudoVariable) -> Value:
    name = inner(run, variable)
    if isinstance(name, Unknown):
        return Unknown(f"$sht({name.name})")
    return hashtables.read(run, *hashtables.parts(name))


def _write_table(run: Run, variable: PseudoVariable, value: Value) -> None:
    name = inner(run, variable)
    if not isinstance(name, Unknown):
        hashtables.write(run, *hashtables.parts(name), value)


def _increase(by: int) -> Callable[[Run, PseudoVariable], Value]:
    """``$shtinc`` and ``$shtdec``: change a number, and its new value."""

    def reader(run: Run, variable: PseudoVariable) -> Value:
        name = inner(run, variable)
        if isinstance(name, Unknown):
            return Unknown(f"$sht({name.name})")
        table, key = hashtables.parts(name)
        old = hashtables.read(run, table, key)
        if isinstance(old, Unknown) or old is None:  # an entry that is not there is not made
            return old
        new = (old if isinstance(old, int) else 0) + by
        hashtables.write(run, table, key, new)
        return new

    return reader


def _expires(run: Run, variable: PseudoVariable) -> Value:
    name = inner(run, variable)
    if isinstance(name, Unknown):
        return Unknown(f"$shtex({name.name})")
    return hashtables.seconds_left(run, *hashtables.parts(name))


def _count_key(run: Run, variable: PseudoVariable) -> Value:
    return Unknown(f"${variable.name}({variable.inner})")


READERS: dict[str, Callable[[Run, PseudoVariable], Value]] = {
    "var": _read_var,
    "vn": _read_vn,
    "vz": _read_var,
    "shv": _read_shv,
    "avp": _read_avp,
    "sht": _read_table,
    "shtinc": _increase(1),
    "shtdec": _increase(-1),
    "shtex": _expires,
    "shtcn": _count_key,
    "shtcv": _count_key,
    **dict.fromkeys(("xavp", "xavu", "xavi"), _read_xavp),
    "dlg_var": _read_field,
}

WRITERS: dict[str, Callable[[Run, PseudoVariable, Value], None]] = {
    "var": _write_var,
    "vn": _write_vn,
    "vz": _write_var,
    "shv": _write_shv,
    "avp": _write_avp,
    "sht": _write_table,
    "shtex": lambda run, variable, value: _expire(run, variable, value),
    **dict.fromkeys(("xavp", "xavu", "xavi"), _write_xavp),
    "dlg_var": _write_field,
}


def _expire(run: Run, variable: PseudoVariable, value: Value) -> None:
    name = inner(run, variable)
    if isinstance(name, Unknown) or not isinstance(value, int):
        return
    hashtables.expire(run, *hashtables.parts(name), value)
