"""A worker whose clock is wrong takes no tasks from the others.

It would fail each of them at once, or throw it away as expired, and so take most of what is there
while those whose clocks are right are at work.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import Error, connection

from surveys.queries.calendar.clock import WrongClock, database_clock

EVERY_SECONDS = 5.0
logger = logging.getLogger(__name__)


class ClockCheck:
    """Called again and again in the worker's parent process, beside what it receives."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self._is_paused = False

    def __call__(self) -> None:
        try:
            database_clock()
        except WrongClock as error:
            self._pause(error)
        except Error:
            return  # a database that is away says nothing of the clock
        else:
            self._resume()
        finally:
            # No child may be forked with it.
            connection.close()

    def _pause(self, error: WrongClock) -> None:
        if not self._is_paused:
            logger.error("%s No tasks are taken.", error)
            self._consumer.task_consumer.cancel()
        self._is_paused = True

    def _resume(self) -> None:
        if self._is_paused:
            logger.warning("This machine's clock is right again: tasks are taken.")
            self._consumer.task_consumer.consume()
        self._is_paused = False


def watch_clock(consumer: Any) -> None:
    """From each connection to the broker on, before the first task."""
    check = ClockCheck(consumer)
    check()
    consumer.timer.call_repeatedly(EVERY_SECONDS, check)
