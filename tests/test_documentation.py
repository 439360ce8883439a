"""The form of a check's docstring, held against every check there is, and what is said of one that breaks it."""

from __future__ import annotations

import pytest

from cfglint import notices, registry, symptoms
from cfglint.documentation import Malformed, Symptom, parse, rfc_sections
from cfglint.registry import Registered

WHOLE = """A summary.

Why it matters: main/config.c:process_text_line does
something.

And more.

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404; over TCP:
REGISTER -> connection refused; outbound INVITE -> no answer

Log: Seen once.
    Peer '...' is unknown
    Something else

RFC: 3261 section 10.3: step 5. RFC 3581 section 4, too.

Verdict: depends on this
and that.

Does not help: prayer.

Fix: do it.
Unsafe.
"""


def test_every_section() -> None:
    found = parse(WHOLE)
    assert found.summary == "A summary"
    assert found.why == "main/config.c:process_text_line does\nsomething.\n\nAnd more."
    assert found.client_sees == (
        Symptom("REGISTER", (401, 403)),
        Symptom("REGISTER", (404,), "with alwaysauthreject=no"),
        Symptom("REGISTER", ("refused",), "over TCP"),
        Symptom("outbound INVITE", ("timeout",)),
    )
    assert (found.log, found.log_remark) == (("Peer '...' is unknown", "Something else"), "Seen once.")
    assert rfc_sections(found) == [(3261, "10.3"), (3581, "4")]
    assert found.verdict == "depends on this\nand that."
    assert (found.does_not_help, found.fix) == ("prayer.", "do it.\nUnsafe.")


def test_a_symptom_is_shown_as_it_is_written() -> None:
    assert [symptom.shown for symptom in parse(WHOLE).client_sees][1:3] == [
        "REGISTER -> 404",
        "REGISTER -> connection refused",
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("A summary.\n\n", "A summary\nof two lines.\n\n", "summary of one line"),
        ("Why it matters:", "Because:", "then 'Why it matters:'"),
        ("Fix:", "Remedy:", "sections in the order"),
        ("Does not help: prayer.\n\n", "Log: again.\n\n", "sections in the order"),
        ("prayer.", "", "Does not help: says nothing"),
        ("-> 403", "-> 999", "'999' in"),
        ("no answer", "nothing", "'nothing' in"),
        ("REGISTER -> 401", "register -> 401", "is no 'REQUEST -> status'"),
        ("; over TCP:", "; :", "is no 'REQUEST -> status'"),
        ("3261 section 10.3:", "Section 10.3:", "RFC: begins with"),
        ("depends on", "perhaps", "Verdict: begins with one of"),
    ],
)
def test_what_breaks_the_form(old: str, new: str, reason: str) -> None:
    assert old in WHOLE
    with pytest.raises(Malformed, match=reason):
        parse(WHOLE.replace(old, new, 1))


@pytest.mark.parametrize("registered", [pytest.param(r, id=r.id) for r in registry.every()])
def test_every_check_keeps_the_form(registered: Registered) -> None:
    found = parse(registered.documentation)
    for message in found.log:
        words = message.replace(symptoms.GAP, "")
        assert len(words) >= 12, f"'{message}' would be found in every log"
    if found.client_sees:
        assert found.verdict, "is the refusal deserved?"


@pytest.mark.parametrize("notice", notices.NOTICES)
def test_every_notice_keeps_the_form(notice: notices.Notice) -> None:
    assert parse(notice.documentation).summary == notice.summary
