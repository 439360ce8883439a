"""Runs on the controller for the module config_check."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.cfglint.sip.plugins.plugin_utils.judging import (
    LEVELS,
    OPTIONS,
    Unreadable,
    counts,
    fails,
    judge,
    lines,
    read,
)


class ActionModule(ActionBase):  # type: ignore[misc]
    """Reads the tree on the target and judges it here; changes nothing anywhere."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The task's result."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, given = self.validate_argument_spec(
            {
                **OPTIONS,
                "fail_on": {"type": "str", "choices": LEVELS, "default": "warning"},
                "sarif": {"type": "bool", "default": False},
            }
        )
        try:
            archive = read(self, given, task_vars or {})
        except Unreadable as error:
            return {**result, **error.result}
        report, sarif = _judged(given, archive)
        if sarif is not None:
            result["sarif"] = sarif
        found = report["findings"]
        result |= {
            "changed": False,
            "failed": fails(given["fail_on"], report),
            "findings": found,
            "failures": report["failures"],
            "summary": report["summary"],
            "msg": "\n".join([counts(found), *lines(report)]),
        }
        return result


def _judged(given: dict[str, Any], archive: bytes) -> tuple[dict[str, Any], dict[str, Any] | None]:
    command = ["check", "--format", "json", "--exit-zero"]
    if given["sarif"]:
        command += ["--format", "sarif=sarif"]
    with tempfile.TemporaryDirectory() as folder:
        report = judge(command, given, archive, folder)
        if not given["sarif"]:
            return report, None
        with open(os.path.join(folder, "sarif"), encoding="utf-8") as stream:
            return report, json.load(stream)
