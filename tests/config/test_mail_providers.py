from __future__ import annotations

from pathlib import Path

import pytest

from config.mail_providers import HOSTS, provider_of
from tests.config.starting import start


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("email-smtp.ap-northeast-1.amazonaws.com", "amazon_ses"),
        ("smtp.postmarkapp.com", "postmark"),
        ("SMTP-broadcasts.PostmarkApp.com.", "postmark"),
        ("smtp.eu.mailgun.org", "mailgun"),
        ("smtp-relay.brevo.com", "brevo"),
        ("in-v3.mailjet.com", "mailjet"),
        ("live.smtp.mailtrap.io", "mailtrap"),
        ("smtp.mandrillapp.com", "mandrill"),
        ("smtp.resend.com", "resend"),
        ("smtp.sendgrid.net", "sendgrid"),
        ("smtp.eu.sparkpostmail.com", "sparkpost"),
        ("notpostmarkapp.com", ""),
        ("postmarkapp.com.evil.example", ""),
        ("127.0.0.1", ""),
        ("", ""),
    ],
)
def test_a_host_tells_its_provider(host: str, provider: str) -> None:
    assert provider_of(host) == provider
    assert not provider or provider in HOSTS


def test_the_setting_stands_before_the_host(tmp_path: Path) -> None:
    address = "smtp+tls://user:secret@smtp.postmarkapp.com:587"
    shown = "settings.EMAIL_PROVIDER"

    assert start(tmp_path, show=shown, EMAIL_URL=address) == "postmark"
    assert start(tmp_path, show=shown, EMAIL_URL=address, EMAIL_PROVIDER="brevo") == "brevo"
    assert start(tmp_path, show=shown, EMAIL_URL=address, EMAIL_PROVIDER="") == ""
    assert "write one of , amazon_ses" in start(tmp_path, EMAIL_PROVIDER="nobody")
