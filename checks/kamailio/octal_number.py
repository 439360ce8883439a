"""A number has another value than it seems to have.

Why it matters: core/cfg.lex reads a number that begins with 0 as octal (0100 is 64), and one of ones and zeros that
ends in b as binary. A dialled number or a code with a leading zero, compared without quotes, matches something else.

Log: Nothing.

Fix: put quotes around what is text; write a number without the zero. Unsafe: other requests will match.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import DIFFERENT, EQUAL
from cfglint.model.kamailio.editing import written
from cfglint.namedtuples import NamedTuple
from cfglint.numerals import decimal
from cfglint.syntax.kamailio.items import ModuleParameter, Parameter
from cfglint.syntax.kamailio.nodes import Number

EXAMPLES = [
    Example(
        bad="request_route {\n    if ($rU == «0100») exit;\n}\n",
        good='request_route {\n    if ($rU == "0100") exit;\n}\n',
        fixed='request_route {\n    if ($rU == "0100") exit;\n}\n',
    ),
    Example(
        bad='modparam("tm", "fr_timer", «030000»)\nrequest_route {\n    exit;\n}\n',
        good='modparam("tm", "fr_timer", 30000)\nmodparam("ctl", "mode", 0660)\nrequest_route {\n    exit;\n}\n',
        fixed='modparam("tm", "fr_timer", 30000)\nrequest_route {\n    exit;\n}\n',
    ),
]


class Written(NamedTuple):
    """A number, and whether it is compared, perhaps with text."""

    token: Number
    compared: bool


def find(kamailio: Kamailio) -> Iterator[Defect]:
    compared = {c.right for c, _ in kamailio.comparisons if c.operator in (*EQUAL, *DIFFERENT)}
    for token in _numbers(kamailio):
        digits = token.text.rstrip("b")
        if digits.isdecimal() and token.value != decimal(digits):
            what = "binary" if token.text.endswith("b") else "octal"
            message = f"{token.text} is {what}: its value is {token.value}"
            yield Defect(token.place, message, subject=Written(token, token in compared))


def _numbers(kamailio: Kamailio) -> Iterator[Number]:
    for item in kamailio.file.items:
        if isinstance(item, ModuleParameter | Parameter) and isinstance(item.value, Number) and not _is_mode(item):
            yield item.value
    yield from (located.node for located in kamailio.nodes(Number))


def _is_mode(item: ModuleParameter | Parameter) -> bool:
    """Is it the permissions of a file? They are octal everywhere."""
    name = item.name if isinstance(item, Parameter) else item.name.text
    return "mode" in name or "perm" in name


def fix(number: Written) -> Fix | None:
    token = number.token
    if not written(token):
        return None
    if number.compared:
        return Fix("compare it as text", (replace(token.place, f'"{token.text}"'),))
    return Fix("write it as decimal", (replace(token.place, token.text.strip("b").lstrip("0")),))


CHECK = Check(find, level="warning", category="load", fix=fix)
