from __future__ import annotations

from typing import Any

import pytest

from surveys.domain.mail.bounces import BounceKind as K
from surveys.domain.mail.provider_words import provider_word


def ses(kind: str, sub: str) -> dict[str, Any]:
    return {"bounce": {"bounceType": kind, "bounceSubType": sub}}


def resend(kind: str, sub: str) -> dict[str, Any]:
    return {"data": {"bounce": {"type": kind, "subType": sub}}}


def mailgun(reason: str) -> dict[str, Any]:
    return {"event-data": {"event": "failed", "reason": reason, "severity": "permanent"}}


def sparkpost(number: str) -> dict[str, Any]:
    return {"msys": {"message_event": {"type": "bounce", "bounce_class": number}}}


@pytest.mark.parametrize(
    ("provider", "event", "kind"),
    [
        ("postmark", {"Type": "HardBounce"}, K.HARD),
        ("postmark", {"Type": "ManuallyDeactivated"}, K.HARD),
        ("postmark", {"Type": "SoftBounce"}, K.SOFT),
        ("postmark", {"Type": "AutoResponder"}, K.REPLY),
        ("postmark", {"Type": "ChallengeVerification"}, K.CHALLENGE),
        ("postmark", {"Type": "DMARCPolicy"}, K.POLICY),
        ("postmark", {"SuppressionReason": "ManualSuppression"}, K.OPT_OUT),
        ("amazon_ses", ses("Permanent", "General"), K.HARD),
        ("amazon_ses", ses("Permanent", "OnAccountSuppressionList"), K.HARD),
        ("amazon_ses", ses("Transient", "MailboxFull"), K.SOFT),
        ("amazon_ses", ses("Transient", "General"), K.TRANSIENT),
        ("amazon_ses", ses("Transient", "ContentRejected"), K.POLICY),
        ("amazon_ses", ses("Undetermined", "Undetermined"), K.TRANSIENT),
        ("mailgun", mailgun("bounce"), K.HARD),
        ("mailgun", mailgun("suppress-complaint"), K.COMPLAINT),
        ("mailgun", mailgun("suppress-unsubscribe"), K.OPT_OUT),
        ("mandrill", {"event": "hard_bounce", "msg": {"bounce_description": "x"}}, K.HARD),
        ("mandrill", {"event": "soft_bounce", "msg": {}}, K.SOFT),
        ("mandrill", {"event": "reject", "reject": {"reason": "unsub"}}, K.OPT_OUT),
        ("sendgrid", {"event": "bounce", "type": "bounce", "reason": "550 no"}, K.HARD),
        ("sendgrid", {"event": "bounce", "type": "blocked", "reason": "550 no"}, K.TRANSIENT),
        ("sendgrid", {"event": "dropped", "reason": "Unsubscribed Address"}, K.OPT_OUT),
        ("sendgrid", {"event": "dropped", "reason": "Spam Reporting Address"}, K.COMPLAINT),
        ("sendgrid", {"event": "dropped", "reason": "Bounced Address"}, K.HARD),
        ("brevo", {"event": "hard_bounce"}, K.HARD),
        ("brevo", {"event": "soft_bounce"}, K.SOFT),
        ("mailjet", {"error": "user unknown", "hard_bounce": True}, K.HARD),
        ("mailjet", {"error": "quota exceeded", "hard_bounce": False}, K.SOFT),
        ("mailjet", {"error": "", "hard_bounce": True}, K.HARD),
        ("mailjet", {"error": "content blocked"}, K.POLICY),
        ("resend", resend("Permanent", "Suppressed"), K.HARD),
        ("resend", resend("Transient", "MailboxFull"), K.SOFT),
        ("sparkpost", sparkpost("10"), K.HARD),
        ("sparkpost", sparkpost("22"), K.SOFT),
        ("sparkpost", sparkpost("51"), K.POLICY),
        ("sparkpost", sparkpost("60"), K.REPLY),
        ("sparkpost", sparkpost("100"), K.CHALLENGE),
        ("postal", {"payload": {"status": "HardFail"}}, K.HARD),
        ("mailtrap", {"event": "bounce", "bounce_category": "spam"}, K.POLICY),
    ],
)
def test_words_mean_what_they_say(provider: str, event: dict[str, Any], kind: K) -> None:
    assert provider_word(provider, event) is kind


@pytest.mark.parametrize("event", [None, [], "x", {}, {"bounce": None}, {"bounce": ["Permanent"]}])
def test_an_unknown_or_broken_event_says_nothing(event: object) -> None:
    assert provider_word("amazon_ses", event) is None
    assert provider_word("nobody", event) is None
