"""The typed view of a kamailio.cfg."""

from __future__ import annotations

from pathlib import Path

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import Kamailio, KamailioTree
from cfglint.model.kamailio.script import constant, uses
from cfglint.syntax.kamailio.nodes import String, Variable


def read(folder: Path, text: str) -> Kamailio:
    path = folder / "kamailio.cfg"
    path.write_text(text)
    return KamailioTree(str(path), Files(), Targets()).kamailio


def ways(kamailio: Kamailio, name: str) -> dict[str, list[str]]:
    """How a named route is reached: kinds of blocks, and the names of the jumps on the way."""
    (route,) = kamailio.named_routes["route", name]
    return {kind: [jump.name or "?" for jump in jumps] for kind, jumps in kamailio.graph.ways(route).items()}


def test_modules_in_front_of_an_item(tmp_path: Path) -> None:
    kamailio = read(
        tmp_path,
        'modparam("tm", "fr_timer", 1)\nloadmodule "/usr/lib/sl.so"\nloadmodule "tm"\n'
        'modparam("tm", "fr_timer", 1)\nrequest_route { exit; }\n',
    )
    assert [module.name for module in kamailio.modules] == ["sl", "tm"]
    assert [kamailio.modules_before(setting.node) for setting in kamailio.settings] == [0, 2]
    assert kamailio.modules_before(kamailio.routes[0]) == 2


def test_module_that_nobody_knows(tmp_path: Path) -> None:
    kamailio = read(tmp_path, 'loadmodule "sl.so"\nloadmodule "our_own.so"\nrequest_route { exit; }\n')
    assert [module.facts is None for module in kamailio.modules] == [False, True]


def test_blocks_from_which_a_route_is_reached(tmp_path: Path) -> None:
    kamailio = read(
        tmp_path,
        "request_route { route(A); route(1); }\nroute[A] { if (1) { route(B); } }\n"
        'failure_route[F] { $var(x) = route("B"); }\nroute[B] { route(C); }\nroute[C] { route(B); }\n'
        "route[1] { exit; }\nroute[LONE] { route(LONE); }\n",
    )
    assert ways(kamailio, "A") == {"request_route": ["A"]}
    assert ways(kamailio, "B") == {"request_route": ["A", "B"], "failure_route": ["B"]}
    assert ways(kamailio, "C") == {"request_route": ["A", "B", "C"], "failure_route": ["B", "C"]}
    assert ways(kamailio, "1") == {"request_route": ["1"]}
    assert ways(kamailio, "LONE") == {}
    (failure,) = kamailio.named_routes["failure_route", "F"]
    assert kamailio.graph.ways(failure) == {"failure_route": ()}


def test_zero_is_the_main_route(tmp_path: Path) -> None:
    kamailio = read(tmp_path, "route { exit; }\nrequest_route { exit; }\nfailure_route[F] { route(0); }\n")
    assert [set(kamailio.graph.ways(route)) for route in kamailio.routes[:2]] == [
        {"request_route", "failure_route"}
    ] * 2


def test_names_that_are_put_together(tmp_path: Path) -> None:
    kamailio = read(
        tmp_path,
        'request_route { route("A" + "B"); route("TO_" + $rU); route("TO_" + "X" + $rU); route($rU + "_X");'
        ' route($var(x)); route(("C")); route("A" - "B"); }\n',
    )
    assert [(jump.name, jump.prefix) for jump in kamailio.graph.jumps] == [
        ("AB", "AB"), (None, "TO_"), (None, "TO_X"), (None, ""), (None, ""), ("C", "C"), (None, ""),
    ]  # fmt: skip


def test_calls_by_name(tmp_path: Path) -> None:
    kamailio = read(
        tmp_path,
        'request_route { t_on_failure("A"); if (!t_relay()) { sl_reply_error(); } }\n'
        'reply_route { t_on_failure("B"); }\n',
    )
    assert [constant(found.call.arguments[0]) for found in kamailio.calls_of("t_on_failure", "t_relay")[:2]] == [
        "A",
        "B",
    ]
    assert [found.call.name for found in kamailio.calls] == [
        "t_on_failure",
        "t_relay",
        "sl_reply_error",
        "t_on_failure",
    ]


def test_places_of_pseudo_variables(tmp_path: Path) -> None:
    kamailio = read(
        tmp_path,
        'request_route {\n    xlog("\\ta \\"$(hdr(X-$rU)[0])\\" $si$$" " $fU\\n");\n    $var(x) = $sht(a=>$au);\n}\n',
    )
    strings = [use for found in kamailio.nodes(String) for use in uses(found.node)]
    assert [use.place.text for use in strings] == ["$(hdr(X-$rU)[0])", "$rU", "$si", "$fU"]
    tokens = [use for found in kamailio.nodes(Variable) for use in uses(found.node)]
    assert [use.place.text for use in tokens] == ["$var(x)", "$sht(a=>$au)", "$au"]


def test_pseudo_variable_of_a_define_stands_where_the_define_is_used(tmp_path: Path) -> None:
    kamailio = read(tmp_path, '#!define TEXT "from $si"\nrequest_route {\n    xlog(TEXT);\n}\n')
    (use,) = [use for found in kamailio.nodes(String) for use in uses(found.node)]
    assert (use.variable.name, use.place.text) == ("si", "TEXT")
