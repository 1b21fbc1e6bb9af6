from __future__ import annotations

import datetime as dt
import time

import pytest

from accounts.models import Import
from accounts.services.imports import recording
from accounts.services.imports.recording import Recorder, Stopped, beating
from accounts.services.imports.running import Tally
from tests.world import NOW


def running() -> Import:
    return Import.objects.create(
        kind="customers", state="running", progress_at=NOW, times_taken_up=1
    )


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"state": "stopping"}, {"times_taken_up": 2}])
def test_who_was_cancelled_or_is_taken_for_lost_writes_no_more(change: dict[str, object]) -> None:
    row = running()
    recorder = Recorder(row, lambda: NOW)
    recorder.begin()
    recorder.progress(Tally(read=1))

    Import.objects.update(**change)

    with pytest.raises(Stopped):
        recorder.begin()
    with pytest.raises(Stopped):
        recorder.progress(Tally(read=2))
    row.refresh_from_db()
    assert row.rows_read == 1


@pytest.mark.django_db(transaction=True)
def test_an_import_says_that_it_lives_whatever_it_waits_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recording, "BEAT_SECONDS", 0.01)
    row = running()
    later = NOW + dt.timedelta(minutes=1)

    with beating(row, lambda: later):
        end = time.monotonic() + 10
        while time.monotonic() < end and Import.objects.get().progress_at != later:
            time.sleep(0.01)

    assert Import.objects.get().progress_at == later
