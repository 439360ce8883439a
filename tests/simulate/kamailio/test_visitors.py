"""Who must not get in: strangers are put to a script before and after a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import Kamailio, KamailioTree
from cfglint.simulate.kamailio import visitors
from cfglint.simulate.kamailio.visitors import Untold, intruder
from tests.cli.support import run

MODULES = "".join(
    f'loadmodule "{name}.so"\n'
    for name in ("sl", "tm", "textops", "usrloc", "registrar", "auth", "auth_db", "permissions")
)
LISTED = 'modparam("permissions", "address_file", "address.list")\n'
LIST = '    if (!allow_source_address("1")) { sl_send_reply("403", "No"); exit; }\n'
OTHERS = LIST.replace("(!", "(from_uri != myself && !")
PASSWORD = '    if (!auth_check("$fd", "subscriber", "1")) { auth_challenge("$fd", "0"); exit; }\n'
SAVE = '    if (is_method("REGISTER")) { save("location"); exit; }\n'
CALL = '    if (!lookup("location")) { sl_send_reply("404", "Not here"); exit; }\n    t_relay();\n'


def kamailio(folder: Path, *lines: str) -> Kamailio:
    folder.mkdir()
    path = folder / "kamailio.cfg"
    path.write_text(MODULES + LISTED + "request_route {\n" + "".join(lines) + "}\n")
    (folder / "address.list").write_text("1 192.0.2.20\n")
    return KamailioTree(str(path), Files(), Targets()).kamailio


@pytest.mark.parametrize(
    ("before", "after", "who"),
    [
        ((LIST, CALL), (CALL,), "INVITE from outside"),
        ((PASSWORD, SAVE), (SAVE,), "REGISTER of an unknown account"),
        ((PASSWORD, SAVE, PASSWORD, CALL), (SAVE, PASSWORD, CALL), "REGISTER of an unknown account"),
        ((SAVE, PASSWORD, CALL), (SAVE, CALL), "INVITE from outside"),
        ((SAVE, LIST, CALL), (SAVE, OTHERS, CALL), "INVITE from outside"),
        ((SAVE, LIST, PASSWORD, CALL), (SAVE, OTHERS, PASSWORD, CALL), None),
        ((LIST, PASSWORD, SAVE), (LIST.replace("(!", '(!is_method("REGISTER") && !'), PASSWORD, SAVE), None),
        ((LIST, CALL), (LIST.replace('"1"', '"2"'), CALL), None),
        ((CALL,), (LIST, CALL), None),
    ],
    ids=[
        "a list",
        "a password",
        "before a list",
        "for calls",
        "own users",
        "own users with a password",
        "registrations",
        "a group",
        "shut",
    ],
)
def test_who_gets_in(tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], who: str | None) -> None:
    found = intruder(kamailio(tmp_path / "a", *before), kamailio(tmp_path / "b", *after))
    assert (found.who if found is not None else None) == who


def test_own_users_without_a_password_are_strangers(tmp_path: Path) -> None:
    """Anybody can write the server's own domain into From."""
    open_to_own = LIST.replace("(!allow", '($fd != "example.com" && !allow')
    found = intruder(kamailio(tmp_path / "a", LIST, CALL), kamailio(tmp_path / "b", open_to_own, CALL))
    assert found is not None
    assert found.who == "INVITE from outside"


def test_one_who_loops_is_in(tmp_path: Path) -> None:
    """With nowhere to go a request comes back to this server: it was let through all the same."""
    found = intruder(kamailio(tmp_path / "a", LIST, "t_relay();"), kamailio(tmp_path / "b", "t_relay();"))
    assert found is not None


def test_a_script_of_too_many_ways_is_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "MAX_WORK", 5)
    before = kamailio(tmp_path / "a", PASSWORD, SAVE)
    for name in ("b", "c"):  # the second change is not even tried
        with pytest.raises(Untold):
            intruder(before, kamailio(tmp_path / name, PASSWORD, SAVE, CALL))
    assert before.shared[Untold] is True


def test_a_fix_of_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "MAX_WORK", 5)
    path = tmp_path / "kamailio.cfg"
    path.write_text(MODULES + "request_route {\n    if ($var(x) = 1) { exit; }\n" + PASSWORD + SAVE + "}\n")
    result = run("fix", "--unsafe", "--no-config", path)
    assert result.stdout == ""
    assert "nobody can tell whom it would let in" in result.stderr
