from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from zoneinfo import ZoneInfo

import pytest

from actions.domain.deliveries.signing import headers_of, secret_from, signed_headers
from actions.domain.deliveries.states import Kind
from tests.world import NOW


def test_the_example_of_the_specification_is_signed_alike() -> None:
    """Of the test vectors that the libraries of Standard Webhooks share."""
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=dt.datetime.fromtimestamp(1614265330, tz=ZoneInfo("Asia/Tokyo")),
        body=b'{"test": 2432232314}',
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_written_as_receivers_read_it() -> None:
    assert base64.b64decode(secret_from(b"k" * 32).removeprefix("whsec_")) == b"k" * 32


def test_delighted_signs_with_the_key_itself_and_chatwork_takes_its_token() -> None:
    digest = hmac.new(b"koe_key", b"{}", hashlib.sha256).hexdigest()

    assert headers_of(Kind.DELIGHTED, "koe_key", message_id="m", at=NOW, body=b"{}") == {
        "X-Delighted-Webhook-Signature": f"sha256={digest}"
    }
    assert headers_of(Kind.CHATWORK, "token", message_id="m", at=NOW, body=b"") == {
        "X-ChatWorkToken": "token"
    }


@pytest.mark.parametrize("kind", Kind)
def test_without_a_secret_nothing_is_signed(kind: Kind) -> None:
    assert headers_of(kind, "", message_id="m", at=NOW, body=b"") == {}
