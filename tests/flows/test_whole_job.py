"""From four files to a figure in a report, with every part real."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from tests.flows.running import MIGRATE, Koe, answer_link, database, opt_out_link, part, until
from tests.servers.sink import Received, Sink

DATA = Path(__file__).parent / "data"
IMPORTS = {
    "import_customers": ("customers.csv", "telco_customers.csv"),
    "import_respondents": ("respondents.csv", "telco_respondents.csv"),
    "import_revenue": ("revenue.csv", "telco_revenue.csv"),
    "import_responses": ("responses.csv",),
}
ENTERPRISE = {
    "sato.hina@soraneri.example",
    "alice@larchmere.example",
    "ben@larchmere.example",
}


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database that only migrations have made, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    path = folder / "koe.sqlite3"
    nobody = "redis://127.0.0.1:1/0"
    koe = Koe(folder=folder, database_url=f"sqlite:///{path}", smtp_port=1, redis_url=nobody)
    koe.manage(*MIGRATE)
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def koe(
    request: pytest.FixtureRequest, tmp_path: Path, redis_url: str, sink: Sink
) -> Iterator[Koe]:
    postgresql = request.param == "postgresql"
    server = request.getfixturevalue("postgres_url") if postgresql else None
    # A database of Valkey for each, so that neither hears the other's tasks.
    redis = redis_url.rpartition("/")[0] + ("/1" if postgresql else "/2")
    with database("koe", folder=tmp_path, server=server) as url:
        made = Koe(folder=tmp_path, database_url=url, smtp_port=sink.port, redis_url=redis)
        if postgresql:
            made.manage(*MIGRATE)
        else:
            copy(request.getfixturevalue("migrated"), tmp_path)
        yield made


def bring_in(koe: Koe) -> None:
    commands = [(command, str(DATA / name)) for command, files in IMPORTS.items() for name in files]
    assert koe.manage_all(*commands).count(", 0 bad") == len(commands) == 7


def send_all(koe: Koe, sink: Sink, *, mails: int, after: int = 0) -> list[Received]:
    """Ticks until that many mails have come after so many; each is a message to the real worker."""
    koe.tick("surveys.tasks.plan")
    deadline = dt.timedelta(seconds=40)

    def all_came() -> bool:
        if len(sink.received) - after < mails:
            koe.tick("surveys.tasks.dispatch")
            until(lambda: True, seconds=1, what="nothing")
        return len(sink.received) - after >= mails

    def all_written_down() -> bool:
        return not any("sending" in row for row in koe.rows()["surveys_invitation"])

    until(all_came, seconds=deadline.total_seconds(), what=f"{mails} mails")
    until(all_written_down, seconds=20, what="the outcome of each mail")
    return sink.received[after:]


def to(mails: list[Received], email: str) -> Received:
    return next(mail for mail in mails if mail.recipient == email)


def today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


def test_whole_job(koe: Koe, sink: Sink) -> None:
    bring_in(koe)
    launch = ("--where", "contract=enterprise", "--launch")
    first = koe.json("create_campaign", "--name", "First", *launch)
    assert (first["slug"], first["asked"]) == ("first", 3)

    with koe.processes():
        mails = send_all(koe, sink, mails=3)
        assert {mail.recipient for mail in mails} == ENTERPRISE
        japanese, english = (
            to(mails, "sato.hina@soraneri.example"),
            to(mails, "alice@larchmere.example"),
        )
        assert "アンケート" in str(japanese.message["Subject"])
        assert "One quick question" in str(english.message["Subject"])
        assert "/s/" in part(english, "plain")

        link = answer_link(japanese, score=9)
        before = koe.rows()
        status, page = koe.get(link)
        assert status == 200
        assert 'lang="ja"' in page
        assert koe.get(opt_out_link(english))[0] == 200
        assert koe.rows() == before

        assert koe.post(link.partition("?")[0], score="eleven")[0] == 400
        assert koe.rows()["surveys_response"] == before["surveys_response"]
        status, thanks = koe.post(link.partition("?")[0], score="9", comment="とても便利です。")
        assert status == 303
        assert koe.get(thanks)[0] == 200
        assert koe.post(answer_link(english, score=3).partition("?")[0], score="3")[0] == 303

        one_click = {"List-Unsubscribe": "One-Click"}
        assert koe.post(opt_out_link(english), **one_click)[0] == 200

        so_far = len(sink.received)  # a launch sends at once
        second = koe.json("create_campaign", "--name", "Second", *launch)
        assert second["asked"] == 2
        assert second["reasons"]["opted_out"] == 1
        mails = send_all(koe, sink, mails=2, after=so_far)
        assert {mail.recipient for mail in mails} == ENTERPRISE - {"alice@larchmere.example"}

        third = koe.json("create_campaign", "--name", "Third", *launch)
        assert (third["asked"], third["reasons"]["capped"]) == (0, 2)
        in_a_year = dt.datetime.fromisoformat(third["earliest"]) - dt.datetime.now(dt.UTC)
        assert dt.timedelta(days=364) < in_a_year < dt.timedelta(days=365)
        koe.tick("surveys.tasks.plan", "surveys.tasks.dispatch", "analytics.tasks.fold")
        report = settled_report(koe)

    assert len(sink.received) == 5
    assert_report(report)
    checks = koe.manage_all(("check_frequency_cap",), ("check_deliveries",))
    assert "sends=5 violations=0" in checks
    assert "third: planned=0" in checks


def settled_report(koe: Koe) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def has_both() -> bool:
        found.update(
            koe.json(
                *("report_segments", "--by", "contract", "--format", "json"),
                *("--from", today(), "--to", today()),
            )
        )
        return found["total"]["responses"] == 2

    until(has_both, seconds=20, what="both answers in the report")
    return found


def assert_report(report: dict[str, Any]) -> None:
    rows = {row["segment"]["contract"]: row for row in report["rows"]}
    enterprise = rows["enterprise"]
    counts = [enterprise[name] for name in ("promoters", "passives", "detractors", "invited")]
    assert counts == [1, 0, 1, 5]
    assert enterprise["nps"] == 0.0
    assert enterprise["response_rate"] == 2 / 5
    assert enterprise["reportable"] is False
    # 40 telco customers are there as well, split by the same dimension.
    assert rows["Month-to-month"]["customers_at_start"] > 0
    assert rows["Month-to-month"]["nps"] is None


def test_whole_job_in_the_foreground_without_a_broker(
    tmp_path: Path, sink: Sink, migrated: Path
) -> None:
    with database("koe", folder=tmp_path, server=None) as url:
        # Nobody listens there: whatever is enqueued goes unheard.
        dead = f"redis://127.0.0.1:{sink.port + 1}/0"
        koe = Koe(folder=tmp_path, database_url=url, smtp_port=sink.port, redis_url=dead)
        copy(migrated, tmp_path)
        koe.manage_all(
            ("import_customers", str(DATA / "customers.csv")),
            ("import_respondents", str(DATA / "respondents.csv")),
            ("create_campaign", "--name", "By hand", "--launch"),
        )
        soon = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()

        planned = koe.json("plan_campaigns", "--at", soon)
        sent = koe.manage("dispatch_invitations", "--at", soon)
        again = koe.manage_all(
            ("dispatch_invitations", "--at", soon), ("check_frequency_cap",), ("check_deliveries",)
        )

        assert planned["by-hand"]["asked"] == 4
        assert "sent=4" in sent
        assert len(sink.received) == 4
        assert "nothing is due" in again
        assert "sends=4 violations=0" in again
        assert "by-hand: planned=4" in again
