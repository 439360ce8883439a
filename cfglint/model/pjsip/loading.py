"""What makes the server drop an object of pjsip.conf when it loads (res_sorcery_config.c, main/sorcery.c)."""

from __future__ import annotations

import re

from cfglint.knowledge import asterisk_changes
from cfglint.knowledge.asterisk import PjsipKnowledge
from cfglint.model.acl import AccessList, read_list
from cfglint.model.addresses import read_rules
from cfglint.model.identify import read_matches
from cfglint.model.pjsip.objects import (
    ACL_OPTIONS,
    BAD_VALUE,
    CONTACT_SENSES,
    CONTRADICTION,
    MISSING,
    NEWER,
    SENSES,
    UNKNOWN_OPTION,
    Drop,
    Object,
)
from cfglint.model.values import invalid_reason, number
from cfglint.resolve.asterisk import Option

_FROM_USER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$&'()*+,;=:")

_SPECIAL = frozenset(("from_user", "timers_min_se", "bind"))
"""Options whose values have a rule of their own, see `_special`."""


class Checker:
    """Finds what makes res_sorcery_config drop an object: the first unknown option or value that does not fit."""

    def __init__(self, knowledge: PjsipKnowledge) -> None:
        self._knowledge = knowledge
        self._verdicts: dict[tuple[str, str, str], Drop | None] = {}
        self._free: dict[str, set[str]] = {}

    def check(self, item: Object) -> Drop | None:
        """Why the object is dropped, or None."""
        kind, options, verdicts = item.type, item.options, self._verdicts
        judged = item.shape.judged.get(kind)
        if judged is None:
            free = self._free_options(kind)
            judged = tuple(at for at, option in enumerate(options) if option.name not in free)
            item.shape.judged[kind] = judged
        for at in judged:
            option = options[at]
            key = (kind, option.name, option.value)
            try:
                drop = verdicts[key]
            except KeyError:
                drop = verdicts[key] = self._judge(kind, option)
            if drop is not None:
                return drop._replace(option=option)
        return _check_whole(item)

    def _free_options(self, kind: str) -> set[str]:
        free = self._free.get(kind)
        if free is None:
            known = self._knowledge.types[kind].known.items()
            free = {name for name, variants in known if _is_free(variants) and name not in _SPECIAL}
            self._free[kind] = free
        return free

    def _judge(self, kind: str, option: Option) -> Drop | None:
        variants = self._knowledge.types[kind].get(option.name)
        if variants is None:
            first = self._knowledge.newer.get((kind, option.name))
            return Drop(UNKNOWN_OPTION, option, "") if first is None else Drop(NEWER, option, first)
        version = self._knowledge.version
        for value, first in asterisk_changes.VALUES.get((kind, option.name), {}).items():
            named = value in (item.strip().lower() for item in option.value.split(","))
            if named and version is not None and asterisk_changes.predates(version, first):
                return Drop(NEWER, option, asterisk_changes.shown(first))
        reason = invalid_reason(variants, option.value) or _special(kind, option)
        return None if reason is None else Drop(BAD_VALUE, option, reason)


def _is_free(variants: list[dict[str, object]]) -> bool:
    """Does an option take any text at all?"""
    return any(v["type"] in ("string", "bool", "noop") for v in variants) and all(
        v["type"] in ("string", "bool", "noop", "path") for v in variants
    )


def _special(kind: str, option: Option) -> str | None:
    """Values with a rule of their own."""
    value = option.value
    if kind == "endpoint":
        if option.name == "from_user":
            # res_pjsip/pjsip_configuration.c:from_user_handler
            bad = next((c for c in value if c not in _FROM_USER), None)
            return None if bad is None else f"holds {bad!r}, which from_user does not take"
        if option.name == "codec_prefs_incoming_offer" and re.search(r"operation[: ]+union", value):
            return "has operation 'union', which is for outgoing offers only"
        if option.name == "timers_min_se" and (number(value) or 0) < 90:
            return "is below 90"
    if kind == "identify" and option.name == "match":
        return next((entry for entry in read_matches(option) if isinstance(entry, str)), None)
    if kind == "transport" and option.name == "bind":
        return _unbindable(value)
    if kind == "transport" and option.name == "local_net" and value:
        fault = read_rules(option, False)[1]
        return None if fault is None else f"has an entry that {fault.reason}"
    if option.name in ACL_OPTIONS and kind in ("endpoint", "acl"):
        found = _access_list(kind, option.name, [option])
        if found is not None and found.faults:
            return f"has an entry that {found.faults[0].reason}"
    return None


_BIND = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+))(?::(?P<port>.*))?|[0-9A-Fa-f:.]+")


def _unbindable(value: str) -> str | None:
    """Why a transport cannot be bound there (pjlib's pj_sockaddr_parse); names are taken to resolve."""
    found = _BIND.fullmatch(value) if value else None
    if value and found is None:
        return "is no address, with or without a port"
    port = found["port"] if found is not None else None
    if port and not (port.isdecimal() and (number(port.lstrip("0") or "0") or 0) <= 65535):
        return f"names port {port!r}, which is none between 0 and 65535"
    return None


