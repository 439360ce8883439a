"""The hooks of .pre-commit-hooks.yaml, run by the real pre-commit on commits of a scratch repository."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.support import EXAMPLES, NO_NETWORK, ROOT, commit_all, copy_project, git, new_repository, run
from tests.support import write_tree

pytest.importorskip("pre_commit", reason="pre-commit is not installed: pip install 'sip-cfglint[integration]'")

PRE_COMMIT = [sys.executable, "-m", "pre_commit"]

NEW_PHONE = (
    "[402](phone)\nauth=402\naors=402\n[402]\ntype=auth\nusername=402\npassword=Flint-91-oak\n[402](phone-aor)\n"
)
CANNOT_REGISTER = NEW_PHONE.replace("[402](phone-aor)", "[402]\ntype=aor")
"""Without max_contacts, as the template has it."""
MENDABLE = NEW_PHONE.replace("aors=402\n", "")
"""Its AOR is named like it, so linking the two is a safe fix."""


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Path]:
    """A repository of the project as it is now, its commit, and a home for pre-commit with the hooks installed."""
    folder = tmp_path_factory.mktemp("hooks")
    project, home, user = folder / "cfglint", folder / "home", folder / "user"
    copy_project(project)
    revision = new_repository(project)
    user.mkdir()
    configure(user, project, revision)
    new_repository(user)
    done = run([*PRE_COMMIT, "install-hooks"], user, PRE_COMMIT_HOME=str(home))
    if NO_NETWORK.search(done.stdout):
        pytest.skip("pre-commit cannot install the hooks here: pip reaches no package index")
    assert done.returncode == 0, done.stdout
    return project, revision, home


def configure(user: Path, project: Path, revision: str) -> None:
    """The example of the documentation, for the copy of the project."""
    text = (EXAMPLES / "pre-commit-config.yaml").read_text()
    text = text.replace("https://git.example.com/cfglint  # where you keep cfglint", str(project))
    (user / ".pre-commit-config.yaml").write_text(text.replace("v0.1.0", revision))


class Repository:
    """A repository whose commits are checked."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home

    def commit(self, files: dict[str, str]) -> tuple[bool, str]:
        """Write files and commit them: was it accepted, and what was said?"""
        write_tree(self.folder, files)
        before = git(self.folder, "rev-parse", "HEAD").stdout
        done = commit_all(self.folder, "change", PRE_COMMIT_HOME=str(self.home))
        accepted = git(self.folder, "rev-parse", "HEAD").stdout != before
        assert accepted == (done.returncode == 0), done.stdout
        return accepted, done.stdout


@pytest.fixture
def repository(hooks: tuple[Path, str, Path], tmp_path: Path) -> Repository:
    """Two good trees, one of each server, and one that was bad before anybody thought of hooks."""
    project, revision, home = hooks
    folder = tmp_path / "pbx"
    shutil.copytree(ROOT / "fixtures" / "pjsip" / "clean", folder / "office")
    write_tree(folder, {"old/sip.conf": "[1]\ntype=friend\nhost dynamic\n", "readme.md": "", "web/nginx.conf": "x\n"})
    with open(folder / "office" / "pjsip.conf", "a") as stream:
        stream.write("#tryinclude phones/*\n")
    write_tree(folder, {"proxy/kamailio.cfg": '#!KAMAILIO\ninclude_file "routes.cfg"\n'})
    write_tree(folder, {"proxy/routes.cfg": "request_route {\n\texit;\n}\n"})
    configure(folder, project, revision)
    new_repository(folder)
    done = run([*PRE_COMMIT, "install"], folder, PRE_COMMIT_HOME=str(home))
    assert done.returncode == 0, done.stdout
    return Repository(folder, home)


def outcomes(said: str) -> list[str]:
    """How the hooks ended, in order."""
    words = (line.rpartition(".")[2] for line in said.splitlines() if line.startswith("cfglint") and "...." in line)
    return [word.rpartition(")")[2] for word in words]


def test_a_good_commit_passes(repository: Repository) -> None:
    accepted, said = repository.commit({"office/phones/402.conf": NEW_PHONE})
    assert accepted, said
    assert outcomes(said) == ["Passed", "Passed"]


