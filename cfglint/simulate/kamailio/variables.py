"""Pseudo-variables: what they are worth, and what assigning to them does (modules/pv, and others that export some)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import headers, stores, transformations
from cfglint.simulate.kamailio.message import SipUri, parse_uri
from cfglint.simulate.kamailio.sockets import DEFAULT_PORT, DEFAULT_TLS_PORT
from cfglint.simulate.kamailio.values import Unknown, Value, name_of, number_in, text_of
from cfglint.syntax.kamailio.pv import BadVariable, PseudoVariable, parse_variable

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

SHOWN = frozenset("rm ru rU rd rp fu fU fd tu tU td si sp proto pr ua rc retcode ? Ri Rp du dd rs au mt".split())
"""Classes whose values may be shown: none of them is ever a secret."""

Reader = Callable[["Run", PseudoVariable], Value]


def read_text(run: Run, text: str) -> Value:
    """The value of a pseudo-variable as it is written."""
    variable = parse_variable(text)
    if isinstance(variable, BadVariable):
        return Unknown(f"the value of {text}")
    return read(run, variable)


def read(run: Run, variable: PseudoVariable) -> Value:
    """The value of a pseudo-variable, transformed."""
    value = plain(run, variable)
    if variable.name in SHOWN and not isinstance(value, Unknown):
        run.read[f"${variable.name}"] = name_of(value)
    for transformation in variable.transformations:
        value = transformations.apply(run, transformation, value)
    return value


def plain(run: Run, variable: PseudoVariable) -> Value:
    """The value before transformations."""
    reader = READERS.get(variable.name)
    if reader is not None:
        return reader(run, variable)
    if variable.name in stores.READERS:
        return stores.READERS[variable.name](run, variable)
    if variable.inner is None and run.setup.kamailio.config.mode != "KAMAILIO" and variable.name not in KNOWN:
        return stores.read_avp(run, variable.name, None)
    return Unknown(f"${variable.name}({variable.inner})" if variable.inner else f"${variable.name}")


def attribute(run: Run, text: str) -> Value:
    """The value of a SER attribute: an AVP."""
    return stores.read_avp(run, text.lstrip("%$ \t"), None)


def select(run: Run, path: str) -> Value:
    """The value of a select: ``cfg_get.group.name``; others are not followed."""
    group, _, name = path.removeprefix("cfg_get.").partition(".")
    if path.startswith("cfg_get.") and (group, name) in run.setup.custom:
        return run.setup.custom[group, name]
    simple: dict[str, Callable[[], Value]] = {
        "method": lambda: run.message.method,
        "ruri": lambda: run.uri,
        "ruri.user": lambda: read_text(run, "$rU"),
        "ruri.host": lambda: read_text(run, "$rd"),
        "from.uri": lambda: str(run.message.from_uri),
        "from.uri.user": lambda: run.message.from_uri.user,
        "from.uri.host": lambda: run.message.from_uri.host,
        "to.uri": lambda: str(run.message.to_uri),
        "to.uri.user": lambda: run.message.to_uri.user,
        "to.uri.host": lambda: run.message.to_uri.host,
        "to.tag": lambda: run.message.to_tag,
        "from.tag": lambda: run.message.from_tag,
        "call_id": lambda: run.message.call_id,
        "src.ip": lambda: run.message.source.host,
    }
    reader = simple.get(path)
    return reader() if reader is not None else Unknown(f"@{path}")


# ------------------------------------------------------------------------------------------------------------ reading


def _part(uri: SipUri | None, part: str) -> Value:
    """A part of a URI as the server shows it: null where it is missing."""
    if uri is None:
        return None
    if part == "port":
        default = DEFAULT_TLS_PORT if uri.scheme == "sips" or uri.transport == "tls" else DEFAULT_PORT
        return str(uri.port or default)  # a string that holds a number: ``$rp + 1`` makes 50601 (recorded)
    if part == "transport":
        return uri.parameter("transport") or ("TLS" if uri.scheme == "sips" else "UDP")
    if part == "host":
        return _bracketed(uri.host) or None
    return getattr(uri, part) or None


def _current(part: str) -> Reader:
    """The request-URI as the script has made it, or a part of it."""

    def reader(run: Run, variable: PseudoVariable) -> Value:
        if isinstance(run.uri, Unknown):
            return Unknown(f"${variable.name} of {run.uri.name}")
        return _part(parse_uri(run.uri), part) if part else run.uri

    return reader


def _original(part: str) -> Reader:
    return lambda run, variable: _part(parse_uri(run.message.uri), part)


def _from(part: str) -> Reader:
    return lambda run, variable: _part(run.message.from_uri, part)


def _to(part: str) -> Reader:
    return lambda run, variable: _part(run.message.to_uri, part)


def _destination(part: str) -> Reader:
    """``$du`` and its parts: null unless the script has set it."""

    def reader(run: Run, variable: PseudoVariable) -> Value:
        if isinstance(run.destination_uri, Unknown):
            return Unknown(f"${variable.name} of {run.destination_uri.name}")
        return _part(parse_uri(run.destination_uri), part) if part else run.destination_uri or None

    return reader


def _next_hop(part: str) -> Reader:
    """``$nh``: the destination URI, else the request-URI."""

    def reader(run: Run, variable: PseudoVariable) -> Value:
        wanted = {"u": "", "U": "user", "d": "host", "p": "port", "P": "transport"}.get(variable.inner or "u", "")
        written = run.destination_uri or run.uri
        if isinstance(written, Unknown):
            return Unknown(f"$nh({variable.inner}) of {written.name}")
        return _part(parse_uri(written), wanted) if wanted else written

    return reader


def _body(run: Run, variable: PseudoVariable) -> Value:
    """Empty, not null, where there is none (recorded)."""
    return run.message.body


def _source_port(run: Run, variable: PseudoVariable) -> Value:
    port = run.message.source_port
    return port if port is not None else Unknown("the port that the client sends from")


def _received_address(run: Run, variable: PseudoVariable) -> Value:
    destination = run.message.destination
    if destination is not None:
        return destination.host
    socket = run.setup.sockets.first(run.message.transport)
    return socket.address if socket is not None and socket.address else Unknown("the address that was talked to")


def _received_port(run: Run, variable: PseudoVariable) -> Value:
    destination = run.message.destination
    if destination is not None:
        return destination.port
    socket = run.setup.sockets.first(run.message.transport)
    return socket.port if socket is not None else DEFAULT_PORT


def _credential(part: str) -> Reader:
    """Parts of the credentials: of Proxy-Authorization first, and never for ACK and CANCEL (pv/pv_core.c)."""

    def reader(run: Run, variable: PseudoVariable) -> Value:
        credentials = run.message.credentials
        if credentials is None or run.message.method in ("ACK", "CANCEL"):
            return None
        user, _, domain = credentials.user.partition("@")
        values: dict[str, Value] = {
            "user": user,
            "whole": credentials.user,
            "realm": credentials.realm,
            "domain": domain,
            "uri": run.message.uri,
            "algorithm": credentials.algorithm,
            "nonce": credentials.nonce,
        }
        return values[part]

    return reader


def _constant(value: Callable[[Run], Value]) -> Reader:
    return lambda run, variable: value(run)


READERS: dict[str, Reader] = {
    "null": _constant(lambda run: None),
    "rc": _constant(lambda run: run.code),
    "retcode": _constant(lambda run: run.code),
    "?": _constant(lambda run: run.code),
    "rm": _constant(lambda run: run.message.method),
    "rv": _constant(lambda run: "SIP/2.0"),
    "ru": _current(""),
    "rU": _current("user"),
    "rd": _current("host"),
    "rp": _current("port"),
    "rP": _current("transport"),
    "rz": _current("scheme"),
    "ou": _constant(lambda run: run.message.uri),
    "oU": _original("user"),
    "od": _original("host"),
    "op": _original("port"),
    "oP": _original("transport"),
    "fu": _constant(lambda run: str(run.message.from_uri)),
    "fU": _from("user"),
    "fd": _from("host"),
    "fp": _from("port"),
    "fn": _constant(lambda run: None),
    "ft": _constant(lambda run: run.message.from_tag),
    "tu": _constant(lambda run: str(run.message.to_uri)),
    "tU": _to("user"),
    "td": _to("host"),
    "tp": _to("port"),
    "tn": _constant(lambda run: None),
    "tt": _constant(lambda run: run.message.to_tag or None),
    "ci": _constant(lambda run: run.message.call_id),
    "cs": _constant(lambda run: 1),
    "csb": _constant(lambda run: f"1 {run.message.method}"),
    "si": _constant(lambda run: run.message.source.host),
    "siz": _constant(lambda run: _bracketed(run.message.source.host)),
    "sp": _source_port,
    "sut": _constant(lambda run: f"sip:{run.message.source};transport={run.message.transport}"),
    "su": _constant(
        lambda run: (
            f"sip:{run.message.source}"
            + ("" if run.message.transport == "udp" else f";transport={run.message.transport}")
        )
    ),
    "proto": _constant(lambda run: run.message.transport),
    "pr": _constant(lambda run: run.message.transport),
    "prid": _constant(lambda run: _protocol_number(run.message.transport.upper())),
    "_s": stores.inner,
    "ruid": _constant(lambda run: None),
    "Ri": _received_address,
    "Rp": _received_port,
    "RAi": _received_address,
    "RAp": _received_port,
    "af": _constant(lambda run: 10 if ":" in run.message.source.host else 2),
    "ua": _constant(lambda run: run.message.header("user-agent")),
    "ct": _constant(lambda run: run.message.header("contact")),
    "cT": _constant(lambda run: run.message.header("content-type")),
    "cl": _constant(lambda run: len(run.message.body)),
    "rb": _body,
    "bf": _constant(lambda run: sum(1 << flag for flag in run.branch_flags)),
    "bF": _constant(lambda run: f"{sum(1 << flag for flag in run.branch_flags):08X}"),
    "mf": _constant(lambda run: sum(1 << flag for flag in run.flags)),
    "mF": _constant(lambda run: f"{sum(1 << flag for flag in run.flags):08X}"),
    "sf": _constant(lambda run: 0),
    "sF": _constant(lambda run: "00000000"),
    "mt": _constant(lambda run: 1 if run.reply_in_hand is None else 2),
    "ml": _constant(lambda run: run.message.length),
    "rs": _constant(lambda run: int(run.reply_in_hand) if run.reply_in_hand is not None else None),
    "rr": _constant(lambda run: "reason" if run.reply_in_hand is not None else None),
    "T_reply_code": _constant(lambda run: int(run.reply_status) if run.reply_status is not None else 0),
    "du": _destination(""),
    "dd": _destination("host"),
    "dp": _destination("port"),
    "dP": _destination("transport"),
    "nh": _next_hop(""),
    "fs": _constant(lambda run: run.send_socket),
    "au": _credential("user"),
    "aU": _credential("whole"),
    "ar": _credential("realm"),
    "ad": _credential("domain"),
    "adu": _credential("uri"),
    "aa": _credential("algorithm"),
    "adn": _credential("nonce"),
    "hdr": headers.read,
    "hdrc": headers.count,
    "hfl": headers.read,
    "hflc": headers.count,
    "sel": lambda run, variable: select(run, variable.inner or ""),
    "def": lambda run, variable: _define(run, variable),
    "defn": lambda run, variable: _define(run, variable),
    "version": lambda run, variable: Unknown(f"$version({variable.inner})"),
    "route_uri": _constant(lambda run: run.routes[0] if run.routes else ""),
    "br": _constant(lambda run: run.branches[0][0] if run.branches else None),
    "branch": lambda run, variable: _branch(run, variable),
    "cnt": lambda run, variable: _count(run, variable),
    "expires": lambda run, variable: _expires(run, variable),
    "K": lambda run, variable: _protocol_number(variable.inner or ""),
}

KNOWN = frozenset(
    "TS TF Ts Tf Tb TV pp mb msg_buf fti tti fct time ftime Hn Hs HN HI Hi rdir rz di dI ds fT bs sf sF "
    "sas C stat uac_req xml jsonrpl http_req_id".split()
)
"""Classes that are pseudo-variables, though nobody can say what they are worth."""


def _branch(run: Run, variable: PseudoVariable) -> Value:
    """How many further targets there are, or a part of one of them."""
    if variable.inner == "count":
        return len(run.branches) or None
    index = number_in(variable.subscript or "0") or 0
    if not 0 <= index < len(run.branches):
        return None
    uri, destination = run.branches[index]
    return {"uri": uri, "dst_uri": destination or None}.get(variable.inner or "")


def _count(run: Run, variable: PseudoVariable) -> Value:
    """How many values an AVP has."""
    inside = variable.nested[0] if variable.nested else None
    if inside is None or inside.name != "avp":
        return Unknown(f"$cnt({variable.inner})")
    return len(run.attributes.get(stores.avp_name(inside.inner or ""), []))


def _expires(run: Run, variable: PseudoVariable) -> Value:
    """The Expires header; the Contact of a client here has no parameter of its own."""
    written = run.message.header("expires")
    return number_in(written) if written else None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _define(run: Run, variable: PseudoVariable) -> Value:
    definition = run.setup.kamailio.config.defines.get(variable.inner or "")
    return definition.value if definition is not None else None


def _protocol_number(name: str) -> Value:
    numbers = {"UDP": 1, "TCP": 2, "TLS": 3, "SCTP": 4, "WS": 5, "WSS": 6, "IPv4": 2, "IPv6": 10}
    return numbers.get(name)


def uri_of(run: Run, written: str | Unknown) -> SipUri | None:
    """The URI that an argument names; None where it is none, or not known."""
    return None if isinstance(written, Unknown) else parse_uri(written)


# ---------------------------------------------------------------------------------------------------------- assigning


def assign(run: Run, text: str, value: Value) -> None:
    """Give a pseudo-variable a value."""
    variable = parse_variable(text)
    if isinstance(variable, BadVariable):
        return
    writer = WRITERS.get(variable.name)
    if writer is not None:
        writer(run, value)
    elif variable.name in stores.WRITERS:
        stores.WRITERS[variable.name](run, variable, value)
    elif variable.inner is None and run.setup.kamailio.config.mode != "KAMAILIO" and variable.name not in KNOWN:
        stores.write_avp(run, variable.name, None, value)
    # anything else (headers, other modules' variables) changes nothing that decides an answer


def assign_attribute(run: Run, text: str, value: Value) -> None:
    """Give a SER attribute a value."""
    stores.write_avp(run, text.lstrip("%$ \t"), None, value)


def _set_uri(run: Run, value: Value) -> None:
    """Null changes nothing."""
    if value is not None:
        run.uri = value if isinstance(value, Unknown) else text_of(value)


def _with_part(written: str | Unknown, part: str, value: Value) -> str | Unknown:
    """A URI with one part replaced."""
    if isinstance(written, Unknown):
        return written
    uri = parse_uri(written)
    if uri is None:
        return written
    if isinstance(value, Unknown):
        return Unknown(f"{written} with {part} {value.name}")
    if part == "port":
        return str(uri._replace(port=number_in(text_of(value)) or 0))
    if part == "transport":
        others = [p for p in uri.parameters.split(";") if p and not p.lower().startswith("transport=")]
        return str(uri._replace(parameters=";".join([*others, f"transport={text_of(value)}"])))
    if part == "user":
        return str(uri._replace(user=text_of(value)))
    return str(uri._replace(host=text_of(value)))


def _set_uri_part(part: str) -> Callable[[Run, Value], None]:
    def writer(run: Run, value: Value) -> None:
        run.uri = _with_part(run.uri, part, value)

    return writer


def _set_destination(run: Run, value: Value) -> None:
    run.destination_uri = value if isinstance(value, Unknown) else text_of(value)


def _set_destination_part(part: str) -> Callable[[Run, Value], None]:
    def writer(run: Run, value: Value) -> None:
        run.destination_uri = _with_part(run.destination_uri or run.uri, part, value)

    return writer


def _set_socket(run: Run, value: Value) -> None:
    run.send_socket = value


WRITERS: dict[str, Callable[[Run, Value], None]] = {
    "ru": _set_uri,
    "rU": _set_uri_part("user"),
    "rd": _set_uri_part("host"),
    "rp": _set_uri_part("port"),
    "rP": _set_uri_part("transport"),
    "du": _set_destination,
    "dd": _set_destination_part("host"),
    "dp": _set_destination_part("port"),
    "dP": _set_destination_part("transport"),
    "fs": _set_socket,
}