def _check_whole(item: Object) -> Drop | None:
    """What an object must have (the apply handlers of its type)."""
    check = _WHOLE.get(item.type)
    return check(item) if check is not None else None


def _check_auth(item: Object) -> Drop | None:
    """res_pjsip/config_auth.c:auth_apply, all versions."""
    return None if item.value("username") else Drop(MISSING, item.get("username"), "username")


def _check_registration(item: Object) -> Drop | None:
    """res_pjsip_outbound_registration.c:sip_outbound_registration_apply."""
    for name in ("server_uri", "client_uri"):
        option = item.get(name)
        if option is None or not option.value:
            return Drop(MISSING, option, name)
        if not _SIP_URI.match(option.value):
            return Drop(BAD_VALUE, option, "does not begin with sip: or sips:")
    line, endpoint = item.flag("line"), item.get("endpoint")
    if line and not item.value("endpoint"):
        return Drop(CONTRADICTION, item.get("line"), "line=yes needs an endpoint")
    if endpoint is not None and endpoint.value and not line:
        return Drop(CONTRADICTION, endpoint, "endpoint needs line=yes")
    return None


def _check_identify(item: Object) -> Drop | None:
    """res_pjsip_endpoint_identifier_ip.c:ip_identify_apply."""
    if not item.value("endpoint"):
        return Drop(MISSING, item.get("endpoint"), "endpoint")
    header, uri = item.get("match_header"), item.get("match_request_uri")
    if header is not None and header.value:
        name, colon, wanted = header.value.partition(":")
        if not colon:
            return Drop(BAD_VALUE, header, "has no ':' between the header's name and its value")
        if not name.strip():
            return Drop(BAD_VALUE, header, "has no header's name before the ':'")
        if _is_unclosed(wanted.strip()):
            return Drop(BAD_VALUE, header, "holds a regular expression with a bracket that is not closed")
    if uri is not None and _is_unclosed(uri.value):
        return Drop(BAD_VALUE, uri, "holds a regular expression with a bracket that is not closed")
    if not any(option.value for option in (header, uri, *item.all("match")) if option is not None):
        return Drop(MISSING, item.get("match"), "match")
    return None


def _is_unclosed(text: str) -> bool:
    """Is it a ``/regular expression/`` that regcomp does not take for want of a bracket?"""
    if len(text) < 3 or text[0] != "/" or text[-1] != "/":
        return False
    depth, rest = 0, _ESCAPED.sub("", text[1:-1])
    while rest:
        if rest[0] == "[":
            closed = _BRACKET.match(rest)
            if closed is None:
                return True
            rest = rest[closed.end() :]
            continue
        depth += {"(": 1, ")": -1}.get(rest[0], 0)
        if depth < 0:
            return True
        rest = rest[1:]
    return depth > 0


_ESCAPED = re.compile(r"\\.")
_BRACKET = re.compile(r"\[\^?\]?(?:\[[:.=].*?[:.=]\]|[^\]])*\]")


def _check_transport(item: Object) -> Drop | None:
    """res_pjsip/config_transport.c:transport_apply."""
    bound = item.get("bind") is not None or item.value("protocol").lower() == "flow"
    return None if bound else Drop(MISSING, None, "bind")


def _check_lists(item: Object) -> Drop | None:
    """An ACL that is named twice (main/acl.c:ast_append_acl)."""
    for name in ("acl", "contact_acl"):
        if name in item.shape.last:
            found = _access_list(item.type, name, item.all(name))
            again = next(found.repetitions, None) if found is not None else None
            if again is not None:
                return Drop(BAD_VALUE, again[1].option, f"names {again[1].name.strip()!r} twice")
    return None


def _check_endpoint(item: Object) -> Drop | None:
    """res_pjsip/pjsip_configuration.c:sip_endpoint_apply_handler."""
    option = item.get("timers_sess_expires")
    least = item.integer("timers_min_se", 90)
    if option is not None and (number(option.value) or 0) < least:
        return Drop(BAD_VALUE, option, f"is below timers_min_se, which is {least}")
    return _check_lists(item)


def _access_list(kind: str, name: str, options: list[Option]) -> AccessList | None:
    """What lines that begin with `name` say, if they say anything."""
    label = "endpoint" if kind == "endpoint" else "acl object"
    senses = CONTACT_SENSES if name in CONTACT_SENSES else SENSES
    purpose = "contact" if senses is CONTACT_SENSES else "source"
    return read_list(label, purpose, "", options[0].home, options, senses)


_SIP_URI = re.compile(r"(?:\"[^\"]*\"\s*)?<?\s*sips?:", re.IGNORECASE)

_WHOLE = {
    "acl": _check_lists,
    "endpoint": _check_endpoint,
    "auth": _check_auth,
    "registration": _check_registration,
    "identify": _check_identify,
    "transport": _check_transport,
}
