from __future__ import annotations

import doctest
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import cfglint
from cfglint.knowledge import kamailio
from cfglint.knowledge.kamailio import (
    RELEASES,
    Module,
    core,
    holding,
    index,
    lacking,
    matched,
    module,
    module_name,
)
from cfglint.knowledge.kamailio_facts import FORMAT, NUMBER, OTHER

ALL = RELEASES.all
REPLIES = {"TM_ONREPLY", "CORE_ONREPLY"}


def known(name: str) -> Module:
    found = module(name)
    assert found is not None, name
    return found


# Expectations are from the modules' documentation, kamailio.org/docs/modules/<release>.


def test_save_of_registrar() -> None:
    [save] = known("registrar").function("save")
    assert [n for n in range(7) if save.takes(n)] == [1, 2, 3]
    assert save.routes == frozenset({"REQUEST", "FAILURE", *REPLIES})
    assert save.versions == ALL


def test_block_decides_where_a_function_may_stand() -> None:
    [save] = known("registrar").function("save")
    flags = core().block_flags
    assert save.allowed(flags("request_route"))
    assert save.allowed(flags("route", "REGISTRAR"))
    assert save.allowed(flags("onreply_route", "1"))
    assert save.allowed(flags("onreply_route"))
    assert save.allowed(flags("event_route", "tm:local-request"))
    assert not save.allowed(flags("branch_route", "1"))
    assert not save.allowed(flags("onsend_route"))
    with pytest.raises(KeyError):
        flags("no_route")


def test_reply_routes_with_and_without_a_name_are_different_blocks() -> None:
    flags = core().block_flags
    assert flags("onreply_route", "1") == {"TM_ONREPLY"}
    assert flags("onreply_route") == flags("onreply_route", "0") == flags("reply_route") == {"CORE_ONREPLY"}


def test_function_for_any_block() -> None:
    [relay] = known("textops").function("has_body")[:1]
    assert relay.routes is None or relay.allowed(core().block_flags("branch_route", "1"))
    [xlog] = known("xlog").function("xlog")
    assert xlog.routes is None
    assert xlog.allowed(core().block_flags("onsend_route"))


def test_function_that_takes_any_number_of_arguments() -> None:
    [load] = known("lcr").function("load_gws")
    assert load.args is None
    assert load.takes(0)
    assert load.takes(core().max_arguments)
    assert core().max_arguments == 6


def test_function_whose_blocks_changed() -> None:
    before, since = known("uac").function("uac_auth")
    assert before.routes == frozenset({"FAILURE"})
    assert before.versions == {"5.4", "5.5", "5.6"}
    assert since.routes is not None
    assert "REQUEST" in since.routes


def test_parameter_types() -> None:
    tm = known("tm")
    [timer] = tm.parameter("fr_timer")
    assert (timer.type, timer.takes("int"), timer.takes("string")) == ("int", True, False)
    assert timer.default == 30000
    [extra] = known("acc").parameter("db_extra")
    assert extra.type == "string"
    assert tm.parameter("FR_TIMER") == []
    assert tm.parameter("no_such_parameter") == []


def test_parameter_of_both_types() -> None:
    [user] = known("jsonrpcs").parameter("fifo_user")
    assert user.takes("int")
    assert user.takes("string")


def test_parameter_with_a_syntax_of_its_own() -> None:
    [htable] = known("htable").parameter("htable")
    assert htable.setter
    assert htable.type == "string"


def test_parameter_since() -> None:
    variants = known("registrar").parameter("sock_mode")
    assert lacking(variants, ALL) == {"5.4"}
    assert holding(variants, {"5.4"}) == []
    assert len(holding(variants, {"5.4", "5.5"})) == 1


def test_default_that_changed() -> None:
    variants = known("topos").parameter("event_mode")
    defaults = {release: variant.default for variant in variants for release in variant.versions}
    assert defaults["5.4"] == 3
    assert defaults["5.5"] == defaults["6.1"] == 15


def test_deprecated_renamed_and_conditional_parameters() -> None:
    [timer] = known("tm").parameter("fr_timer_avp")
    assert timer.deprecated
    [old] = known("kazoo").parameter("amqp_timmer_process_interval")
    assert old.renamed_to == "amqp_timer_process_interval"
    engines = known("tls").parameter("engine")
    assert all(engine.condition for engine in engines)
    assert engines[0].versions.isdisjoint(engines[1].versions)


def test_module_that_came_and_one_that_went() -> None:
    assert known("app_lua_sr").versions < ALL
    gone = known("userblacklist")
    assert gone.versions == {"5.4"}
    assert gone.renamed_to == "userblocklist"
    assert known("userblocklist").versions == ALL - {"5.4"}
    assert module("no_such_module") is None


def test_what_does_not_state_its_releases_lives_as_long_as_its_module() -> None:
    [check] = known("userblacklist").function("check_blacklist")[:1]
    assert check.versions == {"5.4"}


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../kamailio-core", "a/b", "TM", "tm\0", "tm.so", "é", "\udcff", "a" * 5000, "con fig"]
)
def test_name_from_a_hostile_configuration(name: str) -> None:
    assert module(name) is None


