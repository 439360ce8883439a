"""Templates as a user meets them: what is found in them, where, and what they cannot do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import run, start
from tests.support import write_tree

pytest.importorskip("jinja2")

TRANSPORT = "[transport-udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n\n"

PHONES = """\
; {{ ansible_managed }}
[transport-udp]
type=transport
protocol=udp
bind={{ bind | default('0.0.0.0') }}:{{ sip_port }}

{% for phone in phones %}
[{{ phone.name }}]
type=endpoint
context=internal
disallow=all
allow=ulaw
auth={{ phone.name }}
aors={{ phone.name }}

[{{ phone.name }}]
type=auth
auth_type=userpass
username={{ phone.name }}
password={{ phone.secret }}

[{{ phone.name }}]
type=aor
max_contacts={{ phone.contacts | default(1) }}
remove_existing=yes
{% endfor %}
"""
DOOR = """
[door]
type=endpoint
context=internal
disallow=all
allow=ulaw
auth=door
aors=dor

[door]
type=auth
auth_type=userpass
username=door
password={{ door_secret }}

[door]
type=aor
max_contacts=1
remove_existing=yes
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*arguments: str) -> list[tuple[str, str, int, str]]:
    """Check, level, line and file of what is found."""
    result = run("check", ".", "--no-config", "-f", "json", *arguments)
    assert result.stderr == ""
    findings: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    return [(f["check"], f["level"], f["start"]["line"], f["path"]) for f in findings]


def test_what_nobody_knows_is_no_finding(here: Path) -> None:
    write_tree(here, {"pjsip.conf.j2": PHONES})
    assert found() == []


def test_what_the_template_says_itself_is_found_at_its_line(here: Path) -> None:
    write_tree(here, {"pjsip.conf.j2": PHONES + DOOR})
    line = (PHONES + DOOR).splitlines().index("aors=dor") + 1
    assert found() == [("pjsip-aor-reference-missing", "error", line, "pjsip.conf.j2")]


def test_line_ends_of_windows(here: Path) -> None:
    write_tree(here, {"pjsip.conf.j2": (PHONES + DOOR).replace("\n", "\r\n")})
    line = (PHONES + DOOR).splitlines().index("aors=dor") + 1
    assert found() == [("pjsip-aor-reference-missing", "error", line, "pjsip.conf.j2")]


def test_values_of_variables_are_judged(here: Path) -> None:
    variables = "sip_port: 5060\nphones:\n  - {name: anna, secret: Xk3uT9pqLm, contacts: 0}\n"
    write_tree(here, {"pjsip.conf.j2": PHONES, "vars.yml": variables})
    (finding,) = found("--template-vars", "vars.yml")
    line = next(number for number, text in enumerate(PHONES.splitlines(), 1) if text.startswith("max_contacts"))
    assert finding[0] == "pjsip-aor-max-contacts-zero"
    assert finding[2:] == (line, "pjsip.conf.j2")
    write_tree(
        here, {"vars.json": json.dumps({"sip_port": 5060, "phones": [{"name": "anna", "secret": "Xk3uT9pqLm"}]})}
    )
    assert found("--template-vars", "vars.json") == []


def test_what_is_encrypted_is_unknown(here: Path) -> None:
    variables = "door_secret: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6638\nsip_port: 5060\nphones: []\n"
    write_tree(here, {"pjsip.conf.j2": PHONES + DOOR.replace("dor\n", "door\n"), "vars.yml": variables})
    assert found("--template-vars", "vars.yml") == []


def test_variables_name_variables(here: Path) -> None:
    text = TRANSPORT + "[door]\ntype=aor\nmax_contacts={{ contacts }}\n" + DOOR.partition("[door]\ntype=aor")[0]
    write_tree(here, {"pjsip.conf.j2": text.replace("dor\n", "door\n"), "v.yml": "contacts: '{{ zero }}'\nzero: 0\n"})
    assert [finding[0] for finding in found("--template-vars", "v.yml")] == ["pjsip-aor-max-contacts-zero"]


@pytest.mark.parametrize(
    ("condition", "heard"),
    [("{% if tls %}", True), ("{% if not tls %}", True), ("{% if mode == 'tls' %}", True), ("{% if false %}", False)],
)
def test_a_branch_that_may_be_taken(here: Path, condition: str, heard: bool) -> None:
    write_tree(here, {"sip.conf.j2": f"[general]\n{condition}\nbindport 5060\n{{% endif %}}\n"})
    assert found() == ([("conf-no-equals", "warning", 3, "sip.conf.j2")] if heard else [])


