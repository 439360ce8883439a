"""chan_pjsip and res_pjsip: address lists, digest, calls, subscriptions and publications.

Follows res_pjsip/pjsip_distributor.c, res_pjsip_authenticator_digest.c, res_pjsip_session.c and res_pjsip_pubsub.c;
checked against recorded answers of Asterisk 16.28, 20.20 and 22.10.
"""

from __future__ import annotations

from cfglint.knowledge import asterisk_changes
from cfglint.knowledge.versions import Version
from cfglint.model.acl import read_list
from cfglint.model.addresses import parse_address
from cfglint.model.credentials import digests, kind_of
from cfglint.model.identify import split_host
from cfglint.model.modules import kept_out
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import CONTACT_SENSES, SENSES, Object, codecs, encryption_demand, names
from cfglint.model.values import is_true, number
from cfglint.simulate.access import Verdict, admit
from cfglint.simulate.answer import REFUSED, TIMEOUT, Challenge, Reply, Step
from cfglint.simulate.client import GOOD, Credentials, Message
from cfglint.simulate.dialplan import Dialplan
from cfglint.simulate.pjsip.identification import Identification
from cfglint.simulate.pjsip.registrar import Registrar
from cfglint.simulate.request import Request, World
from cfglint.source import Place

HANDLERS = {
    "REGISTER": "res_pjsip_registrar",
    "INVITE": "res_pjsip_session",
    "SUBSCRIBE": "res_pjsip_pubsub",
    "PUBLISH": "res_pjsip_pubsub",
}
"""Method to the module that handles it."""


