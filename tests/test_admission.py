"""A fix may help the account it is about, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cfglint.admission import compare, fix
from cfglint.cli import cli
from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import KamailioTree
from cfglint.trees import trees
from tests.support import request, write_tree

UDP = "[udp]\ntype=transport\nbind=0.0.0.0\n"
AUTH = "[1001]\ntype=auth\nusername=1001\npassword=s3cret\n"
AOR = "[1001]\ntype=aor\nmax_contacts=1\n"


def test_whom_a_fix_helps_is_said_in_front_of_the_patch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, {"pjsip.conf": UDP + "[1001]\ntype=endpoint\nauth=1001\n" + AUTH + AOR})
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["fix", "."])
    assert result.stdout.startswith("# REGISTER 1001: 401 403 -> 401 200\n# nobody else is let in\n--- a/pjsip.conf\n")


def test_an_account_without_a_password_is_not_brought_to_life(tmp_path: Path) -> None:
    """With the unknown option gone the endpoint would exist, and whoever calls himself 1001 could call."""
    text = UDP + "[1001]\ntype=endpoint\nallow=ulaw\nnat=yes\n"
    write_tree(tmp_path, {"pjsip.conf": text})
    judged = fix(request(tmp_path), {}, unsafe=True)
    assert judged.outcome.texts == {}
    assert [finding.check for finding, _ in judged.refused] == ["pjsip-unknown-option-drops-object"]


def test_other_fixes_are_made_all_the_same(tmp_path: Path) -> None:
    open_door = "[1002]\ntype=endpoint\nallow=ulaw\nnat=yes\n"
    text = UDP + open_door + "[1001]\ntype=endpoint\nauth=1001\naor=1001\n" + AUTH + AOR
    write_tree(tmp_path, {"pjsip.conf": text})
    judged = fix(request(tmp_path), {}, unsafe=True)
    ((_, after),) = judged.outcome.texts.values()
    assert "aors=1001" in after
    assert "nat=yes" in after
    assert [str(change) for change in judged.changes if change.improved] == ["REGISTER 1001: 401 401 -> 401 200"]


def test_a_foreign_address_stays_outside(tmp_path: Path) -> None:
    account = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\npermit=10.0.0.0/8\ndeny=0.0.0.0/0\n"
    write_tree(tmp_path, {"sip.conf": "[general]\nallowguest=no\n" + account})
    judged = fix(request(tmp_path), {}, unsafe=True)
    assert [str(change) for change in judged.changes if change.improved] == ["REGISTER 1001: 401 403 -> 401 200"]
    assert judged.refused == []


TRUNK = "[carrier]\ntype=endpoint\nallow=ulaw\nauth=1001\n"
IDENTIFY = "[carrier]\ntype=identify\nendpoint=carrier\nmatch=203.0.113.20\n"


def test_a_trunk_is_let_in_by_its_address_alone(tmp_path: Path) -> None:
    write_tree(tmp_path, {"pjsip.conf": UDP + TRUNK + IDENTIFY + AUTH})
    judged = fix(request(tmp_path), {}, unsafe=True)
    assert [str(c) for c in judged.changes if c.improved] == ["INVITE from carrier at 203.0.113.20: 401 -> 200"]
    assert judged.refused == []


def test_a_call_from_its_own_address_is_no_stranger_s(tmp_path: Path) -> None:
    """The address that the fix permits is the one at which the trunk is recognised, without a password."""
    trunk = "[carrier]\ntype=endpoint\nallow=ulaw\nidentify_by=ip\ndeny=0.0.0.0/0\npermit=198.51.100.0/24\n"
    write_tree(tmp_path, {"pjsip.conf": UDP + trunk + IDENTIFY})
    judged = fix(request(tmp_path), {}, unsafe=True)
    assert [str(c) for c in judged.changes if c.improved] == ["INVITE from carrier at 203.0.113.20: 401 -> 200"]
    assert judged.refused == []


def test_a_door_that_was_shut_by_mistake_stays_shut(tmp_path: Path) -> None:
    """Nothing of the file is loaded now; afterwards the trunk without a password would be found by its name."""
    trunk = "[carrier]\ntype=endpoint\nallow=ulaw\n"
    write_tree(tmp_path, {"pjsip.conf": UDP + trunk + "[1001](phone)\ntype=aor\nmax_contacts=1\nremove_existing=yes\n"})
    judged = fix(request(tmp_path), {}, unsafe=True)
    assert judged.outcome.texts == {}
    ((finding, change),) = judged.refused
    assert finding.check == "conf-inherit-unknown-base"
    assert str(change) == "INVITE from carrier without credentials: timeout -> 200"


def test_of_many_fixes_only_the_harmful_ones_are_left_out(tmp_path: Path) -> None:
    doors = "".join(f"[{name}]\ntype=endpoint\nallow=ulaw\nnat=yes\n" for name in ("2001", "2002"))
    phones = "".join((AUTH + AOR + "[1001]\ntype=endpoint\nauth=1001\n").replace("1001", str(n)) for n in range(11, 31))
    write_tree(tmp_path, {"pjsip.conf": UDP + doors + phones})
    judged = fix(request(tmp_path), {}, unsafe=True)
    ((_, after),) = judged.outcome.texts.values()
    assert after.count("aors=") == 20
    assert after.count("nat=yes") == 2
    assert len(judged.refused) == 2


def test_chan_sip_is_judged_beside_pjsip(tmp_path: Path) -> None:
    account = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\npermit=10.0.0.0/8\ndeny=0.0.0.0/0\n"
    write_tree(tmp_path, {"sip.conf": "[general]\nallowguest=no\nbindport=5062\n" + account, "pjsip.conf": UDP})
    judged = fix(request(tmp_path), {}, unsafe=True)
    assert [str(c) for c in judged.changes if c.improved] == ["REGISTER 1001: 401 403 -> 401 200"]


def test_an_account_that_loses_its_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = "[kitchen]\ntype=friend\nhost=dynamic\ndefaultuser=1001\nsecret=s3cret\n"
    write_tree(tmp_path, {"sip.conf": "[general]\nallowguest=no\n" + account})
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["fix", ".", "--unsafe"])
    assert result.stdout.startswith(
        "# REGISTER 1001: 401 403 -> 401 200\n# REGISTER kitchen: 401 200 -> 401 403\n# nobody else is let in\n"
    )


SCRIPT = """listen=udp:192.0.2.10:5060
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "auth_db.so"
request_route {
    if (!auth_check("$fd", "subscriber", "1")) {
        sl_send_reply("403", "Forbidden");
        exit;
    }
    save("location");
}
"""


def test_a_routing_script_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, {"kamailio.cfg": SCRIPT})
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["fix", "--unsafe", "."])
    assert result.stdout.startswith("# REGISTER 1001: 403 -> 401 200\n# nobody else is let in\n--- a/kamailio.cfg\n")


def test_a_script_that_is_opened_is_seen(tmp_path: Path) -> None:
    write_tree(tmp_path / "a", {"kamailio.cfg": SCRIPT})
    write_tree(tmp_path / "b", {"kamailio.cfg": SCRIPT.replace("!auth_check", "auth_check")})
    old, new = (trees(request(tmp_path / name).roots, Files(), Targets(), None, []) for name in "ab")
    (tree,) = new
    assert isinstance(tree, KamailioTree)
    tree.roots = {next(iter(old[0].roots)): config for config in tree.roots.values()}
    assert "REGISTER of an unknown account" in {change.who for change in compare(old, new) if change.harmful}
