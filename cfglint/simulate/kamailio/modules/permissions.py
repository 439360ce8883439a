"""permissions: who may, by address and by files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def allow_trusted(run: Run, arguments: Arguments) -> Value:
    """Is the source in the table of trusted peers?"""
    taken = run.choose("the rows of table trusted", "none fits", "one fits")
    return 1 if taken else -1


FUNCTIONS = {"allow_trusted": allow_trusted}
