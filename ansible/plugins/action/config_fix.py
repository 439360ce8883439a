"""Runs on the controller for the module config_fix."""

from __future__ import annotations

import base64
import hashlib
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
    would_be_read,
)

IS_READ = "the pattern of an include would read its copy, too; leave 'backup' off"


class ActionModule(ActionBase):  # type: ignore[misc]
    """Reads the tree on the target, makes the fixes here, and has the target write what changed."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The task's result."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, given = self.validate_argument_spec(
            {
                **{name: option for name, option in OPTIONS.items() if name != "overlays"},
                "unsafe": {"type": "bool", "default": False},
                "backup": {"type": "bool", "default": False},
                "fail_on": {"type": "str", "choices": LEVELS, "default": "never"},
            }
        )
        variables = task_vars or {}
        try:
            archive = read(self, {**given, "overlays": {}}, variables)
        except Unreadable as error:
            return {**result, **error.result}
        with tempfile.TemporaryDirectory() as folder:
            unsafe = ["--unsafe"] if given["unsafe"] else []
            made = judge(["fix", "--format", "json", *unsafe], given, archive, folder)
            copies = {f"{file['path']}.0.2000-01-01@00:00:00~": file["path"] for file in made["files"]}
            if given["backup"] and copies:
                read_too = would_be_read(copies, given, archive, folder)
                if read_too is not None:
                    where = copies[read_too]
                    return {**result, "failed": True, "msg": f"{where}: {IS_READ}; nothing was changed"}
        files, remaining = made["files"], made["remaining"]
        if files and not self._task.check_mode:
            written = self._write(files, given["backup"], variables)
            if written.get("failed"):
                written.pop("invocation", None)
                return {**result, **written}
            result["backup_files"] = written["backup_files"]
        if self._task.diff:
            result["diff"] = [
                {
                    "before": file["masked"]["before"],
                    "after": file["masked"]["after"],
                    "before_header": file["path"],
                    "after_header": f"{file['path']} ({', '.join(file['checks'])})",
                }
                for file in files
            ]
        found = remaining["findings"]
        mended = ", ".join(file["path"] for file in files) or "nothing"
        result |= {
            "changed": bool(files),
            "failed": fails(given["fail_on"], remaining),
            "files": [{"path": file["path"], "checks": file["checks"]} for file in files],
            "refused": made["refused"],
            "findings": found,
            "failures": remaining["failures"],
            "msg": "\n".join([f"mended: {mended}; left: {counts(found)}", *lines(remaining)]),
        }
        return result

    def _write(self, files: list[dict[str, Any]], backup: bool, variables: dict[str, Any]) -> dict[str, Any]:
        texts = [[file[when].encode("utf-8", "surrogateescape") for file in files] for when in ("before", "after")]
        written: dict[str, Any] = self._execute_module(
            module_name="cfglint.sip.tree_write",
            module_args={
                "paths": [file["path"] for file in files],
                "checksums": [hashlib.sha256(text).hexdigest() for text in texts[0]],
                "contents": [base64.b64encode(text).decode() for text in texts[1]],
                "backup": backup,
            },
            task_vars=variables,
        )
        return written