@pytest.mark.parametrize(
    "argument", ["tm", "tm.so", "/usr/lib/x86_64-linux-gnu/kamailio/modules/tm.so", "modules/tm/tm.so"]
)
def test_argument_of_loadmodule(argument: str) -> None:
    assert module_name(argument) == "tm"


def test_export_name() -> None:
    assert known("tm").export == "tm"
    assert known("ss7ops").export == "ss7"
    assert known("ims_qos_npn").export == "ims_qos"


def test_modparam_names_modules_by_pattern() -> None:
    loaded = [known(name) for name in ("auth_db", "usrloc", "registrar", "ss7ops")]

    def names(pattern: str) -> list[str]:
        return [one.name for one in matched(pattern, loaded) or []]

    assert names("auth_db|usrloc") == ["auth_db", "usrloc"]
    assert names("USRLOC") == ["usrloc"]
    assert names("ss7") == ["ss7ops"]
    assert names("usr") == []
    assert names("auth_.*|r.*r") == ["auth_db", "registrar"]
    assert matched("auth_[[:alpha:]]*", loaded) is None


def test_dependencies() -> None:
    needs = {need.name: need for need in known("registrar").dependencies}
    assert needs["usrloc"].need == needs["sl"].need == "hard"
    assert needs["usrloc"].measured
    [database] = [need for need in known("auth_db").dependencies if need.name == "@db"]
    assert database.met_by("db_mysql")
    assert not database.met_by("usrloc")
    [dmq] = [need for need in known("htable").dependencies if need.name == "dmq"]
    assert dmq.need == "conditional"


def test_what_a_module_cannot_start_without() -> None:
    assert known("dmq").required_parameters == ("server_address",)
    assert known("nosip").required_event_routes == ("nosip:msg",)
    assert known("tm").required_parameters == ()
    assert known("tm").starts_alone["5.6.3"] is True
    assert known("registrar").starts_alone["5.6.3"] is False


def test_variables() -> None:
    pv = known("pv")
    [uri] = pv.variable("ru")
    assert (uri.settable, uri.inner, uri.index) == (True, False, False)
    [source] = pv.variable("si")
    assert not source.settable
    [header] = pv.variable("hdr")
    assert (header.settable, header.inner, header.index) == (False, True, True)
    [null] = core().variable("null")
    assert null.versions == ALL
    assert pv.variable("Ru") != pv.variable("ru")


def test_class_of_variables_that_moved_into_the_core() -> None:
    assert lacking(core().variable("def"), ALL) == {"5.4"}
    [moved] = known("pv").variable("def")
    assert moved.versions == {"5.4"}


def test_transformations() -> None:
    [length] = core().transformation("s", "len")
    assert (length.args, length.module) == ((0,), "pv")
    assert core().transformation("s", "LEN")[0].args == (0,)
    assert core().transformation("S", "len") == []
    assert core().transformation("s", "no_such") == []
    [subst] = core().transformation("re", "subst")
    assert subst.raw
    assert subst.module == "textops"
    assert core().transformation("s", "after")[0].versions == ALL - {"5.4"}
    assert core().transformation("json", "encode")[0].broken
    assert core().transformation("kz", "json")[0].args is None
    assert core().transformation("num", "fdigit")[0].versions == {"6.1"}


def test_globals() -> None:
    [children] = core().global_parameter("children")
    assert children.value == "int"
    [listen] = holding(core().global_parameter("listen"), {"5.4"})
    assert listen.value == "other"
    assert "id_lst" in listen.kinds
    [tries] = core().global_parameter("use_dst_blacklist")
    assert tries.renamed_to == "use_dst_blocklist"
    [alias] = core().global_parameter("dns_sctp_preference")
    assert alias.alias_of == "dns_sctp_pref"
    assert core().global_parameter("no_such_global") == []


def test_core_functions() -> None:
    [drop] = core().function("drop")
    assert (drop.args, drop.bare) == ((0, 1), True)
    [sethost] = core().function("sethost")
    assert (sethost.args, sethost.bare, sethost.alias_of) == ((1,), False, "rewritehost")
    assert core().function("break")[0].args == ()


def test_words_of_the_language() -> None:
    assert core().keyword("core_log")[0].token == core().keyword("corelog")[0].token
    assert core().keyword("t_relay") == []
    assert core().directive("ifdef")[0].versions == ALL
    assert core().directive("ifexp")[0].versions == {"5.7", "5.8", "6.0", "6.1"}
    assert core().number("yes")
    assert core().number("maybe") == []


def test_names_of_the_core() -> None:
    assert "children" in core().names("globals")
    assert "s.len" in core().names("transformations")
    assert "request_route" in core().names("route_types")


def test_event_routes() -> None:
    assert core().event_route("core:worker-one-init")[0].versions == ALL
    assert known("htable").event_route("htable:mod-init")
    assert known("htable").event_route("htable:expired:ipban")
    assert known("htable").event_route("htable:expired:") == []
    assert known("dispatcher").event_route("dispatcher:dst-down")
    assert known("dispatcher").event_route("dispatcher:dst-left") == []
    assert lacking(known("siptrace").event_route("siptrace:msg"), ALL) == {"5.4"}


