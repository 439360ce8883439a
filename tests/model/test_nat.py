"""What several nat lines of one section come to."""

from __future__ import annotations

import pytest

from cfglint.model.nat import nat_flags


@pytest.mark.parametrize(
    ("lines", "flags"),
    [
        (["force_rport,comedia"], {"force_rport", "comedia"}),
        (["yes"], {"force_rport", "comedia"}),
        (["no"], set()),
        (["force_rport", "comedia"], {"force_rport", "comedia"}),
        (["auto_force_rport", "force_rport"], {"auto_force_rport"}),
        (["force_rport", "auto_force_rport"], {"auto_force_rport"}),
        (["auto_force_rport", "yes"], {"force_rport", "comedia"}),
        (["force_rport", "no,comedia"], set()),
        (["auto_comedia,force_rport", "comedia"], {"auto_comedia", "force_rport"}),
        (["never"], set()),
    ],
)
def test_lines_add_up(lines: list[str], flags: set[str]) -> None:
    assert nat_flags(lines) == flags
