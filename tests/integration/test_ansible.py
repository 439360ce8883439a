"""The collection, built and installed by the real ansible-galaxy and run by the real ansible-playbook on this host:
checking, fixing, and what its README and its documentation say."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from cfglint import __version__
from tests.integration.ansible_controller import CANNOT_REGISTER, MENDABLE, PHONE, Controller, paths
from tests.integration.support import ROOT, run
from tests.support import write_tree

pytest.importorskip("ansible.release", reason="ansible-core is not installed: pip install 'sip-cfglint[integration]'")

# --------------------------------------------------------------------------------------------------------------- check


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_a_good_tree(controller: Controller, options: tuple[str, ...]) -> None:
    result = controller.task("config_check", *options)
    assert (result["failed"], result["changed"], result["findings"]) == (False, False, [])
    assert result["msg"] == "nothing to report"


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_a_bad_tree_fails(controller: Controller, options: tuple[str, ...]) -> None:
    write_tree(controller.tree, {"pjsip.d/402.conf": CANNOT_REGISTER})
    before = controller.content()
    result = controller.task("config_check", *options)
    assert (result["failed"], result["changed"]) == (True, False)
    assert [finding["check"] for finding in result["findings"]] == ["pjsip-aor-max-contacts-zero"]
    assert result["findings"][0]["path"] == str(controller.tree / "pjsip.d/402.conf")
    assert result["msg"].startswith(f"1 error\n{controller.tree}/pjsip.d/402.conf:8:2: error: aor '402' has no")
    assert "Flint" not in controller.said
    assert "Flint" not in json.dumps(result)
    assert controller.content() == before


def test_it_says_what_the_command_says(controller: Controller) -> None:
    shutil.rmtree(controller.tree)
    shutil.copytree(ROOT / "fixtures" / "pjsip" / "office", controller.tree)
    command = [sys.executable, "-m", "cfglint", "check", "--exit-zero", "-f", "json", str(controller.tree)]
    alone = json.loads(run(command, ROOT).stdout)
    result = controller.task("config_check")
    assert result["findings"] == alone["findings"]
    assert result["summary"] == alone["summary"]


def test_it_fails_by_level(controller: Controller) -> None:
    write_tree(controller.tree, {"pjsip.d/402.conf": PHONE + "callerid Bob\n"})
    levels = ("info", "warning", "error", "never")
    results = controller.tasks(
        *(("config_check", {"fail_on": level, "select": ["conf-no-equals"]}) for level in levels)
    )
    assert [[finding["level"] for finding in result["findings"]] for result in results] == [["warning"]] * 4
    assert [result["failed"] for result in results] == [True, True, False, False]


def test_a_file_in_place_of_another(controller: Controller, tmp_path: Path) -> None:
    write_tree(tmp_path, {"stage/new": CANNOT_REGISTER})
    target = str(controller.tree / "pjsip.d" / "402.conf")
    result = controller.task("config_check", overlays={target: str(tmp_path / "stage/new")})
    assert result["failed"]
    assert paths(result["findings"]) == {"402.conf"}


def test_includes_from_elsewhere_and_links_are_followed(controller: Controller, tmp_path: Path) -> None:
    """Also what is not below the directory; and keys stay where they are."""
    write_tree(tmp_path, {"opt/phones/402.conf": CANNOT_REGISTER, "opt/linked/a.conf": "[x]\ntype=aor\n"})
    write_tree(controller.tree, {"keys/pbx.pem": "-----BEGIN", "keys/x": "-----BEGIN", "sounds": "\0", ".git/x": "x"})
    (controller.tree / "pjsip.d").mkdir()
    (controller.tree / "pjsip.d" / "1.conf").symlink_to(tmp_path / "opt/linked/a.conf")
    with open(controller.tree / "pjsip.conf", "a") as stream:
        stream.write(f"#include {tmp_path}/opt/phones/*.conf\n#include ../../opt/phones/402.conf\n")
    result = controller.task("config_check")
    assert "402.conf" in paths(result["findings"])
    assert not any(finding["check"].startswith("conf-include") for finding in result["findings"])
    assert result["summary"]["files"] >= 4
    packed = base64.b64decode(controller.task("tree_read")["archive"])
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        listed = " ".join(archive.getnames())
    assert "402.conf" in listed
    assert not re.search(r"pbx\.pem|keys/x|sounds|\.git", listed)


def test_a_kamailio_tree(controller: Controller, tmp_path: Path) -> None:
    write_tree(tmp_path, {"proxy/kamailio.cfg": '#!KAMAILIO\ninclude_file "routes/main.cfg"\n'})
    write_tree(tmp_path, {"proxy/routes/main.cfg": "request_route {\n\tnosuch();\n}\n"})
    result = controller.task("config_check", paths=[str(tmp_path / "proxy")])
    assert result["failed"]
    assert paths(result["findings"]) == {"main.cfg"}


def test_settings_of_the_target_and_of_the_controller(controller: Controller, tmp_path: Path) -> None:
    write_tree(controller.tree, {"pjsip.d/402.conf": CANNOT_REGISTER, ".cfglint.yaml": "ignore: pjsip\n"})
    write_tree(tmp_path, {"own.yaml": "select: pjsip\n"})
    own = {"settings": str(tmp_path / "own.yaml")}
    results = controller.tasks(("config_check", {}), ("config_check", own))
    assert [result["failed"] for result in results] == [False, True]


def test_bad_input(controller: Controller, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    empty = str(tmp_path / "empty")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"paths": ["/nosuch"]}, "/nosuch: there is no such file; check the path"),
        ({"paths": [empty]}, f"{empty}: holds no sip.conf, pjsip.conf or kamailio*.cfg; name a file, or its directory"),
        ({"select": ["nonsense"]}, "there is no check 'nonsense'; 'cfglint rules' lists"),
        ({"executable": "/nosuch/cfglint"}, "/nosuch/cfglint is not installed on the controller: run 'pip install"),
        ({"fail_on": "fatal"}, "value of fail_on must be one of: info, warning, error, never, got: fatal"),
    ]
    for module in ("config_check", "config_fix"):
        results = controller.tasks(*((module, arguments) for arguments, _ in wrong))
        for (_, message), result in zip(wrong, results, strict=True):
            assert result["failed"]
            assert message in result["msg"]


def test_a_target_without_python(controller: Controller) -> None:
    controller.inventory({"here": "ansible_python_interpreter=/nosuch/python3"})
    for result in controller.tasks(("config_check", {}), ("config_fix", {})):
        assert result["failed"]
        assert result["msg"] == (
            "the target has no Python, with which Ansible reads files there: install python3 (ansible.builtin.raw can),"
            " or set ansible_python_interpreter"
        )


def older_python() -> str:
    """A Python that is too old for cfglint, and not for Ansible."""
    for version in ("3.8", "3.9"):
        found = shutil.which(f"python{version}")
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return os.path.realpath(found)
    pytest.skip("there is no Python 3.8 or 3.9 here")


def test_a_target_with_an_old_python(controller: Controller) -> None:
    controller.inventory({"here": f"ansible_python_interpreter={older_python()}"})
    write_tree(controller.tree, {"pjsip.d/402.conf": MENDABLE})
    bad, mended, good = controller.tasks(("config_check", {}), ("config_fix", {}), ("config_check", {}))
    assert (bad["failed"], mended["changed"], good["failed"]) == (True, True, False)


# ----------------------------------------------------------------------------------------------------------------- fix


def test_fixing(controller: Controller) -> None:
    phone = MENDABLE.replace("username=402\npassword=Flint-91-oak\n", "password=Flint-91-oak\nusername=402\n")
    write_tree(controller.tree, {"pjsip.d/402.conf": phone, "pjsip.d/403.conf": PHONE.replace("402", "403")})
    path = controller.tree / "pjsip.d" / "402.conf"
    path.chmod(0o640)
    before = controller.content()
    planned = controller.task("config_fix", "--check", "--diff")
    assert (planned["failed"], planned["changed"]) == (False, True)
    assert planned["files"] == [{"path": str(path), "checks": ["pjsip-endpoint-missing-aors"]}]
    assert controller.content() == before, "check mode writes nothing"
    assert "+aors=402" in controller.said
    assert "password=********" in controller.said
    assert "Flint" not in controller.said
    done = controller.task("config_fix", "--diff", backup=True)
    assert (done["failed"], done["changed"]) == (False, True)
    assert "Flint" not in controller.said
    assert sorted(path.read_text().splitlines()) == sorted(PHONE.splitlines())
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert Path(done["backup_files"][str(path)]).read_text() == phone
    after = controller.content()
    again = controller.task("config_fix", "--diff", backup=True)
    assert (again["failed"], again["changed"], again["files"], again["diff"]) == (False, False, [], [])
    assert controller.content() == after, "only what has to change does"


def test_only_safe_fixes_unless_asked(controller: Controller) -> None:
    write_tree(controller.tree, {"pjsip.d/402.conf": CANNOT_REGISTER})
    left, done = controller.tasks(
        ("config_fix", {"fail_on": "error"}), ("config_fix", {"fail_on": "error", "unsafe": True})
    )
    assert (left["failed"], left["changed"]) == (True, False)
    assert left["msg"].startswith("mended: nothing; left: 1 error\n")
    assert (done["failed"], done["changed"]) == (False, True)


def test_a_copy_that_the_server_would_read_is_not_made(controller: Controller) -> None:
    write_tree(controller.tree, {"phones/402": MENDABLE})
    with open(controller.tree / "pjsip.conf", "a") as stream:
        stream.write("#include phones/*\n")
    before = controller.content()
    copied, mended = controller.tasks(("config_fix", {"backup": True}), ("config_fix", {}))
    assert copied["failed"]
    assert copied["msg"] == (
        f"{controller.tree}/phones/402: the pattern of an include would read its copy, too; leave 'backup' off;"
        " nothing was changed"
    )
    assert (mended["failed"], mended["changed"]) == (False, True)
    assert sorted(controller.content()) == sorted(before)


def test_bytes_that_are_not_utf8_stay(controller: Controller) -> None:
    write_tree(controller.tree, {"pjsip.d/402.conf": f"; caf\udce9\r\n{MENDABLE}"})
    assert controller.task("config_fix")["changed"]
    assert (controller.tree / "pjsip.d/402.conf").read_bytes().startswith(b"; caf\xe9\r\n")


def write_task(controller: Controller, **arguments: Any) -> dict[str, Any]:
    return controller.task(
        "tree_write", paths=[str(controller.tree / name) for name in arguments.pop("names")], **arguments
    )


def test_a_file_changed_in_between_is_not_written(controller: Controller) -> None:
    """All or none: the first would be right."""
    write_tree(controller.tree, {"a": "old", "b": "changed"})
    old = hashlib.sha256(b"old").hexdigest()
    contents = [base64.b64encode(b"new").decode()] * 2
    before = controller.content()
    result = write_task(controller, names=["a", "b"], checksums=[old, old], contents=contents, backup=True)
    assert result["failed"]
    assert result["msg"] == (f"{controller.tree}/b: was changed by somebody else in the meantime; nothing was changed")
    assert controller.content() == before


# ------------------------------------------------------------------------------------------------------- documentation


@pytest.mark.parametrize("module", ["config_check", "config_fix", "tree_read", "tree_write"])
def test_every_module_is_documented(controller: Controller, module: str) -> None:
    """And nothing is documented that is not there: every option is taken."""
    done = run(
        [sys.executable, "-m", "ansible", "doc", "--json", f"cfglint.sip.{module}"],
        controller.folder,
        ANSIBLE_HOME=str(controller.folder / "home"),
        ANSIBLE_COLLECTIONS_PATH=str(controller.collections),
        LC_ALL="C.UTF-8",
    )
    assert done.returncode == 0, done.stdout
    doc = json.loads(done.stdout[done.stdout.index("{") :])[f"cfglint.sip.{module}"]["doc"]
    options = set(doc["options"])
    folder = ROOT / "ansible" / "plugins"
    code = (folder / ("modules" if module.startswith("tree") else "action") / f"{module}.py").read_text()
    code = code.partition("argument_spec")[2]
    if module.startswith("config"):
        code += (folder / "plugin_utils" / "judging.py").read_text().partition("OPTIONS")[2].partition("\n}\n")[0]
    taken = set(re.findall(r'"(\w+)": \{"type"', code))
    assert taken - ({"overlays"} if module == "config_fix" else set()) == options


def test_one_version() -> None:
    assert f"version: {__version__}\n" in (ROOT / "ansible" / "galaxy.yml").read_text()
