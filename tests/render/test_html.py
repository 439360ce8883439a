"""The page: whole, self-contained, without secrets, bounded, and with a drawing for everybody who is refused."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cfglint.engine import Report
from cfglint.findings import Failure
from cfglint.render import html
from cfglint.source import Source, place
from tests.render.support import finding, full, hostile, report, source
from tests.support import check_tree, write_tree

VOID = {"meta", "input", "br"}
IMPLIED = {"tr", "td", "th", "li", "p"}
"""Elements whose end need not be written."""


class Page(HTMLParser):
    """Text, attributes and identifiers of a page; insists that elements are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.open = "", list[str]()
        self.ids, self.links = list[str](), list[str]()
        self.attributes = list[tuple[str, str, str]]()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID | IMPLIED:
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            elif name == "href":
                self.links.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in IMPLIED:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.text += data


def page(given: Report) -> Page:
    text = "".join(html.render(given))
    text.encode("utf-8")  # no lone surrogate
    found = Page(text)
    assert len(set(found.ids)) == len(found.ids)
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids), "links stay within the page"
    assert all(name not in ("src", "onclick", "srcset", "action") for _, name, _ in found.attributes)
    assert not re.search(r"url\(|@import|https?:", text), "nothing is fetched"
    return found


def office(folder: Path) -> Report:
    text = (
        "[udp]\ntype=transport\nbind=0.0.0.0\n[1001]\ntype=endpoint\nallow=ulaw\nauth=1001\naors=1001\n"
        "[1001]\ntype=auth\nusername=1001\npassword=geheim\n[1001]\ntype=aor\n"
    )
    write_tree(folder, {"pjsip.conf": text})
    return check_tree(folder, select=("pjsip-aor-max-contacts-zero",))


def test_a_refused_account_is_drawn(tmp_path: Path) -> None:
    found = page(office(tmp_path))
    assert {"refused", "trace-0", "findings", "pjsip-aor-max-contacts-zero"} <= set(found.ids)
    drawing = [value for tag, name, value in found.attributes if (tag, name) == ("svg", "aria-label")]
    assert drawing == ["1001 and chan_pjsip: REGISTER, 401 Unauthorized, REGISTER, 403 Forbidden"]
    assert "aor '1001' takes no registrations" in found.text
    assert "digest user '1001' for realm 'asterisk'" in found.text
    lit = {value for tag, name, value in found.attributes if name == "data-at" and tag == "span"}
    steps = {value for tag, name, value in found.attributes if name == "data-at" and tag == "li"}
    assert {number for value in lit for number in value.split()} <= steps
    assert [value for _, name, value in found.attributes if name == "data-steps"] == [str(len(steps))]


def test_secrets_are_masked(tmp_path: Path) -> None:
    where = source()
    assert "geheim" in where.text
    secret = finding(where, "geheim")
    for given in (office(tmp_path), report(secret)):
        assert "geheim" not in "".join(html.render(given))


def test_a_whole_finding() -> None:
    text = page(report(full(source()))).text
    for piece in (
        "it is wrong",
        "the section",
        "REGISTER -> 401 -> 403",
        "unsafe fix: set type=friend",
        "1 unsafe fix",
    ):
        assert piece in text
    assert "simulated" in text


def test_hostile_text_stays_text() -> None:
    found = page(hostile())
    assert "::error::x ]]> <&\"' \\x00" in found.text
    assert not any(name.startswith("on") for _, name, _ in found.attributes)


def test_what_could_not_be_checked() -> None:
    text = page(report(failures=[Failure("acl.conf", 3, "cannot be read"), Failure("", None, "it broke")])).text
    assert "could not be checked: acl.conf:3: cannot be read" in text
    assert "could not be checked: it broke" in text


@pytest.mark.parametrize(("clean", "words"), [((source(),), "nothing to report"), ((), "nothing was checked")])
def test_nothing_found(clean: tuple[Source, ...], words: str) -> None:
    assert words in page(report(clean=clean)).text


def test_many_findings_make_no_large_page() -> None:
    lines = Source("pjsip.conf", "".join(f"[{number}]\ntype=aor\n" for number in range(10_000)))
    spots = (match.span() for match in re.finditer(r"\[\d+\]", lines.text))
    found = [finding(source())._replace(place=place(lines, *span)) for span in spots]
    text = "".join(html.render(report(*found)))
    assert len(text.encode()) < 500_000
    assert "19999" in text, "every line is named"


def test_many_refused_accounts_are_grouped(tmp_path: Path) -> None:
    phones = "".join(
        f"[{n}]\ntype=endpoint\nallow=ulaw\nauth={n}\naors={n}\n[{n}]\ntype=auth\nusername={n}\npassword=x\n"
        f"[{n}]\ntype=aor\n"
        for n in range(100, 400)
    )
    write_tree(tmp_path, {"pjsip.conf": "[udp]\ntype=transport\nbind=0.0.0.0\n" + phones})
    found = page(check_tree(tmp_path, select=("pjsip-aor-max-contacts-zero",)))
    assert sum(name.startswith("trace-") for name in found.ids) == html.MAX_TRACES
    assert "for the same reason: 112, 113" in found.text
    assert f"and {300 - html.MAX_ROWS - html.MAX_NAMES} more" in found.text
