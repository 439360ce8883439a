"""A pattern for an address matches other addresses, too.

Why it matters: =~ looks for the pattern anywhere in the text, and a dot stands for any character (core/rvalue.c,
regexec). "10.0.0.1" is also found in 110.0.0.1 and in 10.0.0.100: strangers are trusted, or friends refused.

Log: Nothing.

Does not help: more of the address in the pattern, as long as nothing ties it down.

Fix: ^ and $ around it, and a backslash before each dot; or `src_ip == 10.0.0.0/8` for a network. Unsafe: who matched by
accident does not any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import pseudo_variable
from cfglint.model.kamailio.editing import written
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.nodes import String, Token

from ._patterns import alternatives, matches

EXAMPLES = [
    Example(
        bad='request_route {\n    if (!($si =~ «"10.0.0.1"»)) exit;\n}\n',
        good='request_route {\n    if (!($si =~ "^10\\.0\\.0\\.1$") || src_ip == 10.0.0.1) exit;\n}\n',
        fixed='request_route {\n    if (!($si =~ "^10\\.0\\.0\\.1$")) exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    if (src_ip =~ «"192.168.|^172\\.16\\."») exit;\n}\n',
        good='request_route {\n    if ($si =~ "^192.168." || $si =~ "^(10|172)\\.") exit;\n}\n',
        fixed='request_route {\n    if (src_ip =~ "^192\\.168\\.|^172\\.16\\.") exit;\n}\n',
    ),
]

_ADDRESS = r"(\^?)([0-9]{1,3}(?:\\?\.[0-9]{1,3}){0,3})(\\?\.)?(\$?)"


class Wanted(NamedTuple):
    """An address, or the beginning of some."""

    octets: list[str]
    whole: bool

    @property
    def pattern(self) -> str:
        """What matches just that."""
        return "^" + r"\.".join(self.octets) + ("$" if self.whole else r"\.")

    def covers(self, address: str) -> bool:
        """Is an address meant?"""
        return address.split(".")[: len(self.octets)] == self.octets


class Loose(NamedTuple):
    """A pattern, and all that it means."""

    token: String
    wanted: list[Wanted]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for test, _ in kamailio.comparisons:
        if test.operator != "=~" or not isinstance(test.right, String) or not _is_address(test.left):
            continue
        wanted = [_wanted(part) for part in alternatives(test.right.value)]
        known = [part for part in wanted if part is not None]
        if known and len(known) == len(wanted):
            for address in (address for part in known for address in _neighbours(part)):
                if matches(test.right.value, address) and not any(part.covers(address) for part in known):
                    yield Defect(test.right.place, f"this matches {address}, too", subject=Loose(test.right, known))
                    break


def _is_address(operand: object) -> bool:
    variable = pseudo_variable(operand)
    if variable is not None:
        return variable.name in ("si", "Ri") and not variable.transformations
    return isinstance(operand, Token) and operand.text in ("src_ip", "dst_ip")


def _wanted(pattern: str) -> Wanted | None:
    """What a pattern means that is made of numbers and dots."""
    match = re.fullmatch(_ADDRESS, pattern)
    if match is None:
        return None
    octets = match[2].replace("\\", "").split(".")
    whole = len(octets) == 4
    plausible = all(int(octet) < 256 for octet in octets) and not (whole and match[3])
    return Wanted(octets, whole) if plausible and (whole or not match[4]) and len(octets) > 1 else None


def _neighbours(wanted: Wanted) -> Iterator[str]:
    """Addresses that look like it: with a digit more in front or behind, further right, or with a dot less."""
    first, *rest = wanted.octets
    rows = [[digit + first, *rest] for digit in "12"] + [["192", *wanted.octets]]
    rows += [[*wanted.octets[:-1], wanted.octets[-1] + digit] for digit in "01"]
    for at in range(len(wanted.octets) - 1):
        one, other = wanted.octets[at : at + 2]
        rows += [[*wanted.octets[:at], one + digit + other, *wanted.octets[at + 2 :]] for digit in "01"]
    for row in rows:
        if len(row) <= 4 and all(int(octet) < 256 and str(int(octet)) == octet for octet in row):
            yield ".".join([*row, *["1"] * (4 - len(row))])


def fix(loose: Loose) -> Fix | None:
    if not written(loose.token):
        return None
    text = "|".join(part.pattern for part in loose.wanted)
    return Fix("only that", (replace(loose.token.place, f'"{text}"'),))


CHECK = Check(find, level="warning", category="security", fix=fix)
