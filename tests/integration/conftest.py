"""What the tests of the collection share."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.integration.ansible_controller import Controller, block
from tests.integration.support import ROOT, run
from tests.support import write_tree


@pytest.fixture(scope="session")
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


@pytest.fixture
def controller(tmp_path: Path, collections: Path) -> Controller:
    return Controller(tmp_path, collections)


@pytest.fixture
def deployer(controller: Controller) -> Controller:
    """Templates beside the playbook of the README, and a program that stands for the server's reload."""
    pjsip = (controller.tree / "pjsip.conf").read_text()
    write_tree(controller.folder / "templates", {"pjsip.conf.j2": pjsip, "201.conf.j2": "{{ phone }}"})
    (controller.tree / "pjsip.d").mkdir()
    return controller
