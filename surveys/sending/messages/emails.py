"""Survey mails: compiled once per wording, filled per recipient in ready bytes."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from email.utils import format_datetime
from functools import lru_cache

from django.conf import settings

from accounts.domain.names import shown_name
from surveys.domain.mail.encoding import MailValueError, single_line
from surveys.domain.wording import (
    CUSTOMER_FALLBACK,
    DEFAULT_WORDING,
    NAME_FALLBACK,
    Wording,
    fill,
    opening,
    with_overrides,
    without_honorific,
)
from surveys.models import Campaign
from surveys.queries.senders import own_domain, sender_of
from surveys.queries.tokens import Purpose, answer_url, make_token, opt_out_url
from surveys.sending.messages.compile import (
    CompiledMail,
    MailTooLarge,
    Source,
    compiled,
    fixed_values,
    from_name,
)

__all__ = [
    "CompiledMail",
    "MailTooLarge",
    "MailValueError",
    "Recipient",
    "compile_mail",
    "mail_values",
]

SAMPLES = {
    "ja": {"name": "山田 花子", "customer": "サンプル株式会社"},
    "en": {"name": "Alex Smith", "customer": "Example Inc."},
}


def compile_mail(
    campaign: Campaign, *, language: str, reminder: bool = False, test: bool = False
) -> CompiledMail:
    return compiled(source_of(campaign, language=language, reminder=reminder, test=test))


def wording_of(campaign: Campaign, *, language: str) -> Wording:
    """The default texts with what the campaign wrote over them."""
    return with_overrides(
        DEFAULT_WORDING[language], overrides=(campaign.wording or {}).get(language) or {}
    )


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a mail is for, as far as its text says."""

    public_id: str
    language: str
    address: str
    name: str
    customer: str
    # As it was stored; empty before the first attempt.
    message_id: str = ""


def mail_values(
    recipient: Recipient, *, now: dt.datetime, reminder: bool = False
) -> dict[str, str]:
    """What `CompiledMail.fill` needs to know of one recipient."""
    public_id, language = recipient.public_id, recipient.language
    first = recipient.message_id or first_message_id(public_id)
    name, customer = shown_name(recipient.name), shown_name(recipient.customer)
    return {
        **_named(name or NAME_FALLBACK[language], customer or CUSTOMER_FALLBACK[language]),
        "opening": opening(language, name=name, customer=customer),
        "answer_url": answer_url(public_id),
        "opt_out_url": opt_out_url(public_id),
        "to_name": name,
        "to_address": recipient.address,
        "message_id": f"<{public_id}.reminder@{_mail_domain()}>" if reminder else first,
        "first_message_id": first,
        "reference": public_id,
        "date": _date(now.replace(microsecond=0)),
    }


def _named(name: str, customer: str) -> dict[str, str]:
    """Bare: for texts that are polite behind it."""
    return {
        "name": name,
        "customer": customer,
        "bare_name": without_honorific(name),
        "bare_customer": without_honorific(customer),
    }


def first_message_id(public_id: str) -> str:
    """The same on every attempt, also where it was not stored yet."""
    return f"<{public_id}@{_mail_domain()}>"


@lru_cache(maxsize=8)
def _date(second: dt.datetime) -> str:
    return format_datetime(second)


def preview_html(campaign: Campaign, language: str, *, reminder: bool = False) -> str:
    lines = opening(language, **SAMPLES[language]).splitlines()
    html = _compiled_preview(campaign, language, reminder).html
    return _sampled(html, campaign, language, "".join(f"{line}<br>" for line in lines))


def preview_text(campaign: Campaign, language: str, *, reminder: bool = False) -> str:
    lines = opening(language, **SAMPLES[language]).splitlines()
    text = _compiled_preview(campaign, language, reminder).text
    return _sampled(text, campaign, language, "\n".join([*lines, "", ""]) if lines else "")


def preview_head(campaign: Campaign, language: str) -> dict[str, str]:
    """What a list of mails shows of it."""
    wording = wording_of(campaign, language=language)
    source = source_of(campaign, language=language, reminder=False, test=False)
    values = {**fixed_values(source), **SAMPLES[language]}
    # The sender's name is the same for all: nobody is named in it.
    same_for_all = {**values, "name": "", "customer": ""}
    return {
        "from": f"{from_name(source, wording, values=same_for_all)} <{source.sent_from}>",
        "subject": preview_subject(campaign, language),
        "preheader": fill(wording.preheader, values=values).strip(),
    }


def preview_subject(campaign: Campaign, language: str, *, reminder: bool = False) -> str:
    wording = wording_of(campaign, language=language)
    subject = wording.reminder_subject if reminder else wording.subject
    source = source_of(campaign, language=language, reminder=reminder, test=False)
    return single_line(fill(subject, values={**fixed_values(source), **SAMPLES[language]}))


def test_message(campaign: Campaign, language: str, to: str, *, now: dt.datetime) -> bytes:
    """A marked mail to staff; its links lead to pages that record nothing."""
    compiled = compile_mail(campaign, language=language, test=True)
    unique = secrets.token_urlsafe(16)
    values = {
        **_test_values(campaign, language),
        "to_name": "",
        "to_address": to,
        "message_id": f"<{unique}@{_mail_domain()}>",
        "first_message_id": f"<{unique}.first@{_mail_domain()}>",
        "reference": unique,
        "date": format_datetime(now),
    }
    return compiled.fill(values)


test_message.__test__ = False  # type: ignore[attr-defined]  # its name is no test's


def trial_token(campaign: Campaign, language: str) -> str:
    """Opens the pages of a campaign without a recipient; nothing is recorded there."""
    return make_token(Purpose.TEST, f"{campaign.pk or 0:020d}{language}")


def _test_values(campaign: Campaign, language: str) -> dict[str, str]:
    token = trial_token(campaign, language)
    return {
        **_named(**SAMPLES[language]),
        "opening": opening(language, **SAMPLES[language]),
        "answer_url": f"{settings.SITE_URL}/s/test-{token}/",
        "opt_out_url": f"{settings.SITE_URL}/u/test-{token}/",
    }


def _mail_domain() -> str:
    """The organisation's, whoever an e-mail is from: events are known by it, and an id stays the
    same where a campaign is given another sender between two attempts.
    """
    return own_domain() or "localhost"


def source_of(campaign: Campaign, *, language: str, reminder: bool, test: bool) -> Source:
    return Source(
        campaign_id=campaign.pk,
        language=language,
        reminder=reminder,
        test=test,
        wording=json.dumps((campaign.wording or {}).get(language) or {}, sort_keys=True),
        sender_name=campaign.sender_name,
        reply_to=campaign.reply_to,
        product=campaign.product_name or settings.ORGANISATION_NAME,
        site_url=settings.SITE_URL,
        organisation=settings.ORGANISATION_NAME,
        address=settings.ORGANISATION_ADDRESS,
        sent_from=sender_of(campaign),
        provider=settings.EMAIL_PROVIDER,
        logo=f"{settings.SITE_URL}/brand/{settings.BRAND_LOGO}.png" if settings.BRAND_LOGO else "",
        colour=settings.BRAND_COLOUR,
    )


def _compiled_preview(campaign: Campaign, language: str, reminder: bool) -> CompiledMail:
    return compiled.__wrapped__(
        source_of(campaign, language=language, reminder=reminder, test=False)
    )


def _sampled(template: str, campaign: Campaign, language: str, opens: str) -> str:
    return fill(template, values={**_test_values(campaign, language), "opening": opens})
