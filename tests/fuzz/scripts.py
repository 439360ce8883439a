"""Kamailio scripts that the server would take, for the simulator to run: with real functions, variables and
transformations, and arguments as a hostile hand would choose them."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from hypothesis import strategies as st

from cfglint.simulate.kamailio import modules, transformations, variables
from cfglint.simulate.kamailio.modules.harmless import FUNCTIONS as HARMLESS

MODULES = [module.name for module in iter_modules(modules.__path__) if module.name not in ("core", "harmless")]
HEAD = "".join(f'loadmodule "{name}.so"\n' for name in ["pv", *MODULES])
FUNCTIONS = sorted(
    {name for module in [*MODULES, "core"] for name in import_module(f"{modules.__name__}.{module}").FUNCTIONS}
    | {"dlg_manage", *HARMLESS["rtpengine"].keys()}
)
PLAIN = ["$" + name for name in variables.READERS if name.isalpha()]

WORDS = [
    "",
    "a",
    "A",
    "0",
    "1",
    "-1",
    "31",
    "64",
    "403",
    "99999999999",
    "9" * 30,
    "sip:a@b:1",
    "10.0.0.0/8",
    "(a*)*",
    "a{1,9}",
    "/",
    ",",
    " ",
]
words = st.sampled_from(WORDS)
numbers = st.sampled_from(["0", "1", "-1", "2147483647", "-2147483648", "9223372036854775807", "65536", "07", "0xff"])
places = st.sampled_from(
    "$var(x) $var(y) $avp(s:a) $avp(a) $(avp(a)[1]) $xavp(a=>b) $xavp(a[0]=>b) $sht(a=>b) $sht(a=>$ru) $shv(z)"
    " $dlg_var(q) $ru $rU $rd $rp $du $fu $tU".split()
)
readable = st.one_of(
    places,
    st.sampled_from(
        [*PLAIN, "$hdr(From)", "$(hdr(x)[-1])", "$(hdr(Via)[*])", "$sel(cfg_get.a.b)", "$def(A)", "$null", "$?", "$rc"]
    ),
)
transforms = st.sampled_from(sorted(transformations.TRANSFORMS))
transformed = st.builds(
    lambda variable, chain: (
        f"$({variable[1:].strip('()') if variable.startswith('$(') else variable[1:]}"
        + "".join("{" + ",".join((name, *parameters)) + "}" for name, parameters in chain)
        + ")"
    ),
    readable,
    st.lists(
        st.tuples(transforms, st.lists(words.filter(lambda word: word.isalnum()), max_size=3)), min_size=1, max_size=3
    ),
)
texts = st.lists(st.one_of(words, readable, transformed), max_size=3).map(lambda parts: '"' + "".join(parts) + '"')
values = st.one_of(texts, numbers, readable, transformed)
arguments = st.one_of(values, st.sampled_from(["A", "FLT", "udp", "tcp", "1001"]))
calls = st.builds(
    lambda name, given: f"{name}({', '.join(given)})", st.sampled_from(FUNCTIONS), st.lists(arguments, max_size=3)
)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from("+ - * / mod & | ^ << >> == != < > <= >= =~ !~ eq ne ieq ine && ||".split())
    return st.one_of(
        st.builds(lambda left, operator, right: f"{left} {operator} {right}", inner, operators, inner),
        inner.map(lambda value: f"({value})"),
        st.builds(
            lambda sign, value: f"{sign}({value})",
            st.sampled_from(["!", "-", "~", "(int)", "(str)", "defined ", "strlen", "strempty"]),
            inner,
        ),
        st.builds(lambda one, two, three: f"selval({one}, {two}, {three})", inner, inner, inner),
    )


expressions = st.recursive(
    st.one_of(values, calls, st.sampled_from(["src_ip", "method", "uri==myself", "src_ip==10.0.0.0/8", "proto==UDP"])),
    _larger,
    max_leaves=6,
)


def _statements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bodies = st.lists(inner, max_size=4).map(" ".join)
    return st.one_of(
        st.builds(lambda what, then: f"if ({what}) {{ {then} }}", expressions, bodies),
        st.builds(
            lambda what, then, other: f"if ({what}) {{ {then} }} else {{ {other} }}", expressions, bodies, bodies
        ),
        st.builds(lambda what, then: f"while ({what}) {{ {then} }}", expressions, bodies),
        st.builds(
            lambda what, case, then: f"switch ({what}) {{ case {case}: {then} break; default: {then} }}",
            values,
            st.one_of(numbers, words.map(lambda word: f'"{word}"')),
            bodies,
        ),
    )


simple = st.one_of(
    st.builds(lambda place, value: f"{place} = {value};", places, expressions),
    calls.map(lambda call: f"{call};"),
    st.sampled_from(
        ["exit;", "drop;", "return;", "return -1;", "break;", "route(A);", "route(B);", "t_relay();", "forward();"]
    ),
)
blocks = st.lists(st.recursive(simple, _statements, max_leaves=12), max_size=6).map("\n".join)
scripts = st.builds(
    lambda main, one, other, failure: f"{HEAD}request_route {{\n{main}\nroute(A);\n}}\nroute[A] {{\n{one}\n}}\n"
    f"route[B] {{\n{other}\n}}\nfailure_route[F] {{\n{failure}\n}}\n",
    blocks, blocks, blocks, blocks,
)  # fmt: skip
