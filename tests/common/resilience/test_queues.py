from __future__ import annotations

import redis

from common.resilience.queues import waiting_tasks
from config.celery import app
from tests.servers.services import free_port


def test_tasks_of_all_priorities_are_counted_by_queue(settings, redis_url) -> None:
    settings.REDIS_URL = redis_url
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    with app.connection_for_write(url=redis_url) as connection:
        for priority in (0, 9):
            app.send_task(
                "surveys.tasks.send_batch", args=([], ""), connection=connection, priority=priority
            )
        app.send_task("surveys.tasks.plan", connection=connection)

    assert waiting_tasks(["mail", "plan", "short"]) == {"mail": 2, "plan": 1, "short": 0}


def test_a_redis_that_is_away_says_nothing(settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    assert waiting_tasks(["mail"]) == {"mail": None}
