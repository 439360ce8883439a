"""Transformations: ``$(var(x){s.len})`` (modules/pv/pv_trans.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.regexes import Budget, TooCostly
from cfglint.resolve.kamailio.substitution import BadRuleError, parse_rule
from cfglint.simulate.kamailio.digest import hashed
from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.values import Unknown, Value, bounded, number_in, text_of
from cfglint.source import encode
from cfglint.syntax.kamailio.pv import Transformation

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

MAX_STEPS = 100_000
"""What one substitution may cost, in steps of a regular expression."""

Transform = Callable[[str, list[str]], Value]


def apply(run: Run, transformation: Transformation, value: Value) -> Value:
    """The value behind one transformation."""
    name = transformation.name.lower()
    parameters = [_parameter_value(run, parameter) for parameter in transformation.parameters]
    function = TRANSFORMS.get(name)
    if isinstance(value, Unknown):
        return Unknown(f"{value.name} with {{{transformation.name}}}")
    if function is None or any(isinstance(parameter, Unknown) for parameter in parameters):
        return Unknown(f"{{{transformation.name}}} of {text_of(value)}")
    if value is None:
        return None
    return function(text_of(value), [text_of(p) for p in parameters if not isinstance(p, Unknown)])


def _parameter_value(run: Run, written: str) -> Value:
    """A parameter is a pseudo-variable or plain text, never a text with pseudo-variables in it (pv_trans.c)."""
    from cfglint.simulate.kamailio.expressions import formatted, is_variable

    return formatted(run, written) if is_variable(written) else written


def _number(text: str) -> int:
    return number_in(text.strip()) or 0


def _substring(text: str, parameters: list[str]) -> Value:
    offset, length = _number(parameters[0]), _number(parameters[1]) if len(parameters) > 1 else 0
    if offset < 0:
        offset = max(len(text) + offset, 0)
    return text[offset : offset + length] if length else text[offset:]


def _select(text: str, parameters: list[str]) -> Value:
    parts = text.split(parameters[1][:1] if len(parameters) > 1 and parameters[1] else ",")
    index = _number(parameters[0])
    return parts[index] if -len(parts) <= index < len(parts) else ""


def _uri(part: str) -> Transform:
    def transform(text: str, parameters: list[str]) -> Value:
        uri = parse_uri(text)
        if uri is None:
            return ""
        if part == "param":
            return uri.parameter(parameters[0].lower()) or ""
        if part == "transport":
            return uri.parameter("transport") or ""
        return getattr(uri, part)  # type: ignore[no-any-return]

    return transform


def _escape_user(text: str, parameters: list[str]) -> Value:
    """Percent signs for all that may not stand in the user of a URI."""
    return "".join(c if c.isalnum() or c in _PLAIN else "".join(f"%{b:02x}" for b in encode(c)) for c in text)


_PLAIN = "-_.!~*'()&=+$,;?/"


def _prefixes(text: str, parameters: list[str]) -> Value:
    length = min(len(text), _number(parameters[0])) if parameters else len(text)
    bounded(text, length)
    return ",".join(text[: end + 1] for end in range(length))


def _substitute(text: str, parameters: list[str]) -> Value:
    rule = ",".join(parameters)
    try:
        return parse_rule(rule).apply(text, Budget(MAX_STEPS))
    except (BadRuleError, TooCostly):
        return Unknown(f"{{re.subst,{rule}}} of {text}")


def _to_body(text: str, parameters: list[str]) -> Value:
    """The URI of a From or To header."""
    uri = str(_name_address(text, parameters)) if "<" in text else text.partition(";")[0]
    return uri if parse_uri(uri) is not None else ""


def _name_address(text: str, parameters: list[str]) -> Value:
    return text.partition("<")[2].partition(">")[0] if "<" in text else text


def _parameter(text: str, parameters: list[str]) -> Value:
    wanted, separator = parameters[0], (parameters[1] if len(parameters) > 1 and parameters[1] else ";")
    for part in text.split(separator):
        key, _, value = part.partition("=")
        if key.strip().lower() == wanted.strip().lower():
            return value.strip().strip('"')
    return ""


def _parameter_at(part: int) -> Transform:
    """Name or value of a parameter by its number; a negative one counts from the end."""

    def transform(text: str, parameters: list[str]) -> Value:
        pairs = [piece.partition("=") for piece in _pieces(text, parameters[1:])]
        index = _number(parameters[0])
        return pairs[index][part].strip().strip('"') if -len(pairs) <= index < len(pairs) else ""

    return transform


def _pieces(text: str, separator: list[str]) -> list[str]:
    return [piece for piece in text.split(separator[0] if separator and separator[0] else ";") if piece.strip()]


def _line_at(text: str, parameters: list[str]) -> Value:
    lines, index = text.removesuffix("\n").split("\n"), _number(parameters[0])
    return lines[index].removesuffix("\r") if -len(lines) <= index < len(lines) else ""


def _line_with(text: str, parameters: list[str]) -> Value:
    """The first line that begins so."""
    return next((line.removesuffix("\r") for line in text.split("\n") if line.startswith(parameters[0])), "")


def _tag(text: str, parameters: list[str]) -> Value:
    return _parameter(text.rpartition(">")[2], ["tag"])


def _replaced(text: str, parameters: list[str]) -> Value:
    new = parameters[1] if len(parameters) > 1 else ""
    return bounded(text, len(new)).replace(parameters[0], new)


def _unescaped(text: str, parameters: list[str]) -> Value:
    from urllib.parse import unquote  # slow to import, rarely needed

    return unquote(text)


TRANSFORMS: dict[str, Transform] = {
    "s.len": lambda text, p: len(text),
    "s.int": lambda text, p: number_in(text),
    "s.tolower": lambda text, p: text.lower(),
    "s.toupper": lambda text, p: text.upper(),
    "s.trim": lambda text, p: text.strip(" \t\r\n"),
    "s.rtrim": lambda text, p: text.rstrip(" \t\r\n"),
    "s.ltrim": lambda text, p: text.lstrip(" \t\r\n"),
    "s.rm": lambda text, p: text.replace(p[0], ""),
    "s.md5": lambda text, p: hashed("MD5", text),
    "s.sha256": lambda text, p: hashed("SHA-256", text),
    "s.substr": _substring,
    "s.select": _select,
    "s.strip": lambda text, p: text[_number(p[0]) :],
    "s.striptail": lambda text, p: text[: max(len(text) - _number(p[0]), 0)],
    "s.prefixes": _prefixes,
    "s.encode.hexa": lambda text, p: text.encode("utf-8", "surrogateescape").hex(),
    "s.escape.user": _escape_user,
    "s.unescape.user": _unescaped,
    "s.unescape.param": _unescaped,
    "re.subst": _substitute,
    "s.replace": _replaced,
    "s.count": lambda text, p: text.count(p[0][:1] or ","),
    "s.index": lambda text, p: text.find(p[0]),
    "s.numeric": lambda text, p: "".join(c for c in text if c.isdigit()),
    "s.escape.common": lambda text, p: text,
    "s.before": lambda text, p: text.partition(p[0])[0],
    "s.after": lambda text, p: text.partition(p[0])[2],
    "s.rbefore": lambda text, p: text.rpartition(p[0])[0],
    "s.rafter": lambda text, p: text.rpartition(p[0])[2] if p[0] in text else "",
    "s.unquote": lambda text, p: text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text,
    "uri.user": _uri("user"),
    "uri.host": _uri("host"),
    "uri.port": _uri("port"),
    "uri.scheme": _uri("scheme"),
    "uri.passwd": _uri("password"),
    "uri.params": _uri("parameters"),
    "uri.param": _uri("param"),
    "uri.transport": _uri("transport"),
    "uri.maddr": lambda text, p: _uri("param")(text, ["maddr"]),
    "nameaddr.uri": _name_address,
    "nameaddr.name": lambda text, p: text.partition("<")[0] if "<" in text else "",
    "tobody.uri": _to_body,
    "tobody.user": lambda text, p: _uri("user")(str(_to_body(text, p)), p),
    "tobody.tag": _tag,
    "tobody.display": lambda text, p: text.partition("<")[0].rstrip() if "<" in text else "",
    "tobody.params": lambda text, p: text.rpartition(">")[2].lstrip(";") if "<" in text else text.partition(";")[2],
    "tobody.host": lambda text, p: _uri("host")(str(_to_body(text, p)), p),
    "param.value": _parameter,
    "param.in": lambda text, p: int(
        any(piece.partition("=")[0].strip().lower() == p[0].lower() for piece in _pieces(text, p[1:]))
    ),
    "param.valueat": _parameter_at(2),
    "param.name": _parameter_at(0),
    "param.count": lambda text, p: len(_pieces(text, p)),
    "line.at": _line_at,
    "line.sw": _line_with,
    "line.count": lambda text, p: text.count("\n") + (not text.endswith("\n")),
}
