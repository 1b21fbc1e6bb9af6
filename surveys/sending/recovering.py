"""Recovering what a killed sender left: its journal tells the one mail in doubt from the rest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from surveys.models import Attempt
from surveys.sending import journal
from surveys.sending.claim import Key, settle_and_give_back
from surveys.sending.give_up import give_up

# The database may still be committing the claim of a sender that was killed a moment ago.
KEPT_FOR = 120


def recover(*, now: dt.datetime) -> int:
    """Settle all that ended senders of this machine had claimed; how many are unknown."""
    unknown = 0
    for path in journal.orphans():
        is_old = now.timestamp() - path.stat().st_mtime > KEPT_FOR
        unknown += _recover(path, now=now)
        if is_old:
            path.unlink()
    return unknown


def _recover(path: Path, *, now: dt.datetime) -> int:
    marks = journal.read(path)
    attempts = {
        Key(each.invitation_id, each.kind, each.number): each
        for each in Attempt.objects.filter(outcome="", worker=path.name)
    }
    sent = [marks[key] for key in attempts if marks.get(key)]
    unbegun = [key for key in attempts if key not in marks]
    if sent or unbegun:
        settle_and_give_back([each for each in sent if each], unbegun)
    doubtful = [attempts[key] for key in attempts if key in marks and marks[key] is None]
    return sum(give_up(each, now=now) for each in doubtful)
