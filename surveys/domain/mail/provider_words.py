"""What each provider calls it when an e-mail did not arrive, by the fields of its events."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.domain.mail.bounces import BounceKind as K

# By provider: where its words stand (joined by a stroke where it takes several), and their meaning.
# The longest beginning that is known counts.
_PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "postmark": (("Type",), ("SuppressionReason",)),
    "amazon_ses": (("bounce", "bounceType"), ("bounce", "bounceSubType")),
    "mailgun": (("event-data", "event"), ("event-data", "reason"), ("event-data", "severity")),
    "mandrill": (("event",), ("msg", "bounce_description"), ("reject", "reason")),
    "sendgrid": (("event",), ("type",), ("reason",), ("bounce_classification",)),
    "brevo": (("event",),),
    "mailjet": (("error",), ("hard_bounce",)),
    "resend": (("data", "bounce", "type"), ("data", "bounce", "subType")),
    "sparkpost": (("msys", "*", "type"), ("msys", "*", "bounce_class")),
    "postal": (("payload", "status"), ("event",)),
    "mailtrap": (("event",), ("bounce_category",)),
}
_SES = {
    "permanent": K.HARD,
    "transient": K.SOFT,
    # An out-of-office note, too.
    "transient/general": K.TRANSIENT,
    "transient/contentrejected": K.POLICY,
    "transient/customtimeoutexceeded": K.TRANSIENT,
    "undetermined": K.TRANSIENT,
}
_WORDS: dict[str, dict[str, K]] = {
    "postmark": {
        "hardbounce": K.HARD,
        "bademailaddress": K.HARD,
        "manuallydeactivated": K.HARD,
        "softbounce": K.SOFT,
        "undeliverable": K.SOFT,
        "transient": K.TRANSIENT,
        "dnserror": K.TRANSIENT,
        "openrelaytest": K.TRANSIENT,
        "autoresponder": K.REPLY,
        "addresschange": K.REPLY,
        "challengeverification": K.CHALLENGE,
        "blocked": K.POLICY,
        "dmarcpolicy": K.POLICY,
        "virusnotification": K.POLICY,
        "unconfirmed": K.POLICY,
        "smtpapierror": K.POLICY,
        "spamcomplaint": K.COMPLAINT,
        "spamnotification": K.COMPLAINT,
        "unsubscribe": K.OPT_OUT,
        "manualsuppression": K.OPT_OUT,
    },
    "amazon_ses": _SES,
    "mailgun": {
        "failed/bounce": K.HARD,
        "failed/suppress-bounce": K.HARD,
        "failed/suppress-complaint": K.COMPLAINT,
        "failed/suppress-unsubscribe": K.OPT_OUT,
        "failed/espblock": K.POLICY,
        "failed/old": K.TRANSIENT,
        "rejected": K.POLICY,
    },
    "mandrill": {
        "hard_bounce": K.HARD,
        "soft_bounce": K.SOFT,
        "soft_bounce/mailbox_full": K.SOFT,
        "soft_bounce/invalid_domain": K.TRANSIENT,
        "reject/hard-bounce": K.HARD,
        "reject/soft-bounce": K.SOFT,
        "reject/spam": K.COMPLAINT,
        "reject/unsub": K.OPT_OUT,
        "reject/custom": K.OPT_OUT,
        "reject": K.POLICY,
    },
    "sendgrid": {
        "bounce": K.HARD,
        "bounce/bounce": K.HARD,
        "bounce/blocked": K.TRANSIENT,
        "bounce/expired": K.TRANSIENT,
        "dropped/unsubscribed address": K.OPT_OUT,
        "dropped/spam reporting address": K.COMPLAINT,
        "dropped/bounced address": K.HARD,
        "dropped/invalid": K.HARD,
        "dropped/invalid smtpapi header": K.POLICY,
        "dropped/spam content": K.POLICY,
        "dropped/recipient list over package quota": K.POLICY,
        "dropped": K.TRANSIENT,
    },
    "brevo": {
        "hard_bounce": K.HARD,
        "invalid_email": K.HARD,
        "blocked": K.HARD,
        "soft_bounce": K.SOFT,
        "error": K.TRANSIENT,
    },
    "mailjet": {
        "user unknown": K.HARD,
        "mailbox inactive": K.HARD,
        "invalid domain": K.HARD,
        "no mail host": K.HARD,
        "typofix": K.HARD,
        "preblocked": K.HARD,
        "quota exceeded": K.SOFT,
        "greylisted": K.SOFT,
        "spam reporter": K.COMPLAINT,
        "blacklisted": K.HARD,
        "sender blocked": K.POLICY,
        "content blocked": K.POLICY,
        "policy issue": K.POLICY,
        "relay/access denied": K.TRANSIENT,
        "duplicate in campaign": K.TRANSIENT,
        "true": K.HARD,
        "false": K.SOFT,
    },
    "resend": _SES,
    "sparkpost": {
        **{f"{event}/{number}": kind for event in ("bounce", "out_of_band") for number, kind in {
            "1": K.TRANSIENT, "10": K.HARD, "20": K.SOFT, "21": K.TRANSIENT, "22": K.SOFT,
            "23": K.SOFT, "24": K.TRANSIENT, "25": K.POLICY, "30": K.HARD, "40": K.TRANSIENT,
            "50": K.POLICY, "51": K.POLICY, "52": K.POLICY, "53": K.POLICY, "54": K.POLICY,
            "60": K.REPLY, "70": K.TRANSIENT, "90": K.OPT_OUT, "100": K.CHALLENGE,
        }.items()},
        "policy_rejection": K.POLICY,
        "generation_rejection": K.POLICY,
    },
    "postal": {"messagebounced": K.SOFT, "hardfail": K.HARD},
    "mailtrap": {
        "bounce": K.HARD,
        "bounce/badmailbox": K.HARD,
        "bounce/baddomain": K.HARD,
        "bounce/mailboxfull": K.SOFT,
        "bounce/mailboxinactive": K.HARD,
        "bounce/spam": K.POLICY,
        "bounce/policyrelated": K.POLICY,
        "soft bounce": K.SOFT,
        "reject": K.POLICY,
        "suspension": K.POLICY,
    },
}  # fmt: skip


def provider_word(provider: str, event: object) -> K | None:
    """What the event of a provider calls it; None for words that we do not know."""
    known = _WORDS.get(provider, {})
    said = [_word_at(event, place) for place in _PLACES.get(provider, ())]
    words = [each for each in said if each]
    starts = ("/".join(words[:length]) for length in range(len(words), 0, -1))
    return next((known[start] for start in starts if start in known), None)


def _word_at(event: object, place: tuple[str, ...]) -> str:
    for name in place:
        if not isinstance(event, Mapping):
            return ""
        event = next(iter(event.values()), "") if name == "*" else event.get(name)
    return str(event).strip().lower() if isinstance(event, str | int) else ""
