from __future__ import annotations

import base64

from actions.domain.deliveries.signing import secret_from, signed_headers


def test_the_example_of_the_specification_is_signed_alike() -> None:
    """Of the test vectors that the libraries of Standard Webhooks share."""
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_written_as_receivers_read_it() -> None:
    assert base64.b64decode(secret_from(b"k" * 32).removeprefix("whsec_")) == b"k" * 32
