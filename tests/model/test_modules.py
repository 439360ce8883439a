"""Which modules modules.conf loads."""

from __future__ import annotations

import pytest

from cfglint.files import Files
from cfglint.model.modules import loads
from cfglint.resolve.asterisk.loading import load


@pytest.mark.parametrize(
    ("lines", "loaded"),
    [
        ("autoload=yes\n", True),
        ("autoload=yes\nnoload => chan_sip.so\n", False),
        ("autoload=yes\nnoload = chan_sip\n", False),
        ("autoload=yes\nnoload => chan_pjsip.so\n", True),
        ("autoload=no\n", False),
        ("autoload=no\nload => chan_sip.so\n", True),
        ("autoload=no\nload => chan_sip.so\nnoload => chan_sip.so\n", False),
        ("load => app_dial.so\n", False),
        ("", True),
    ],
)
def test_loads(lines: str, loaded: bool) -> None:
    config = load("modules.conf", Files({"modules.conf": f"[modules]\n{lines}"}))
    assert loads(config, "chan_sip.so") is loaded


def test_without_the_file_nothing_is_known() -> None:
    assert loads(None, "chan_sip.so")
