"""As much of extensions.conf as decides about a call's first answer: contexts, patterns, includes, hints, Hangup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.model.values import number
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Config, Option
from cfglint.simulate.answer import Status, Step

ANSWERING = frozenset(
    (
        "answer playback echo voicemail voicemailmain meetme confbridge queue milliwatt musiconhold background read"
        " sayalpha saydigits saynumber sayphonetic directory dictate record festival agi dial"
    ).split()
)
"""Applications that answer the call or may do so; `dial` does as far as the other side answers."""

CAUSES: dict[int, Status] = {
    1: 404, 2: 404, 3: 404, 17: 486, 18: 408, 19: 480, 20: 480, 21: 403, 22: 410, 27: 502, 28: 484, 29: 501, 34: 503,
    38: 500, 41: 409, 42: 503, 44: 503, 50: 501, 58: 488, 66: 501, 127: 500,
}  # fmt: skip
"""Hangup cause to final status (channels/chan_sip.c:hangup_cause2sip, chan_pjsip.c:hangup_cause2sip)."""


class Outcome(NamedTuple):
    """The status of a call to an extension and what decided it."""

    status: Status
    step: Step
    option: Option | None = None
    unknown: str | None = None


class Dialplan:
    """The contexts of extensions.conf; without the file nothing is known."""

    def __init__(self, config: Config | None) -> None:
        self.known = config is not None
        self.contexts: dict[str, list[Option]] = {}
        for section in config.sections if config is not None else ():
            if not section.template and section.name not in ("general", "globals"):
                self.contexts.setdefault(section.name, []).extend(section.options)

    def call(self, context: str, extension: str) -> Outcome:
        """What a call to an extension is told."""
        if not self.known:
            text = f"extension '{extension}' in context '{context}': there is no extensions.conf here to look it up in"
            return Outcome(200, Step(text), None, f"whether '{extension}' exists in context '{context}'")
        found = self._find(context, extension, False, set())
        if found is None:
            return Outcome(404, Step(f"context '{context}' has no extension '{extension}'"))
        first, steps = found
        for option, application, arguments in steps:
            if application == "hangup":
                cause = number(arguments) if arguments.strip() else 0
                status = CAUSES.get(cause or 0, 603)
                return Outcome(status, Step(f"the dialplan hangs up with cause {cause}", option.place), option)
            if application in ("busy", "congestion"):
                status = 486 if application == "busy" else 503
                return Outcome(status, Step(f"the dialplan says {application}", option.place), option)
            if application in ANSWERING:
                unknown = "what the called device answers" if application == "dial" else None
                text = f"extension '{extension}' of context '{context}' runs {application}"
                return Outcome(200, Step(text, option.place), option, unknown)
        return Outcome(200, Step(f"extension '{extension}' exists in context '{context}'", first.place), first)

    def completes(self, context: str, extension: str) -> bool:
        """Does an extension of a context begin with these digits and go on? Then more are waited for
        (main/pbx.c:ast_canmatch_extension)."""
        patterns = (option.value.partition(",")[0].strip() for option in self._extensions(context))
        return any(begins_pattern(pattern, extension) for pattern in patterns)

    def has_hint(self, context: str, extension: str) -> bool | None:
        """Is there a hint to subscribe to? None where it cannot be told."""
        return None if not self.known else self._find(context, extension, True, set()) is not None

    def has_hints(self, context: str) -> bool:
        """Is there any hint in a context or in what it includes?"""
        return self.first_hint(context) is not None

    def first_hint(self, context: str) -> Option | None:
        """The first hint of a context and of those it includes, None without any."""
        for option in self._extensions(context):
            parts = option.value.split(",", 2)
            if len(parts) > 1 and parts[1].strip().lower() == "hint":
                return option
        return None

    def _extensions(self, context: str) -> Iterator[Option]:
        """The ``exten`` lines of a context, then those of the contexts it includes."""
        seen, waiting = set[str](), [context]
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            for option in self.contexts.get(name, ()):
                if option.name == "include":
                    waiting.append(_included(option))
                elif option.name == "exten":
                    yield option

    def _find(
        self, context: str, extension: str, hint: bool, seen: set[str]
    ) -> tuple[Option, list[tuple[Option, str, str]]] | None:
        if context in seen or context not in self.contexts:
            return None
        seen.add(context)
        matches: dict[str, list[tuple[Option, str, str]]] = {}
        current, includes = "", []
        for option in self.contexts[context]:
            if option.name == "include":
                includes.append(_included(option))
            elif option.name == "exten":
                pattern, _, rest = option.value.partition(",")
                priority, _, call = rest.partition(",")
                current = pattern.partition("/")[0].strip()
                if (priority.strip().lower() == "hint") == hint and matches_pattern(current, extension):
                    matches.setdefault(current, []).append((option, *_application(call)))
            elif option.name == "same" and current in matches:
                priority, _, call = option.value.partition(",")
                if priority.strip().lower() != "hint":
                    matches[current].append((option, *_application(call)))
        if matches:
            best = min(matches, key=_specificity)
            return matches[best][0][0], matches[best]
        for included in includes:
            found = self._find(included, extension, hint, seen)
            if found is not None:
                return found
        return None


def _included(option: Option) -> str:
    """The context that an ``include`` names; when it counts, which may stand behind, is not looked at."""
    return option.value.partition(",")[0].partition("|")[0].strip()


def _application(call: str) -> tuple[str, str]:
    found = re.match(r"\s*([A-Za-z0-9_]+)\s*(?:\((.*)\))?", call, re.DOTALL)
    return (found.group(1).lower(), found.group(2) or "") if found else ("", "")


_CLASSES = {"x": "[0-9]", "z": "[1-9]", "n": "[2-9]", ".": ".+", "!": ".*", "-": ""}
_PATTERN = re.compile(r"\[([^\]]*)\]|(.)", re.DOTALL)


def matches_pattern(pattern: str, extension: str) -> bool:
    """Does a dialplan pattern match? Beginning with ``_``: X is 0-9, Z 1-9, N 2-9, ``[...]``, ``.`` and ``!``."""
    if not pattern.startswith("_"):
        return pattern.replace("-", "") == extension.replace("-", "")
    parts = []
    for found in _PATTERN.finditer(pattern[1:]):
        if found[1]:
            parts.append(f"[{re.escape(found[1])}]".replace("\\-", "-"))
        else:
            parts.append(_CLASSES.get(found[2].lower(), re.escape(found[2])))
    expression = "".join(parts)
    try:
        return re.fullmatch(expression, extension, re.DOTALL) is not None
    except re.error:
        return False


def begins_pattern(pattern: str, extension: str) -> bool:
    """Is there something that begins with `extension`, is longer, and is matched by a dialplan pattern?"""
    pattern, extension = pattern.partition("/")[0], extension.replace("-", "")
    if not pattern.startswith("_"):
        whole = pattern.replace("-", "")
        return len(whole) > len(extension) and whole.startswith(extension)
    parts = [found[0] for found in _PATTERN.finditer(pattern[1:]) if found[0] != "-"]
    for at, part in enumerate(parts):
        if part in (".", "!") or at == len(extension):
            return True
        if not matches_pattern(f"_{part}", extension[at]):
            return False
    return False


def _specificity(pattern: str) -> tuple[int, int]:
    """Literal extensions come before patterns, longer patterns before shorter, ``.`` and ``!`` last."""
    wild = 2 if "!" in pattern else 1 if "." in pattern else 0
    return (0, 0) if not pattern.startswith("_") else (1 + wild, -len(pattern))
