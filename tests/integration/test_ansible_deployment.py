"""Deploying with the collection: its role, ``validate``, and a fleet of machines."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.integration.ansible_controller import CANNOT_REGISTER, MENDABLE, PHONE, Controller, block, recap
from tests.integration.support import ROOT
from tests.support import write_tree

pytest.importorskip("ansible.release", reason="ansible-core is not installed: pip install 'sip-cfglint[integration]'")

# ---------------------------------------------------------------------------------------------------------------- role

DEPLOY = block("yaml", "cfglint.sip.deploy").replace("          owner: asterisk\n          group: asterisk\n", "")
RELOAD = "cfglint_deploy_reload: [asterisk, -rx, core reload]"


def deploy(
    controller: Controller, phone: str, *options: str, reload: str = "touch reloaded"
) -> subprocess.CompletedProcess[str]:
    """Render, check, install; the reload is a shell command in the controller's folder."""
    shell = json.dumps(["sh", "-c", f"cd '{controller.folder}' && {reload}"])
    return controller.play(DEPLOY.replace(RELOAD, f"cfglint_deploy_reload: {shell}"), *options, phone=phone)


def stages(controller: Controller) -> list[str]:
    return [name for name in os.listdir(controller.folder / "tmp") if name.startswith("cfglint-")]


def test_the_role_deploys_what_is_good(deployer: Controller) -> None:
    done = deploy(deployer, PHONE, "--check", "--diff")
    assert done.returncode == 0, done.stdout
    assert not (deployer.tree / "pjsip.d/201.conf").exists()
    assert not (deployer.folder / "reloaded").exists()
    assert "Flint" not in done.stdout
    done = deploy(deployer, PHONE, "--diff")
    assert done.returncode == 0, done.stdout
    assert (deployer.tree / "pjsip.d/201.conf").read_text() == PHONE
    assert stat.S_IMODE((deployer.tree / "pjsip.d/201.conf").stat().st_mode) == 0o640
    assert (deployer.folder / "reloaded").exists()
    assert "Flint" not in done.stdout
    (deployer.folder / "reloaded").unlink()
    again = deploy(deployer, PHONE)
    assert recap(again)["changed"] == 0, again.stdout
    assert not (deployer.folder / "reloaded").exists(), "nothing changed, so nothing is reloaded"
    assert stages(deployer) == []


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_a_bad_template_never_reaches_the_server(deployer: Controller, options: tuple[str, ...]) -> None:
    before = deployer.content()
    done = deploy(deployer, CANNOT_REGISTER, *options)
    assert done.returncode != 0
    assert "pjsip.d/201.conf:8:2: error: aor '402' has no max_contacts" in done.stdout
    assert "Flint" not in done.stdout
    assert deployer.content() == before
    assert not (deployer.folder / "reloaded").exists()
    assert stages(deployer) == []


def test_a_reload_that_fails_brings_the_old_files_back(deployer: Controller) -> None:
    """Of a file that was there and of one that was not."""
    with open(deployer.folder / "templates" / "pjsip.conf.j2", "a") as stream:
        stream.write("; new\n")
    path = deployer.tree / "pjsip.conf"
    path.chmod(0o604)
    before = deployer.content()
    done = deploy(deployer, PHONE, reload="echo x >> reloads; test $(wc -l < reloads) = 2")
    assert done.returncode != 0
    assert "Reload failed: " in done.stdout
    assert "the old configuration is back" in done.stdout
    assert deployer.content() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert (deployer.folder / "reloads").read_text() == "x\nx\n", "what was there is loaded again"
    assert stages(deployer) == []


# ------------------------------------------------------------------------------------------------ validate and others


def test_validate(deployer: Controller) -> None:
    """The example of the README: the target has cfglint here."""
    play = block("yaml", "validate:")
    done = deployer.play(play, phone=CANNOT_REGISTER)
    assert done.returncode != 0
    assert "201.conf:8:2: error: aor '402' has no max_contacts" in done.stdout, "the message is shown"
    assert not (deployer.tree / "pjsip.d/201.conf").exists()
    done = deployer.play(play, phone=PHONE)
    assert done.returncode == 0, done.stdout
    assert (deployer.tree / "pjsip.d/201.conf").read_text() == PHONE


def test_check_and_mend_as_in_the_readme(controller: Controller) -> None:
    write_tree(controller.tree, {"pjsip.d/402.conf": MENDABLE})
    play = block("yaml", "config_fix")
    done = controller.play(play)
    assert done.returncode == 0, done.stdout
    assert recap(done)["changed"] == 1
    again = controller.play(play)
    assert (again.returncode, recap(again)["changed"]) == (0, 0)


# --------------------------------------------------------------------------------------------------------------- fleet


def test_a_fleet(controller: Controller, tmp_path: Path) -> None:
    """Good, bad, without Python, unreachable and without configuration, in one report."""
    shutil.copytree(controller.tree, tmp_path / "bad")
    write_tree(tmp_path, {"bad/pjsip.d/402.conf": CANNOT_REGISTER + "callerid Bob|*x*\n", "none/x": ""})
    controller.inventory(
        {
            "good": f"tree={controller.tree}",
            "bad": f"tree={tmp_path}/bad",
            "nopython": "ansible_python_interpreter=/nosuch/python3",
            "away": "ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1",
            "empty": f"tree={tmp_path}/none",
        }
    )
    command = block("sh", "cfglint.sip.fleet").split()
    assert command[:4] == ["ansible-playbook", "-i", "inventory", "cfglint.sip.fleet"]
    (tmp_path / "group.json").write_text(json.dumps({"cfglint_paths": ["{{ tree | default('/nosuch') }}"]}))
    done = controller.play(command[3], *command[4:], "-e", "@group.json")
    assert done.returncode != 0
    assert "not as it should be: bad, nopython, away, empty" in done.stdout
    report = (tmp_path / "fleet.md").read_text()
    assert "5 hosts, 4 of them with errors or warnings, or not checked." in report
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in report.splitlines() if line[:1] == "|"]
    assert table[0] == ["host", "errors", "warnings", "infos", "conf-no-equals", "pjsip-aor-max-contacts-zero"]
    assert {row[0]: row[1:] for row in table[2:]} == {
        "good": ["", "", "", "", ""],
        "bad": ["1", "1", "", "1", "1"],
        "nopython": ["not checked", "", "", "", ""],
        "away": ["not checked", "", "", "", ""],
        "empty": ["not checked", "", "", "", ""],
    }
    assert "Not checked: the target has no Python" in report
    assert "Flint" not in report
    log = json.loads((tmp_path / "fleet.sarif").read_text())
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "tests" / "render" / "sarif-2.1.0-rtm.5.json").read_text())
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(log)
    (fleet,) = log["runs"]
    rules = [rule["id"] for rule in fleet["tool"]["driver"]["rules"]]
    assert [rules[found["ruleIndex"]] for found in fleet["results"]] == [found["ruleId"] for found in fleet["results"]]
    places = {found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for found in fleet["results"]}
    assert places == {f"file://bad{tmp_path}/bad/pjsip.d/402.conf"}
    assert {i["machine"]: i["executionSuccessful"] for i in fleet["invocations"]} == {
        "good": True,
        "bad": True,
        "nopython": False,
        "away": False,
        "empty": False,
    }


def test_a_good_fleet(controller: Controller, tmp_path: Path) -> None:
    controller.inventory({"a": "", "b": ""})
    done = controller.play("cfglint.sip.fleet", cfglint_paths=[str(controller.tree)])
    assert done.returncode == 0, done.stdout
    assert "2 hosts, all good." in (tmp_path / "cfglint-fleet.md").read_text()
