"""What fuzzing looks for, on few inputs and always the same ones: made of words of the languages, of scripts that the
simulator runs, and the reduced findings of earlier runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import properties, scripts
from tests.fuzz.mutate import COMPANIONS
from tests.fuzz.mutations import words

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*/*"))

few = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in COMPANIONS.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@few
@given(
    st.lists(st.sampled_from(words("asterisk")), max_size=40).map(b"".join),
    st.sampled_from(["sip.conf", "pjsip.conf"]),
    st.integers(0, 1679),
)
def test_words_of_asterisk(folder: Path, data: bytes, name: str, variant: int) -> None:
    properties.hold(folder, name, data, variant)


@few
@given(st.lists(st.sampled_from(words("kamailio")), max_size=40).map(b"".join), st.integers(0, 1679))
def test_words_of_kamailio(folder: Path, data: bytes, variant: int) -> None:
    properties.hold(folder, "kamailio.cfg", data, variant)


@few
@given(scripts.scripts, st.integers(0, 1679))
def test_scripts_of_kamailio(folder: Path, script: str, variant: int) -> None:
    path = folder / "kamailio.cfg"
    path.write_text(script)
    properties.traced(path, properties.VERSIONS[variant % 4], variant)


@pytest.mark.parametrize("variant", range(4))
@pytest.mark.parametrize("path", [pytest.param(path, id=f"{path.parent.name}/{path.name}") for path in CORPUS])
def test_what_was_found_once(folder: Path, path: Path, variant: int) -> None:
    properties.hold(folder, path.parent.name, path.read_bytes(), variant)
