"""What changed within a branch of Asterisk: the first releases that have it, read from the tags of its source.

A text such as ``20.12 21.7 22.2`` names the first release of each branch that lacked it at the start; branches above
the highest have it from their beginning, a branch that is not named never got it.
"""

from __future__ import annotations

from functools import lru_cache

from cfglint.knowledge.versions import Version

NEW_DIGEST = "20.12 21.7 22.2"
"""An auth may hold digests for several algorithms, and a stored digest counts before a password
(res_pjsip/config_auth.c)."""

TO_FIRST = "20.21 22.11 23.5"
"""The registrar looks at To whatever identify_by says (res_pjsip_registrar.c:find_registrar_aor)."""

OPTIONS: dict[str, dict[str, str]] = {
    "aor": {
        "qualify_2xx_only": NEW_DIGEST,
        "remove_unavailable": "16.22 18.8",
    },
    "auth": {
        "password_digest": NEW_DIGEST,
        "supported_algorithms_uac": NEW_DIGEST,
        "supported_algorithms_uas": NEW_DIGEST,
    },
    "endpoint": {
        "allow_unauthenticated_options": "16.18 18.4",
        "follow_redirect_methods": "20.18 22.8 23.2",
        "geoloc_incoming_call_profile": "16.28 18.14 19.6",
        "geoloc_outgoing_call_profile": "16.28 18.14 19.6",
        "ignore_183_without_sdp": "16.3",
        "overlap_context": "18.17 20.2",
        "rtp_port_end": "20.20 22.10 23.4",
        "rtp_port_start": "20.20 22.10 23.4",
        "security_mechanisms": "16.30 18.16 19.8 20.1",
        "security_negotiation": "16.30 18.16 19.8 20.1",
        "send_aoc": "18.16 20.1",
        "send_connected_line": "16.1",
        "send_history_info": "16.15 17.9 18.1",
        "stir_shaken": "16.15",
        "stir_shaken_profile": "16.26 18.12 19.4",
        "suppress_moh_on_sendonly": "20.11 21.6 22.1",
        "t38_bind_udptl_to_media_address": "16.22 18.8",
        "tenantid": "18.25 20.10 21.5",
        "trust_connected_line": "16.1",
    },
    "global": {
        "all_codecs_on_empty_reinvite": "16.30 18.16 19.8 20.1",
        "allow_sending_180_after_183": "16.26 18.12 19.4",
        "default_auth_algorithms_uac": NEW_DIGEST,
        "default_auth_algorithms_uas": NEW_DIGEST,
        "norefersub": "16.4",
        "send_contact_status_on_update_registration": "16.2",
        "taskprocessor_overload_trigger": "16.3",
        "use_callerid_contact": "16.1",
    },
    "identify": {
        "match_request_uri": "18.23 20.8 21.3",
    },
    "registration": {
        "max_random_initial_delay": "16.27 18.13 19.5",
        "security_mechanisms": "16.30 18.16 19.8 20.1",
        "security_negotiation": "16.30 18.16 19.8 20.1",
        "user_agent": "21.2",
    },
    "resource_list": {
        "resource_display_name": "16.25 18.11 19.3",
    },
    "system": {
        "disable_rport": "16.12",
        "taskpool_auto_increment": "20.18 22.8 23.2",
        "taskpool_idle_timeout": "20.18 22.8 23.2",
        "taskpool_initial_size": "20.18 22.8 23.2",
        "taskpool_max_size": "20.18 22.8 23.2",
        "taskpool_minimum_size": "20.18 22.8 23.2",
    },
    "transport": {
        "allow_wildcard_certs": "16.28 18.14 19.6",
        "external_signaling_hostname": "20.21 22.11 23.5",
        "tcp_keepalive_enable": "18.23 20.8 21.3",
        "tcp_keepalive_idle_time": "18.23 20.8 21.3",
        "tcp_keepalive_interval_time": "18.23 20.8 21.3",
        "tcp_keepalive_probe_count": "18.23 20.8 21.3",
    },
}
"""Options of pjsip.conf that came within a branch: object type and name to the first releases."""

VALUES: dict[tuple[str, str], dict[str, str]] = {
    ("auth", "auth_type"): {"digest": NEW_DIGEST},
    ("endpoint", "100rel"): {"peer_supported": "16.30 18.16 19.8 20.1"},
    ("endpoint", "identify_by"): {"request_uri": "18.23 20.8 21.3"},
}
"""Values (in lower case) that came within a branch, by object type and option."""


@lru_cache(maxsize=64)
def _first(releases: str) -> dict[int, Version]:
    return {int(major): (int(major), int(minor)) for major, minor in (r.split(".") for r in releases.split())}


def has(version: Version, releases: str) -> bool:
    """Does a version have what came with some releases? One that names only a branch stands for its newest release."""
    first = _first(releases)
    if version[0] > max(first):
        return True
    return version[0] in first and (len(version) < 2 or version[:2] >= first[version[0]])


def predates(version: Version, releases: str) -> bool:
    """Is a release surely older than what came within its branch, or than every branch that ever got it?"""
    first = _first(releases)
    if version[0] in first:
        return len(version) > 1 and version[:2] < first[version[0]]
    return version[0] < min(first)


def shown(releases: str) -> str:
    """The releases as a sentence names them."""
    parts = releases.split()
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
