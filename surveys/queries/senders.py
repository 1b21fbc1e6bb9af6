"""From which addresses campaigns may be sent."""

from __future__ import annotations

from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.domain.mail.sender_domain import domain_of, is_plain
from surveys.models import Campaign, SenderCheck


def own_domain() -> str:
    return domain_of(settings.DEFAULT_FROM_EMAIL)


def sender_domains() -> list[str]:
    """The organisation's own first."""
    confirmed = SenderCheck.objects.filter(confirmed_at__isnull=False).order_by("domain")
    names = confirmed.values_list("domain", flat=True)
    return list(dict.fromkeys([own_domain(), *names]))


def sender_of(campaign: Campaign) -> str:
    """The bare address that its e-mails come from."""
    return campaign.from_address or _bare(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _bare(sender: str) -> str:
    # Parsed once: it is asked for with every e-mail, and parsing costs as much as sending.
    return parseaddr(sender)[1] or sender


def sender_fault(address: str) -> str:
    """Why no campaign may be sent from it, and what would help; empty where one may."""
    if not address:
        return ""
    if not is_plain(address):
        return _("An address to send from has letters of ASCII only, no spaces and no quotes.")
    if domain_of(address) in (domains := sender_domains()):
        return ""
    return _(
        "Campaigns are sent from addresses of %(domains)s. An admin can confirm a further domain "
        "in the settings, under “Organisation and sender”."
    ) % {"domains": ", ".join(domains)}
