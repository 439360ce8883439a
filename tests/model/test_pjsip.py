"""pjsip.conf as res_sorcery_config reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import parse_targets
from cfglint.model.asterisk import Tree
from cfglint.model.pjsip import Pjsip, objects
from cfglint.model.pjsip.objects import names
from tests.support import write_tree


def read(tmp_path: Path, text: str, targets: tuple[str, ...] = (), **others: str) -> Pjsip:
    write_tree(tmp_path, {"pjsip.conf": text, **{name.replace("__", "."): content for name, content in others.items()}})
    found = Tree([str(tmp_path / "pjsip.conf")], Files(), parse_targets(targets)).pjsip
    assert found is not None
    return found


def drop(tmp_path: Path, text: str, targets: tuple[str, ...] = ()) -> tuple[str, str] | None:
    """Reason and option for which the only object is dropped."""
    (item,) = (item for declared in read(tmp_path, text, targets).declared.values() for item in declared)
    return (
        None
        if item.drop is None
        else (item.drop.reason, item.drop.option.name if item.drop.option else item.drop.detail)
    )


def test_objects_by_type_and_name(tmp_path: Path) -> None:
    found = read(
        tmp_path, "[t](!)\ntype=endpoint\naors=a\n[a](t)\n[a]\ntype=aor\n[b]\ntype=auth\nusername=b\npassword=x\n"
    )
    assert list(found.endpoints) == ["a"]
    assert list(found.aors) == ["a"]
    assert list(found.auths) == ["b"]
    assert found.endpoints["a"].place.text == "a"
    assert found.unrecognised == []


@pytest.mark.parametrize("line", ["", "type=Endpoint\n", "type=phone\n", 'type="endpoint"\n', "type=\n"])
def test_sections_that_no_type_claims(tmp_path: Path, line: str) -> None:
    found = read(tmp_path, f"[a]\n{line}aors=a\n")
    assert [section.name for section in found.unrecognised] == ["a"]


def test_the_first_type_line_counts(tmp_path: Path) -> None:
    assert list(read(tmp_path, "[a]\ntype=aor\ntype=endpoint\n").aors) == ["a"]


def test_global_and_system_are_found_by_name(tmp_path: Path) -> None:
    found = read(tmp_path, "[global]\nuser_agent=x\n[system]\ntimer_t1=500\n[transport]\nbind=x\n")
    assert list(found.objects["global"]) == ["global"]
    assert list(found.objects["system"]) == ["system"]
    assert [section.name for section in found.unrecognised] == ["transport"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]\ntype=endpoint\naors=a\ncontext=x\nallow=ulaw\n", None),
        ("[a]\ntype=endpoint\nsecret=x\nhost=y\n", (objects.UNKNOWN_OPTION, "secret")),
        ("[a]\ntype=endpoint\nAORS=a\n", None),
        ("[a]\ntype=endpoint\n@anything=x\n", None),
        ("[a]\ntype=endpoint\nallow=ulaw,\n", (objects.BAD_VALUE, "allow")),
        ("[a]\ntype=endpoint\ndtmf_mode=rfc2833\n", (objects.BAD_VALUE, "dtmf_mode")),
        ("[a]\ntype=endpoint\nfrom_user=a b\n", (objects.BAD_VALUE, "from_user")),
        ("[a]\ntype=endpoint\ntimers_min_se=60\n", (objects.BAD_VALUE, "timers_min_se")),
        ("[a]\ntype=endpoint\ntimers_min_se=90\n", None),
        ("[a]\ntype=endpoint\npermit=10.0.0.0/8, 11.0.0.0/8\n", (objects.BAD_VALUE, "permit")),
        ("[a]\ntype=endpoint\nrewrite_contact=maybe\n", None),
        ("[a]\ntype=aor\nmax_contacts=five\n", (objects.BAD_VALUE, "max_contacts")),
        ("[a]\ntype=aor\ncontact=10.0.0.1\n", (objects.BAD_VALUE, "contact")),
        ("[a]\ntype=auth\nauth_type=userpass\npassword=x\n", (objects.MISSING, "username")),
        ("[a]\ntype=identify\nmatch=10.0.0.1\n", (objects.MISSING, "endpoint")),
        ("[a]\ntype=identify\nendpoint=a\n", (objects.MISSING, "match")),
        ("[a]\ntype=identify\nendpoint=a\nmatch=10.0.0.1\n", None),
        ("[a]\ntype=registration\nclient_uri=sip:a@b\n", (objects.MISSING, "server_uri")),
        ("[a]\ntype=registration\nserver_uri=sip:b\n", (objects.MISSING, "client_uri")),
    ],
)
def test_why_an_object_is_dropped(tmp_path: Path, text: str, expected: tuple[str, str] | None) -> None:
    assert drop(tmp_path, text) == expected


def test_a_template_can_drop_whoever_inherits_it(tmp_path: Path) -> None:
    found = read(tmp_path, "[t](!)\ntype=endpoint\nsecret=x\n[a](t)\n[b](t)\n")
    assert found.endpoints == {}
    assert [
        (item.name, item.drop.option.home.name) for item in found.declared["endpoint"] if item.drop and item.drop.option
    ] == [
        ("a", "t"),
        ("b", "t"),
    ]


def test_an_option_of_one_version_is_known_unless_another_is_asked_for(tmp_path: Path) -> None:
    text = "[a]\ntype=aor\nqualify_2xx_only=yes\n"
    assert drop(tmp_path, text) is None
    assert drop(tmp_path, text, ("asterisk=22",)) is None
    assert drop(tmp_path, text, ("asterisk=16",)) == (objects.NEWER, "qualify_2xx_only")


def test_an_incomplete_section_is_not_judged(tmp_path: Path) -> None:
    assert drop(tmp_path, "[a](nosuch)\ntype=endpoint\nsecret=x\n") is None


def test_two_objects_of_one_type_and_name(tmp_path: Path) -> None:
    found = read(tmp_path, "[a]\ntype=aor\n[a]\ntype=endpoint\n[a]\ntype=aor\n[A]\ntype=aor\n")
    ((kind, pairs),) = found.duplicates.items()
    assert kind == "aor"
    assert [(one is found.aors["a"], other is not one) for one, other in pairs] == [(True, True)]


def test_values(tmp_path: Path) -> None:
    item = read(tmp_path, "[a]\ntype=aor\nmax_contacts=1\nmax_contacts=010\nremove_existing=ON\nmailboxes=x\n").aors[
        "a"
    ]
    assert item.value("max_contacts") == "010"
    assert item.integer("max_contacts", 0) == 8
    assert item.integer("minimum_expiration", 60) == 60
    assert item.flag("remove_existing")
    assert item.flag("support_path", True)
    assert len(item.all("max_contacts")) == 2
    assert item.value("nosuch", "default") == "default"


def test_items_of_a_list(tmp_path: Path) -> None:
    item = read(tmp_path, "[a]\ntype=endpoint\naors= a , b,,c\n").endpoints["a"]
    assert [(name, place.text) for name, place in names(item.get("aors"))] == [("a", "a"), ("b", "b"), ("c", "c")]
    assert names(None) == []


def test_the_wizard_makes_objects(tmp_path: Path) -> None:
    wizard = (
        "[t](!)\ntype=wizard\n[phone](t)\naccepts_registrations=yes\naccepts_auth=yes\nendpoint/context=x\n"
        "aor/max_contacts=2\ninbound_auth/username=phone\n"
        "[trunk]\ntype=wizard\nsends_auth=yes\nsends_registrations=yes\nremote_hosts=a.example,b.example\n"
        "[other]\nx=1\n"
    )
    found = read(tmp_path, "[global]\ntype=global\n", pjsip_wizard__conf=wizard)
    made = {kind: list(objects) for kind, objects in found.objects.items() if objects}
    assert made == {
        "global": ["global"],
        "endpoint": ["phone", "trunk"],
        "aor": ["phone", "trunk"],
        "auth": ["phone-iauth", "trunk-oauth"],
        "identify": ["trunk-identify"],
        "registration": ["trunk-reg-0", "trunk-reg-1"],
    }
    assert found.aors["phone"].integer("max_contacts", 0) == 2
    assert found.endpoints["phone"].value("context") == "x"
    assert found.aors["phone"].wizard


def test_what_no_file_shows(tmp_path: Path) -> None:
    assert not read(tmp_path, "[a]\n").external("endpoint")
    assert read(tmp_path, "[a]\n#include nosuch.conf\n").external("endpoint")
    sorcery = "[res_pjsip]\nendpoint=realtime,ps_endpoints\naor=config,pjsip.conf\n"
    found = read(tmp_path, "[a]\n", sorcery__conf=sorcery)
    assert found.external("endpoint")
    assert not found.external("aor")


def test_access_lists(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "[a]\ntype=endpoint\ndeny=0.0.0.0/0\ncontact_acl=x\nsecret=dropped\n[b]\ntype=acl\nacl=y\n[c]\ntype=endpoint\n",
    )
    assert [(item.kind, item.purpose, item.name) for item in found.access_lists()] == [
        ("endpoint", "source", "a"),
        ("endpoint", "contact", "a"),
        ("acl object", "source", "b"),
    ]