def test_a_bad_commit_is_refused(repository: Repository) -> None:
    """The fragment alone says nothing; in its tree a phone cannot register."""
    accepted, said = repository.commit({"office/phones/402.conf": CANNOT_REGISTER})
    assert not accepted
    assert outcomes(said) == ["Passed", "Failed"]
    assert "office/phones/402.conf:8:2: error: aor '402' has no max_contacts" in said
    assert "old/sip.conf" not in said, "a tree that is not touched is not judged"
    assert (repository.folder / "office/phones/402.conf").read_text() == CANNOT_REGISTER


def test_a_bad_commit_to_a_kamailio_tree_is_refused(repository: Repository) -> None:
    accepted, said = repository.commit({"proxy/routes.cfg": "request_route {\n\tnosuch();\n}\n"})
    assert not accepted
    assert "proxy/routes.cfg:2:2: error: " in said


def test_the_fix_hook_mends_and_fails_once(repository: Repository) -> None:
    accepted, said = repository.commit({"office/phones/402.conf": MENDABLE})
    assert not accepted
    assert outcomes(said) == ["Failed", "Passed"]
    assert "files were modified by this hook" in said
    assert "fixed office/phones/402.conf" in said
    mended = (repository.folder / "office/phones/402.conf").read_text()
    assert sorted(mended.splitlines()) == sorted(NEW_PHONE.splitlines())
    accepted, said = repository.commit({})
    assert accepted, said
    assert outcomes(said) == ["Passed", "Passed"]


@pytest.mark.parametrize(
    ("path", "outcome"),
    [("readme.md", "Skipped"), ("web/nginx.conf", "Passed"), ("office/queues.conf", "Passed")],
)
def test_what_is_no_configuration_of_telephones_passes(repository: Repository, path: str, outcome: str) -> None:
    accepted, said = repository.commit({path: "another text\n"})
    assert accepted, said
    assert outcomes(said) == [outcome, outcome]


def test_what_was_not_checked_is_said(repository: Repository) -> None:
    """pre-commit shows what a hook that passes says only when it is asked to."""
    done = run(
        [*PRE_COMMIT, "run", "--verbose", "--files", "web/nginx.conf"],
        repository.folder,
        PRE_COMMIT_HOME=str(repository.home),
    )
    assert done.returncode == 0
    assert done.stdout.count("cfglint: web/nginx.conf: not checked, as no tree below . includes it\n") == 2


def test_a_repository_without_any_configuration(repository: Repository) -> None:
    git(repository.folder, "rm", "-r", "--quiet", "office", "old", "proxy")
    accepted, said = repository.commit({"web/nginx.conf": "y\n"})
    assert not accepted
    assert said.count(f"cfglint: {repository.folder}: holds no sip.conf, pjsip.conf or kamailio*.cfg; ") == 2


def test_of_two_hooks_at_once_one_gives_way(repository: Repository) -> None:
    """Another run writes to the file just now: it has the lock."""
    write_tree(repository.folder, {"office/phones/402.conf": MENDABLE})
    with open(repository.folder / "office/phones/402.conf") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        accepted, said = repository.commit({})
    assert not accepted
    message = "cfglint: office/phones/402.conf: is just being changed by another run of cfglint; nothing was changed\n"
    assert said.count(message) == 1
    assert (repository.folder / "office/phones/402.conf").read_text() == MENDABLE


def test_two_hooks_that_really_run_at_once(repository: Repository) -> None:
    """Whoever comes first, in the end the file is whole and mended, and nothing else lies about."""
    write_tree(repository.folder, {"office/phones/402.conf": MENDABLE})
    before = sorted(path.name for path in (repository.folder / "office").rglob("*"))
    executable = next(repository.home.glob("repo*/py_env*/bin/cfglint"))
    command = [str(executable), "fix", "--write", "--within", ".", "office/phones/402.conf"]
    running = [
        subprocess.Popen(command, cwd=repository.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode in (0, 2)
        assert said.count("\n") <= 1
    mended = (repository.folder / "office/phones/402.conf").read_text()
    assert sorted(mended.splitlines()) == sorted(NEW_PHONE.splitlines())
    assert sorted(path.name for path in (repository.folder / "office").rglob("*")) == before
