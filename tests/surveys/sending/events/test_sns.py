from __future__ import annotations

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from common.net import outgoing
from surveys.sending.events import sns
from tests.surveys.helpers.provided import CERTIFICATE, RSA, as_sns

NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    begins = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder(
        NAME, NAME, RSA.public_key(), 1, begins, begins + dt.timedelta(days=365)
    )
    body = made.sign(RSA, hashes.SHA256()).public_bytes(Encoding.PEM)
    found: list[str] = []
    reply = outgoing.Reply(200, {}, body)
    monkeypatch.setattr(outgoing, "get", lambda url: (found.append(url), reply)[1])
    sns._key_at.cache_clear()
    return found


@pytest.mark.parametrize("version", ["1", "2"])
def test_what_amazon_signed_is_genuine_and_its_certificate_is_asked_for_once(asked, version):
    assert sns._is_genuine(as_sns({"a": 1}, SignatureVersion=version))
    assert sns._is_genuine(as_sns({"a": 2}, SignatureVersion=version, Subject="s"))
    assert asked == [CERTIFICATE]


@pytest.mark.parametrize(
    "changed",
    [
        {"Message": "other"},
        {"TopicArn": "arn:aws:sns:ap-northeast-1:2:other"},
        {"Signature": "AAAA"},
        {"Signature": "not base64!"},
        {"SignatureVersion": "3"},
        {"Type": "Other"},
    ],
)
def test_what_was_changed_is_not(asked, changed):
    assert not sns._is_genuine({**as_sns({"a": 1}), **changed})


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/x.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
        "https://bucket.s3.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com/x.txt",
        "",
    ],
)
def test_no_certificate_is_asked_for_elsewhere(asked, url):
    assert not sns._is_genuine(as_sns({"a": 1}, SigningCertURL=url))
    assert asked == []
