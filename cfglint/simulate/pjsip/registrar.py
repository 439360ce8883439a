"""REGISTER: which AOR is meant, and what becomes of the Contact (res_pjsip_registrar.c)."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.knowledge import asterisk_changes
from cfglint.knowledge.versions import Version
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, identify_by, names
from cfglint.simulate.answer import Reply, Step
from cfglint.simulate.client import Message
from cfglint.simulate.pjsip.identification import in_domain
from cfglint.source import Place


class Registrar:
    """The AORs, and the Contacts that are stored for them."""

    def __init__(self, pjsip: Pjsip, version: Version) -> None:
        self.aors = pjsip.loaded("aor")
        self.aliases = pjsip.loaded("domain_alias")
        self.to_first = asterisk_changes.has(version, asterisk_changes.TO_FIRST)
        self.contacts: dict[str, dict[str, float]] = {}
        """Per AOR the registered Contacts and when they expire."""

    def register(self, endpoint: Object, message: Message, steps: list[Step]) -> Reply:
        """The answer to a REGISTER of an endpoint that has proved itself."""
        aors = names(endpoint.get("aors"))
        if not aors:
            steps.append(Step(f"endpoint '{endpoint.name}' has no aors, so nothing can be registered", endpoint.place))
            return Reply(403, tuple(steps), endpoint.place, check="pjsip-endpoint-missing-aors")
        name, place, how = self._choose_aor(endpoint, message)
        if name is None:
            steps.append(Step(how, place))
            return Reply(404, tuple(steps), place, check="pjsip-aor-name-mismatch")
        aor = self.aors.get(name)
        if aor is None:
            steps.append(Step(f"aor '{name}' does not exist or was dropped", place))
            return Reply(404, tuple(steps), place, check="pjsip-aor-reference-missing")
        steps.append(Step(f"aor '{name}' is meant: {how}", aor.place))
        most = aor.integer("max_contacts", 0)
        option = aor.get("max_contacts")
        if most == 0:
            place = option.place if option else aor.place
            text = "max_contacts is 0" if option else "there is no max_contacts, and the default is 0"
            steps.append(Step(f"aor '{name}' takes no registrations: {text}", place))
            return Reply(403, tuple(steps), place, check="pjsip-aor-max-contacts-zero")
        return self._bind(aor, most, message, steps)

    def _choose_aor(self, endpoint: Object, message: Message) -> tuple[str | None, Place | None, str]:
        """Which of the endpoint's AORs is meant (res_pjsip_registrar.c:find_registrar_aor)."""
        listed = dict(names(endpoint.get("aors")))
        methods = identify_by(endpoint)
        tries = []
        if self.to_first or "username" in methods:
            to = message.request.to
            tries.append((to.user, to.host, f"the To user '{to.user}'"))
        if "auth_username" in methods and message.credentials is not None:
            credentials = message.credentials
            tries.append((credentials.user, credentials.realm, f"the digest user '{credentials.user}'"))
        for user, domain, what in tries:
            for name in self._aor_names(user, domain):
                if name in listed:
                    return name, listed[name], f"{what} is its name"
        option = endpoint.get("aors")
        place = option.place if option else endpoint.place
        if not tries:
            option = endpoint.get("identify_by")
            place = option.place if option else place
            return None, place, f"identify_by of endpoint '{endpoint.name}' does not let the To user choose an aor"
        wanted = " and ".join(what for _, _, what in tries)
        return None, place, f"none of the aors of endpoint '{endpoint.name}' is named like {wanted}"

    def _aor_names(self, user: str, domain: str) -> Iterator[str]:
        yield from in_domain(user, domain, self.aliases)
        if user:
            yield user

    def _bind(self, aor: Object, most: int, message: Message, steps: list[Step]) -> Reply:
        """Store, renew or remove a Contact (res_pjsip_registrar.c:register_aor_core)."""
        request, now = message.request, message.now
        stored = {uri: until for uri, until in self.contacts.get(aor.name, {}).items() if until > now}
        self.contacts[aor.name] = stored
        contact = request.sent_contact
        if request.expires == 0:
            stored.pop(contact, None)
            steps.append(Step("the registration is removed"))
            return Reply(200, tuple(steps))
        expires = request.expires if request.expires is not None else aor.integer("default_expiration", 3600)
        low, high = aor.integer("minimum_expiration", 60), aor.integer("maximum_expiration", 7200)
        replaces = aor.flag("remove_existing")
        count = 1 if replaces else len(stored.keys() | {contact})
        if count > most:
            option = aor.get("max_contacts")
            place = option.place if option else aor.place
            text = f"aor '{aor.name}' holds {len(stored)} of {most} contacts, and remove_existing is off"
            steps.append(Step(text, place))
            unknowns = ("whether a stored contact is unavailable",) if aor.flag("remove_unavailable") else ()
            return Reply(403, tuple(steps), place, check="pjsip-max-contacts-no-remove-existing", unknowns=unknowns)
        if replaces:
            while len(stored.keys() - {contact}) >= most:
                del stored[min(stored.keys() - {contact}, key=lambda uri: stored[uri])]
        stored[contact] = now + min(max(expires, low), high)
        steps.append(Step(f"aor '{aor.name}' stores the contact", aor.place))
        return Reply(200, tuple(steps))
