"""The way of an e-mail from its dispatch to the final dot, as docs/architecture.md tells it."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.sending import dispatch_due
from tests.surveys.helpers.queued import queued
from tests.tracing import carriers_of, told_walk
from tests.world import NOW


@pytest.mark.django_db
def test_an_email_passes_the_modules_of_the_chart_and_no_others(sink) -> None:
    queued()
    dispatch_due(now=NOW, foreground=True)
    # None of the small numbers that mean something else.
    queued(20)
    dispatch_due(now=NOW, foreground=True)
    [row] = queued()

    def holds_mail(value: Any) -> bool:
        """The e-mail, its id, its recipient, what is filled in of them, or its finished text."""
        if isinstance(value, bytes):
            return row.person.mail_key.encode() in value
        if isinstance(value, dict):
            return value.get("to_address") == row.email
        if isinstance(value, list | tuple):
            return any(map(holds_mail, value))
        named = (getattr(value, name, None) for name in ("invitation_id", "public_id"))
        return any(each in (row.pk, row.public_id) for each in (value, *named))

    passed = carriers_of(
        lambda: dispatch_due(now=NOW, foreground=True), folder="surveys", holds=holds_mail
    )

    walk = told_walk("An e-mail goes ", ", and no further")
    row.refresh_from_db()
    assert (row.state, sink.recipients[-1]) == ("sent", row.email)
    # The rules of the domain are asked and hold nothing; links are made of its id.
    rooms = [each for each in passed if not each.startswith(("domain/", "queries/"))]
    assert rooms == walk
    assert len(walk) <= 9
