"""What a refusal means, whoever tells of it: a reply at RCPT, a bounce mail or a provider's event.

In this order: what a provider's word says beyond doubt, known phrases, the enhanced status (the
field of a report or anywhere in the text: many servers hide the cause there), the provider's word,
the basic code. None where nothing is known of it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class BounceKind(StrEnum):
    HARD = "hard"
    """The mailbox does not exist or is closed: suppress."""
    SOFT = "soft"
    """The person's mailbox cannot take it now: counts where two surveys in a row fare so."""
    POLICY = "policy"
    """Our reputation, content or settings, never the person's fault: for the breakers."""
    TRANSIENT = "transient"
    """Delayed or misrouted: says nothing lasting."""
    REPLY = "reply"
    """An out-of-office note or the like: the e-mail arrived."""
    CHALLENGE = "challenge"
    """Asks whoever sent it to prove that they are human: says nothing of the person."""
    COMPLAINT = "complaint"
    """Reported as spam, now or before: the person wants no more."""
    OPT_OUT = "opt_out"
    """Unsubscribed at the provider."""


# What the provider itself knows, and no reply of a server changes.
BEYOND_DOUBT = frozenset(
    {
        BounceKind.POLICY,
        BounceKind.REPLY,
        BounceKind.CHALLENGE,
        BounceKind.COMPLAINT,
        BounceKind.OPT_OUT,
    }
)


class EnhancedStatus(NamedTuple):
    kind: int
    subject: int
    detail: int

    def __str__(self) -> str:
        return f"{self.kind}.{self.subject}.{self.detail}"


# No part of an address of the internet, and no number of a version behind a name.
_ENHANCED = re.compile(
    r"(?:(?<=[245][0-9]{2}-)|(?<![0-9A-Za-z./_-]))([245])\.([0-9]{1,3})\.([0-9]{1,3})(?!\.?[0-9])"
)
_CODE = re.compile(r"(?<![\w.#])([245][0-9]{2})(?![\w.])")

_OURS = (
    r"block(?:ed)? using|(?:block|black|deny)[- ]?list(?!(?:ed)? user)"
    r"|\bdnsbl\b|spamhaus\.org|spamcop\.net"
    r"|(?:poor|bad|low|due to|sender|ip|domain) reputation|\bdmarc\b|\bdkim\b|\bspf\b"
    r"|(?:as|is|like|be|for|of|considered|suspected|possible|probable|rejected|contains|\]) spam\b"
    r"|spam (?:message|content|detected|score|filter|check|policy)|\bunsolicited\b|\bvirus\b"
    r"|(?:client host|sender|sending|server|connecting|your)\b[^.;]{0,60}\bblocked"
    r"|blocked (?:by|due|for|because)|(?:message|mail|content) (?:was |is |has been )?blocked"
    r"|(?:local|security|content|admin\w*|anti-?spam) polic|policy (?:violation|reasons?|rejection)"
    r"|(?:violat\w+|rejected by|due to|against) (?:\w+ ){0,2}polic|unauthenticated"
    r"|sender (?:address |domain )?(?:verif\w+|rejected|denied|refused|not allowed)"
    r"|sender (?:address|domain)[^.;]{0,40}(?:not exist|not found)"
)
_FULL = (
    r"(?:mail)?box (?:is )?full|inbox (?:is |was )?full|quota|insufficient (?:system )?storage"
    r"|out of (?:storage|space)|storage (?:limit|full)|gr[ea]y-?list"
    r"|too (?:large|big)\b|size (?:limit|exceeds)|exceeds? (?:the )?(?:maximum |max )?(?:\w+ )?size"
)
_NOBODY = (
    r"user (?:is )?unknown|unknown (?:user|recipient|address|mailbox|local part)"
    r"|(?:recipient|address|mailbox|account) (?:is )?unknown"
    r"|no such (?:user|recipient|mailbox|address|account|person|domain|local|email|host)"
    r"|(?:does|do|did)(?: not|n't) exist|not exist|nonexist\w+|non-existent|no mailbox here"
    r"|(?:user|recipient|mailbox|account|address|box)[^.;]{0,40} not (?:be )?found"
    r"|(?:invalid|bad) (?:recipient|mailbox|user|destination|address|domain)"
    r"|does(?: not|n't) have an? \S{1,60} account|mailbox unavailable|not a valid (?:user|mailbox)"
    r"|(?:user|mailbox|account|address|recipient)[^.;]{0,40} (?:disabled|inactive|deactivated|"
    r"closed|suspended|terminated|no longer)|(?:disabled|inactive|deactivated|closed|expired) "
    r"(?:user|mailbox|account|recipient|address)|no longer (?:valid|available|works?|employed)"
    r"|recipient address rejected: access denied|recipient not found|undeliverable address"
)
_SAYS = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (_OURS, BounceKind.POLICY),
        (_FULL, BounceKind.SOFT),
        (_NOBODY, BounceKind.HARD),
    )
)
# What a basic code says by itself, where it is about the recipient: not local, name not allowed.
_BY_CODE = {
    550: BounceKind.HARD,
    551: BounceKind.HARD,
    553: BounceKind.HARD,
    452: BounceKind.SOFT,
    552: BounceKind.SOFT,
}
LONGEST = 2000


def classify(
    text: str = "",
    *,
    code: int | None = None,
    status: EnhancedStatus | None = None,
    word: BounceKind | None = None,
    at_recipient: bool = False,
) -> BounceKind | None:
    """`word` is what the provider calls it, `at_recipient` that the reply was to the address."""
    if word in BEYOND_DOUBT:
        return word
    text = text[:LONGEST]
    found = _more_precise(text, status)
    basic = code or _basic_code(text)
    for_now = (found.kind if found else (basic or 0) // 100) == 4
    for pattern, kind in _SAYS:
        if pattern.search(text) and not (kind is BounceKind.HARD and for_now):
            return kind
    by_status = _by_status(found) if found else None
    return by_status or word or (_BY_CODE.get(basic or 0) if at_recipient else None)


def parse_enhanced_status(text: str) -> EnhancedStatus | None:
    """The RFC 3463 status in a reply or a field, wherever it stands: the more precise one."""
    found = [EnhancedStatus(*map(int, each.groups())) for each in _ENHANCED.finditer(text)]
    return next((each for each in found if each.subject), found[0] if found else None)


def _more_precise(text: str, given: EnhancedStatus | None) -> EnhancedStatus | None:
    """A field of 5.0.0 often hides the status that the server's own words have."""
    if given is not None and given.subject:
        return given
    return parse_enhanced_status(text) or given


def _basic_code(text: str) -> int | None:
    found = _CODE.search(text)
    return int(found[1]) if found else None


def _by_status(status: EnhancedStatus) -> BounceKind | None:
    match status:
        case (_, 7, 17 | 18):  # The mailbox or its domain has another owner.
            return BounceKind.HARD
        case (_, 7, _) | (_, 1, 7 | 8):  # 1.7 and 1.8 are about the sender's address
            return BounceKind.POLICY
        case (5, 1, _) | (5, 2, 1):
            return BounceKind.HARD
        case (_, 3, 4):
            return BounceKind.SOFT
        case (_, 3 | 4, _):
            return BounceKind.TRANSIENT
        case (2, _, _) | (_, 0, _) | (_, 5, _):
            return None
        case _:
            return BounceKind.SOFT
