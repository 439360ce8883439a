"""Other languages that a file may be in."""

from __future__ import annotations

import re

from cfglint.model.kamailio import Kamailio

BEGINNING = 4096
"""So many characters are looked at."""

_SIGNS = {
    "XML": r"\A\s*<[?!a-zA-Z]",
    "JSON": r"\A\s*[{\[]\s*[\"{}\[\]]",
    "a shell script": r"\A#![ \t]*/\S*sh\b",
    "a configuration of Asterisk": r"^[ \t]*\[[^\]\n]+\]",
    "Lua": r"^[ \t]*(?:--|(?:local[ \t]+)?function\b[^\n]*\)[ \t]*$)",
    "Python": r"^[ \t]*(?:def|class)\b[^\n]*:[ \t]*$|^(?:import|from)[ \t]+\w+",
    "YAML": r"^[\w-]+:(?:[ \t]|$)",
}


def other_language(kamailio: Kamailio) -> str | None:
    """The language that a configuration without modules and routes looks like; None for one that has any."""
    if kamailio.modules or kamailio.routes:
        return None
    text = kamailio.config.files[0].text[:BEGINNING]
    return next((name for name, sign in _SIGNS.items() if re.search(sign, text, re.MULTILINE)), None)
