"""textops: tests of the message's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import headers
from cfglint.simulate.kamailio.values import Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def is_method(run: Run, arguments: Arguments) -> Value:
    """Is the method one of those between bars? Case matters for none of them (modules/textops/textops.c)."""
    names = arguments.raw(0).split("|")
    return 1 if run.message.method in (name.strip().upper() for name in names) else -1


def is_present(run: Run, arguments: Arguments) -> Value:
    """Is there such a header?"""
    return 1 if headers.values(run, arguments.raw(0)) else -1


FUNCTIONS = {"is_method": is_method, "is_present_hf": is_present}