def test_what_is_there_under_another_condition_may_be_missing(here: Path) -> None:
    """Nobody knows whether both conditions ever differ."""
    aor = "{% if b %}\n[dor]\ntype=aor\nmax_contacts=1\nremove_existing=yes\n{% endif %}\n"
    write_tree(here, {"pjsip.conf.j2": TRANSPORT + "{% if a %}\n" + DOOR + "{% endif %}\n" + aor})
    assert found() == []


@pytest.mark.parametrize(
    "line",
    [
        "permit={{ lan }}",
        "permit={{ lan }}/{{ mask }}",
        "permit={{ lan }}/24",
        "{{ option }}={{ value }}",
        "{% for key, value in options.items() %}{{ key }}={{ value }}\n{% endfor %}",
        "{{ lookup('file', 'more.conf') }}",
        "{% include 'elsewhere.j2' %}",
        "host={{ hostvars[inventory_hostname].ansible_host }}",
        "port={{ ports[0] + 1 }}",
        "defaultuser={{ '%s-%d' | format(prefix, number) }}",
        "callerid={{ name | regex_replace('x', 'y') | upper }} <{{ number }}>",
        "qualify={{ 'yes' if qualify | bool else 'no' }}",
        "secret={{ (users | selectattr('name', 'equalto', 'a') | first).secret }}",
        "{% set host = peer.host | ipaddr('address') %}\nhost={{ host }}",
        "{% raw %}callerid={{ not a tag }}{% endraw %}",
    ],
)
def test_lines_that_are_right_for_some_value(here: Path, line: str) -> None:
    write_tree(
        here, {"sip.conf.j2": f"[general]\ncontext=x\n\n[a]\ntype=friend\nhost=dynamic\nsecret={{{{ s }}}}\n{line}\n"}
    )
    assert [finding for finding in found() if finding[1] != "info"] == []


def test_a_deny_that_is_right_with_its_permit(here: Path) -> None:
    text = "[a]\ntype=friend\nhost=dynamic\nsecret={{ s }}\ndeny=0.0.0.0/0.0.0.0\npermit={{ allowed }}\n"
    write_tree(here, {"sip.conf.j2": text})
    assert found() == []
    write_tree(here, {"sip.conf.j2": text.rpartition("permit")[0]})
    assert [finding[0] for finding in found()] == ["acl-deny-all-without-permit"]


def test_a_part_of_a_configuration_alone(here: Path) -> None:
    write_tree(here, {"secrets.conf.j2": "[400-auth](+)\npassword={{ secret }}\n"})
    result = run("check", "secrets.conf.j2", "--no-config", "-f", "json")
    assert {finding["level"] for finding in json.loads(result.stdout)["findings"]} == {"info"}
    assert result.exit_code == 0


def test_a_script_without_routes_is_a_part(here: Path) -> None:
    write_tree(here, {"kamailio-local.cfg.j2": "#!define WITH_AUTH\n#!define DBURL {{ url }}\n"})
    assert {finding[1] for finding in found()} <= {"info"}


@pytest.mark.parametrize(("extra", "level"), [('import_file "kamailio-local.cfg"\n', "info"), ("", "error")])
def test_what_may_be_made_later(here: Path, extra: str, level: str) -> None:
    """The server reads import_file's file if there is one, and templates are where it may come from."""
    script = (
        'loadmodule "tm"\nlisten=udp:{{ ip }}:5060\nmodparam("tm", "fr_timer", FR_TIMER)\nrequest_route {\n\texit;\n}\n'
    )
    write_tree(here, {"kamailio.cfg.j2": f"#!KAMAILIO\n{extra}{script}"})
    assert {finding[1] for finding in found() if finding[0] == "kamailio-syntax-error"} == {level}


def test_a_part_that_its_root_includes(here: Path) -> None:
    root = "[400-auth]\ntype=auth\nauth_type=userpass\nusername=400\n#include secrets.conf\n"
    write_tree(here, {"pjsip.conf": TRANSPORT + root, "secrets.conf.j2": "[400-auth](+)\npassword={{ secret }}\nx y\n"})
    assert found() == [("conf-no-equals", "warning", 3, "secrets.conf.j2")]


def test_what_lies_beside_its_template_is_taken_as_it_is(here: Path) -> None:
    write_tree(here, {"sip.conf": "[general]\nbindport 5060\n", "sip.conf.j2": "[general]\nbindport {{ p }}\n"})
    assert [finding[3] for finding in found()] == ["sip.conf"]


def test_a_name_that_says_nothing(here: Path) -> None:
    """A deployed tree under its own names may hold tags."""
    write_tree(here, {"sip.conf": "[general]\nbindport={{ port }}\n{% if x %}\nbindaddr 0.0.0.0\n{% endif %}\n"})
    assert found() == [("conf-no-equals", "warning", 4, "sip.conf")]


