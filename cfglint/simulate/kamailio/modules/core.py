"""The commands of the language itself (core/action.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def nothing(run: Run, arguments: Arguments) -> Value:
    """Changes nothing that decides an answer."""
    return 1


FUNCTIONS = {"force_rport": nothing, "add_rport": nothing}
