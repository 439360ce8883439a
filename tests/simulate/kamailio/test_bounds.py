"""Scripts without end, and very large ones: what is done for them is bounded, and what was cut is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import KamailioTree
from cfglint.simulate.client import play
from cfglint.simulate.kamailio import run as running
from cfglint.simulate.kamailio.probes import MAX_WORK, probes
from cfglint.simulate.kamailio.server import FIRST_STEPS, LAST_STEPS, MAX_UNKNOWNS, KamailioServer
from cfglint.simulate.request import World, read_requests
from tests.cli import support

MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("sl", "tm", "textops", "usrloc", "registrar", "htable"))
MANY = 800
CALLS = "".join(f"    route(R{number});\n" for number in range(MANY))

ENDLESS = {
    "a loop": "max_while_loops=0\nrequest_route {\n    while (1) { $var(i) = $var(i) + 1; }\n"
    '    save("location");\n}\n',
    "loops in loops": "max_while_loops=1000000\nrequest_route {\n    while (1) { while (1) { while ($si != $null) {\n"
    '        $var(i) = $var(i) + 1; xlog("x");\n    } } }\n    save("location");\n}\n',
    "recursion": 'request_route {\n    route(A);\n    save("location");\n}\n'
    "route[A] {\n    route(B);\n    route(B);\n}\n"
    "route[B] {\n    if ($sht(x=>$si) == 1) route(A);\n    route(A);\n    route(A);\n}\n",
}
"""Scripts that never end."""
LARGE = {
    **ENDLESS,
    "names made by the message": 'request_route {\n    route("X_$rU");\n    $var(r) = "R_" + $si;\n'
    '    route($var(r));\n    route("$sht(t=>$rU)");\n    save("location");\n}\n'
    'route[X_1001] {\n    route("X_" + $rU);\n}\n',
    "routes that ask": "request_route {\n" + CALLS + '    save("location");\n}\n'
    + "".join(
        f'route[R{number}] {{\n    if (!is_domain_local("$fd{number}")) {{\n        sl_send_reply("403", "x");\n'
        "        exit;\n    }\n}\n"
        for number in range(MANY)
    ),
    "a text that grows": 'request_route {\n    $var(s) = "x";\n    while (1) {\n        $var(s) = $var(s) + $var(s);\n'
    '        append_hf("X: $var(s)\\r\\n");\n    }\n    save("location");\n}\n',
    "a failure route that calls itself": 'listen=udp:192.0.2.10\nrequest_route {\n    t_on_failure("F");\n'
    '    $du = "sip:192.0.2.10:5060";\n    t_relay();\n}\nfailure_route[F] {\n    t_on_failure("F");\n'
    '    $du = "sip:192.0.2.10:5060";\n    t_relay();\n}\n',
}  # fmt: skip
REQUEST = {"id": "a", "method": "REGISTER", "from": "1001@example.com", "to": "1001@example.com", "source": "192.0.2.1"}


def tree(folder: Path, script: str) -> KamailioTree:
    path = folder / "kamailio.cfg"
    path.write_text("#!KAMAILIO\n" + MODULES + script)
    return KamailioTree(str(path), Files(), Targets(None, (6, 1)))


@pytest.mark.parametrize("name", LARGE)
def test_one_request(tmp_path: Path, name: str) -> None:
    server = KamailioServer(tree(tmp_path, LARGE[name]).kamailio, (6, 1), World())
    requests, _ = read_requests({"requests": [REQUEST]}, "x")
    (answer,) = play(requests, server)
    assert 0 < server.work <= 3 * running.MAX_STATEMENTS + 1
    assert len(answer.steps) <= FIRST_STEPS + LAST_STEPS + 3
    assert len(answer.unknowns) <= MAX_UNKNOWNS + 1
    assert len(answer.otherwise) <= 48


@pytest.mark.parametrize("name", ENDLESS)
def test_a_trace_says_that_there_is_no_end(tmp_path: Path, name: str) -> None:
    tree(tmp_path, ENDLESS[name])
    done = support.run("trace", tmp_path, "--register", "1001@example.com", "-f", "json")
    (answer,) = json.loads(done.stdout)["requests"]
    assert not answer["certain"]
    assert "what becomes of a script that runs on and on" in answer["unknowns"]


def test_a_trace_says_how_much_it_leaves_out(tmp_path: Path) -> None:
    tree(tmp_path, LARGE["routes that ask"])
    done = support.run("trace", tmp_path, "--register", "1001@example.com", "-f", "json")
    (answer,) = json.loads(done.stdout)["requests"]
    assert any("steps are left out here" in step["text"] for step in answer["steps"])
    assert any("beyond" in unknown for unknown in answer["unknowns"])


def test_a_trace_says_how_many_unknowns_it_leaves_out(tmp_path: Path) -> None:
    calls = "".join(f"    f{number}();\n" for number in range(MAX_UNKNOWNS + 20))
    tree(tmp_path, f'request_route {{\n{calls}    save("location");\n}}\n')
    done = support.run("trace", tmp_path, "--register", "1001@example.com", "-f", "json")
    (answer,) = json.loads(done.stdout)["requests"]
    assert answer["unknowns"][-1] == "20 more like these"


@pytest.mark.parametrize("name", LARGE)
def test_all_questions_together(tmp_path: Path, name: str) -> None:
    kamailio = tree(tmp_path, LARGE[name]).kamailio
    asked = probes(kamailio)
    told = (asked.registration, asked.call, asked.peer_call, asked.refresh, asked.hang_up, asked.stranger_call)
    assert not any(told[:-1]), "what was cut is no refusal"
    work = sum(server.work for server in asked._servers.values())
    assert work <= MAX_WORK + 3 * running.MAX_STATEMENTS + 1


@pytest.mark.parametrize("name", ENDLESS)
def test_a_check_says_that_it_did_not_follow(tmp_path: Path, name: str) -> None:
    tree(tmp_path, ENDLESS[name])
    done = support.run("check", tmp_path, "-f", "json")
    report = json.loads(done.stdout)
    assert done.exit_code in (0, 1)
    assert report["failures"] == []
    assert "kamailio-not-followed" in {finding["check"] for finding in report["findings"]}


def test_ten_thousand_routes(tmp_path: Path) -> None:
    routes = "".join(f"route[R{number}] {{\n    route(R{number + 1});\n}}\n" for number in range(10_000))
    tree(tmp_path, f'request_route {{\n    route(R0);\n    save("location");\n}}\n{routes}route[R10000] {{ exit; }}\n')
    done = support.run("trace", tmp_path, "--register", "1001@example.com", "-f", "json")
    (answer,) = json.loads(done.stdout)["requests"]
    assert answer["statuses"] == [200]
    assert any("nest more than 256 deep" in step["text"] for step in answer["steps"])
