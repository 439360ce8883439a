"""textops: tests of the message's text (modules/textops/textops.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.regexes import Budget, TooCostly
from cfglint.resolve.kamailio.substitution import BadRuleError, parse_rule
from cfglint.simulate.kamailio import headers
from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

MAX_STEPS = 100_000
"""What one substitution may cost, in steps of a regular expression."""


def is_method(run: Run, arguments: Arguments) -> Value:
    """Is the method one of those between bars? For a reply, that of its CSeq."""
    names = arguments.text(0)
    if isinstance(names, Unknown):
        return 1 if run.is_true(f"the method is {names.name}") else -1
    return 1 if run.message.method in (name.strip().upper() for name in names.split("|")) else -1


def is_present(run: Run, arguments: Arguments) -> Value:
    """Is there such a header?"""
    return 1 if headers.values(run, arguments.raw(0)) else -1


def remove(run: Run, arguments: Arguments) -> Value:
    """Remove a header from what is sent on; the script sees it until the changes are applied."""
    return 1 if headers.values(run, arguments.raw(0)) else -1


def search(run: Run, arguments: Arguments) -> Value:
    """Does an expression fit the message? Its first line and headers are known in part only."""
    return _search(run, arguments, "\r\n".join([_first_line(run), *_header_lines(run), "", run.message.body]))


def search_body(run: Run, arguments: Arguments) -> Value:
    """Does an expression fit the body?"""
    return _search(run, arguments, run.message.body) if run.message.body else -1


def _first_line(run: Run) -> str:
    return f"{run.message.method} {run.message.uri} SIP/2.0"


def _header_lines(run: Run) -> list[str]:
    return [f"{header.name}: {header.value}" for header in run.message.headers]


def _search(run: Run, arguments: Arguments, text: str) -> Value:
    pattern = arguments.raw(0)
    try:
        return 1 if compiled(pattern, ignore_case=True, lines=True).search(text) else -1
    except BadPattern:
        return -1
    except Untold:
        return 1 if run.is_true(f"the message holds {pattern}") else -1


def search_header(run: Run, arguments: Arguments) -> Value:
    """Does an expression fit a value of a header?"""
    pattern = arguments.raw(1)
    try:
        test = compiled(pattern, ignore_case=True)
    except BadPattern:
        return -1
    except Untold:
        return 1 if run.is_true(f"{arguments.raw(0)} holds {pattern}") else -1
    return 1 if any(test.search(value) for value in headers.values(run, arguments.raw(0))) else -1


def _compare(same: Callable[[str, str], bool]) -> Callable[[Run, Arguments], Value]:
    def function(run: Run, arguments: Arguments) -> Value:
        one, other = arguments.text(0), arguments.text(1)
        if isinstance(one, Unknown) or isinstance(other, Unknown):
            return 1 if run.is_true(f"{arguments.call.name}({arguments.raw(0)}, {arguments.raw(1)})") else -1
        return 1 if same(one, other) else -1

    return function


def in_list(run: Run, arguments: Arguments) -> Value:
    """Is a text among others with a separator between them?"""
    text, listed, separator = arguments.text(0), arguments.text(1), arguments.text(2, ",")
    if isinstance(text, Unknown) or isinstance(listed, Unknown) or isinstance(separator, Unknown):
        return 1 if run.is_true(f"{arguments.raw(0)} is in {arguments.raw(1)}") else -1
    return 1 if text in (part.strip() for part in listed.split(separator[:1] or ",")) else -1


def _substitute(run: Run, rule: str, text: str) -> str | None:
    """A text after a substitution; None where nothing fits, or the rule is bad."""
    try:
        parsed = parse_rule(rule)
        changed = parsed.apply(text, Budget(MAX_STEPS))
    except (BadRuleError, TooCostly):
        run.assume(f"what {rule} makes of {text}")
        return None
    return changed if parsed.pattern.search(text) is not None else None


def substitute_user(run: Run, arguments: Arguments) -> Value:
    """Change the user of the request-URI by an expression; -1 where it does not fit."""
    uri = None if isinstance(run.uri, Unknown) else parse_uri(run.uri)
    changed = _substitute(run, arguments.raw(0), uri.user) if uri is not None else None
    if uri is None or changed is None:
        return -1
    run.uri = str(uri._replace(user=changed))
    return 1


def substitute_uri(run: Run, arguments: Arguments) -> Value:
    """Change the request-URI by an expression; -1 where it does not fit."""
    changed = None if isinstance(run.uri, Unknown) else _substitute(run, arguments.raw(0), run.uri)
    if changed is None:
        return -1
    run.uri = changed
    return 1


def has_body(run: Run, arguments: Arguments) -> Value:
    """Is there a body, perhaps of a type?"""
    if not run.message.body:
        return -1
    kind = run.message.header("content-type") or ""
    return 1 if not len(arguments) or kind.lower().startswith(arguments.raw(0).lower()) else -1


FUNCTIONS = {
    "is_method": is_method,
    "is_present_hf": is_present,
    "is_present_hf_re": is_present,
    "remove_hf": remove,
    "remove_hf_exp": lambda run, arguments: 1,
    "remove_hf_re": lambda run, arguments: 1,
    "subst_user": substitute_user,
    "subst_uri": substitute_uri,
    "search": search,
    "search_body": search_body,
    "search_hf": search_header,
    "cmp_str": _compare(lambda one, other: one == other),
    "cmp_istr": _compare(lambda one, other: one.lower() == other.lower()),
    "starts_with": _compare(lambda one, other: one.startswith(other)),
    "str_find": _compare(lambda one, other: other in one),
    "str_ifind": _compare(lambda one, other: other.lower() in one.lower()),
    "in_list": in_list,
    "is_audio_on_hold": lambda run, arguments: 1 if "a=sendonly" in run.message.body else -1,
    "has_body": has_body,
    "is_privacy": lambda run, arguments: (
        1 if arguments.raw(0).lower() in (run.message.header("privacy") or "").lower().split(";") else -1
    ),
    **dict.fromkeys(
        (
            "append_hf insert_hf append_to_reply append_time append_time_to_request append_urihf set_body"
            " set_reply_body set_body_multipart append_body_part filter_body"
            " replace replace_all replace_body replace_body_all"
            " replace_hdrs remove_body set_rpl_body append_hf_value"
        ).split(),
        lambda run, arguments: 1,
    ),
}
