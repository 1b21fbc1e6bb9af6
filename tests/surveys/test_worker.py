from __future__ import annotations

import datetime as dt
from unittest.mock import Mock

import pytest
import time_machine
from celery.signals import worker_ready
from django.db.utils import OperationalError
from django.utils import timezone

from surveys import worker

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def close(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """The connection is also that of the test."""
    connection = Mock()
    monkeypatch.setattr(worker, "connection", connection)
    return connection.close


@pytest.fixture
def consumer() -> Mock:
    return Mock()


def ahead(minutes: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + minutes * MINUTE, tick=True)


@pytest.mark.parametrize("minutes", [-120, -1.5, 1.5, 60 * 24 * 400])
def test_worker_takes_no_tasks_while_its_clock_is_wrong(consumer, minutes, caplog, close):
    with ahead(minutes):
        worker_ready.send(sender=consumer)
        [(seconds, check)] = [call.args for call in consumer.timer.call_repeatedly.call_args_list]
        check()
    consumer.task_consumer.cancel.assert_called_once_with()
    consumer.task_consumer.consume.assert_not_called()
    assert (seconds, caplog.text.count("No tasks are taken")) == (5, 1)
    assert close.call_count == 2

    check()
    check()
    consumer.task_consumer.consume.assert_called_once_with()


@pytest.mark.parametrize("minutes", [-0.9, 0, 0.9])
def test_worker_whose_clock_is_right_goes_on(consumer, minutes):
    with ahead(minutes):
        worker.watch_clock(consumer)
    assert consumer.task_consumer.mock_calls == []


def test_database_that_is_away_changes_nothing(consumer, monkeypatch):
    check = worker.ClockCheck(consumer)
    monkeypatch.setattr(worker, "database_clock", Mock(side_effect=OperationalError("gone")))
    check()
    assert consumer.task_consumer.mock_calls == []