class PjsipServer:
    """One Asterisk with chan_pjsip, its registrations included."""

    def __init__(self, pjsip: Pjsip, version: Version, world: World) -> None:
        self.pjsip = pjsip
        self.version = version
        self.world = world
        self.new_digest = asterisk_changes.has(version, asterisk_changes.NEW_DIGEST)
        self.loaded = {kind: pjsip.loaded(kind) for kind in pjsip.objects}
        self.default_realm = pjsip.default_realm
        self.dialplan = Dialplan(pjsip.tree.companion("extensions.conf"))
        self.modules = pjsip.tree.companion("modules.conf")
        self.identification = Identification(pjsip, version, self.modules, world)
        self.registrar = Registrar(pjsip, version)

    def restart(self) -> None:
        """Contacts are kept in astdb over a restart."""

    def forget(self) -> None:
        """Nobody is registered."""
        self.registrar.contacts.clear()

    # ---------------------------------------------------------------------------------------------------- a message

    def answer(self, message: Message) -> Reply:
        """The final answer to one message."""
        steps: list[Step] = []
        reply = self._unheard(message, steps) or self._blocked(message, steps)
        if reply is not None:
            return reply
        match = self.identification.find(message, steps)
        if match is None:
            return self._challenge_nobody(steps, None, None)
        endpoint = match.endpoint
        steps.append(match.step)
        verdict = self._admitted(endpoint, message)
        if not verdict.allowed:
            steps.append(Step(f"{verdict.text}: the request is treated as an unknown caller's", verdict.place))
            return self._challenge_nobody(steps, verdict.place, "pjsip-endpoint-acl-401-loop")
        steps += [Step(verdict.text, verdict.place)] if verdict.place else []
        reply = self._authenticate(endpoint, message, steps)
        if reply is not None:
            return reply
        handlers = {
            "REGISTER": self.registrar.register,
            "INVITE": self._invite,
            "SUBSCRIBE": self._subscribe,
            "PUBLISH": self._publish,
        }
        method = message.request.method
        noload = kept_out(self.modules, HANDLERS[method]) if method in HANDLERS else None
        if noload is not None:
            steps.append(Step(f"{HANDLERS[method]} is not loaded: nothing handles {method}", noload.place))
            return Reply(501, tuple(steps), noload.place, check="pjsip-required-module-disabled")
        return handlers.get(method, self._other)(endpoint, message, steps)

    def _unheard(self, message: Message, steps: list[Step]) -> Reply | None:
        """No answer at all: nothing was loaded, or nothing listens there."""
        request = message.request
        silence = TIMEOUT if request.transport == "udp" else REFUSED
        aborted = self.pjsip.config.aborted
        if aborted is not None:
            steps.append(Step("the whole of pjsip.conf is rejected here, so nothing listens", aborted.place))
            return Reply(silence, tuple(steps), aborted.place)
        transports = [item for item in self.pjsip.declared["transport"] if item.drop is None]
        for item in transports:
            if self._listens(item, message):
                steps.append(Step(f"transport '{item.name}' receives it", item.place))
                return None
        text = f"no transport listens for {request.transport.upper()}" + (
            f" on {request.destination}" if request.destination else ""
        )
        steps.append(Step(text))
        place = transports[0].place if transports else None
        return Reply(silence, tuple(steps), place)

    def _listens(self, transport: Object, message: Message) -> bool:
        request = message.request
        protocol = transport.value("protocol", "udp").lower()
        if protocol != request.transport:
            return False
        if request.destination is None or protocol in ("ws", "wss"):
            return True
        host, port = split_host(transport.value("bind"))
        default = 5061 if protocol == "tls" else 5060
        if (port or default) != request.destination.port:
            return False
        return _binds(host, request.destination.host)

    def _blocked(self, message: Message, steps: list[Step]) -> Reply | None:
        """``type=acl`` objects judge source and Contact before anything else (res_pjsip_acl.c:acl_on_rx_msg)."""
        if message.request.method == "ACK":
            return None
        for item in self.loaded["acl"].values():
            verdict = self._judge(item, "acl object", message)
            if not verdict.allowed:
                steps.append(Step(verdict.text, verdict.place))
                return Reply(403, tuple(steps), verdict.place or item.place, check="pjsip-type-acl-blocks-clients")
        return None

    def _admitted(self, endpoint: Object, message: Message) -> Verdict:
        return self._judge(endpoint, "endpoint", message)

    def _judge(self, item: Object, kind: str, message: Message) -> Verdict:
        """The address lists of an object: for the source, and for every Contact as it is sent."""
        request, acls = message.request, self.pjsip.tree.acls
        verdict = Verdict(True, "")
        source = read_list(kind, "source", item.name, item.section, item.options, SENSES)
        if source is not None:
            family, address = request.source.number
            verdict = admit([source], acls, family, address, request.source.host)
            if not verdict.allowed:
                return verdict
        contact = read_list(kind, "contact", item.name, item.section, item.options, CONTACT_SENSES)
        if contact is not None and request.method in ("REGISTER", "INVITE", "SUBSCRIBE"):
            host = request.contact.host if request.contact is not None else request.source.host
            parsed = parse_address(self.world.hosts.get(host, host))
            if not isinstance(parsed, str):
                return admit([contact], acls, *parsed, f"the contact {host}")
        return verdict

    def _challenge_nobody(self, steps: list[Step], place: Place | None, check: str | None) -> Reply:
        """The artificial endpoint challenges and never accepts (pjsip_distributor.c)."""
        noload = kept_out(self.modules, "res_pjsip_authenticator_digest")
        if noload is not None:
            steps.append(Step("no endpoint matches, and nothing can challenge the caller", noload.place))
            return Reply(500, tuple(steps), noload.place, check="pjsip-required-module-disabled")
        if place is None:
            steps.append(Step("no endpoint matches: the caller is challenged, and no password is right"))
        algorithms = self.pjsip.general_algorithms if self.new_digest else ("MD5",)
        return Reply(401, tuple(steps), place, (Challenge(self.default_realm, algorithms),), check=check)

    # ------------------------------------------------------------------------------------------------ authentication

    def _authenticate(self, endpoint: Object, message: Message, steps: list[Step]) -> Reply | None:
        """None when the caller has proved itself, or need not."""
        option = endpoint.get("auth")
        wanted = names(option)
        if option is None or not wanted:
            return None
        if message.request.method in ("ACK", "CANCEL"):
            return None
        if message.request.method == "OPTIONS" and endpoint.flag("allow_unauthenticated_options"):
            return None
        noload = kept_out(self.modules, "res_pjsip_authenticator_digest")
        if noload is not None:  # res_pjsip.c:ast_sip_requires_authentication
            steps.append(Step("res_pjsip_authenticator_digest is not loaded: no password is asked for", noload.place))
            return None
        auths = []
        for name, place in wanted:
            auth = self.loaded["auth"].get(name)
            if auth is None or self._unusable(auth) is not None:
                reason = self._unusable(auth) if auth is not None else "does not exist or was dropped"
                steps.append(Step(f"auth '{name}' {reason}: every request of endpoint '{endpoint.name}' fails", place))
                return Reply(500, tuple(steps), place, check="pjsip-auth-reference-missing")
            auths.append(auth)
        stale = False
        if message.credentials is not None:
            for auth in auths:
                problem = self._proves(auth, message.credentials)
                if problem is None and message.credentials.nonce == GOOD:
                    steps.append(Step(f"auth '{auth.name}' accepts the credentials", auth.place))
                    return None
                stale |= problem is None
                steps.append(
                    Step(
                        problem.text if problem else "the nonce is not valid any more",
                        problem.place if problem else None,
                    )
                )
        else:
            steps.append(Step(f"endpoint '{endpoint.name}' is challenged, as it has auth", option.place))
        challenges = tuple(Challenge(self._realm(auth), self._algorithms(auth)) for auth in auths)
        last = steps[-1].place
        return Reply(401, tuple(steps), last, challenges, stale=stale)

    def _realm(self, auth: Object) -> str:
        return auth.value("realm") or self.default_realm

    def _algorithms(self, auth: Object) -> tuple[str, ...]:
        return self.pjsip.algorithms(auth) if self.new_digest else ("MD5",)

    def _unusable(self, auth: Object) -> str | None:
        """What the version in question drops an auth for."""
        return self.pjsip.unusable(auth, self.new_digest)

    def _proves(self, auth: Object, credentials: Credentials) -> Step | None:
        """None when the credentials fit an auth, else what does not."""
        option = auth.get("username")
        if credentials.user != auth.value("username"):
            text = f"auth '{auth.name}' wants digest user '{auth.value('username')}', not '{credentials.user}'"
            return Step(text, option.place if option else auth.place)
        if credentials.realm != self._realm(auth):
            return Step(f"auth '{auth.name}' wants realm '{self._realm(auth)}', not '{credentials.realm}'", auth.place)
        kind = kind_of(auth)
        digest = digests(auth).get(credentials.algorithm.upper()) if self.new_digest else None
        if not self.new_digest and kind == "md5":
            digest = auth.value("md5_cred")
        if digest is not None:
            option = auth.get("md5_cred") or auth.get("password_digest")
            good = credentials.algorithm.upper() != "MD5" or credentials.proves_digest(digest)
            text = f"the digest stored in auth '{auth.name}' does not fit the password"
        else:
            option = auth.get("password")
            good = credentials.proves(auth.value("password"))
            text = f"the password is not that of auth '{auth.name}'"
        return None if good else Step(text, option.place if option else auth.place)

    # --------------------------------------------------------------------------------------------------------- calls

    def _invite(self, endpoint: Object, message: Message, steps: list[Step]) -> Reply:
        refusal = self._without_transport(endpoint, steps) or _unsupported(endpoint, message.request, steps)
        if refusal is not None:
            return refusal
        outcome = self._extension(endpoint, message, steps)
        if outcome.status in (404, 484):
            return outcome
        return self._media(endpoint, message, steps) or outcome

    def _without_transport(self, endpoint: Object, steps: list[Step]) -> Reply | None:
        """500: a dialog needs the transport that its endpoint names."""
        transport = endpoint.get("transport")
        known = {item.name for item in self.pjsip.declared["transport"] if item.drop is None}
        if transport is None or not transport.value or transport.value in known:
            return None
        text = f"endpoint '{endpoint.name}' names transport '{transport.value}', which does not exist"
        steps.append(Step(text, transport.place))
        return Reply(500, tuple(steps), transport.place, check="pjsip-transport-reference-missing")

    def _extension(self, endpoint: Object, message: Message, steps: list[Step]) -> Reply:
        option = endpoint.get("context")
        if message.request.method == "MESSAGE" and endpoint.value("message_context"):
            option = endpoint.get("message_context")  # res_pjsip_messaging.c:get_destination
        context = option.value if option else "default"
        extension = message.request.request_uri.user or "s"
        if message.request.method == "INVITE" and endpoint.value("overlap_context"):
            option = endpoint.get("overlap_context")
            context = endpoint.value("overlap_context")
        outcome = self.dialplan.call(context, extension)
        result = list(steps)
        if option is not None:
            result.append(Step(f"endpoint '{endpoint.name}' calls in context '{context}'", option.place))
        result.append(outcome.step)
        waits = message.request.method == "INVITE" and endpoint.flag("allow_overlap", default=True)
        if outcome.status == 404 and waits and self.dialplan.completes(context, extension):
            result.append(Step("a longer extension begins like this: more digits are waited for"))
            return Reply(484, tuple(result), option.place if option else endpoint.place)
        place = outcome.option.place if outcome.option else option.place if option else endpoint.place
        unknowns = (outcome.unknown,) if outcome.unknown else ()
        decided = None if outcome.status == 200 else place
        return Reply(outcome.status, tuple(result), decided, unknowns=unknowns)

    def _media(self, endpoint: Object, message: Message, steps: list[Step]) -> Reply | None:
        """488: no common codec, or encryption that the offer lacks (res_pjsip_sdp_rtp.c)."""
        option = encryption_demand(endpoint)
        if option is not None:
            text = f"endpoint '{endpoint.name}' wants {option.key}={option.value}, the offer is plain"
            steps.append(Step(text, option.place))
            return Reply(488, tuple(steps), option.place, check="pjsip-media-encryption-488")
        option = endpoint.get("max_audio_streams")
        if option is not None and number(option.value) == 0:
            steps.append(Step(f"endpoint '{endpoint.name}' takes no audio", option.place))
            return Reply(488, tuple(steps), option.place)
        allowed = codecs(endpoint)
        if not set(message.request.codecs) & set(allowed) and "all" not in allowed:
            last = endpoint.get("allow") or endpoint.get("disallow")
            place = last.place if last else endpoint.place
            text = f"endpoint '{endpoint.name}' allows none of the offered codecs {', '.join(message.request.codecs)}"
            steps.append(Step(text, place))
            return Reply(488, tuple(steps), place, check=None if allowed else "pjsip-endpoint-without-codecs")
        return None

    def _subscribe(self, endpoint: Object, message: Message, steps: list[Step]) -> Reply:
        option = endpoint.get("allow_subscribe")
        if option is not None and not is_true(option.value):
            steps.append(Step(f"endpoint '{endpoint.name}' may not subscribe", option.place))
            return Reply(603, tuple(steps), option.place, check="pjsip-allow-subscribe-no")
        request = message.request
        least = endpoint.integer("sub_min_expiry", 0)
        if request.expires is not None and request.expires < max(least, 1):
            option = endpoint.get("sub_min_expiry")
            steps.append(Step(f"a subscription for {request.expires} s is too short", option.place if option else None))
            return Reply(423 if request.expires else 400, tuple(steps), option.place if option else None)
        if request.event == "message-summary":
            return self._mailbox(endpoint, request.request_uri.user, steps)
        if request.event not in (None, "presence", "dialog"):
            return Reply(489, (*steps, Step(f"nothing here tells of event '{request.event}'")))
        context, user = (
            endpoint.value("subscribe_context") or endpoint.value("context", "default"),
            request.request_uri.user,
        )
        refusal = self._without_transport(endpoint, [*steps])
        hint = self.dialplan.has_hint(context, user)
        if hint is None:
            return Reply(200, tuple(steps), unknowns=(f"whether '{user}' has a hint in context '{context}'",))
        if hint and refusal is not None:
            return refusal
        text = f"context '{context}' has {'a' if hint else 'no'} hint for '{user}'"
        return Reply(200 if hint else 404, (*steps, Step(text)))

    def _mailbox(self, endpoint: Object, user: str, steps: list[Step]) -> Reply:
        """What a subscription to messages needs: the AOR that the request-URI names, also by its voicemail_extension,
        must have a mailbox, and none that the endpoint is told of without asking (res_pjsip_mwi.c:mwi_new_subscribe,
        find_aor_for_resource)."""
        aors = self.loaded["aor"]
        wanted = [aor for name, _ in names(endpoint.get("aors")) if (aor := aors.get(name)) is not None]
        if user:
            named = [aor for aor in wanted if aor.value("voicemail_extension").lower() == user.lower()]
            wanted = [aors[user]] if user in aors else named[:1]
        mailboxes = {box for aor in wanted for box in aor.items("mailboxes")}
        if user and not mailboxes:
            place = wanted[0].place if wanted else endpoint.place
            return Reply(
                404, (*steps, Step(f"no aor '{user}' of endpoint '{endpoint.name}' has a mailbox", place)), place
            )
        unsolicited = endpoint.get("mailboxes")
        replaces = endpoint.flag("mwi_subscribe_replaces_unsolicited")
        if unsolicited is not None and not replaces and mailboxes & set(endpoint.items("mailboxes")):
            text = f"endpoint '{endpoint.name}' is told of the mailbox without asking"
            return Reply(500, (*steps, Step(text, unsolicited.place)), unsolicited.place)
        return Reply(200, tuple(steps))

    def _publish(self, endpoint: Object, message: Message, steps: list[Step]) -> Reply:
        """res_pjsip_pubsub.c:publish_request_initial; a handler is there for Asterisk's own events."""
        request = message.request
        resource = self.loaded["inbound-publication"].get(request.request_uri.user)
        event = (request.event or "").lower()
        if event not in ("asterisk-devicestate", "asterisk-mwi"):
            steps.append(Step(f"nothing here handles publications of event '{event}'"))
            return Reply(489, tuple(steps))
        if resource is None:
            steps.append(Step(f"there is no inbound-publication '{request.request_uri.user}'"))
            return Reply(404, tuple(steps))
        wanted = resource.get("endpoint")
        if wanted is not None and wanted.value and wanted.value != endpoint.name:
            text = f"publication '{resource.name}' is for endpoint '{wanted.value}', not '{endpoint.name}'"
            steps.append(Step(text, wanted.place))
            return Reply(403, tuple(steps), wanted.place, check="pjsip-publish-endpoint-mismatch")
        option = resource.get(f"event_{event}")
        if option is None or option.value not in self.loaded["asterisk-publication"]:
            steps.append(Step(f"publication '{resource.name}' does not take event '{event}'", resource.place))
            return Reply(404, tuple(steps), resource.place)
        steps.append(Step(f"publication '{resource.name}' takes it", resource.place))
        return Reply(200, tuple(steps))

    def _other(self, endpoint: Object, message: Message, steps: list[Step]) -> Reply:
        method = message.request.method
        if method in ("MESSAGE", "OPTIONS"):
            reply = self._extension(endpoint, message, steps)
            if method == "OPTIONS" and not message.request.request_uri.user:
                return Reply(200, tuple(steps))
            status = 404 if reply.status == 404 else 202 if method == "MESSAGE" else 200
            return reply._replace(status=status)
        return Reply(200, tuple(steps), unknowns=(f"what a {method} is told is not modelled",))


_EXTENSIONS = {"100rel": "100rel", "timers": "timer"}
"""Options that may demand an extension of the other side, and its name."""


def _unsupported(endpoint: Object, request: Request, steps: list[Step]) -> Reply | None:
    """421: the endpoint demands an extension that the request does not say it has."""
    said = {item.strip().lower() for item in request.headers.get("supported", "").split(",")}
    for name, extension in _EXTENSIONS.items():
        option = endpoint.get(name)
        if option is not None and option.value.lower() == "required" and extension not in said:
            steps.append(Step(f"endpoint '{endpoint.name}' demands {extension} of whoever calls", option.place))
            return Reply(421, tuple(steps), option.place)
    return None


def _binds(bound: str, destination: str) -> bool:
    """Does a socket bound to one address hear another? The wildcard of IPv6 hears IPv6 only here."""
    one, other = parse_address(bound or "0.0.0.0"), parse_address(destination)  # noqa: S104 - compared, not bound
    if isinstance(one, str) or isinstance(other, str):
        return True  # a name: it cannot be told
    if one[0] != other[0]:
        return False
    return one[1] == 0 or one[1] == other[1]
