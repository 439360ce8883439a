"""What config_check and config_fix have in common: the tree is read on the target and judged on the controller.

The controller's own cfglint is run as a program, fed with an archive on standard input. So a target needs nothing but a
Python that Ansible can use, one version judges the whole fleet, and secrets never touch the controller's disk.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

OPTIONS: dict[str, dict[str, Any]] = {
    "paths": {"type": "list", "elements": "path", "default": []},
    "overlays": {"type": "dict", "default": {}},
    "targets": {"type": "list", "elements": "str", "default": []},
    "select": {"type": "list", "elements": "str", "default": []},
    "ignore": {"type": "list", "elements": "str", "default": []},
    "installed_at": {"type": "path"},
    "settings": {"type": "path"},
    "executable": {"type": "path"},
}
"""The options of both."""

LEVELS = ["info", "warning", "error", "never"]
"""What ``fail_on`` takes."""

NO_PYTHON = (
    "the target has no Python, with which Ansible reads files there: install python3 (ansible.builtin.raw can), or set"
    " ansible_python_interpreter"
)

SHOWN = 10
"""So many findings are told in a message."""


def fails(fail_on: str, report: dict[str, Any]) -> bool:
    """Does a task fail for what is left: for findings of a level, or because something could not be judged?"""
    enough = [] if fail_on == "never" else LEVELS[LEVELS.index(fail_on) : -1]
    return bool(report["failures"]) or any(finding["level"] in enough for finding in report["findings"])


class Unreadable(Exception):
    """The result of a module that could not read the tree."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__()
        self.result = result


def read(action: ActionBase, given: dict[str, Any], task_vars: dict[str, Any]) -> bytes:
    """The tree on the target as a tar archive; raises `Unreadable`."""
    result = action._execute_module(
        module_name="cfglint.sip.tree_read",
        module_args={"paths": given["paths"], "overlays": given["overlays"]},
        task_vars=task_vars,
    )
    if result.get("failed"):
        if result.get("rc") == 127 and not result.get("module_stdout"):
            raise Unreadable({"failed": True, "msg": NO_PYTHON})
        result.pop("invocation", None)
        raise Unreadable(result)
    return base64.b64decode(result["archive"])


def judge(command: list[str], given: dict[str, Any], archive: bytes, folder: str) -> dict[str, Any]:
    """What cfglint says of an archive, as its JSON; it is run in `folder`, which belongs to no repository. Raises
    `AnsibleActionFail` where it could not do its work."""
    done = _run([*command, *_options(given), "--", *given["paths"]], given, archive, folder)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.decode(errors="replace").strip() or f"cfglint ended with exit code {done.returncode}"
        raise AnsibleActionFail(said.removeprefix("cfglint: ")) from None
    return found


def would_be_read(copies: dict[str, str], given: dict[str, Any], archive: bytes, folder: str) -> str | None:
    """Of the copies that will lie beside files (copy to file) one that an include's pattern would read, too."""
    overlays = [f"--overlay={copy}={path}" for copy, path in copies.items()]
    arguments = ["check", "--verbose", "--exit-zero", *overlays, *_options(given), "--", *given["paths"]]
    said = _run(arguments, given, archive, folder).stderr.decode(errors="surrogateescape").splitlines()
    return next((copy for copy in copies if f"read {copy}" in said), None)


def _run(
    arguments: list[str], given: dict[str, Any], archive: bytes, folder: str
) -> subprocess.CompletedProcess[bytes]:
    command = [find_executable(given["executable"]), *arguments]
    return subprocess.run(command, input=archive, capture_output=True, cwd=folder, check=False)  # noqa: S603 - no shell


def _options(given: dict[str, Any]) -> list[str]:
    """What the task says, as options of the command."""
    arguments = ["--archive", "-"]
    for option in ("select", "ignore"):
        if given[option]:
            arguments += [f"--{option}", ",".join(given[option])]
    for target in given["targets"]:
        arguments += ["--target", target]
    if given["installed_at"]:
        arguments += ["--installed-at", given["installed_at"]]
    if given["settings"]:
        arguments += ["--config", os.path.abspath(given["settings"])]
    return arguments


def find_executable(chosen: str | None) -> str:
    """The controller's cfglint: the chosen one, else that of Ansible's own environment, else one on the PATH."""
    beside = os.path.join(os.path.dirname(sys.executable), "cfglint")
    found = shutil.which(chosen) if chosen else shutil.which(beside) or shutil.which("cfglint")
    if found is None:
        raise AnsibleActionFail(
            f"{chosen or 'cfglint'} is not installed on the controller: run 'pip install sip-cfglint' in Ansible's"
            " environment, or set 'executable'"
        )
    return os.path.abspath(found)


def counts(findings: list[dict[str, Any]]) -> str:
    """Such as ``2 errors, 1 info``."""
    levels = [finding["level"] for finding in findings]
    parts = []
    for level in ("error", "warning", "info"):
        number = levels.count(level)
        if number:
            parts.append(f"{number} {level}" if number == 1 or level == "info" else f"{number} {level}s")
    return ", ".join(parts) or "nothing to report"


def lines(report: dict[str, Any]) -> list[str]:
    """What could not be checked and what was found, the worst first, a line each."""
    found = [f"{failure['path']}: {failure['message']}" for failure in report["failures"]]
    order = ["error", "warning", "info"]
    for finding in sorted(report["findings"], key=lambda finding: order.index(finding["level"])):
        place = f"{finding['path']}:{finding['start']['line']}:{finding['start']['column']}"
        found.append(f"{place}: {finding['level']}: {finding['message']} [{finding['check']}]")
    more = len(found) - SHOWN
    return found if more <= 0 else [*found[:SHOWN], f"and {more} more"]
