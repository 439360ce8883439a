"""chan_sip: registrations, calls and subscriptions.

Follows channels/chan_sip.c (register_verify, check_user_full, check_peer_ok, check_auth, get_destination), which is the
same in Asterisk 16, 18 and 20; checked against recorded answers of 16.28 and 20.20.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from cfglint.model.acl import AccessList, read_list
from cfglint.model.addresses import parse_address
from cfglint.model.identify import split_host as split_bind
from cfglint.model.nat import FORCE_RPORT
from cfglint.model.sip import CONTACT_SENSES, MEDIA_SENSES, SOURCE_SENSES, Peer, Sip, split_host
from cfglint.model.values import is_true, number
from cfglint.resolve.asterisk import Option, folded
from cfglint.simulate.access import Verdict, admit
from cfglint.simulate.answer import REFUSED, TIMEOUT, Challenge, Reply, Step
from cfglint.simulate.client import FOREIGN, GOOD, Credentials, Message
from cfglint.simulate.dialplan import Dialplan
from cfglint.simulate.request import Endpoint, Request, World
from cfglint.source import Place


class ChanSipServer:
    """One Asterisk with chan_sip, its registrations included."""

    def __init__(self, sip: Sip, world: World) -> None:
        self.sip = sip
        self.world = world
        self.registered: dict[str, tuple[Endpoint, float]] = {}
        """Peer to where its Contact points and when that expires."""
        self.talking: Counter[str] = Counter()
        """How many calls of a peer stand."""
        self.dialplan = Dialplan(sip.tree.companion("extensions.conf"))
        self.domains = sip.domains
        self.dropped = {peer.name: reason for peer in sip.peers.values() if (reason := self._dropped(peer)) is not None}
        """Peers that were deleted while they were built, and why."""

    def restart(self) -> None:
        """Contacts are kept in astdb over a restart, calls are not."""
        self.talking.clear()

    def forget(self) -> None:
        """Nobody is registered, and nobody talks."""
        self.registered.clear()
        self.talking.clear()

    def answer(self, message: Message) -> Reply:
        """The final answer to one message."""
        steps: list[Step] = []
        reply = self._unheard(message.request, steps)
        if reply is not None:
            return reply
        if message.request.method == "REGISTER":
            return self._register(message, steps)
        if message.request.method == "SUBSCRIBE":
            return self._subscribe(message, steps)
        if message.request.method == "OPTIONS" and not is_true(self.sip.setting("auth_options_requests", "no")):
            return self._destination(None, message, steps)
        if message.request.method == "MESSAGE" and not is_true(self.sip.setting("accept_outofcall_message", "yes")):
            option = self.sip.general_option("accept_outofcall_message")
            steps.append(Step("messages outside calls are not accepted", option.place if option else None))
            return Reply(405, tuple(steps), option.place if option else None)
        if message.request.method == "MESSAGE" and not is_true(self.sip.setting("auth_message_requests", "yes")):
            return self._unproved_message(message, steps)
        return self._call(message, steps)

    # --------------------------------------------------------------------------------------------------- listening

    def _unheard(self, request: Request, steps: list[Step]) -> Reply | None:
        silence = TIMEOUT if request.transport == "udp" else REFUSED
        aborted = self.sip.config.aborted
        if aborted is not None:
            steps.append(Step("the whole of sip.conf is rejected here, so chan_sip does not load", aborted.place))
            return Reply(silence, tuple(steps), aborted.place)
        heard, option = self._heard(request)
        if heard:
            return None
        place = option.place if option else None
        steps.append(Step(f"chan_sip does not listen for {request.transport.upper()} on {request.destination}", place))
        return Reply(silence, tuple(steps), place)

    def _heard(self, request: Request) -> tuple[bool, Option | None]:
        """Does a socket hear a request, and the line that decides (channels/chan_sip.c:reload_config)."""
        general = self.sip.general_option
        bound, port = general("bindaddr"), general("bindport")
        number = _port(port) or 0
        if request.transport == "udp":
            return _hears(bound, request, number, 5060, port)
        if request.transport == "tcp":
            if not self.sip.listens_tcp:
                return False, general("tcpenable")
            own = general("tcpbindaddr")
            return _hears(own, request, 0, 5060, own) if own is not None else _hears(bound, request, number, 5060, port)
        if request.transport == "tls":
            if not self.sip.listens_tls:
                return False, general("tlsenable")
            own = general("tlsbindaddr")
            return _hears(own, request, 0, 5061, own) if own is not None else _hears(bound, request, 5061, 5061, bound)
        return True, None

    # --------------------------------------------------------------------------------------------------- REGISTER

    def _register(self, message: Message, steps: list[Step]) -> Reply:
        request, to = message.request, message.request.to
        if not to.host:
            return Reply(404, (*steps, Step("the To header has no host")))
        name = to.user or to.host
        if self.domains and not self._local(to.host):
            option = self._domain_option()
            steps.append(
                Step(f"'{to.host}' is not among the domains that are listed", option.place if option else None)
            )
            return self._reject(message, steps, option.place if option else None, "sip-domain-list-incomplete")
        peer = self._find(name, "p")
        if peer is None:
            return self._unknown(name, message, steps)
        steps.append(Step(f"section '{peer.name}' is the account, as it is the To user", peer.section.name_place))
        verdict = self._admitted(peer, request)
        if not verdict.allowed:
            steps.append(Step(verdict.text, verdict.place))
            return self._reject(message, steps, verdict.place, "acl-deny-all-without-permit")
        if not peer.dynamic:
            option = peer.get("host")
            place = option.place if option else peer.section.name_place
            steps.append(Step(f"'{peer.name}' is not host=dynamic and may not register", place))
            return self._reject(message, steps, place, "sip-host-not-dynamic", plain=403)
        reply = self._authenticate(peer, peer.secret, message, steps, register=True)
        if reply is not None:
            return reply
        if request.transport not in self.sip.transports(peer):
            option = peer.get("transport") or self.sip.general_option("transport")
            place = option.place if option else peer.section.name_place
            steps.append(Step(f"'{peer.name}' may not use {request.transport.upper()}", place))
            return Reply(403, tuple(steps), place, check="sip-transport-missing")
        verdict = self._contact_admitted(peer, request)
        if not verdict.allowed:
            steps.append(Step(verdict.text, verdict.place))
            return Reply(603, tuple(steps), verdict.place, check="sip-contact-acl-603")
        self._store(peer, message, steps)
        return Reply(200, tuple(steps))

    def _unknown(self, name: str, message: Message, steps: list[Step]) -> Reply:
        created = self.sip.setting("autocreatepeer", "no").lower()
        if created == "persist" or is_true(created):
            option = self.sip.general_option("autocreatepeer")
            steps.append(
                Step(f"account '{name}' is made up on the spot, without a password", option.place if option else None)
            )
            return Reply(200, tuple(steps))
        place, text, check = None, f"there is no account '{name}' that may register", None
        peer = self.sip.peers.get(folded(name))
        if name in self.dropped:
            text, place, check = self.dropped[name]
        elif peer is not None and peer.name == name:
            option = peer.type_options[-1]
            text, place, check = (
                f"'{name}' is of type user, which cannot register",
                option.place,
                "sip-type-user-register",
            )
        elif peer is not None:
            text = f"there is no account '{name}'; '{peer.name}' is spelled otherwise, and case counts"
            place = peer.section.name_place
        else:
            section = next((s for s in self.sip.skipped if s.name == name), None)
            if section is not None:
                text, place = f"section '{name}' has no type and is no account", section.name_place
                check = "sip-section-type-missing"
        steps.append(Step(text, place))
        unknowns = (f"whether account '{name}' exists elsewhere",) if self.sip.external else ()
        return self._reject(message, steps, place, check)._replace(unknowns=unknowns)

    def _reject(
        self, message: Message, steps: list[Step], place: Place | None, check: str | None, plain: int = 404
    ) -> Reply:
        """alwaysauthreject=yes (the default): challenge, then 403; else the plain truth at once."""
        if not self.sip.hides_accounts:
            return Reply(plain, tuple(steps), place, check=check)
        if message.credentials is None or message.credentials.nonce != GOOD:
            steps.append(Step("alwaysauthreject is on: challenged like a known account"))
            return Reply(401, tuple(steps), place, (Challenge(self._realm(message.request)),), check=check)
        return Reply(403, tuple(steps), place, check=check)

    def _store(self, peer: Peer, message: Message, steps: list[Step]) -> None:
        request = message.request
        if request.expires == 0:
            self.registered.pop(peer.name, None)
            steps.append(Step("the registration is removed"))
            return
        expires = request.expires if request.expires is not None else 120
        where = request.source
        if request.contact is not None and not self._behind_nat(peer, request):
            parsed = parse_address(request.contact.host)
            if not isinstance(parsed, str):
                where = Endpoint(request.contact.host, request.contact.port or 5060)
        self.registered[peer.name] = (where, message.now + expires)
        steps.append(Step(f"'{peer.name}' is registered at {where}"))

    def _behind_nat(self, peer: Peer | None, request: Request) -> bool:
        """Does the source count instead of the Contact? With force_rport, or when the phone asks for rport."""
        return request.rport or FORCE_RPORT in self.sip.nat(peer)

    # ------------------------------------------------------------------------------------------------------- calls

    def _call(self, message: Message, steps: list[Step]) -> Reply:
        """INVITE and what is treated like it: by From user first, then by address."""
        request = message.request
        name = self._caller_name(message, steps)
        peer = self._find(name, "u")
        if peer is not None:
            steps.append(Step(f"section '{peer.name}' is the caller, as it is the From user", peer.section.name_place))
        else:
            peer = self._find_by_address(request, message.now)
            if peer is not None:
                text = f"section '{peer.name}' is the caller, by its address {request.source}"
                steps.append(Step(text, (peer.get("host") or peer.type_options[-1]).place))
        if peer is None:
            for other, where in self._at_address(request, message.now):
                steps.append(Step(f"'{other.name}' has this address, but sends from port {where.port}"))
            return self._guest(message, steps)
        return self._known_caller(peer, message, steps) or self._destination(peer, message, steps)

    def _unproved_message(self, message: Message, steps: list[Step]) -> Reply:
        """auth_message_requests=no: nobody is asked, and only an address that needs no password has a context of its
        own (receive_message)."""
        option = self.sip.general_option("auth_message_requests")
        steps.append(Step("messages are taken from everybody", option.place if option else None))
        peer = self._find_by_address(message.request, message.now)
        return self._destination(peer if peer is not None and peer.secret is None else None, message, steps)

    def _caller_name(self, message: Message, steps: list[Step]) -> str:
        """What a caller is looked up by."""
        option = self.sip.general_option("match_auth_username")
        if option is not None and is_true(option.value) and message.credentials is not None:
            steps.append(Step("match_auth_username is on: the digest user is looked up", option.place))
            return message.credentials.user
        from_ = message.request.from_
        return from_.user or from_.host

    def _known_caller(self, peer: Peer, message: Message, steps: list[Step]) -> Reply | None:
        """None when the caller may go on."""
        verdict = self._admitted(peer, message.request)
        if not verdict.allowed:
            steps.append(Step(verdict.text, verdict.place))
            return Reply(403, tuple(steps), verdict.place, check="acl-deny-all-without-permit")
        secret = None if "invite" in peer.insecure else peer.secret
        return self._authenticate(peer, secret, message, steps, register=False)

    def _guest(self, message: Message, steps: list[Step]) -> Reply:
        return self._stranger(message, steps) or self._destination(None, message, steps)

    def _stranger(self, message: Message, steps: list[Step]) -> Reply | None:
        """None when guests may go on."""
        option = self.sip.general_option("allowguest")
        place = option.place if option else None
        if self.sip.admits_guests:
            steps.append(Step("no section matches, and guests are allowed", place))
            return None
        steps.append(Step("no section matches, and guests are not allowed", place))
        if not self.sip.hides_accounts:
            return Reply(403, tuple(steps), place, check="sip-allowguest-no-unmatched-trunk")
        return self._reject(message, steps, place, "sip-allowguest-no-unmatched-trunk")

    def _destination(self, peer: Peer | None, message: Message, steps: list[Step]) -> Reply:
        """Domain and dialplan (channels/chan_sip.c:get_destination)."""
        request = message.request
        if request.method == "INVITE":
            refusal = self._media(peer, message, steps) or self._busy(peer, steps)
            if refusal is not None:
                return refusal
        host = request.request_uri.host
        if self.domains and request.method in ("INVITE", "REFER") and not self._local(host):
            option = self.sip.general_option("allowexternaldomains")
            if option is not None and not is_true(option.value):
                steps.append(Step(f"'{host}' is not among the domains that are listed", option.place))
                return Reply(403, tuple(steps), option.place, check="sip-allowexternaldomains")
        context, option = self._context(peer, request)
        outcome = self.dialplan.call(context, request.request_uri.user or "s")
        if option is not None:
            steps.append(Step(f"the call goes to context '{context}'", option.place))
        steps.append(outcome.step)
        place = outcome.option.place if outcome.option else option.place if option else None
        unknowns = (outcome.unknown,) if outcome.unknown else ()
        status = outcome.status
        if status == 404 and request.method == "INVITE" and self._waits_for_more(peer, context, request, steps):
            status = 484
        if request.method in ("OPTIONS", "MESSAGE") and status != 404:
            status = 200 if request.method == "OPTIONS" else 202
        if peer is not None and request.hold and request.method == "INVITE" and status == 200:
            self.talking[peer.name] += 1
        return Reply(status, tuple(steps), None if status in (200, 202) else place, unknowns=unknowns)

    def _context(self, peer: Peer | None, request: Request) -> tuple[str, Option | None]:
        """Where a call or a message goes, or where a hint is looked for, and the line that says so (get_destination,
        receive_message)."""
        first = {"MESSAGE": "outofcall_message_context", "SUBSCRIBE": "subscribecontext"}.get(request.method)
        own = peer.get("context") if peer is not None else None
        names = (first, "context") if first is not None else ("context",)
        for name in names:
            domain = self.sip.domain_option(request.request_uri.host) if own is None and name == "context" else None
            if domain is not None:
                return domain.value.partition(",")[2].strip(), domain
            for option in (peer.get(name) if peer is not None else None, self.sip.general_option(name)):
                if option is not None and option.value:
                    return option.value, option
        return "default", None

    def _waits_for_more(self, peer: Peer | None, context: str, request: Request, steps: list[Step]) -> bool:
        """Overlap dialling, which is on by default, for all and for the caller (handle_request_invite)."""
        general = self.sip.setting("allowoverlap", "yes").lower()
        own = peer.value("allowoverlap", general).lower() if peer is not None else general
        allowed = is_true(own) and (is_true(general) or general == "dtmf")
        if not allowed or not self.dialplan.completes(context, request.request_uri.user or "s"):
            return False
        steps.append(Step("a longer extension begins like this: more digits are waited for"))
        return True

    def _busy(self, peer: Peer | None, steps: list[Step]) -> Reply | None:
        """480: as many calls as a peer may have; looked at after the media (chan_sip.c:update_call_counter)."""
        options = [o for o in peer.options if o.name in ("call-limit", "callcounter")] if peer is not None else []
        if peer is None or not options or options[-1].name == "callcounter":  # as many as it likes, then
            return None
        most = number(options[-1].value) or 0
        if not 0 < most <= self.talking[peer.name]:
            return None
        place = options[-1].place
        steps.append(Step(f"'{peer.name}' has {self.talking[peer.name]} calls, and may have no more", place))
        return Reply(480, tuple(steps), place, check="sip-call-limit")

    def _media(self, peer: Peer | None, message: Message, steps: list[Step]) -> Reply | None:
        """488: no common codec, or encryption that the offer lacks (channels/chan_sip.c:process_sdp)."""
        encryption = peer.get("encryption") if peer is not None else None
        if encryption is not None and is_true(encryption.value):
            steps.append(Step("encryption is demanded, the offer is plain", encryption.place))
            return Reply(488, tuple(steps), encryption.place, check="sip-encryption-488")
        lines = [*self.sip.general_options("allow"), *self.sip.general_options("disallow")]
        if self.sip.general is not None:
            lines = [o for o in self.sip.general.options if o.name in ("allow", "disallow")]
        if peer is not None:
            lines += [o for o in peer.options if o.name in ("allow", "disallow")]
        allowed = {"ulaw", "alaw", "gsm", "h263"}  # the default of chan_sip
        for option in lines:
            allowed = _codecs(allowed, option.value, option.name == "allow")
        if "all" in allowed or allowed & set(message.request.codecs):
            return None
        place = lines[-1].place if lines else None
        steps.append(Step(f"none of the offered codecs {', '.join(message.request.codecs)} is allowed", place))
        return Reply(488, tuple(steps), place)

    # --------------------------------------------------------------------------------------------------- SUBSCRIBE

    def _subscribe(self, message: Message, steps: list[Step]) -> Reply:
        if not self._anybody_may_subscribe():
            option = self.sip.general_option("allowsubscribe")
            place = option.place if option else None
            steps.append(Step("nobody may subscribe", place))
            return Reply(403, tuple(steps), place, check="sip-allowsubscribe-no")
        peer = self._find(self._caller_name(message, steps), "")
        if peer is None:
            refused = self._stranger(message, steps)
            if refused is not None:
                return refused
            return self._unsubscribed(None, steps) or self._subscription(None, message, steps)
        steps.append(Step(f"section '{peer.name}' is the subscriber, as it is the From user", peer.section.name_place))
        refused = self._known_caller(peer, message, steps)
        if refused is not None:
            return refused
        return self._unsubscribed(peer, steps) or self._subscription(peer, message, steps)

    def _unsubscribed(self, peer: Peer | None, steps: list[Step]) -> Reply | None:
        """None when the caller, or a guest, may subscribe."""
        own = peer.get("allowsubscribe") if peer is not None else None
        option = own or self.sip.general_option("allowsubscribe")
        if option is None or is_true(option.value):
            return None
        who = f"'{peer.name}'" if peer is not None else "a guest"
        steps.append(Step(f"{who} may not subscribe", option.place))
        return Reply(403, tuple(steps), option.place, check="sip-allowsubscribe-no")

    def _anybody_may_subscribe(self) -> bool:
        """Does any object, or one that has no line of its own, allow it? (reload_config lifts the global ban)"""
        general = self.sip.general_option("allowsubscribe")
        default = general is None or is_true(general.value)
        own = [peer.get("allowsubscribe") for peer in self.sip.peers.values() if peer.name not in self.dropped]
        return any(is_true(option.value) if option is not None else default for option in own)

    def _subscription(self, peer: Peer | None, message: Message, steps: list[Step]) -> Reply:
        """What an event needs (channels/chan_sip.c:handle_request_subscribe)."""
        event = message.request.event or "presence"
        if event == "message-summary":
            mailbox = peer.get("mailbox") if peer is not None else None
            found = mailbox is not None and bool(mailbox.value)
            text = f"the caller has {'a' if found else 'no'} mailbox"
            return Reply(200 if found else 404, (*steps, Step(text, mailbox.place if mailbox else None)))
        if event not in ("presence", "dialog"):
            return Reply(489, (*steps, Step(f"nothing here tells of event '{event}'")))
        context, option = self._context(peer, message.request)
        user = message.request.request_uri.user or "s"
        hint = self.dialplan.has_hint(context, user)
        if hint is None:
            return Reply(200, tuple(steps), unknowns=(f"whether '{user}' has a hint in context '{context}'",))
        text = f"context '{context}' has {'a' if hint else 'no'} hint for '{user}'"
        return Reply(200 if hint else 404, (*steps, Step(text, option.place if option else None)))

    # ------------------------------------------------------------------------------------------------ look-ups, auth

    def _find(self, name: str, role: str) -> Peer | None:
        """By exact name among those that hold a role (find_by_name)."""
        peer = self.sip.peers.get(folded(name))
        if peer is None or peer.name != name or name in self.dropped:
            return None
        return peer if role in peer.roles else None

    def _find_by_address(self, request: Request, now: float) -> Peer | None:
        """Among the peers at an address first those that a callbackextension names (check_peer_ok)."""
        here = self._at_address(request, now)
        called = request.request_uri.user.lower()
        named = [(peer, where) for peer, where in here if called and peer.value("callbackextension").lower() == called]
        return self._reached(named, request) or self._reached(here, request)

    def _at_address(self, request: Request, now: float) -> list[tuple[Peer, Endpoint]]:
        return [
            (peer, where)
            for peer in self._located()
            if (where := self._where(peer, now)) is not None
            if where.number == request.source.number and request.transport in self.sip.transports(peer)
        ]

    def _reached(self, candidates: list[tuple[Peer, Endpoint]], request: Request) -> Peer | None:
        """Address and port first; then, with insecure=port, the address alone (peer_ipcmp_cb_full)."""
        for peer, where in candidates:
            if where.port == request.source.port:
                return peer
        for peer, _ in candidates:
            if request.transport == "udp":
                if "port" in peer.insecure:
                    return peer
            elif not peer.dynamic or not self._behind_nat(peer, request):
                return peer
        return None

    def _located(self) -> list[Peer]:
        """The peers that may have an address, in order: those with a fixed host, and those that have registered."""
        here = [peer for peer in self.sip.phones if peer.name in self.registered] if self.registered else []
        return sorted([*self._fixed, *here], key=lambda peer: self._positions[peer.name])

    @cached_property
    def _fixed(self) -> list[Peer]:
        return [p for p in self.sip.peers.values() if p.registers and not p.dynamic and p.name not in self.dropped]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {peer.name: index for index, peer in enumerate(self.sip.peers.values())}

    def _where(self, peer: Peer, now: float) -> Endpoint | None:
        """A peer's address: where it is registered, or its host as far as the name is known to resolve."""
        if peer.dynamic:
            registered = self.registered.get(peer.name)
            return registered[0] if registered is not None and registered[1] > now else None
        host = self.world.hosts.get(peer.value("host"), peer.value("host"))
        if isinstance(parse_address(host), str):
            return None
        return Endpoint(host, _port(peer.get("port")) or 5060)

    def _authenticate(
        self, peer: Peer, secret: Option | None, message: Message, steps: list[Step], register: bool
    ) -> Reply | None:
        """None when the caller has proved itself, or need not (channels/chan_sip.c:check_auth)."""
        if secret is None:
            steps.append(Step(f"'{peer.name}' needs no password"))
            return None
        realm = self._realm(message.request)
        credentials = message.credentials
        if credentials is None or credentials.nonce == FOREIGN:  # before it gave a nonce it looks at none
            steps.append(Step(f"'{peer.name}' is challenged, as it has a secret", secret.place))
            return Reply(401, tuple(steps), secret.place, (Challenge(realm),))
        if credentials.user != peer.name:
            text = f"the digest user is '{credentials.user}', and must be the section's name '{peer.name}'"
            place = peer.section.name_place
            steps.append(Step(text, place))
            check = "sip-defaultuser-not-auth-name"
            if register:
                return self._reject(message, steps, place, check)
            return Reply(403, tuple(steps), place, check=check)
        fits = self._fits(secret, credentials, realm)
        if credentials.nonce != GOOD:
            steps.append(Step("the nonce is not valid any more: a new challenge, never a 403"))
            return Reply(401, tuple(steps), None, (Challenge(realm),), stale=fits)
        if fits:
            steps.append(Step(f"'{peer.name}' accepts the credentials", secret.place))
            return None
        steps.append(Step(f"the password does not fit {secret.name} of '{peer.name}'", secret.place))
        return Reply(403, tuple(steps), secret.place)

    def _fits(self, secret: Option, credentials: Credentials, realm: str) -> bool:
        """md5secret is md5(section:realm:secret) as text and knows nothing of the realm in force."""
        if secret.name == "md5secret":
            return credentials.proves_digest(secret.value)
        return credentials.realm == realm and credentials.proves(secret.value)

    def _realm(self, request: Request) -> str:
        """channels/chan_sip.c:get_realm."""
        if is_true(self.sip.setting("domainsasrealm", "no")) and self.domains:
            for host in (request.from_.host, request.to.host):
                if self._local(host):
                    return host
        return self.sip.setting("realm", "asterisk")

    # -------------------------------------------------------------------------------------------------- lists

    def _local(self, host: str) -> bool:
        return host.lower() in self.domains

    def _domain_option(self) -> Option | None:
        return self.sip.general_option("domain") or self.sip.general_option("autodomain")

    def _admitted(self, peer: Peer, request: Request) -> Verdict:
        lists = self._list(peer, SOURCE_SENSES, "source")
        family, address = request.source.number
        return admit(lists, self.sip.tree.acls, family, address, request.source.host)

    def _contact_admitted(self, peer: Peer, request: Request) -> Verdict:
        """The contact list of [general] and the peer's own, for what would be stored."""
        lists = self._list(peer, CONTACT_SENSES, "contact")
        general = self.sip.general
        if general is not None:
            found = read_list("section", "contact", general.name, general, general.options, CONTACT_SENSES)
            lists += [found] if found is not None else []
        host = request.source.host
        if request.contact is not None and not self._behind_nat(peer, request):
            host = request.contact.host
        parsed = parse_address(self.world.hosts.get(host, host))
        if isinstance(parsed, str):
            return Verdict(True, "")
        option = self.sip.general_option("dynamic_exclude_static") or self.sip.general_option("dynamic_excludes_static")
        if option is not None and is_true(option.value):
            for other in self.sip.peers.values():
                where = None if other.dynamic else self._where(other, 0)
                if where is not None and where.number == parsed:
                    return Verdict(False, f"{host} is the address of '{other.name}', which is static", option.place)
        return admit(lists, self.sip.tree.acls, *parsed, f"the contact {host}")

    def _list(self, peer: Peer, senses: dict[str, str], purpose: str) -> list[AccessList]:
        found = read_list("peer", purpose, peer.name, peer.section, peer.options, senses)
        return [found] if found is not None else []

    def _dropped(self, peer: Peer) -> tuple[str, Place, str] | None:
        """What makes build_peer delete a peer, and the check for it: an address list that cannot be read, a host that
        cannot be looked up."""
        for purpose, senses in (("source", SOURCE_SENSES), ("contact", CONTACT_SENSES), ("media", MEDIA_SENSES)):
            for access in self._list(peer, senses, purpose):
                if access.faults:
                    fault = access.faults[0]
                    text = f"'{peer.name}' is deleted: its address list has an entry that {fault.reason}"
                    return text, fault.place, "acl-unparsable-entry"
                seen = set()
                for reference in access.references:
                    if reference.name.lower() in seen:
                        text = f"'{peer.name}' is deleted: acl '{reference.name}' is named twice"
                        return text, reference.place, "acl-named-repeated"
                    seen.add(reference.name.lower())
        host = peer.empty_host
        if host is not None:
            return f"'{peer.name}' is deleted: its host is empty", host.place, "sip-host-empty"
        host = peer.get("defaultip")
        if host is not None and split_host(host.value) is not None:
            text = f"'{peer.name}' is deleted: its defaultip '{host.value}' is no address"
            return text, host.place, "sip-trunk-host-with-port"
        return None


def _codecs(before: set[str], value: str, allow: bool) -> set[str]:
    found = set(before)
    for item in value.split(","):
        name, add = item.strip().lower().partition(":")[0], allow
        if name.startswith("!"):
            name, add = name[1:], not allow
        if name == "all":
            found = {"all"} if add else set()
        elif add:
            found.add(name)
        else:
            found.discard(name)
    return found


def _port(option: Option | None) -> int | None:
    return None if option is None else number(option.value)


def _hears(
    bound: Option | None, request: Request, port: int, default: int, port_option: Option | None
) -> tuple[bool, Option | None]:
    """Does a socket hear what is sent to a destination? `port` counts before the one in the address, if it is not 0."""
    if request.destination is None:
        return True, None
    host, own = split_bind(bound.value) if bound is not None else ("", None)
    if (port or own or default) != request.destination.port:
        return False, port_option if port else bound
    one, other = parse_address(host or "0.0.0.0"), request.destination.number  # noqa: S104 - compared, not bound
    if isinstance(one, str):
        return True, None  # a name: it cannot be told
    everywhere = one[1] == 0 and (one[0] == other[0] or one[0] == 6)
    return everywhere or one == other, bound
