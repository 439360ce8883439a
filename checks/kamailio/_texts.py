"""Comparisons of variables with texts."""

from __future__ import annotations

from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import DIFFERENT, EQUAL
from cfglint.syntax.kamailio.nodes import String, Variable


def is_number(text: str) -> bool:
    """Does the server make a number of a text?"""
    return text.strip().lstrip("+-").isdecimal()


def compared_text(kamailio: Kamailio) -> dict[Variable, String]:
    """The variables that are compared with a text that is no number, and the text."""
    return {
        test.left: test.right
        for test, _ in kamailio.comparisons
        if test.operator in (*EQUAL, *DIFFERENT)
        and isinstance(test.left, Variable)
        and isinstance(test.right, String)
        and not is_number(test.right.value)
    }
