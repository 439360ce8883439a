"""The harnesses for atheris run where it is installed."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.properties import NAMES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
@pytest.mark.parametrize("name", [*NAMES, "script"])
def test_a_few_inputs(name: str, tmp_path: Path) -> None:
    dictionary = ROOT / "tests" / "fuzz" / f"{'kamailio' if name in ('kamailio.cfg', 'script') else 'asterisk'}.dict"
    command = [
        sys.executable,
        "-m",
        "tests.fuzz.harness",
        name,
        f"-dict={dictionary}",
        "-runs=200",
        "-seed=1",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 200 runs" in done.stderr
