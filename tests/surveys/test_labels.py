from __future__ import annotations

import pytest
from django.utils import translation

from surveys.domain.reasons import InvitationReason, refused_at
from surveys.labels import INVITATION_REASON_LABELS, invitation_reason


def in_both(stored: str) -> tuple[str, str]:
    with translation.override("en"):
        english = invitation_reason(stored)
    with translation.override("ja"):
        return english, invitation_reason(stored)


@pytest.mark.parametrize("reason", InvitationReason)
def test_each_reason_of_an_invitation_is_told_in_both_languages(reason: InvitationReason) -> None:
    assert INVITATION_REASON_LABELS.keys() == set(InvitationReason)
    english, japanese = in_both(reason)

    assert english
    assert english != reason
    assert japanese.isascii() is False
    assert "%(" not in english + japanese


def test_a_refusal_tells_the_code_of_the_mail_server() -> None:
    assert in_both(refused_at("rcpt", code=550)) == (
        "Refused by the mail server (550)",
        "メールサーバーが受け付けませんでした（550）",
    )


@pytest.mark.parametrize("step", ["connect", "rcpt", "body"])
def test_a_lost_connection_is_told_alike_at_every_step(step: str) -> None:
    assert in_both(f"lost_at_{step}")[0] == "The connection to the mail server was lost"


def test_nothing_is_told_where_there_is_no_reason() -> None:
    assert in_both("") == ("", "")
