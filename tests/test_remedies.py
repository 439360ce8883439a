"""What would turn a refusal into 200, and what would not, shown by the command itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cfglint.cli import cli
from tests.support import write_tree

UDP = "[udp]\ntype=transport\nbind=0.0.0.0\n"
PHONE = "[1001]\ntype=endpoint\nallow=ulaw\nauth=1001\naors=1001\n[1001]\ntype=auth\nusername=u-1\npassword=s3cret\n"


def said(folder: Path, files: dict[str, str], *arguments: str) -> str:
    write_tree(folder, files)
    result = CliRunner().invoke(cli, ["trace", str(folder), *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_fix_that_helps_is_named(tmp_path: Path) -> None:
    text = said(tmp_path, {"pjsip.conf": UDP + PHONE + "[1001]\ntype=aor\n"}, "--as-phone", "1001")
    assert "type into the phone: User ID 1001, Auth ID u-1, domain pbx.example, transport UDP" in text
    assert "REGISTER: 401 -> 403 (asterisk 22)" in text
    assert "would change it: let one device register to aor '1001'" in text
    assert "will not help: typing the password again" in text


def test_another_transport_is_only_called_futile_where_it_is(tmp_path: Path) -> None:
    peer = "[1001]\ntype=friend\nhost=dynamic\nsecret=x\n"
    listed = said(
        tmp_path / "1", {"sip.conf": "[general]\ntcpenable=yes\n" + peer + "deny=0.0.0.0/0\n"}, "--as-phone", "1001"
    )
    assert "will not help: TCP in place of UDP" in listed
    bound = said(
        tmp_path / "2", {"sip.conf": "[general]\ntcpenable=yes\n" + peer + "transport=tcp\n"}, "--register", "1001@pbx"
    )
    assert "REGISTER: 401 -> 403" in bound
    assert "TCP in place of UDP" not in bound


def test_a_fix_that_does_not_help_is_not_named(tmp_path: Path) -> None:
    """The misspelled option of another account can be fixed, and changes nothing for this one."""
    other = "[1002]\ntype=endpoint\naor=1002\n"
    text = said(tmp_path, {"pjsip.conf": UDP + PHONE + "[1001]\ntype=aor\n" + other}, "--as-phone", "1001")
    assert "write 'aors' for 'aor'" not in text


def test_an_accepted_request_needs_no_advice(tmp_path: Path) -> None:
    good = UDP + PHONE + "[1001]\ntype=aor\nmax_contacts=1\n"
    text = said(tmp_path, {"pjsip.conf": good}, "--as-phone", "1001")
    assert "REGISTER: 401 -> 200" in text
    assert "will not help" not in text


def test_no_secret_is_shown(tmp_path: Path) -> None:
    text = said(
        tmp_path,
        {"pjsip.conf": UDP + PHONE + "[1001]\ntype=aor\nmax_contacts=1\n"},
        "--register",
        "1001@pbx",
        "--password",
        "wr0ng-one",
    )
    assert "decided by" in text
    assert "s3cret" not in text
    assert "wr0ng-one" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "say which request"),
        (("--as-phone", "1002"), "there is no account '1002'"),
        (("--register", "1001@pbx", "--source", "here"), "source: 'here' is no IP address"),
        (("--register", "1001@pbx", "--transport", "sctp"), "transport: 'sctp' is none of"),
        (("--requests", "nowhere.yaml"), "there is no such file"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    write_tree(tmp_path, {"pjsip.conf": UDP + PHONE})
    result = CliRunner().invoke(cli, ["trace", str(tmp_path), *arguments])
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
