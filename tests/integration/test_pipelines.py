"""The composite action and the examples for CI servers: their commands are run here as those servers run them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ruamel.yaml import YAML

from tests.integration.support import EXAMPLES, NO_NETWORK, ROOT, copy_project, new_repository, run
from tests.support import write_tree

BAD_PHONE = "[402](phone)\nauth=402\naors=402\n[402]\ntype=auth\nusername=402\npassword=Flint-91-oak\n[402]\ntype=aor\n"
FINDING = "pjsip-aor-max-contacts-zero"


pytest.importorskip(
    "pre_commit", reason="installing cfglint takes long: only where pip install 'sip-cfglint[integration]' was said"
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings of pip for a package index that has the project as it is now; skips where it cannot be made."""
    folder = tmp_path_factory.mktemp("index")
    copy_project(folder / "cfglint")
    done = bash(f"'{sys.executable}' -m pip wheel --quiet --wheel-dir wheels ./cfglint 'setuptools>=77'", folder)
    if NO_NETWORK.search(done.stdout):
        pytest.skip("cfglint cannot be built here: pip reaches no package index")
    assert done.returncode == 0, done.stdout
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder / "wheels"), "PROJECT": str(folder / "cfglint")}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Trees of both servers, one of which has a fault."""
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "fixtures" / "pjsip" / "clean", folder / "asterisk")
    with open(folder / "asterisk" / "pjsip.conf", "a") as stream:
        stream.write("#tryinclude phones.conf\n")
    write_tree(folder, {"kamailio/kamailio.cfg": "#!KAMAILIO\nrequest_route {\n\texit;\n}\n"})
    write_tree(folder, {"asterisk/phones.conf": BAD_PHONE})
    new_repository(folder)
    return folder


def bash(script: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as CI servers do: it ends at the first command that fails."""
    path = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    return run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd, **{"PATH": path, **environment})


def load(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path)


# -------------------------------------------------------------------------------------------------------------- GitHub

ACTION = load(ROOT / "action.yml")
WORKFLOW = load(EXAMPLES / "github-workflow.yml")


class Runner:
    """Runs the action's steps as the runner of GitHub Actions does; cfglint is installed once."""

    def __init__(self, temporary: Path, index: dict[str, str]) -> None:
        self.temporary, self.index = temporary, index
        self.inputs = {name: described["default"] for name, described in ACTION["inputs"].items()}

    def step(self, name: str, folder: Path, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """One step, with the inputs put in where they stand."""
        assert set(given) <= set(self.inputs), "an input that is not there"
        values = {f"inputs.{key}": value for key, value in {**self.inputs, **given}.items()}
        values["github.action_path"] = self.index["PROJECT"]
        (step,) = (step for step in ACTION["runs"]["steps"] if step["name"] == name)
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "what others write must not become part of a script"
        filled = {
            key: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: values[found[1]], text)
            for key, text in step["env"].items()
        }
        environment = {"RUNNER_TEMP": str(self.temporary), "GITHUB_ACTIONS": "true", **self.index, **filled}
        return bash(step["run"], folder, **environment)

    def check(self, folder: Path, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """The step that matters."""
        return self.step("Run cfglint", folder, given)


@pytest.fixture(scope="module")
def runner(index: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner on which the first step has installed cfglint."""
    folder = tmp_path_factory.mktemp("runner")
    runner = Runner(folder, index)
    done = runner.step("Install cfglint", folder, {})
    assert done.returncode == 0, done.stdout
    return runner


def test_the_workflow(runner: Runner, repository: Path) -> None:
    """The example marks the line, fails, and leaves the file that it uploads."""
    _, ours, upload = WORKFLOW["jobs"]["cfglint"]["steps"]
    done = runner.check(repository, ours["with"])
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert line.startswith("::error file=asterisk/phones.conf,line=8,")
    assert upload["if"] == "always()"
    (result,) = json.loads((repository / upload["with"]["sarif_file"]).read_text())["runs"][0]["results"]
    assert result["ruleId"] == FINDING
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "asterisk/phones.conf"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, 1),
        ({"fail-on": "never"}, 0),
        ({"paths": "kamailio"}, 0),
        ({"paths": "kamailio asterisk/pjsip.conf"}, 1),
        ({"paths": "nosuch"}, 2),
        ({"targets": "asterisk=7"}, 2),
        ({"paths": "kamailio; touch injected", "fail-on": "$(touch injected)"}, 2),
        ({"paths": "--version"}, 2),
    ],
)
def test_inputs_of_the_action(runner: Runner, repository: Path, given: dict[str, str], code: int) -> None:
    assert runner.check(repository, given).returncode == code
    assert not (repository / "injected").exists()


# -------------------------------------------------------------------------------------------------- GitLab and Jenkins


def test_gitlab(index: dict[str, str], repository: Path, tmp_path: Path) -> None:
    """In an environment of its own, which stands for the image."""
    job = load(EXAMPLES / "gitlab-ci.yml")["cfglint"]
    venv.create(tmp_path / "image", with_pip=True)
    script = "\n".join([*job["before_script"], *job["script"]])
    done = bash(script, repository, PATH=f"{tmp_path}/image/bin:/usr/bin:/bin", **index)
    assert done.returncode == 1
    assert f"[{FINDING}]" in done.stdout
    reports = job["artifacts"]["reports"]
    (issue,) = json.loads((repository / reports["codequality"]).read_text())
    assert issue["location"] == {"path": "asterisk/phones.conf", "lines": {"begin": 8, "end": 8}}
    assert ElementTree.parse(repository / reports["junit"]).getroot().attrib["failures"] == "1"
    assert job["artifacts"]["when"] == "always", "else there is no report of a job that failed"


def test_jenkins(index: dict[str, str], repository: Path) -> None:
    text = (EXAMPLES / "Jenkinsfile").read_text()
    scripts = re.findall(r"^ +sh '(.*)'$", text, re.MULTILINE)
    done = bash("\n".join(scripts), repository, **index)
    assert done.returncode == 1
    assert f"[{FINDING}]" in done.stdout
    (tests,) = re.findall(r"junit '(.*)'", text)
    (issues,) = re.findall(r"checkStyle\(pattern: '(.*)'\)", text)
    assert ElementTree.parse(repository / tests).getroot().attrib["failures"] == "1"
    files = [file.attrib["name"] for file in ElementTree.parse(repository / issues).getroot()]
    assert files == ["asterisk/phones.conf"]
