"""What SPF, DKIM and DMARC of a sender's domain say, as far as DNS tells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


class Found(StrEnum):
    """What was found of a part; each has its sentence in `labels.py`."""

    GOOD = "good"
    MISSING = "missing"
    # SPF: two records, which count as none; anybody may send; nothing is said of others.
    SEVERAL = "several"
    EVERYBODY = "everybody"
    OPEN = "open"
    WITHOUT_PROVIDER = "without_provider"
    # DKIM: none of the usual names; what is there was withdrawn.
    NOT_FOUND = "not_found"
    REVOKED = "revoked"
    # DMARC: it only watches.
    WATCHES = "watches"
    # DNS did not answer.
    UNKNOWN = "unknown"


class State(StrEnum):
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    UNKNOWN = "unknown"


STATES = {
    Found.GOOD: State.GOOD,
    Found.WATCHES: State.WATCH,
    Found.OPEN: State.WATCH,
    Found.NOT_FOUND: State.WATCH,
    Found.WITHOUT_PROVIDER: State.WATCH,
    Found.UNKNOWN: State.UNKNOWN,
}
# What a provider asks to be included in SPF, and under which names it signs.
INCLUDES = {
    "amazon_ses": "amazonses.com",
    "brevo": "spf.brevo.com",
    "mailgun": "mailgun.org",
    "mailjet": "spf.mailjet.com",
    "mandrill": "spf.mandrillapp.com",
    "postmark": "spf.mtasv.net",
    "sendgrid": "sendgrid.net",
    "sparkpost": "_spf.sparkpostmail.com",
}
SELECTORS = {
    "brevo": ("brevo1", "brevo2", "mail"),
    "mailgun": ("mailo", "smtp", "k1", "mx", "pic"),
    "mailjet": ("mailjet",),
    "mandrill": ("mandrill", "mte1", "mte2"),
    "postmark": ("pm",),
    "resend": ("resend",),
    "sendgrid": ("s1", "s2"),
    "sparkpost": ("scph1122", "scph0924"),
}
USUAL = ("default", "dkim", "google", "k1", "mail", "s1", "s2", "selector1", "selector2")
LONGEST = 253
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE)
_PLAIN = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]+@{_DOMAIN.pattern}", re.IGNORECASE)
_NO_KEY = re.compile(r"(?:^|;)\s*p=\s*(?:;|$)")


@dataclass(frozen=True, slots=True)
class Verdict:
    part: Part
    found: Found
    # The name that was asked, and the record that decides.
    name: str
    record: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Verdict:
        return cls(Part(stored["part"]), Found(stored["found"]), stored["name"], stored["record"])

    @property
    def state(self) -> State:
        return STATES.get(self.found, State.BAD)


def worst(verdicts: Sequence[Verdict]) -> State:
    """Of the whole domain: what is to be mended comes before what nobody knows."""
    order = (State.BAD, State.WATCH, State.UNKNOWN)
    states = {each.state for each in verdicts} or {State.UNKNOWN}
    return next((each for each in order if each in states), State.GOOD)


# What DNS holds under a name; None: it did not answer.
Records = Sequence[str] | None


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].strip(" >").lower()


def is_plain(address: str) -> bool:
    """What every mail server on the way understands."""
    return _PLAIN.fullmatch(address) is not None


def is_domain(text: str) -> bool:
    return len(text) <= LONGEST and _DOMAIN.fullmatch(text) is not None


def anchor_of(domain: str) -> str:
    """Where it stands on the page of senders."""
    return domain.replace(".", "-")


def selectors_of(provider: str, *, own: str = "") -> tuple[str, ...]:
    """Nobody can list a domain's names of keys: those that are told, or else the usual ones."""
    if own:
        return (own,)
    return tuple(dict.fromkeys((*SELECTORS.get(provider, ()), *USUAL)))


def parents_of(domain: str) -> list[str]:
    """Itself, and the domain above it that is asked where it has no policy of its own."""
    labels = domain.split(".")
    # co.jp and its like hold no mail policies, so that one more label costs a question at most.
    return [".".join(labels[at:]) for at in range(max(len(labels) - 1, 1))][:3]


def spf(domain: str, records: Records, *, provider: str) -> Verdict:
    if records is None:
        return Verdict(Part.SPF, Found.UNKNOWN, domain)
    ours = [each for each in records if each.lower().split(" ")[0] == "v=spf1"]
    if len(ours) != 1:
        found = Found.SEVERAL if ours else Found.MISSING
        return Verdict(Part.SPF, found, domain, " / ".join(ours))
    return Verdict(Part.SPF, _spf(ours[0].lower(), provider), domain, ours[0])


def _spf(record: str, provider: str) -> Found:
    terms = record.split()
    if "+all" in terms or "all" in terms:
        return Found.EVERYBODY
    wanted = INCLUDES.get(provider)
    if wanted and not any(each.endswith(f":{wanted}") for each in terms):
        return Found.WITHOUT_PROVIDER
    is_closed = any(each in ("-all", "~all") or each.startswith("redirect=") for each in terms)
    return Found.GOOD if is_closed else Found.OPEN


def dkim(domain: str, records: Mapping[str, Records]) -> Verdict:
    """`records` by the name of the key; one that stands is enough."""
    revoked = ""
    for selector, texts in records.items():
        name = f"{selector}._domainkey.{domain}"
        for text in texts or ():
            if "p=" not in text:
                continue
            if not _NO_KEY.search(text):
                return Verdict(Part.DKIM, Found.GOOD, name, text)
            revoked = name
    if revoked:
        return Verdict(Part.DKIM, Found.REVOKED, revoked)
    answered = any(texts is not None for texts in records.values())
    found = Found.NOT_FOUND if answered else Found.UNKNOWN
    return Verdict(Part.DKIM, found, f"*._domainkey.{domain}")


def dmarc(records: Mapping[str, Records]) -> Verdict:
    """`records` by the domain, the sender's own first."""
    first = next(iter(records))
    for domain, texts in records.items():
        if texts is None:
            return Verdict(Part.DMARC, Found.UNKNOWN, f"_dmarc.{domain}")
        for text in texts:
            tags = _tags(text)
            if tags.get("v") == "dmarc1":
                # Of a domain below it, its policy for those below.
                policy = tags.get("p", "none")
                policy = policy if domain == first else tags.get("sp", policy)
                found = Found.GOOD if policy in ("quarantine", "reject") else Found.WATCHES
                return Verdict(Part.DMARC, found, f"_dmarc.{domain}", text)
    return Verdict(Part.DMARC, Found.MISSING, f"_dmarc.{first}")


def _tags(record: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in record.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
