"""Which simulated request is shown for a finding, and that it is none where nothing proves the finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.engine import Report
from cfglint.evidence import WHOEVER, Evidence, evidence
from cfglint.knowledge.versions import Targets
from tests.support import check_tree, write_tree

UDP = "[udp]\ntype=transport\nbind=0.0.0.0\n"
AUTH = "[1001]\ntype=auth\nusername=1001\npassword=s3cret\n"


def shown(folder: Path, files: dict[str, str], check: str) -> Evidence | None:
    write_tree(folder, files)
    report = check_tree(folder, select=(check,))
    assert [finding.check for finding in report.findings] == [check]
    (only,) = evidence(report)
    return only


def test_the_account_that_the_finding_is_about(tmp_path: Path) -> None:
    phone = "[1001]\ntype=endpoint\nallow=ulaw\nauth=1001\naors=1001\n[1001]\ntype=aor\nqualify_frequency=60\n"
    found = shown(tmp_path, {"pjsip.conf": UDP + AUTH + phone}, "pjsip-aor-max-contacts-zero")
    assert found is not None
    assert (found.who, found.request.method, found.answer.statuses) == ("1001", "REGISTER", (401, 403))
    assert [exchange.status for exchange in found.answer.exchanges] == [401, 403]
    assert "max_contacts" in found.answer.exchanges[-1].steps[-1].text


def test_what_the_check_says_where_the_finding_does_not(tmp_path: Path) -> None:
    phone = "[1001]\ntype=endpoint\nallow=ulaw\nauth=1001\naors=1001\nsecret=x\n[1001]\ntype=aor\nmax_contacts=1\n"
    found = shown(tmp_path, {"pjsip.conf": UDP + AUTH + phone}, "pjsip-unknown-option-drops-object")
    assert found is not None
    assert (found.who, found.answer.statuses) == ("1001", (401, 401))


def test_the_transport_that_is_refused(tmp_path: Path) -> None:
    text = "[general]\ntcpenable=yes\n[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
    found = shown(tmp_path, {"sip.conf": text}, "sip-transport-missing")
    assert found is not None
    assert (found.who, found.request.transport, found.server) == ("1001", "tcp", "chan_sip")


def test_a_section_in_brackets_that_is_no_account(tmp_path: Path) -> None:
    text = "[phone](!)\ntype=friend\nhost=dynamic\nsecret=s3cret\n[1001] (phone)\n"
    found = shown(tmp_path, {"sip.conf": text}, "conf-inherit-blank-before-paren")
    assert found is not None
    assert (found.who, found.answer.statuses) == ("1001", (401, 403))


def test_a_trunk_calls_from_its_address(tmp_path: Path) -> None:
    trunk = "[itsp]\ntype=endpoint\nallow=ulaw\nauth=itsp\naors=itsp\n[itsp]\ntype=aor\ncontact=sip:192.0.2.9\n"
    identify = "[itsp]\ntype=identify\nendpoint=itsp\nmatch=192.0.2.9\n[itsp]\ntype=auth\nusername=u\npassword=x\n"
    found = shown(tmp_path, {"pjsip.conf": UDP + trunk + identify}, "pjsip-trunk-inbound-auth")
    assert found is not None
    assert (found.request.method, found.request.source.host, found.answer.statuses) == ("INVITE", "192.0.2.9", (401,))


@pytest.mark.parametrize("trunk", ["outbound_auth=x\n", "", "deny=0.0.0.0/0\n"])
def test_nothing_is_shown_that_does_not_prove_it(tmp_path: Path, trunk: str) -> None:
    """A trunk that never registers is not refused, and an answer for another reason proves nothing."""
    text = (
        f"{UDP}[itsp]\ntype=endpoint\nallow=ulaw\naors=itsp\n{trunk}secret=x\n[itsp]\ntype=aor\ncontact=sip:192.0.2.9\n"
    )
    write_tree(tmp_path, {"pjsip.conf": text})
    report = check_tree(tmp_path, select=("pjsip-unknown-option-drops-object",))
    expected = (401, 401) if "outbound_auth" not in trunk else None
    (found,) = evidence(report)
    assert (found.answer.statuses if found is not None else None) == expected


def test_another_reason_is_no_evidence(tmp_path: Path) -> None:
    """The phone is refused over TCP for its transport, which is not what the finding about its name says."""
    text = (
        "[general]\ntcpenable=yes\n[kitchen]\ntype=friend\nhost=dynamic\ndefaultuser=302\n"
        "secret=s3cret\ncallerid=Kitchen <302>\n"
    )
    assert shown(tmp_path, {"sip.conf": text}, "sip-defaultuser-not-auth-name") is None


def test_a_report_without_trees() -> None:
    assert evidence(Report([], [], [], Targets())) == []


def test_kamailio_knows_no_accounts(tmp_path: Path) -> None:
    script = (
        '#!KAMAILIO\nloadmodule "sl.so"\nloadmodule "permissions.so"\n'
        'request_route {\n    if (!allow_trusted()) {\n        sl_send_reply("403", "no");\n        exit;\n    }\n'
        '    sl_send_reply("200", "ok");\n}\n'
    )
    found = shown(tmp_path, {"kamailio.cfg": script}, "kamailio-permissions-no-backend")
    assert found is not None
    assert (found.who, found.answer.statuses) == (WHOEVER, (403,))
