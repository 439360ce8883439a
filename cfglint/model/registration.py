"""``register =>`` lines of sip.conf, taken apart as channels/sip/config_parser.c:sip_parse_register_line does."""

from __future__ import annotations

from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Option

SHAPE = "has not the form [peer?][transport://]user[@domain][:secret[:authuser]]@host[:port][/extension][~expiry]"


class Registration(NamedTuple):
    """Where Asterisk logs in as a client. `problem` tells why the server rejects the line; the rest is empty then."""

    option: Option
    peer: str = ""
    """The section named in front of ``?``."""
    user: str = ""
    secret: str = ""
    login: str = ""
    """The digest user: the name for authentication, else the user."""
    host: str = ""
    """In lower case."""
    ports: tuple[str, ...] = ()
    """What is read as a port number, of the host and of the domain."""
    problem: str | None = None

    @property
    def shown(self) -> str:
        """How messages name it: never with the secret."""
        return f"register line for '{self.host}'"


def read_registration(option: Option) -> Registration:
    """One line; the user part ends at the last ``@``, and is split at ``?``, ``/`` and ``:`` wherever they stand."""
    left, at, right = option.value.rpartition("@")
    if not (at and left and right):
        return Registration(option, problem=SHAPE)
    peer, _, rest = left.partition("?")
    if not rest:
        peer, rest = "", peer
    before, slash, behind = rest.partition("/")
    blank, second, behind = behind.partition("/")
    if blank:
        return Registration(option, problem="has a '/' in the user, the password or the name for authentication")
    user_part = behind if slash and second and behind else before
    user, *fields = user_part.split(":", 3)
    secret = fields[0] if fields else ""
    ports = []
    if len(fields) == 3:  # user:port:secret:authuser
        ports, secret = [secret], fields[1]
    login = fields[-1] if len(fields) > 1 else user.partition("@")[0]
    address = right.partition("~")[0].partition("/")[0]
    host, colon, own_port = address.partition(":")
    if colon and own_port:
        ports.insert(0, own_port)
    user = _unquoted(user.partition("@")[0])
    host = _unquoted(host).lower()
    return Registration(option, peer, user, _unquoted(secret), _unquoted(login), host, tuple(ports))


def _unquoted(text: str) -> str:
    """ast_strip_quoted: blanks, then one pair of quotes."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
