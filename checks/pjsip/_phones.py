"""The parts of a phone's account that the examples of several checks share, and what the checks ask about phones."""

from __future__ import annotations

from cfglint.edits import Edit, Fix
from cfglint.findings import Note
from cfglint.model.editing import set_option
from cfglint.model.pjsip.objects import Object, identify_by
from cfglint.resolve.asterisk import Option

AUTH = "[1001]\ntype=auth\nusername=1001\npassword=s3cret\n"
AOR = "[1001]\ntype=aor\nmax_contacts=1\nremove_existing=yes\n"
ENDPOINT = "[1001]\ntype=endpoint\nallow=ulaw\naors=1001\nauth=1001\n"
PHONE = ENDPOINT + AUTH + AOR


def found_by_name(endpoint: Object) -> bool:
    """Does From or the digest user find an endpoint?"""
    return any(method in ("username", "auth_username") for method in identify_by(endpoint))


def find_by_name_too(endpoint: Object) -> Fix | None:
    """The fix for an identify_by that lacks the name. Where a template says it for many, only this endpoint is
    changed."""
    option = endpoint.get("identify_by")
    if option is None:
        return None
    edit = set_option(endpoint.section, option, "identify_by", f"{option.value},username")
    return Fix(f"let endpoint '{endpoint.name}' be found by its name, too", (edit,))


def only_by_address(endpoint: Object) -> Edit:
    """Takes it out of the search by name, so that its address or line alone finds it."""
    return set_option(endpoint.section, endpoint.get("identify_by"), "identify_by", "ip")


def inherited(item: Object, option: Option | None) -> tuple[Note, ...]:
    """Where an object stands that takes an option from a template."""
    if option is None or option.home is item.section:
        return ()
    return (Note(item.place, f"{item.type} '{item.name}' inherits it"),)
