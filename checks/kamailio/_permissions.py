"""Where the module permissions looks addresses up."""

from __future__ import annotations

from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.parameters import Setting


def database(kamailio: Kamailio) -> list[Setting]:
    """The lines that name a database."""
    return [setting for setting in kamailio.parameters.all("permissions", "db_url") if setting.text != ""]


def address_file(kamailio: Kamailio) -> Setting | None:
    """The line that names a file of addresses, which counts instead of the table."""
    setting = kamailio.parameters.last("permissions", "address_file")
    return None if setting is None or setting.text == "" else setting
