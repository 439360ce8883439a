"""Writes a kamailio.cfg of any number of lines: modules, parameters, and routes such as a carrier's script has them.

    python benchmarks/generate_kamailio.py 20000 > kamailio.cfg

The same number always gives the same bytes. Kamailio takes it (``kamailio -M 64 -c``), and cfglint has nothing to
report on it but what a careful reader would.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

HEAD = """\
#!KAMAILIO
#
# A carrier's proxy: a route for every customer.

#!define WITH_NAT
#!define FLT_NATS 5
#!define FLT_ACC 1
#!define DBURL "text:///srv/kamailio"

#!ifdef WITH_DEBUG
debug=4
log_stderror=yes
#!else
debug=2
log_stderror=no
#!endif

memdbg=5
memlog=5
children=8
auto_aliases=no
alias="sip.example.com"
listen=udp:127.0.0.1:5060

loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "kex.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "xlog.so"
loadmodule "sanity.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
loadmodule "htable.so"
loadmodule "permissions.so"
loadmodule "db_text.so"

modparam("tm", "fr_timer", 30000)
modparam("tm", "fr_inv_timer", 120000)
modparam("rr", "enable_full_lr", 0)
modparam("usrloc", "db_mode", 0)
modparam("registrar", "max_contacts", 10)
modparam("htable", "htable", "ipban=>size=8;autoexpire=300;")
modparam("permissions", "db_url", DBURL)

"""

CUSTOMER = """\
# ---- customer {number}: {name}
route[CUSTOMER_{number}] {{
    # their own numbers first
    if ($rU =~ "^\\\\+?4{number:06}[0-9]{{2,4}}$") {{
        $du = "sip:192.0.2.{host}:5060";
        setflag(FLT_ACC);
        route(RELAY);
        exit;
    }}
    if (is_method("INVITE|SUBSCRIBE") && !has_totag()) {{
        if ($sht(ipban=>$si) != $null) {{
            xlog("L_WARN", "$ci: customer {number} is banned, from $si:$sp\\n");
            send_reply("503", "Try Later");
            exit;
        }}
        $var(tries) = $(hdr(X-Tries){{s.int}}) + 1;
        append_hf("X-Customer: {name}-{number}\\r\\n");
    }}
    switch ($var(tries)) {{
        case 1:
            $rd = "{name}{number}.example.net";
            break;
        case 2:
        case 3:
            $avp(backup) = "{name}-" + $rU + "-{number}";
            $ru = "sip:" + $rU + "@backup.example.net;transport=tcp";
            break;
        default:
            route(REFUSE);
    }}
#!ifdef WITH_NAT
    if (nat_uac_test("19")) {{
        force_rport();
        setbflag(FLT_NATS);
    }}
#!endif
    t_on_failure("CUSTOMER_{number}");
    route(RELAY);
}}

failure_route[CUSTOMER_{number}] {{
    if (t_is_canceled()) exit;
    if (t_check_status("5[0-9][0-9]") || (t_branch_timeout() and !t_branch_replied())) {{
        xlog("L_INFO", "customer {number}: $T_reply_code from $T_reply_reason\\n");
        $du = "sip:198.51.100.{host}";
        t_relay();
    }}
}}

"""

TAIL = """\
route[RELAY] {
    if (!t_relay()) {
        sl_reply_error();
    }
    exit;
}

route[REFUSE] {
    send_reply("403", "Forbidden");
    exit;
}
"""

NAMES = ("bakery", "school", "office", "hospital", "harbour", "library")


def generate(lines: int) -> Iterator[str]:
    """The file in pieces, of about so many lines."""
    yield HEAD
    count = max((lines - HEAD.count("\n") - TAIL.count("\n") - 20) // (CUSTOMER.count("\n") + 3), 1)
    yield 'request_route {\n    if (!mf_process_maxfwd_header("10")) exit;\n'
    for number in range(count):
        yield f'    if ($fd == "{NAMES[number % len(NAMES)]}{number}.example.net") {{\n'
        yield f"        route(CUSTOMER_{number});\n    }}\n"
    yield "    route(REFUSE);\n}\n\n"
    for number in range(count):
        yield CUSTOMER.format(number=number, name=NAMES[number % len(NAMES)], host=number % 250 + 1)
    yield TAIL


if __name__ == "__main__":
    sys.stdout.writelines(generate(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