@pytest.mark.parametrize(
    ("tag", "level"), [("{{ .Values.x }}", "warning"), ("{{#each phones}}", "info"), ("{{- range .X }}", "info")]
)
def test_other_template_languages(here: Path, tag: str, level: str) -> None:
    """What is said of a line with a tag may not hold, and nothing where a tag may leave lines out."""
    write_tree(here, {"sip.conf": f"; {tag} {{{{ .y }}}}\n[general]\nbindport 5060\nbindaddr {{{{ .z }}}}\n"})
    assert found() == [("conf-no-equals", level, 3, "sip.conf"), ("conf-no-equals", "info", 4, "sip.conf")]


def test_kamailio(here: Path) -> None:
    text = (
        '#!KAMAILIO\n#!define DBURL "mysql://{{ db_user }}:{{ db_pass }}@{{ db_host }}/kamailio"\n'
        "children={{ children }}\nlisten=udp:{{ private_ip }}:{{ port }} advertise {{ public_ip }}:5060\n"
        'loadmodule "sl.so"\nrequest_route {\n{% for net in trusted %}\n\tif (src_ip == {{ net }}) { exit; }\n'
        '{% endfor %}\n\tsl_send_replay("200", "OK");\n}\n'
    )
    write_tree(here, {"kamailio.cfg.j2": text})
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "replay" in line)
    assert found() == [("kamailio-unknown-function", "error", line, "kamailio.cfg.j2")]


def test_a_language_that_is_named(here: Path) -> None:
    """Then the text is taken as the server would read it."""
    write_tree(here, {"kamailio.cfg.j2": "request_route {\n{% if auth %}\n    exit;\n{% endif %}\n}\n"})
    result = run("check", "kamailio.cfg.j2", "--no-config", "--language", "kamailio", "-f", "json")
    first = json.loads(result.stdout)["findings"][0]
    assert (first["category"], first["level"], first["start"]["line"]) == ("syntax", "error", 2)


def test_secrets_stay_in_the_template(here: Path) -> None:
    write_tree(here, {"sip.conf.j2": "[a]\ntype=friend\nhost=dynamic\nsecret {{ s }}\n", "v.yml": "s: TopSecret99\n"})
    result = run("check", ".", "--no-config", "--template-vars", "v.yml")
    assert "TopSecret99" not in result.stdout
    assert "sip.conf.j2:4:" in result.stdout


def test_nothing_is_fixed(here: Path) -> None:
    text = "[a]\ntype=friend\nhost=dynamic\nsecret={{ s }}\nqualify yes\n"
    write_tree(here, {"sip.conf.j2": text})
    result = run("fix", ".", "--no-config", "--write", "--unsafe")
    assert result.stderr == (
        "cfglint: sip.conf.j2:5: not fixed, as the file is a template, and the server reads what is made of it"
        " [conf-no-equals]\nleft: 1 warning\n"
    )
    assert result.exit_code == 1
    assert (here / "sip.conf.j2").read_text() == text
    assert [path.name for path in here.iterdir()] == ["sip.conf.j2"]


def test_a_fix_beside_a_template(here: Path) -> None:
    text = "[a]\ntype=friend\nhost=dynamic\nqualify yes\n#include more.conf\n"
    write_tree(here, {"sip.conf": text, "more.conf.j2": "[b]\ntype=friend\nhost={{ h }}\nsecret={{ s }}\n"})
    result = run("fix", ".", "--no-config", "--unsafe")
    assert "sip.conf:4: not fixed, as the tree holds templates" in result.stderr
    assert result.stdout == ""


def test_suppressions(here: Path) -> None:
    text = "[a]\ntype=friend\nhost={{ h }}\nsecret={{ s }}\nqualify yes ; cfglint: ignore[conf-no-equals] by hand\n"
    write_tree(here, {"sip.conf.j2": text})
    assert found() == []
    write_tree(here, {"sip.conf.j2": text.partition(" ;")[0] + "\n"})
    result = run("ignore", "conf-no-equals", "sip.conf.j2:5", "--no-config")
    assert result.exit_code == 2
    assert "templates are not written to; add the comment yourself" in result.stderr
    run("ignore", "conf-no-equals", "sip.conf.j2", "--write")
    assert run("check", ".").exit_code == 0


