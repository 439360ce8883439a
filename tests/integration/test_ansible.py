"""The collection, built and installed by the real ansible-galaxy and run by the real ansible-playbook on this host."""

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
from tests.integration.support import ROOT, run
from tests.support import write_tree

pytest.importorskip("ansible.release", reason="ansible-core is not installed: pip install 'sip-cfglint[integration]'")

README = (ROOT / "ansible" / "README.md").read_text()
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)

PHONE = "[402](phone)\nauth=402\naors=402\n[402]\ntype=auth\nusername=402\npassword=Flint-91-oak\n[402](phone-aor)\n"
CANNOT_REGISTER = PHONE.replace("[402](phone-aor)", "[402]\ntype=aor")
MENDABLE = PHONE.replace("aors=402\n", "")


def block(language: str, word: str) -> str:
    return next(text for kind, text in BLOCKS if kind == language and word in text)


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the collection is installed, as its README says."""
    folder = tmp_path_factory.mktemp("collections")
    project = folder / "project"
    project.mkdir()
    shutil.copytree(ROOT / "ansible", project / "ansible", ignore=shutil.ignore_patterns("__pycache__"))
    command = block("sh", "collection install").split()
    assert command[0] == "ansible-galaxy"
    environment = {"ANSIBLE_HOME": str(folder / "home"), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "ansible", "galaxy", *command[1:], "-p", str(folder)]
    done = run(command, project, **environment)
    assert done.returncode == 0, done.stdout
    return folder


class Controller:
    """A folder with an inventory and playbooks, and trees of configuration beside it."""

    def __init__(self, folder: Path, collections: Path) -> None:
        self.folder, self.collections = folder, collections
        (folder / "tmp").mkdir()
        self.tree = folder / "etc" / "asterisk"
        shutil.copytree(ROOT / "fixtures" / "pjsip" / "clean", self.tree)
        with open(self.tree / "pjsip.conf", "a") as stream:
            stream.write("#tryinclude pjsip.d/*.conf\n")
        self.inventory({"here": ""})

    def inventory(self, hosts: dict[str, str]) -> None:
        """All hosts are this one; their variables may say otherwise."""
        local = f"ansible_connection=local ansible_python_interpreter={sys.executable}"
        text = "".join(f"{host} {local} {variables}\n" for host, variables in hosts.items())
        (self.folder / "inventory").write_text(f"[pbx]\n{text}")

    def play(self, playbook: str, *options: str | Path, **variables: Any) -> subprocess.CompletedProcess[str]:
        """Run a playbook, or the collection's one of that name; what is said of /etc/asterisk is said of the tree."""
        name = playbook
        if "\n" in playbook:
            name = "playbook.yml"
            (self.folder / name).write_text(playbook.replace("/etc/asterisk", str(self.tree)))
        return run(
            [
                *(sys.executable, "-m", "ansible", "playbook", "-i", "inventory", name),
                *("-e", json.dumps(variables)),
                *options,
            ],
            self.folder,
            ANSIBLE_HOME=str(self.folder / "home"),
            ANSIBLE_COLLECTIONS_PATH=str(self.collections),
            ANSIBLE_LOCALHOST_WARNING="False",
            PWD=str(self.folder),
            TMPDIR=str(self.folder / "tmp"),
            LC_ALL="C.UTF-8",
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        )

    def tasks(self, *tasks: tuple[str, dict[str, Any]], options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """The results of tasks, one after the other in one play."""
        listed = [
            {
                f"cfglint.sip.{module}": {"paths": [str(self.tree)], **arguments},
                "register": f"result{number}",
                "ignore_errors": True,
            }
            for number, (module, arguments) in enumerate(tasks)
        ]
        write = {
            "ansible.builtin.copy": {
                "content": "{{ hostvars['here'] | dict2items | selectattr('key', 'match', 'result') | to_json }}",
                "dest": f"{self.folder}/results",
            },
            "check_mode": False,
            "diff": False,
        }
        plays = [
            {"hosts": "pbx", "gather_facts": False, "tasks": listed},
            {"hosts": "localhost", "gather_facts": False, "tasks": [write]},
        ]
        (self.folder / "tasks.yml").write_text(json.dumps(plays))
        done = self.play("tasks.yml", *options)
        assert done.returncode == 0, done.stdout
        self.said = done.stdout
        results = {item["key"]: item["value"] for item in json.loads((self.folder / "results").read_text())}
        return [results[f"result{number}"] for number in range(len(tasks))]

    def task(self, module: str, *options: str, **arguments: Any) -> dict[str, Any]:
        """The result of one task."""
        return self.tasks((module, arguments), options=options)[0]

    def content(self) -> dict[str, bytes]:
        """Every file of the tree."""
        return {str(path.relative_to(self.tree)): path.read_bytes() for path in self.tree.rglob("*") if path.is_file()}


@pytest.fixture
def controller(tmp_path: Path, collections: Path) -> Controller:
    return Controller(tmp_path, collections)


def recap(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """The counts of the only host."""
    found = re.findall(r"(\w+)=(\d+)", done.stdout.partition("PLAY RECAP")[2])
    return {name: int(number) for name, number in found}


def paths(findings: list[dict[str, Any]]) -> set[str]:
    return {Path(finding["path"]).name for finding in findings}


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


# ---------------------------------------------------------------------------------------------------------------- role

DEPLOY = block("yaml", "cfglint.sip.deploy").replace("          owner: asterisk\n          group: asterisk\n", "")
RELOAD = "cfglint_deploy_reload: [asterisk, -rx, core reload]"


@pytest.fixture
def deployer(controller: Controller) -> Controller:
    """Templates beside the playbook of the README, and a program that stands for the server's reload."""
    pjsip = (controller.tree / "pjsip.conf").read_text()
    write_tree(controller.folder / "templates", {"pjsip.conf.j2": pjsip, "201.conf.j2": "{{ phone }}"})
    (controller.tree / "pjsip.d").mkdir()
    return controller


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
