"""What is said where an include cannot be read here, though the server may read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import check_tree, write_tree


def told(folder: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    write_tree(folder, files)
    return [(finding.check, finding.level) for finding in check_tree(folder, select=("conf",)).findings]


def test_a_file_that_may_not_be_read_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfglint.files.MAX_BYTES", 60)
    files = {"sip.conf": "[general]\n#include big.conf\n[1001](phone)\n[1002](+)\n", "big.conf": ";" * 61}
    assert told(tmp_path, files) == [
        ("conf-include-not-found", "warning"),
        ("conf-inherit-unknown-base", "info"),
        ("conf-plus-without-target", "info"),
    ]


def test_names_that_a_program_may_print_are_only_information(tmp_path: Path) -> None:
    files = {
        "sip.conf": "[general]\n#exec /bin/list\n[1001](phone)\n",
        "asterisk.conf": "[options]\nexecincludes=yes\n",
    }
    assert told(tmp_path, files) == [("conf-inherit-unknown-base", "info")]


def test_an_absolute_path_elsewhere_is_a_warning(tmp_path: Path) -> None:
    files = {"sip.conf": f"[general]\n#include {tmp_path}/nowhere/phones.conf\n#include /etc/asterisk/phones.conf\n"}
    assert told(tmp_path, files) == [("conf-include-not-found", "warning"), ("conf-include-not-found", "error")]
