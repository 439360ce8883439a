"""What a check says of itself: its docstring, taken apart.

The form: a summary in one line; then sections, each begun by its label and a colon, in the order of `LABELS`.

* `Why it matters`: what the server really does, with its source file and function.
* `Client sees`: final answers to a request and its repetitions, such as ``REGISTER -> 401 -> 403``; several are
  separated by semicolons, and a condition may stand in front: ``with alwaysauthreject=no: REGISTER -> 404``.
* `Log`: the server's own words, one message an indented line, ``...`` for what varies; a remark may stand before them.
* `RFC`: number and section, then what it asks for.
* `Verdict`: is the refusal deserved, spurious, or does it depend? Then why.
* `Does not help`: what people try in vain.
* `Fix`: what to do.
"""

from __future__ import annotations

import re

from cfglint.namedtuples import NamedTuple

LABELS = ("Why it matters", "Client sees", "Log", "RFC", "Verdict", "Does not help", "Fix")
"""In this order; the first and the last are never left out."""

VERDICTS = ("deserved", "spurious", "depends")
"""`spurious`: the client did everything right, and only the configuration stands in its way."""

OUTBOUND = "outbound "
"""Begins the name of a request that the server itself sends: there the client is the server."""

WORDS = {"no answer": "timeout", "connection refused": "refused"}
"""What stands in a docstring for a status that is no number."""

_LABEL = re.compile(rf"^({'|'.join(LABELS)}):[ \n]", re.MULTILINE)
_REQUEST = re.compile(rf"(?:{OUTBOUND})?(?:[A-Z]+|any request)")
_RFC = re.compile(r"(\d{4}) section (\d+(?:\.\d+)*)\b")


class Malformed(ValueError):
    """A docstring that does not follow the form; says where."""


class Symptom(NamedTuple):
    """What a client sees: the final answers to one request and to its repetitions with credentials."""

    request: str
    statuses: tuple[int | str, ...]
    condition: str = ""

    @property
    def shown(self) -> str:
        """As it stands in a docstring, without the condition."""
        spoken = {status: word for word, status in WORDS.items()}
        return " -> ".join([self.request, *(str(spoken.get(str(s), s)) for s in self.statuses)])


class Documentation(NamedTuple):
    """A docstring's sections; paragraphs keep their lines. What is left out is empty."""

    summary: str
    why: str
    client_sees: tuple[Symptom, ...]
    log: tuple[str, ...]
    log_remark: str
    rfc: str
    verdict: str
    does_not_help: str
    fix: str


def parse(docstring: str) -> Documentation:
    """Take a docstring apart; raises `Malformed`."""
    summary, _, rest = docstring.strip().partition("\n")
    starts = list(_LABEL.finditer(rest))
    if rest[:1] != "\n" or not starts or starts[0].start() != len(rest) - len(rest.lstrip("\n")):
        raise Malformed("a summary of one line, an empty line, then 'Why it matters:'")
    labels = [match[1] for match in starts]
    if labels != [label for label in LABELS if label in labels] or {LABELS[0], LABELS[-1]} - set(labels):
        raise Malformed(f"sections in the order {', '.join(LABELS)}, not {', '.join(labels)}")
    ends = [match.start() for match in starts[1:]] + [len(rest)]
    text = {match[1]: rest[match.end() : end].rstrip() for match, end in zip(starts, ends, strict=True)}
    for label, body in text.items():
        if not body:
            raise Malformed(f"{label}: says nothing")
    log, log_remark = _log(text.get("Log", ""))
    return Documentation(
        summary.rstrip("."),
        text["Why it matters"],
        tuple(_symptom(item) for item in _unwrapped(text.get("Client sees", "")).split("; ") if item),
        log,
        log_remark,
        _rfc(text.get("RFC", "")),
        _verdict(text.get("Verdict", "")),
        text.get("Does not help", ""),
        text["Fix"],
    )


def rfc_sections(documentation: Documentation) -> list[tuple[int, str]]:
    """The clauses that are named: number of the RFC, section."""
    return [(int(number), section) for number, section in _RFC.findall(_unwrapped(documentation.rfc))]


def _unwrapped(text: str) -> str:
    return " ".join(text.split())


def _symptom(item: str) -> Symptom:
    condition, colon, answers = item.rstrip(".").rpartition(": ")
    request, *statuses = answers.split(" -> ")
    if not statuses or not _REQUEST.fullmatch(request) or (colon and not condition):
        raise Malformed(f"Client sees: '{item}' is no 'REQUEST -> status'")
    return Symptom(request, tuple(_status(status, item) for status in statuses), condition)


def _status(text: str, item: str) -> int | str:
    if re.fullmatch(r"[2-6]\d\d", text):
        return int(text)
    if text not in WORDS:
        raise Malformed(f"Client sees: '{text}' in '{item}' is no final status, nor one of {', '.join(WORDS)}")
    return WORDS[text]


def _log(text: str) -> tuple[tuple[str, ...], str]:
    lines = text.split("\n")
    messages = tuple(line.strip() for line in lines if line.startswith("    "))
    return messages, "\n".join(line for line in lines if line and not line.startswith("    "))


def _rfc(text: str) -> str:
    if text and not _RFC.match(text):
        raise Malformed("RFC: begins with its number and section, as in '3261 section 10.3'")
    return text


def _verdict(text: str) -> str:
    if text and not re.match(rf"({'|'.join(VERDICTS)})\b", text):
        raise Malformed(f"Verdict: begins with one of {', '.join(VERDICTS)}")
    return text
