from __future__ import annotations

import pytest
from django.core import mail

from accounts.models import AuditEvent
from actions.models import Channel, Delivery
from actions.services.deliveries import sending
from actions.services.deliveries.channels import send_trial
from common.net.outgoing import Reply
from common.secrets.sealing import unseal
from tests.actions.alerting import make_channel, tick
from tests.staffing import logged_in, make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.org/services/T0/B0/hidden-secret-wxyz"
FIELDS = {"name": "Board", "kind": "slack", "url": URL, "language": "ja"}


@pytest.fixture
def admin():
    return logged_in(make_staff("admin"))


def test_an_address_is_stored_sealed_and_shown_by_its_host_and_end_alone(admin, caplog) -> None:
    answer = admin.post("/settings/channels/new/", FIELDS)

    channel = Channel.objects.get()
    assert answer["Location"] == f"/settings/channels/{channel.pk}/"
    assert (unseal(channel.sealed_url), channel.language) == (URL, "ja")
    assert channel.shown == "hooks.example.org/…wxyz"
    pages = [admin.get(f"/settings/{each}").content.decode() for each in (
        "alerts/", f"channels/{channel.pk}/", f"channels/{channel.pk}/edit/", "audit/"
    )]  # fmt: skip
    told = " ".join([*pages, caplog.text, str(list(AuditEvent.objects.values_list()))])
    rows = " ".join(str(each) for each in Channel.objects.values_list())
    assert "hidden-secret" not in told + rows
    assert all("hooks.example.org/…wxyz" in page for page in pages[:3])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.org/x", "must begin with https"),
        ("https://hooks.example.org:22/x", "ports 443 and 8443"),
        ("https://user:pw@hooks.example.org/x", "no address"),
        ("", "required"),
    ],
)
def test_an_address_that_koe_would_not_go_to_is_not_taken(admin, url: str, said: str) -> None:
    answer = admin.post("/settings/channels/new/", FIELDS | {"url": url})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Channel.objects.exists()


def test_a_programs_secret_is_shown_once_and_a_new_one_on_demand(admin) -> None:
    first = admin.post("/settings/channels/new/", FIELDS | {"kind": "webhook"})
    channel = Channel.objects.get()
    secret = unseal(channel.sealed_secret)
    assert secret
    assert secret in first.content.decode()
    assert "no-store" in first["Cache-Control"]
    address = f"/settings/channels/{channel.pk}/edit/"
    assert secret not in admin.get(address).content.decode()

    kept = {"name": "Board 2", "language": "en", "url": ""}
    assert admin.post(address, kept).status_code == 302
    channel.refresh_from_db()
    assert (unseal(channel.sealed_secret), unseal(channel.sealed_url)) == (secret, URL)

    again = admin.post(address, kept | {"new_secret": "on"})
    channel.refresh_from_db()
    assert unseal(channel.sealed_secret) != secret
    assert str(unseal(channel.sealed_secret)) in again.content.decode()


def test_the_log_tells_what_became_of_each_and_sends_again(admin, monkeypatch) -> None:
    channel = make_channel()
    page = f"/settings/channels/{channel.pk}/"
    assert "Nothing has been sent yet" in admin.get(page).content.decode()
    admin.post(f"{page}test/")
    row = Delivery.objects.get()
    monkeypatch.setattr(sending, "post", lambda *_: Reply(404, {}, b"<b>no_service</b>"))
    tick(row.next_at)
    Delivery.objects.update(state="failed")

    shown = admin.get(page).content.decode()
    assert "404" in shown
    assert "&lt;b&gt;no_service" in shown
    assert "Failed" in shown
    assert "1 failed" not in admin.get("/settings/alerts/").content.decode()

    answer = admin.post(f"/settings/deliveries/{row.pk}/again/", follow=True)
    assert "It is sent again." in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)
    answer = admin.post(f"/settings/deliveries/{row.pk}/again/", follow=True)
    assert "on its way already" in answer.content.decode()


def test_switching_off_ends_what_waits_and_switching_on_sends_nothing_old(admin) -> None:
    channel = make_channel()
    send_trial(channel, now=NOW)
    page = f"/settings/channels/{channel.pk}/"

    admin.post(f"{page}switch/")
    channel.refresh_from_db()
    assert (channel.disabled, Delivery.objects.get().state) == ("hand", "failed")
    assert "The channel was switched off." in admin.get(page).content.decode()
    assert admin.post(f"{page}test/").status_code == 404
    admin.post(f"/settings/deliveries/{Delivery.objects.get().pk}/again/")
    assert Delivery.objects.get().state == "failed"

    admin.post(f"{page}switch/", {"on": "1"})
    channel.refresh_from_db()
    assert channel.disabled == ""
    assert tick(NOW) == 0


def test_a_channel_goes_with_its_deliveries_after_a_question(admin) -> None:
    channel = make_channel()
    send_trial(channel, now=NOW)
    address = f"/settings/channels/{channel.pk}/delete/"

    assert "Delete the channel Board" in admin.get(address).content.decode()
    assert Channel.objects.exists()
    admin.post(address)

    assert not Channel.objects.exists()
    assert not Delivery.objects.exists()
    assert mail.outbox == []


def test_e_mails_have_their_log_too(admin) -> None:
    Delivery.objects.create(
        key="d", event="answer.owner", lane="mail", created_at=NOW, next_at=NOW,
        state="failed", status_code=550, error="5.1.1 unknown", attempts=10,
    )  # fmt: skip
    page = admin.get("/settings/alerts/e-mails/").content.decode()

    assert "550" in page
    assert "5.1.1 unknown" in page
    assert "Answer, to the owner" in page