def test_settings() -> None:
    [contacts] = known("registrar").setting("registrar.max_contacts")
    assert contacts.type == "int"
    assert "tm.fr_timer" in known("tm").settings
    assert lacking(core().setting("core.use_dst_blocklist"), ALL) == {"5.4"}


def test_function_that_a_keyword_hides() -> None:
    [hidden] = known("corex").function("add_tcp_alias")
    assert hidden.shadowed == {"6.1"}
    [plain] = known("corex").function("send_data")
    assert plain.shadowed == frozenset()


def test_who_exports_a_name() -> None:
    assert index().exporters("functions", "ds_select_dst", ALL) == ["dispatcher"]
    assert index().exporters("functions", "t_relay", ALL) == ["tm"]
    assert index().exporters("functions", "no_such_function", ALL) == []
    assert index().exporters("functions", "reg_from_user", frozenset({"5.4"})) == []
    assert index().exporters("variables", "sht", ALL) == ["htable"]
    assert "usrloc" in index().exporters("parameters", "db_mode", ALL)
    assert index().exporters("settings", "dbg.mod_hash_size", ALL) == ["debugger"]


def test_names_of_the_targets() -> None:
    assert "lookup_xavp" in index().names("functions", ALL)
    assert "lookup_xavp" not in index().names("functions", frozenset({"5.6"}))
    assert "userblacklist" not in index().modules(frozenset({"6.1"}))
    assert "secsipid_proc" not in index().modules(ALL)


def test_modules_that_a_pattern_means() -> None:
    assert index().named_by("ss7", ALL) == ["ss7ops"]
    assert index().named_by("auth_db|nothing", ALL) == ["auth_db"]
    assert index().named_by("(?:", ALL) == []
    assert index().renamed_from("userblocklist") == ["userblacklist"]


def test_example_of_the_documentation() -> None:
    assert doctest.testmod(kamailio) == (0, 3)


# ------------------------------------------------------------------------------------------------------ start-up


def run(code: str, *options: str) -> str:
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_only_what_is_asked_for_is_read() -> None:
    code = """
import sys
read = []
sys.addaudithook(lambda event, args: event == "open" and str(args[0]).endswith(".json") and read.append(args[0]))
from cfglint.knowledge import kamailio
kamailio.module("tm"); kamailio.module("tm"); kamailio.module("sl"); kamailio.module("nothing")
print(*(path.replace("\\\\", "/").rpartition("/")[2] for path in read))
"""
    assert run(code).split() == ["tm.json", "sl.json", "nothing.json"]


def test_nothing_slow_is_imported() -> None:
    code = """
import json, sys
before = set(sys.modules)
import cfglint.knowledge.kamailio
print(*set(sys.modules) - before)
"""
    imported = set(run(code).split())
    assert "cfglint.knowledge.kamailio" in imported
    assert not {"typing", "dataclasses", "pathlib", "difflib", "importlib.resources"} & imported


def test_works_from_a_zip_archive(tmp_path: Path) -> None:
    package = Path(cfglint.__file__).parent
    archive = tmp_path / "cfglint.zip"
    with zipfile.ZipFile(archive, "w") as stream:
        for path in [
            package / "__init__.py",
            package / "regexes.py",
            *(package / "knowledge").rglob("*.py"),
            *(package / "knowledge").rglob("*.json"),
        ]:
            stream.write(path, f"cfglint/{path.relative_to(package)}")
    code = f"""
import sys
sys.path.insert(0, {str(archive)!r})
sys.meta_path[:] = [finder for finder in sys.meta_path if "ditable" not in repr(finder)]
from cfglint.knowledge import kamailio, storage
assert {str(archive)!r} in storage.FOLDER, storage.FOLDER
print(kamailio.module("tm").export, kamailio.module("no_such"), kamailio.core().max_arguments)
print(*kamailio.index().exporters("functions", "t_relay", kamailio.RELEASES.all))
"""
    assert run(code).split() == ["tm", "None", "6", "tm"]


def test_what_arguments_are() -> None:
    (source,) = known("permissions").arguments("allow_source_address", 1)
    assert (source.kind(0), source.constant) == (NUMBER, False)
    (log,) = known("xlog").arguments("xlog", 2)
    assert (log.kind(0), log.kind(1), log.kind(2), log.constant) == (OTHER, FORMAT, OTHER, True)
    assert known("xlog").arguments("xlog", 3) == []


def test_arguments_of_functions_that_there_are() -> None:
    for name in index().modules(RELEASES.all):
        found = known(name)
        for function in found.functions:
            for count in range(1, core().max_arguments + 1):
                for arguments in found.arguments(function, count):
                    takers = [s.versions for s in found.function(function) if s.takes(count)]
                    assert arguments.count is None or arguments.versions <= frozenset().union(*takers), (name, function)
