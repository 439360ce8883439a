"""The core parameter return_mode: what a function's code means in an expression."""

from __future__ import annotations

from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.items import Parameter
from cfglint.syntax.kamailio.nodes import Number


def return_mode(kamailio: Kamailio) -> Parameter | None:
    """The line that switches it on (core/rvalue.c, ksr_return_mode)."""
    lines = [item for item in kamailio.file.items if isinstance(item, Parameter) and item.name == "return_mode"]
    on = bool(lines) and isinstance(lines[-1].value, Number) and lines[-1].value.value != 0
    return lines[-1] if on else None


def keeps_codes(kamailio: Kamailio) -> bool:
    """Is a function's code in an expression the one that it returned?"""
    return return_mode(kamailio) is not None
