"""Lines that the server ignores or rejects may hold a secret all the same."""

from __future__ import annotations

import pytest

from cfglint.secrets import MASK, mask


@pytest.mark.parametrize(
    "lead",
    [
        "secret ",
        "secret\t",
        "Secret: ",
        "#secret=",
        "# password = ",
        "\\ secret=",
        "//secret=",
        "inbound_auth/password=",
    ],
)
def test_the_value_is_masked(lead: str) -> None:
    assert mask(f"{lead}Kx7 blue").text == lead + MASK


@pytest.mark.parametrize("line", ["[secret]", "secrets", "#include secret.conf", "passwordless"])
def test_names_alone_are_shown(line: str) -> None:
    assert mask(line).text == line
