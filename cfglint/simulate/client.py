"""The client's side: answers one challenge, starts over when a challenge says that its nonce is stale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import TIMEOUT, Answer, Challenge, Exchange, Otherwise, Passage, Reply
from cfglint.simulate.request import DIGESTED, KNOWN, Request

MAX_REQUESTS = 4
"""So many messages a client sends for one request."""

PATIENCE = 2.5
"""Seconds that a client waits for a final answer."""

GOOD, STALE, FOREIGN = "good", "stale", "foreign"
"""A nonce that the server gave and still takes, one it no longer takes, one it never gave."""


class Credentials(NamedTuple):
    """What the Authorization header proves: who, for which realm, with which password, over which nonce."""

    user: str
    realm: str
    password: str
    nonce: str
    algorithm: str = "MD5"
    proxy: bool = False
    """Are they in a Proxy-Authorization header?"""
    qop: bool = False
    uses: int = 1
    """How often the client has used the nonce; sent only with a qop."""

    def ha1(self, user: str | None = None) -> str:
        """The digest of user, realm and password (RFC 7616, 3.4.2) in lower-case hexadecimal digits."""
        return ha1(user if user is not None else self.user, self.realm, self.password)

    def proves(self, secret: str) -> bool:
        """Is the password the right one?"""
        return self.password in (KNOWN, secret)

    def proves_digest(self, digest: str) -> bool:
        """Is the stored digest that of user, realm and password? It is used as text, so capitals never match.

        With a password that is known to be right the digest is taken to be right as far as its form allows.
        """
        if self.password in (KNOWN, DIGESTED):
            return len(digest) == 32 and digest == digest.lower()
        return self.ha1() == digest


def ha1(user: str, realm: str, password: str) -> str:
    """MD5 of ``user:realm:password``."""
    from hashlib import md5  # slow to import, rarely needed

    return md5(f"{user}:{realm}:{password}".encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


class Message(NamedTuple):
    """One message of a client: the request, perhaps with credentials, at a time in seconds."""

    request: Request
    credentials: Credentials | None
    now: float


class Server(Protocol):
    """Answers messages and keeps registrations between them."""

    def answer(self, message: Message) -> Reply:
        """The final answer to a message."""

    def restart(self) -> None:
        """Forget what is not kept over a restart."""

    def forget(self) -> None:
        """Forget all who have registered."""


Held = dict[str, Credentials]
"""From URI to the credentials that the client used last."""


def play(requests: Iterable[Request], server: Server, algorithms: tuple[str, ...] = ("MD5",)) -> list[Answer]:
    """Send requests in order to one server; `algorithms` are those that a client knows which does not say."""
    now, answers = 0.0, []
    held: Held = {}
    for count, request in enumerate(requests):
        request = request.sent_from(count)
        if request.restart:
            server.restart()
        now += request.wait
        if request.algorithms is None:
            request = request._replace(algorithms=algorithms)
        for number in range(1, request.times + 1):
            name = request.id if request.times == 1 else f"{request.id}#{number}"
            answer = _send(request, name, server, now, held)
            answers.append(answer)
            if answer.statuses[-1] == TIMEOUT:
                now += PATIENCE
    return answers


def _send(request: Request, name: str, server: Server, now: float, held: Held) -> Answer:
    exchanges: list[Exchange] = []
    unknowns: list[str] = []
    otherwise: list[Otherwise] = []
    passages: list[Passage] = []
    user = request.auth_user if request.auth_user is not None else request.from_.user
    sender = str(request.from_)
    credentials = None
    if request.nonce == "invented" and request.password is not None:
        credentials = Credentials(user, request.realm or "asterisk", request.password, FOREIGN)
    elif request.nonce == "reuse" and request.password is not None and sender in held:
        last = held[sender]
        credentials = last._replace(user=user, password=request.password, uses=last.uses + 1)
    second_chance = credentials is not None and not request.strict
    reply = None
    for answered in range(MAX_REQUESTS):
        reply = server.answer(Message(request, credentials, now))
        exchanges.append(_exchange(request, credentials, reply))
        unknowns += reply.unknowns
        otherwise += reply.otherwise
        passages += reply.passages
        answer = challenged(request, None if second_chance else credentials, reply)
        if answer is None:
            break
        second_chance = False
        credentials = answer._replace(nonce=STALE) if request.nonce == "stale" and answered == 0 else answer
        held[sender] = credentials
    if credentials is not None:
        held[sender] = credentials
    assert reply is not None
    return Answer(
        name,
        tuple(exchanges),
        reply.decided_by,
        reply.check,
        tuple(dict.fromkeys(unknowns)),
        tuple(dict.fromkeys(otherwise)),
        tuple(dict.fromkeys(passages)),
    )


def challenged(request: Request, before: Credentials | None, reply: Reply) -> Credentials | None:
    """The credentials with which a client answers a challenge: none twice, unless the nonce was stale; None where it
    gives up."""
    if reply.status not in (401, 407) or request.password is None or (before is not None and not reply.stale):
        return None
    chosen = _choose(request, reply.challenges)
    if chosen is None:
        return None
    challenge, algorithm = chosen
    user = request.auth_user if request.auth_user is not None else request.from_.user
    realm = request.realm or challenge.realm
    proxy = reply.status == 407
    return Credentials(user, realm, request.password, challenge.nonce, algorithm, proxy=proxy, qop=challenge.qop)


def _exchange(request: Request, credentials: Credentials | None, reply: Reply) -> Exchange:
    whose = f"digest user '{credentials.user}' for realm '{credentials.realm}'" if credentials is not None else ""
    source = request.source.host if request.ephemeral else request.source
    sent = f"{request.method} from {request.from_} to {request.to}, {request.transport.upper()} from {source}"
    sent += f", as {whose}" if whose else ", without credentials"
    return Exchange(sent, request.method, whose, reply.steps, reply.status)


def _choose(request: Request, challenges: tuple[Challenge, ...]) -> tuple[Challenge, str] | None:
    """The first challenge with an algorithm that the client knows."""
    known = {algorithm.upper() for algorithm in request.algorithms or ()}
    for challenge in challenges:
        for algorithm in challenge.algorithms:
            if algorithm.upper() in known:
                return challenge, algorithm
    return None
