"""What was answered before there were follow-ups: nothing of it is lost, and none is out of sight.

A note on an answer becomes a closed follow-up with the note in its history. Of the other detractors
those of the last 90 days wait to be decided, older and imported ones are dismissed as history.
"""

import datetime as dt

from django.db import migrations
from django.utils import timezone

DETRACTOR_MAX = 6
WAITS = dt.timedelta(days=90)
ROWS = 2000


def take_over(apps, schema_editor):
    Response = apps.get_model("surveys", "Response")
    now = timezone.now()
    noted = Response.objects.exclude(note="")
    _in_turns(noted, lambda rows: _noted(apps, rows, now))
    rest = Response.objects.filter(suspect=False, score__lte=DETRACTOR_MAX, note="")
    _in_turns(rest, lambda rows: _rest(apps, rows, now))


def _in_turns(found, write):
    last = 0
    while True:
        rows = found.filter(pk__gt=last).select_related("invitation__respondent").order_by("pk")
        rows = list(rows[:ROWS])
        if not rows:
            return
        write(rows)
        last = rows[-1].pk


def _noted(apps, rows, now):
    FollowUp = apps.get_model("actions", "FollowUp")
    made = FollowUp.objects.bulk_create(
        FollowUp(
            customer_id=row.invitation.respondent.customer_id,
            respondent_id=row.invitation.respondent_id,
            trigger="score" if row.score <= DETRACTOR_MAX else "manual",
            state="closed",
            closed_as="earlier",
            opened_at=row.answered_at,
            first_due_at=row.changed_at,
            due_at=row.changed_at,
            closed_at=row.changed_at,
            outcome=row.note,
        )
        for row in rows
    )
    pairs = list(zip(rows, made, strict=True))
    entries, cases = (apps.get_model("actions", name) for name in ("FollowUpEntry", "AnswerCase"))
    entries.objects.bulk_create(
        entries(follow_up=follow_up, at=row.changed_at, step="commented", text=row.note)
        for row, follow_up in pairs
    )
    cases.objects.bulk_create(
        cases(response=row, follow_up=follow_up, decided_at=now) for row, follow_up in pairs
    )


def _rest(apps, rows, now):
    AnswerCase = apps.get_model("actions", "AnswerCase")
    AnswerCase.objects.bulk_create(
        AnswerCase(response=row, dismissed=reason, decided_at=now if reason else None)
        for row, reason in ((row, _dismissal(row, now)) for row in rows)
    )


def _dismissal(row, now):
    imported = row.invitation.reason == "imported"
    return "history" if imported or row.answered_at < now - WAITS else ""


class Migration(migrations.Migration):
    dependencies = [("actions", "0001_initial")]
    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
