"""A regular expression is none that the server knows.

Why it matters: patterns are POSIX extended ones (regcomp(3)), without \\d, (?:...) and looking around. The server only
tries them when it starts, where `kamailio -c` does not get, and gives up. \\d is taken, but stands for no digit with
glibc (with musl, as on Alpine, it does).

Client sees: as the server does not start: any request -> no answer

Log:
    Bad regular expression "..."
    bad regular expression: ...

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: [0-9] for \\d, plain parentheses for (?:...). Unsafe: other requests will match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.syntax.kamailio.nodes import String

from ._patterns import patterns

EXAMPLES = [
    Example(
        bad='request_route {\n    if ($rU =~ «"^(00[1-9]$"») exit;\n}\n',
        good='request_route {\n    if ($rU =~ "^(00[1-9])$") exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    if ($rU =~ «"^\\d+$"») exit;\n}\n',
        good='request_route {\n    if ($rU =~ "^[0-9]+\\.$") exit;\n}\n',
        fixed='request_route {\n    if ($rU =~ "^[0-9]+$") exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    switch ($rU) {\n        case /«"^(?:a|b)"»: exit;\n    }\n}\n',
        good='request_route {\n    switch ($rU) {\n        case /"^(a|b)": exit;\n    }\n}\n',
        fixed='request_route {\n    switch ($rU) {\n        case /"^(a|b)": exit;\n    }\n}\n',
    ),
]

_DIGIT = r"(?<!\\)(?:\\\\)*\\[dD]"


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for pattern in patterns(kamailio):
        try:
            compiled(pattern.value, ignore_case=True)
        except BadPattern as error:
            message = f"this is no regular expression, and the server does not start: {error}"
            yield Defect(pattern.place, message, subject=pattern)
        except Untold:
            pass
        else:
            if re.search(_DIGIT, pattern.value):
                message = "\\d stands for no digit with glibc: this does not match what it means"
                yield Defect(pattern.place, message, (), pattern, "warning", "answer")


def fix(pattern: String) -> Fix | None:
    text = pattern.place.text
    if not written(pattern) or "[" in text or text != pattern.text:
        return None
    plain = text.replace("(?:", "(").replace(r"\\d", "[0-9]").replace(r"\d", "[0-9]")
    try:
        compiled(plain[1:-1])
    except (BadPattern, Untold):
        return None
    return Fix("as the server knows it", (replace(pattern.place, plain),)) if plain != text else None


CHECK = Check(find, level="error", category="load", fix=fix)
