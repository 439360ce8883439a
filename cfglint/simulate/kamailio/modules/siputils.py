"""siputils: tests of the request (modules/siputils/checks.c)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.sockets import DEFAULT_PORT
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def has_totag(run: Run, arguments: Arguments) -> Value:
    """Is there a tag in the To header: is this a request inside a dialog?"""
    return 1 if run.message.to_tag else -1


def _of_text(holds: Callable[[str], bool]) -> Callable[[Run, Arguments], Value]:
    def function(run: Run, arguments: Arguments) -> Value:
        text = arguments.text(0)
        if isinstance(text, Unknown):
            return 1 if run.is_true(f"{arguments.call.name}({text.name})") else -1
        return 1 if holds(text) else -1

    return function


def is_user(run: Run, arguments: Arguments) -> Value:
    """Is this the user of the credentials that were checked?"""
    name = arguments.text(0)
    if run.authorized is None or isinstance(name, Unknown):
        return -1
    return 1 if run.authorized.user.partition("@")[0] == name else -1


def options_reply(run: Run, arguments: Arguments) -> Value:
    """200 to an OPTIONS whose request-URI has no user."""
    uri = None if isinstance(run.uri, Unknown) else parse_uri(run.uri)
    if run.message.method != "OPTIONS" or uri is None or uri.user:
        run.say("options_reply() does not reply: only to OPTIONS, and only where the request-URI has no user")
        return -1
    run.reply(200, "OK", place=run.here)
    return 1


def uri_parameter(run: Run, arguments: Arguments) -> Value:
    """Has the request-URI a parameter, perhaps with a value?"""
    uri = None if isinstance(run.uri, Unknown) else parse_uri(run.uri)
    found = uri.parameter(arguments.raw(0).lower()) if uri is not None else None
    if found is None:
        return -1
    return 1 if len(arguments) < 2 or found.lower() == arguments.raw(1).lower() else -1


def compare_uris(run: Run, arguments: Arguments) -> Value:
    """Are two URIs the same?"""
    return _compare(run, arguments, no_port=0)


def compare_aors(run: Run, arguments: Arguments) -> Value:
    """Are two URIs of one user at one host and port? (core/strutils.c:cmp_aor)"""
    return _compare(run, arguments, no_port=DEFAULT_PORT)


def _compare(run: Run, arguments: Arguments, no_port: int) -> Value:
    one, other = arguments.text(0), arguments.text(1)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return 1 if run.is_true(f"{arguments.raw(0)} is {arguments.raw(1)}") else -1
    first, second = parse_uri(one), parse_uri(other)
    if first is None or second is None:
        return -1
    mine, yours = ((uri.user, uri.host.lower(), uri.port or no_port) for uri in (first, second))
    return 1 if mine == yours else -1


def is_supported(run: Run, arguments: Arguments) -> Value:
    """Is an extension in the Supported header?"""
    listed = [word.strip().lower() for value in run.message.all("supported") for word in value.split(",")]
    return 1 if arguments.raw(0).lower() in listed else -1


FUNCTIONS = {
    "is_supported": is_supported,
    "has_totag": has_totag,
    "is_request": lambda run, arguments: 1 if run.reply_in_hand is None else -1,
    "is_reply": lambda run, arguments: -1 if run.reply_in_hand is None else 1,
    "is_first_hop": lambda run, arguments: 1,
    "is_user": is_user,
    "is_e164": _of_text(lambda text: re.fullmatch(r"\+[0-9]{2,15}", text) is not None),
    "is_numeric": _of_text(lambda text: re.fullmatch(r"[0-9]+", text) is not None),
    "is_alphanum": _of_text(lambda text: re.fullmatch(r"[0-9A-Za-z]+", text) is not None),
    "is_uri": _of_text(lambda text: parse_uri(text) is not None),
    "is_tel_number": _of_text(lambda text: re.fullmatch(r"\+?[0-9]+", text) is not None),
    "uri_param": uri_parameter,
    "uri_param_any": uri_parameter,
    "cmp_uri": compare_uris,
    "cmp_aor": compare_aors,
    "options_reply": options_reply,
    "is_gruu": lambda run, arguments: -1,
    "is_uri_user_e164": _of_text(lambda text: re.match(r"sips?:\+[0-9]{2,15}[@;]", text) is not None),
    **dict.fromkeys(
        "add_uri_param append_rpid_hf encode_contact decode_contact set_uri_user set_uri_host".split(),
        lambda run, arguments: 1,
    ),
}
