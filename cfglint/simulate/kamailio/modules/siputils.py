"""siputils: tests of the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def has_totag(run: Run, arguments: Arguments) -> Value:
    """Is there a tag in the To header: is this a request inside a dialog?"""
    return 1 if run.message.to_tag else -1


FUNCTIONS = {"has_totag": has_totag}
