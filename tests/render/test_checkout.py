from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.render.checkout import Checkout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a tree that is reached through a link, too, and one outside of it."""
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "a" / "b").mkdir(parents=True)
    (tmp_path / "repo" / "a" / "sip.conf").touch()
    (tmp_path / "repo" / "link").symlink_to("a")
    (tmp_path / "repo" / "away").symlink_to("../outside")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "sip.conf").touch()
    (tmp_path / "into").symlink_to("repo/a")
    return tmp_path


@pytest.mark.parametrize("here", ["repo", "repo/a", "repo/a/b"])
def test_seen_from_the_top_wherever_it_runs(repository: Path, monkeypatch: pytest.MonkeyPatch, here: str) -> None:
    monkeypatch.chdir(repository / here)
    path = Checkout().path
    assert path(str(repository / "repo/a/sip.conf")) == "a/sip.conf"
    assert path(str(repository / "repo/link/sip.conf")) == "a/sip.conf"
    assert path(str(repository / "into/sip.conf")) == "a/sip.conf"
    assert path(str(repository / "repo/away/sip.conf")) == "away/sip.conf", "the repository knows the link only"
    assert path(str(repository / "outside/sip.conf")) == str(repository / "outside/sip.conf")


def test_a_worktree_has_a_file_in_place_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").write_text("gitdir: /nosuch\n")
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert Checkout().path("sip.conf") == "a/sip.conf"


def test_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Checkout().path("a/sip.conf") == "a/sip.conf"
    assert Checkout().path("../sip.conf") == str(tmp_path.parent / "sip.conf")
