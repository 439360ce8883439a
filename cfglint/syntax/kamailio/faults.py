"""What Kamailio's parser can complain of, and how to say it better than the server does."""

from __future__ import annotations

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place
from cfglint.syntax.kamailio.words import WORDS

MISSING = "missing"
UNEXPECTED = "unexpected"
UNCLOSED_BLOCK = "unclosed-block"
UNCLOSED_STRING = "unclosed-string"
EMPTY_BLOCK = "empty-block"
STRAY_BRACE = "stray-brace"
STRAY_ELSE = "stray-else"
OUTSIDE_ROUTE = "outside-route"
UNKNOWN_PARAMETER = "unknown-parameter"
RESERVED_WORD = "reserved-word"
UNQUOTED_WORD = "unquoted-word"
LIST_GOES_ON = "list-goes-on"
BAD_OPERATOR = "bad-operator"
UNFINISHED = "unfinished"
TOO_DEEP = "too-deep"
TOO_MANY = "too-many"


class Fault(NamedTuple):
    """A syntax error: its shape, where it is, what it is about, what was expected there, and where the server notices
    it (when that is somewhere else)."""

    shape: str
    place: Place
    detail: str = ""
    expected: tuple[str, ...] = ()
    noticed: Place | None = None
    other: Place | None = None


_NAMES = {
    "SEMICOLON": "';'", "COMMA": "','", "DOT": "'.'", "COLON": "':'", "LPAREN": "'('", "RPAREN": "')'", "LBRACE": "'{'",
    "RBRACE": "'}'", "LBRACKET": "'['", "RBRACKET": "']'", "EQUAL": "'='", "STRING": "a string", "NUMBER": "a number",
    "WORD": "a name", "PV": "a pseudo-variable", "EVENT_NAME": "module:event", "TLS_VERSION": "a TLS version",
    "$END": "the end of the file",
}  # fmt: skip
_GROUPS = (
    ("an expression", frozenset(("NUMBER", "STRING", "PV", "WORD", "LPAREN"))),
    ("an address", frozenset(("WORD", "STRING", "IPV6", "LBRACKET"))),
    ("an operator", frozenset(("OPERATOR", "EQUALITY", "COMPARISON"))),
)


def expectation(kinds: tuple[str, ...]) -> str:
    """What fits, in words: at most three things."""
    found = set(kinds)
    words = []
    for name, group in _GROUPS:
        if group <= found:
            words.append(name)
            found -= group
            if name == "an expression":
                found -= {"LBRACE", "SEMICOLON"} if "RPAREN" not in kinds else {"LBRACE"}
    words += [_NAMES[kind] for kind in sorted(found) if kind in _NAMES]
    if not words or len(words) > 3:
        return " or ".join(words[:1]) if words and words[0].startswith("an ") else ""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 2 else words)


def message(shape: str, detail: str, expected: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> str:
    """One sentence for a syntax error, without the final stop; `known` are names to suggest one of."""
    wanted = expectation(expected)
    tail = f", where {wanted} is expected" if wanted else ""
    if shape == UNKNOWN_PARAMETER:
        other = meant(detail, known)
        hint = f"; did you mean '{other}'?" if other is not None else ""
        return f"there is no core parameter '{detail}'{_history(detail)}{hint}"
    if shape == RESERVED_WORD:
        return f"'{detail}' is a reserved word and cannot be used as a name{_history(detail)}; put it in quotes"
    if shape == UNEXPECTED and detail in WORDS:
        return f"'{detail}' is not expected here{tail}{_history(detail)}"
    if shape == UNQUOTED_WORD and detail.lower() == "null":
        return f"there is no word {detail} in this language: $null is what a variable that is not set compares with"
    texts = {
        MISSING: f"{_NAMES.get(detail, detail)} is missing here",
        UNEXPECTED: f"'{detail}' is not expected here{tail}",
        UNCLOSED_BLOCK: "this block is never closed",
        UNCLOSED_STRING: "this string is not closed in its line: it swallows what follows, up to the next quote",
        EMPTY_BLOCK: "an empty block is a syntax error: a block needs at least one statement, ';' will do",
        STRAY_BRACE: "this '}' closes nothing",
        STRAY_ELSE: "this else belongs to no if",
        OUTSIDE_ROUTE: f"'{detail}' stands outside of any route",
        UNQUOTED_WORD: f"{detail} is no defined name, no number and no string: quotes are missing, or a #!define",
        LIST_GOES_ON: f"'{detail}' takes a list without separators and goes on to here: end it with ';'",
        BAD_OPERATOR: f"there is no operator '{detail}' in this language",
        UNFINISHED: f"the file ends in the middle of this{tail}",
        TOO_DEEP: "this is nested too deeply to be looked at",
        TOO_MANY: "there are more syntax errors than are shown",
    }
    return texts[shape]


def _history(word: str) -> str:
    """Since or until when a word is known."""
    versions = WORDS.get(word)
    if versions is None:
        return ""
    (first, last) = versions
    if first > (5, 4):
        return f" before Kamailio {first[0]}.{first[1]}"
    return f" after Kamailio {last[0]}.{last[1]}"


def meant(word: str, known: tuple[str, ...]) -> str | None:
    """The one of the known words that a word is a slip of."""
    from difflib import get_close_matches  # only needed when there is an error

    return next(iter(get_close_matches(word, known, 1, 0.75)), None)
