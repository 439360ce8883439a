"""chan_sip: registrations, calls and subscriptions.

Follows channels/chan_sip.c (register_verify, check_user_full, check_peer_ok, check_auth, get_destination), which is the
same in Asterisk 16, 18 and 20; checked against recorded answers of 16.28 and 20.20.
"""

from __future__ import annotations

from collections import Counter

from cfglint.model.sip import Peer, Sip
from cfglint.model.values import is_true, number
from cfglint.resolve.asterisk import Option, folded
from cfglint.simulate.answer import REFUSED, TIMEOUT, Challenge, Reply, Step
from cfglint.simulate.chan_sip.listening import heard_by
from cfglint.simulate.chan_sip.peers import Peers
from cfglint.simulate.client import FOREIGN, GOOD, Credentials, Message
from cfglint.simulate.dialplan import Dialplan
from cfglint.simulate.request import Request, World
from cfglint.source import Place


class ChanSipServer:
    """One Asterisk with chan_sip, its registrations included."""

    def __init__(self, sip: Sip, world: World) -> None:
        self.sip = sip
        self.peers = Peers(sip, world)
        self.talking: Counter[str] = Counter()
        """How many calls of a peer stand."""
        self.dialplan = Dialplan(sip.tree.companion("extensions.conf"))
        self.domains = sip.domains

    def restart(self) -> None:
        """Contacts are kept in astdb over a restart, calls are not."""
        self.talking.clear()

    def forget(self) -> None:
        """Nobody is registered, and nobody talks."""
        self.peers.registered.clear()
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
        faulty = self.peers.unreadable_contacts
        if faulty is not None:
            steps.append(Step("a list for contacts in [general] cannot be read, so chan_sip does not load", faulty))
            return Reply(silence, tuple(steps), faulty, check="acl-unparsable-entry")
        heard, option = heard_by(self.sip, request)
        if heard:
            return None
        place = option.place if option else None
        steps.append(Step(f"chan_sip does not listen for {request.transport.upper()} on {request.destination}", place))
        return Reply(silence, tuple(steps), place)

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
        peer = self.peers.find(name, "p")
        if peer is None:
            return self._unknown(name, message, steps)
        steps.append(Step(f"section '{peer.name}' is the account, as it is the To user", peer.section.name_place))
        verdict = self.peers.admitted(peer, request)
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
        verdict = self.peers.contact_admitted(peer, request)
        if not verdict.allowed:
            steps.append(Step(verdict.text, verdict.place))
            return Reply(603, tuple(steps), verdict.place, check="sip-contact-acl-603")
        self.peers.store(peer, message, steps)
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
        if name in self.peers.dropped:
            text, place, check = self.peers.dropped[name]
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

    # ------------------------------------------------------------------------------------------------------- calls

    def _call(self, message: Message, steps: list[Step]) -> Reply:
        """INVITE and what is treated like it: by From user first, then by address."""
        request = message.request
        name = self._caller_name(message, steps)
        peer = self.peers.find(name, "u")
        if peer is not None:
            steps.append(Step(f"section '{peer.name}' is the caller, as it is the From user", peer.section.name_place))
        else:
            peer = self.peers.find_by_address(request, message.now)
            if peer is not None:
                text = f"section '{peer.name}' is the caller, by its address {request.source}"
                steps.append(Step(text, (peer.get("host") or peer.type_options[-1]).place))
        if peer is None:
            for other, where in self.peers.at_address(request, message.now):
                steps.append(Step(f"'{other.name}' has this address, but sends from port {where.port}"))
            return self._guest(message, steps)
        return self._known_caller(peer, message, steps) or self._destination(peer, message, steps)

    def _unproved_message(self, message: Message, steps: list[Step]) -> Reply:
        """auth_message_requests=no: nobody is asked, and only an address that needs no password has a context of its
        own (receive_message)."""
        option = self.sip.general_option("auth_message_requests")
        steps.append(Step("messages are taken from everybody", option.place if option else None))
        peer = self.peers.find_by_address(message.request, message.now)
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
        verdict = self.peers.admitted(peer, message.request)
        if not verdict.allowed:
            steps.append(Step(verdict.text, verdict.place))
            return Reply(403, tuple(steps), verdict.place, check="acl-deny-all-without-permit")
        secret = None if "invite" in self.sip.insecure(peer) else peer.secret
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
            if name == "context" and option is not None:
                return "", option  # no context at all
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
        peer = self.peers.find(self._caller_name(message, steps), "")
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
        own = [peer.get("allowsubscribe") for peer in self.sip.peers.values() if peer.name not in self.peers.dropped]
        return any(is_true(option.value) if option is not None else default for option in own)

    def _subscription(self, peer: Peer | None, message: Message, steps: list[Step]) -> Reply:
        """What an event needs (channels/chan_sip.c:handle_request_subscribe)."""
        event = message.request.event or "presence"
        if event == "message-summary":
            mailbox = (peer.get("mailbox") or peer.get("hasvoicemail")) if peer is not None else None
            found = mailbox is not None and (
                bool(mailbox.value) if mailbox.name == "mailbox" else is_true(mailbox.value)
            )
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
