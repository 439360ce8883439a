"""The parentheses of a section's header hold an empty item, which stands for the first section of all.

Why it matters: main/config.c:does_category_match takes an empty name for a match with any section, so `[1001]()` and
`[1001](phone,)` copy every line of the first section of the configuration, often `[general]` or `[global]` with its
`type`. PhonesPhonesPhonesPhones get 401 or 403 because the object is of the wrong type or has the wrong values. Above
the first section there is nothing to copy, and the server rejects the whole configuration. An item of blanks is the
name of a section that never exists, and has the same end.

Client sees: nothing above to copy: any request -> no answer

Log:
    Inheritance requested, but category '' does not exist, line ... of ...

Verdict: spurious. The section inherits what nobody wrote for it.

Fix: delete the empty item.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect
from cfglint.resolve.asterisk import EMPTY_BASE, UNKNOWN_BASE, Config
from cfglint.source import Place
from cfglint.syntax.comments import BLANKS

from ._loading import item_extent, stopping

EXAMPLES = [
    Example(
        bad="[general]\nallowguest=no\n[phone](!)\ntype=friend\n[1001](phone,«»)\nsecret=s3cret\n",
        good="[general]\nallowguest=no\n[phone](!)\ntype=friend\n[1001](phone)\nsecret=s3cret\n",
        fixed="[general]\nallowguest=no\n[phone](!)\ntype=friend\n[1001](phone)\nsecret=s3cret\n",
    ),
    Example(
        bad="[general](«»)\nallowguest=no\n",
        good="[general]\nallowguest=no\n",
        fixed="[general]\nallowguest=no\n",
    ),
    Example(
        bad="[general]\n[phone](!)\ntype=friend\n[1001](« »,phone)\nsecret=s3cret\n",
        good="[general]\n[phone](!)\ntype=friend\n[1001](phone)\nsecret=s3cret\n",
        fixed="[general]\n[phone](!)\ntype=friend\n[1001](phone)\nsecret=s3cret\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        if problem.kind == EMPTY_BASE:
            text = f"an empty item stands for the first section of all: everything in [{problem.detail}] is copied here"
            yield Defect(problem.place, text, subject=problem.place, level="warning", category="load")
        elif problem.kind == UNKNOWN_BASE and not problem.detail.strip(BLANKS):
            text = "the item is empty and no section can stand for it"
            yield stopping(config, problem, text, (), problem.place)


def fix(place: Place) -> Fix | None:
    extent = item_extent(place)
    return None if extent is None else Fix("delete the empty item", (delete(extent),))


CHECK = Check(find, level="error", category="syntax", fix=fix)
