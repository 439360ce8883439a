"""Which trees changed files belong to, held against what the loaders really read."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cfglint.affected import BESIDE, INSTALLED_AT, affected
from cfglint.discover import search
from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.resolve.asterisk import loading
from cfglint.resolve.kamailio import config as kamailio
from cfglint.settings import Settings
from cfglint.trees import trees
from tests.support import write_tree

ROOT = Path(__file__).resolve().parent.parent

REPOSITORY = {
    "one/pjsip.conf": '#include pjsip.d/*.conf\n #tryinclude "../shared/acl.conf" ; all sites\n[a]\ntype=aor\n',
    "one/pjsip.d/201.conf": "[201]\ntype=aor\n#include deep/x.inc\n",
    "one/deep/x.inc": "max_contacts=1\n",
    "one/sip.conf": "[general]\n",
    "one/extensions.conf": "#include <extensions.d/in.conf>\n",
    "one/extensions.d/in.conf": "[in]\n",
    "one/queues.conf": "[q]\n",
    "two/sip.conf": "[general]\n#INCLUDE /etc/asterisk/users.d/all.conf\n",
    "two/users.d/all.conf": "[1]\ntype=friend\n#include ../shared/acl.conf\n",
    "shared/acl.conf": "[office]\npermit=10.0.0.0/8\n",
    "proxy/kamailio.cfg": '#!KAMAILIO\ninclude_file "routes/main.cfg"\nimport_file "local.cfg"\n',
    "proxy/routes/main.cfg": 'include_file "nat.cfg"\nrequest_route { exit; }\n',
    "proxy/routes/nat.cfg": "route[NAT] { exit; }\n",
    "edge/kamailio-edge.cfg": '#!KAMAILIO\n#!substdef "!DIR!parts!g"\ninclude_file "DIR/a.cfg"\nroute { exit; }\n',
    "edge/parts/a.cfg": "route[A] { exit; }\n",
    "nginx/nginx.conf": "include mime.types;\n",
    "README": "",
}


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_tree(tmp_path, REPOSITORY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*changed: str) -> tuple[list[str], list[str]]:
    """Roots and strays."""
    files = Files()
    roots, strays = affected(changed, search(".", files, Settings()), files)
    return [root.path for root in roots], strays


def test_templates_belong_where_what_is_made_of_them_does() -> None:
    write_tree(
        Path(),
        {
            "three/pjsip.conf.j2": "#include users.conf\n",
            "three/users.conf.j2": "[{{ name }}]\n",
            "one/pjsip.d/202.conf.j2": "[202]\ntype=aor\nmax_contacts={{ most }}\n",
            "three/motd.j2": "{{ hello }}\n",
        },
    )
    assert found("three/pjsip.conf.j2") == (["three/pjsip.conf.j2"], [])
    assert found("three/users.conf.j2") == (["three/pjsip.conf.j2"], [])
    assert found("one/pjsip.d/202.conf.j2") == (ONE, [])
    assert found("three/motd.j2") == ([], ["three/motd.j2"])


ONE, TWO = ["one/pjsip.conf", "one/sip.conf"], ["two/sip.conf"]
PROXY, EDGE = ["proxy/kamailio.cfg"], ["edge/kamailio-edge.cfg"]


@pytest.mark.parametrize(
    ("changed", "roots"),
    [
        ("one/pjsip.conf", ONE),
        ("one/sip.conf", ONE),
        ("one/pjsip.d/201.conf", ONE),
        ("one/deep/x.inc", ONE),
        ("one/extensions.conf", ONE),
        ("one/extensions.d/in.conf", ONE),
        ("two/users.d/all.conf", TWO),
        ("shared/acl.conf", ONE + TWO),
        ("proxy/routes/nat.cfg", PROXY),
        ("edge/parts/a.cfg", EDGE),
        ("one/queues.conf", []),
        ("nginx/nginx.conf", []),
        ("README", []),
        ("nosuch/file", []),
    ],
)
def test_the_trees_of_a_file(changed: str, roots: list[str]) -> None:
    assert found(changed) == (roots, [] if roots else [changed])


def test_several_files() -> None:
    assert found("README", "one/sip.conf", "proxy/kamailio.cfg", "nginx/nginx.conf") == (
        [*ONE, *PROXY],
        ["README", "nginx/nginx.conf"],
    )


def test_every_file_that_is_read_belongs_to_its_tree() -> None:
    """What the loaders read is the truth, the names in the text only a quick way to it."""
    files = Files()
    for root in search(".", files, Settings()):
        (tree,) = trees([root], files, Targets(), None, [])
        for config in tree.configs:
            for source in config.files:
                assert root.path in found(source.path)[0], (root.path, source.path)


def test_a_file_that_is_gone(repository: Path) -> None:
    """The tree that still includes it is to be judged."""
    for name in ("one/deep/x.inc", "one/pjsip.d/201.conf", "proxy/routes/nat.cfg"):
        (repository / name).unlink()
        assert found(name)[0] == (ONE if name.startswith("one") else PROXY)
        write_tree(repository, {name: REPOSITORY[name]})


def test_however_a_file_is_named(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "link").symlink_to("one")
    for name in ("./one/pjsip.d/../deep/x.inc", str(repository / "one/deep/x.inc"), "link/deep/x.inc"):
        assert found(name) == (ONE, [])
    assert found(str(repository.parent)) == ([], [str(repository.parent)])


def test_settings_belong_to_every_tree_below_them() -> None:
    assert found(".cfglint.yaml")[0] == [*EDGE, *ONE, *PROXY, *TWO]
    assert found("one/.cfglint.yaml") == (ONE, [])
    assert found("nginx/.cfglint.yaml") == ([], ["nginx/.cfglint.yaml"])
    assert found("on/.cfglint.yaml") == ([], ["on/.cfglint.yaml"])


def test_circles_and_unreadable_files_end(repository: Path) -> None:
    write_tree(repository, {"one/deep/x.inc": "#include pjsip.conf\n#include deep\n#include binary\n"})
    (repository / "one" / "binary").write_bytes(b"\0\xff")
    os.mkfifo(repository / "one" / "pjsip.d" / "fifo.conf")
    assert found("one/deep/x.inc") == (ONE, [])


def test_another_directory_of_the_server(repository: Path) -> None:
    write_tree(repository, {"two/sip.conf": "#include /opt/pbx/users.d/all.conf\n"})
    files = Files()
    roots = search(".", files, Settings())
    assert affected(["two/users.d/all.conf"], roots, files).roots == []
    assert [r.path for r in affected(["two/users.d/all.conf"], roots, files, "/opt/pbx").roots] == TWO


def test_the_servers_own_directories() -> None:
    assert INSTALLED_AT == {"asterisk": loading.CONFIG_DIRECTORY, "kamailio": kamailio.CONFIG_DIRECTORY}


def test_every_file_that_is_looked_up_beside_a_root_is_known() -> None:
    code = "".join(path.read_text() for folder in ("cfglint", "checks") for path in (ROOT / folder).rglob("*.py"))
    asked = set(re.findall(r"companion\(\"([\w.]+)\"\)", code)) | set(re.findall(r"\.directory, \"([\w.]+)\"", code))
    assert len(asked) > 4
    assert asked - set(BESIDE) == set()
