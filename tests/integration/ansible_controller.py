"""A machine that runs playbooks with the collection, and trees of configuration for it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.integration.support import ROOT, run

README = (ROOT / "ansible" / "README.md").read_text()
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)

PHONE = "[402](phone)\nauth=402\naors=402\n[402]\ntype=auth\nusername=402\npassword=Flint-91-oak\n[402](phone-aor)\n"
CANNOT_REGISTER = PHONE.replace("[402](phone-aor)", "[402]\ntype=aor")
MENDABLE = PHONE.replace("aors=402\n", "")


def block(language: str, word: str) -> str:
    """The first block of code in the README, of a language, that holds a word."""
    return next(text for kind, text in BLOCKS if kind == language and word in text)


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


def recap(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """The counts of the only host."""
    found = re.findall(r"(\w+)=(\d+)", done.stdout.partition("PLAY RECAP")[2])
    return {name: int(number) for name, number in found}


def paths(findings: list[dict[str, Any]]) -> set[str]:
    """The names of the files that findings are in."""
    return {Path(finding["path"]).name for finding in findings}
