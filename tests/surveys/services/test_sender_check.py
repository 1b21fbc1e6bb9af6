"""The check of a sender's domain, against a name server of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from surveys.domain.mail.sender_domain import Found
from surveys.models import Campaign, SenderCheck
from surveys.services import sender_check
from surveys.services.campaigns.states import (
    CampaignError,
    create_campaign,
    launch,
    update_campaign,
)
from surveys.services.sender_check import (
    DomainInUse,
    ask_dns,
    check_sender,
    confirm_domain,
    verdicts_of,
    withdraw_domain,
)
from tests.staffing import make_staff
from tests.world import HOUR, NOW

ZONE = {
    "koe.example.": "v=spf1 include:_spf.koe.example -all",
    "pm2026._domainkey.koe.example.": "v=DKIM1; p=MIIB" + "A" * 400,
    "_dmarc.koe.example.": "v=DMARC1; p=none",
}
SILENT = "silent.example."


@pytest.fixture(scope="module")
def resolver() -> Iterator[dns.resolver.Resolver]:
    """Answers of the zone, and of nothing below `silent.example`."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    server.settimeout(0.2)
    over = threading.Event()
    thread = threading.Thread(target=serve, args=(server, ZONE, over))
    thread.start()
    found = dns.resolver.Resolver(configure=False)
    found.nameservers, found.port = ["127.0.0.1"], server.getsockname()[1]
    yield found
    over.set()
    thread.join()
    server.close()


def serve(server: socket.socket, zone: Mapping[str, str], over: threading.Event) -> None:
    while not over.is_set():
        try:
            raw, whom = server.recvfrom(4096)
        except TimeoutError:
            continue
        question = dns.message.from_wire(raw)
        name = question.question[0].name.to_text()
        if name.endswith(SILENT):
            continue
        reply = dns.message.make_response(question)
        if name in zone:
            text = zone[name]
            parts = " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", parts))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        server.sendto(reply.to_wire(), whom)


@pytest.mark.django_db
def test_what_dns_says_is_kept_with_its_moment(resolver: dns.resolver.Resolver) -> None:
    ask = ask_dns(resolver=resolver)
    check_sender("ask@koe.example", selector="", ask=ask, now=NOW)
    row = check_sender("ask@koe.example", selector="pm2026", ask=ask, now=NOW + HOUR)

    assert SenderCheck.objects.get() == row
    assert (row.domain, row.looked_at) == ("koe.example", NOW + HOUR)
    found = [each.found for each in verdicts_of(row)]
    assert found == [Found.GOOD, Found.GOOD, Found.WATCHES]
    # A key of several strings is one.
    assert verdicts_of(row)[1].record.endswith("AAAA")


@pytest.mark.django_db
def test_a_name_server_that_is_silent_is_told_of_and_not_waited_for(
    resolver: dns.resolver.Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_check, "QUESTION", 0.3)
    monkeypatch.setattr(sender_check, "ALTOGETHER", 0.5)
    began = time.monotonic()
    row = check_sender("ask@silent.example", selector="", ask=ask_dns(resolver=resolver), now=NOW)

    assert time.monotonic() - began < 3
    assert {each.found for each in verdicts_of(row)} == {Found.UNKNOWN}


@pytest.mark.django_db
def test_the_page_says_it_in_words(staff) -> None:
    SenderCheck.objects.create(
        domain="koe.example", looked_at=NOW, verdicts=[
            {"part": "spf", "found": "missing", "name": "koe.example", "record": ""},
            {"part": "dmarc", "found": "unknown", "name": "_dmarc.koe.example", "record": ""},
        ],
    )  # fmt: skip
    client = staff("admin")
    page = client.get("/settings/organisation/").content.decode()
    assert "many mailboxes refuse e-mails" in page
    assert "this machine is offline" in page

    refused = client.post("/settings/organisation/check/", {"selector": "a b"}, follow=True)
    assert "letters, digits" in refused.content.decode()


@pytest.mark.django_db
def test_a_domain_that_an_admin_confirmed_is_one_to_send_from(
    resolver: dns.resolver.Resolver,
) -> None:
    admin, ask = make_staff("admin"), ask_dns(resolver=resolver)
    wanted: Any = {"from_address": "ask@news.example", "by": admin, "now": NOW}
    with pytest.raises(ValidationError, match="confirm a further domain"):
        create_campaign(name="News", **wanted)
    confirm_domain("news.example", by=admin, ask=ask, now=NOW)
    campaign = create_campaign(name="News", **wanted)

    with pytest.raises(DomainInUse, match="News"):
        withdraw_domain("news.example", by=admin, now=NOW)
    update_campaign(campaign, by=admin, now=NOW, from_address="")
    withdraw_domain("news.example", by=admin, now=NOW)
    with pytest.raises(ValidationError):
        update_campaign(campaign, by=admin, now=NOW, from_address="ask@news.example")
    told = AuditEvent.objects.filter(target="news.example").order_by("pk")
    assert list(told.values_list("action", flat=True)) == ["sender.confirm", "sender.withdraw"]

    # The organisation moved to another domain since.
    Campaign.objects.update(from_address="ask@old.example")
    with pytest.raises(CampaignError, match="confirm a further domain"):
        launch(Campaign.objects.get(), by=admin, now=NOW)
