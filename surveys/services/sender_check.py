"""A look at what DNS says of the sender's domain, kept with its moment."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.domain.access.audit import AuditAction
from accounts.models import StaffUser
from accounts.services.access.audit import record_event
from surveys.domain.mail.sender_domain import (
    Records,
    Verdict,
    dkim,
    dmarc,
    domain_of,
    parents_of,
    selectors_of,
    spf,
)
from surveys.domain.states import UNFINISHED
from surveys.models import Campaign, SenderCheck

if TYPE_CHECKING:
    from dns.resolver import Resolver

# For one question, and for all of them: the page waits for it.
QUESTION, ALTOGETHER = 2.0, 6.0
AT_ONCE = 8

Ask = Callable[[str], Records]


def check_sender(address: str, *, selector: str, ask: Ask, now: dt.datetime) -> SenderCheck:
    """`ask`: what DNS holds as text under a name; see `ask_dns`."""
    domain = domain_of(address)
    keys = selectors_of(settings.EMAIL_PROVIDER, own=selector)
    policies = parents_of(domain)
    names = [
        domain,
        *(f"{each}._domainkey.{domain}" for each in keys),
        *(f"_dmarc.{each}" for each in policies),
    ]
    # In threads: several names that do not answer take no longer than one.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(names, pool.map(ask, names), strict=True))
    verdicts = [
        spf(domain, found[domain], provider=settings.EMAIL_PROVIDER),
        dkim(domain, {each: found[f"{each}._domainkey.{domain}"] for each in keys}),
        dmarc({each: found[f"_dmarc.{each}"] for each in policies}),
    ]
    row, _made = SenderCheck.objects.update_or_create(
        domain=domain,
        defaults={
            "selector": selector,
            "looked_at": now,
            "verdicts": [asdict(each) for each in verdicts],
        },
    )
    return row


def confirm_domain(domain: str, *, by: StaffUser | None, ask: Ask, now: dt.datetime) -> SenderCheck:
    """Campaigns may be sent from it; what DNS says of it is looked up at once."""
    row = check_sender(domain, selector="", ask=ask, now=now)
    row.confirmed_at, row.confirmed_by = now, by
    with transaction.atomic():
        row.save(update_fields=["confirmed_at", "confirmed_by"])
        record_event(AuditAction.SENDER_CONFIRM, actor=by, now=now, target=row.domain)
    return row


class DomainInUse(Exception):
    """The text names the campaigns that are sent from it."""


@transaction.atomic
def withdraw_domain(domain: str, *, by: StaffUser | None, now: dt.datetime) -> None:
    unfinished = Campaign.objects.filter(state__in=UNFINISHED)
    using = unfinished.filter(from_address__iendswith=f"@{domain}").values_list("name", flat=True)
    if names := list(using[:5]):
        raise DomainInUse(
            _("Campaigns are sent from it: %(names)s. Give them another address first.")
            % {"names": ", ".join(names)}
        )
    confirmed = SenderCheck.objects.filter(domain=domain, confirmed_at__isnull=False)
    if confirmed.update(confirmed_at=None, confirmed_by=None):
        record_event(AuditAction.SENDER_WITHDRAW, actor=by, now=now, target=domain)


def verdicts_of(row: SenderCheck) -> list[Verdict]:
    return [Verdict.of(each) for each in row.verdicts]


def ask_dns(
    *, resolver: Resolver | None = None, clock: Callable[[], float] = time.monotonic
) -> Ask:
    """By the resolver of this machine, until all of it has taken too long."""
    import dns.exception
    import dns.resolver

    until = clock() + ALTOGETHER

    def ask(name: str) -> Records:
        left = min(QUESTION, until - clock())
        if left <= 0:
            return None
        try:
            # Read anew: a machine may have come into another network since.
            resolve = (resolver or dns.resolver.Resolver()).resolve
            answer = resolve(name, "TXT", lifetime=left, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError):
            return None
        # Bounded: who owns the domain says what it holds.
        return [b"".join(each.strings).decode("utf-8", "replace")[:2000] for each in answer][:20]

    return ask