# ------------------------------------------------------------------------------------------------ that do not render


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{% if x %}", "Unexpected end of template"),
        ("bindport={{ 1 / 0 }}", "ZeroDivisionError: division by zero"),
        ("{% for i in range(10**9) %}x{% endfor %}", "OverflowError: Range too big"),
        ("{{ 'x' * 10**9 * 9 }}", "takes too much memory"),
        ("{% for i in range(9999) %}{{ 'x' * 9999 }}{% endfor %}", "becomes longer than 16 MiB"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "includes itself, or nests too deep"),
        ("{{ ''.__class__.__mro__ }}", None),
        ("bindport={{ '%d' | format(port) }}", None),
    ],
)
def test_templates_that_do_not_render(here: Path, line: str, reason: str | None) -> None:
    write_tree(here, {"sip.conf.j2": f"[general]\nbindaddr=0.0.0.0\n{line}\n"})
    result = run("check", ".", "--no-config")
    if reason is None:
        assert (result.exit_code, result.stderr) == (0, "")
    else:
        assert result.exit_code == 2
        assert result.stderr.startswith("cfglint: sip.conf.j2:")
        assert reason in result.stderr
        assert result.stderr.startswith("cfglint: sip.conf.j2:3: ") or reason.endswith(("memory", "MiB"))


def test_a_template_that_never_ends(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfglint.templating.rendering.MAX_SECONDS", 1)
    loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    write_tree(here, {"sip.conf.j2": f"[general]\n{loop}\n"})
    result = run("check", ".", "--no-config")
    assert result.exit_code == 2
    assert result.stderr == "cfglint: sip.conf.j2:1: takes more than 1 seconds or 1024 MiB to render\n"


def test_a_template_that_nobody_reads_may_be_broken(here: Path) -> None:
    write_tree(here, {"sip.conf.j2": "[general]\n", "motd.j2": "{% if %}\n"})
    assert found() == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("v.yml", "a: 1\nb: [\n", "v.yml:3: is not YAML: "),
        ("v.json", '{"a": 1,\n"b" 2}', "v.json:2: is not JSON: "),
        ("v.yml", "- a\n", "v.yml:1: must be a mapping of variables"),
        ("v.yml", "$ANSIBLE_VAULT;1.1;AES256\n6638\n", "v.yml:1: must be a mapping of variables"),
    ],
)
def test_variables_that_cannot_be_used(here: Path, name: str, text: str, message: str) -> None:
    write_tree(here, {"sip.conf.j2": "[general]\n", name: text})
    result = run("check", ".", "--no-config", "--template-vars", name)
    assert result.exit_code == 2
    assert message in result.stderr


def test_nothing_is_imported_from_where_the_command_is_given(here: Path) -> None:
    trap = "open('sprung', 'w')\n"
    write_tree(here, {"sip.conf.j2": "[general]\nbindport={{ p }}\n", "jinja2.py": trap, "json.py": trap})
    result = start("check", ".", "--no-config", cwd=here)
    assert (result.returncode, result.stderr) == (0, b"")
    assert not (here / "sprung").exists()


def test_without_jinja2(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfglint.templating.rendering.has_jinja", lambda: False)
    write_tree(here, {"sip.conf.j2": "[general]\n"})
    result = run("check", ".", "--no-config")
    assert result.exit_code == 2
    assert result.stderr == (
        "cfglint: sip.conf.j2: is a template, and reading it takes Jinja2: pip install 'sip-cfglint[templates]'\n"
    )


def test_plain_files_need_no_jinja2(here: Path) -> None:
    write_tree(here, {"sip.conf": "[general]\n"})
    code = (
        "import sys; from cfglint.cli import cli\n"
        "try: cli(['check', '.', '--no-config'])\nexcept SystemExit: pass\n"
        "sys.exit(any(name.startswith(('jinja2', 'cfglint.templating.rendering')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=here).returncode == 0


# ---------------------------------------------------------------------------------------------------- other commands


def test_a_trace_needs_all_values(here: Path) -> None:
    text = "[anna]\ntype=friend\nhost=dynamic\nsecret={{ secret }}\n"
    write_tree(here, {"sip.conf.j2": text, "v.yml": "secret: Xk3uT9pqLm\n"})
    result = run("trace", ".", "--no-config", "--register", "anna@pbx.example")
    assert result.exit_code == 2
    assert "what the template becomes is not known; give its variables with --template-vars" in result.stderr
    result = run(
        "trace", ".", "--no-config", "--template-vars", "v.yml", "--register", "anna@pbx.example", "-f", "json"
    )
    assert json.loads(result.stdout)["requests"][0]["statuses"] == [401, 200]


def test_only_what_came_in(here: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@y", *arguments], check=True, cwd=here)

    write_tree(here, {"sip.conf.j2": "[general]\nbindport 5060\n[a]\ntype=friend\nhost={{ h }}\nsecret={{ s }}\n"})
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "x")
    with (here / "sip.conf.j2").open("a") as file:
        file.write("qualify yes\n")
    assert found("--diff-base", "HEAD") == [("conf-no-equals", "warning", 7, "sip.conf.j2")]
    run("check", ".", "--no-config", "--baseline", "b.yaml", "--write-baseline")
    assert found("--baseline", "b.yaml") == []
