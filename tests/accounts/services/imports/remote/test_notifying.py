from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from accounts.models import Import
from accounts.services.imports.remote.notifying import notify_if_long
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


def ended(**fields: object) -> Import:
    staff = make_staff("cs")
    staff.language = "ja"
    return Import(
        pk=7, kind="customers", state="done", file_name="<客先>.csv", created=3, created_by=staff,
        queued_at=NOW, **fields,
    )  # fmt: skip


def test_who_waited_for_more_than_a_minute_is_told_in_their_language() -> None:
    notify_if_long(ended(dry_run=True), now=NOW + dt.timedelta(seconds=61))

    (sent,) = mail.outbox
    assert sent.subject == "確認をお待ちしています: <客先>.csv"
    assert "新規: 3" in sent.body
    assert sent.body.strip().endswith("/imports/7/")


def test_nobody_hears_of_what_they_saw_or_of_a_command() -> None:
    row = ended()
    notify_if_long(row, now=NOW + dt.timedelta(seconds=59))
    row.created_by = None
    notify_if_long(row, now=NOW + dt.timedelta(hours=1))

    assert mail.outbox == []
