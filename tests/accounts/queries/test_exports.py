from __future__ import annotations

import csv
import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.domain.imports.file_columns import FileKind
from accounts.models import Customer, Event
from accounts.queries.exports import EXPORTS, exported
from accounts.services.facts.erase import forget_facts
from tests.accounts.importing import Files, counts
from tests.customer_facts import make_event
from tests.world import NOW, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WHEN = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
ODD = '=1+1, "quoted"\n２行目'
FILES = {
    FileKind.CUSTOMERS: [
        ["customer_id", "name", "started_on", "renews_on", "seats", "churn_note", "plan", "契約"],
        ["C1", "株式会社青空", "2024-04-01", "2027-04-01", "25", ODD, "pro", "年"],
        ["00101", "-Harbor", "", "", "", "", "", ""],
    ],
    FileKind.RESPONDENTS: [
        ["email", "customer_id", "name", "role", "language", "time_zone", "team"],
        ["Hanako+a@aozora.example", "C1", "青山 花子", "Admin", "ja", "Asia/Tokyo", "A"],
    ],
    FileKind.REVENUE: [
        ["customer_id", "month", "mrr", "currency", "product", "quantity"],
        ["C1", "2026-01", "29.85", "JPY", "Base", "2.5"],
        ["C1", "2026-01", "5", "JPY", "", ""],
        ["00101", "2026-01", "0", "", "", ""],
    ],
    FileKind.USAGE: [
        ["customer_id", "day", "measure", "value", "email"],
        ["C1", "2026-01-05", "logins", "0.000001", ""],
        ["C1", "2026-01-06", "logins", "123456789012", "hanako@aozora.example"],
        ["00101", "2026-01-05", "logins", "-3", ""],
    ],
    FileKind.EVENTS: [
        ["customer_id", "kind", "at", "email", "ref", "value", "note"],
        ["C1", "trained", "2026-01-05T09:00:00.123456+09:00", "a@b.example", "", "", ODD],
        ["C1", "ticket_opened", "2026-01-05", "", "T-1", "2.5", ""],
    ],
}

NASTY = [
    "00101", "=1+1", "'=1", "''x", "'tis", "+81 3", "-", "@a", "＝１", "1,5", "a;b\tc", "２行\n目",
    "🙂", "が e\u0301 ㈱", '"', '="1"', "2026-04-01", "1.23457E+11", "TRUE", "null", "#N/A",
    "\u200bx",
]  # fmt: skip
# A file with a NUL is refused as no text.
SIGNS = st.characters(codec="utf-8", exclude_characters="\0")
TEXTS = st.sampled_from(NASTY) | st.text(SIGNS, max_size=8) | st.text("'=+-@ \t\n\"1a", max_size=6)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    found = Files(tmp_path)
    for kind, rows in FILES.items():
        assert found.bring_in(kind, rows).complete
    return found


@pytest.mark.parametrize("kind", EXPORTS)
def test_what_goes_out_comes_in_again_and_changes_nothing(
    files: Files, kind: FileKind, tmp_path: Path
) -> None:
    call_command(f"export_{kind}", out=tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))

    again = files.bring_in(kind, rows, now=NOW + dt.timedelta(days=9))

    number = len(FILES[kind]) - 1
    assert counts(again) == (number, 0, 0, number, 0)
    screen = StringIO()
    call_command(f"export_{kind}", stdout=screen)
    assert list(csv.reader(StringIO(screen.getvalue(), newline=""))) == rows


def test_attributes_stand_behind_the_columns_once(files: Files) -> None:
    header = next(exported(FileKind.CUSTOMERS))

    assert header[:3] == ["customer_id", "name", "started_on"]
    assert header[-2:] == ["plan", "契約"]
    assert len(header) == len(set(header))


def test_events_of_erased_persons_do_not_come_back_as_others(files: Files) -> None:
    customer = make_customer()
    for ref in ("", "R-1"):
        make_event(customer, "trained", WHEN, email="g@x.example", mail_key="g@x.example", ref=ref)
    forget_facts([], {"g@x.example"})

    again = files.bring_in(FileKind.EVENTS, list(exported(FileKind.EVENTS)))

    assert counts(again) == (3, 0, 0, 3, 0)
    assert Event.objects.filter(mail_key__startswith="erased:").count() == 2
    assert Customer.objects.filter(events__note__contains="quoted").exists()


@pytest.mark.parametrize(
    "text",
    ["'5 stars", "'=1", "''x", "'", '="x"', '="', "=1+1", "#N/A", "＃REF!", "####", "'#N/A", '"a"'],
)
def test_a_text_that_a_file_would_say_differently_stays_as_it_is(files: Files, text: str) -> None:
    Customer.objects.filter(customer_id="C1").update(name=text, churn_note=text)

    again = files.bring_in(FileKind.CUSTOMERS, list(exported(FileKind.CUSTOMERS)))

    assert counts(again) == (2, 0, 0, 2, 0), files.errors


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TEXTS, min_size=10, max_size=30))
def test_whatever_got_in_goes_out_and_comes_in_as_it_is(tmp_path: Path, texts: list[str]) -> None:
    files, before = Files(tmp_path), Customer.objects.count()
    head = ["customer_id", "name", "churn_note", "plan"]
    rows = [
        [f"{before + number:05}", text, text, text] for number, text in enumerate([*NASTY, *texts])
    ]
    files.bring_in(FileKind.CUSTOMERS, [head, *rows], skip_bad_rows=True)
    known = list(Customer.objects.order_by("pk").values())
    call_command("export_customers", out=tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.reader(file))

    again = files.bring_in(FileKind.CUSTOMERS, written, now=NOW + dt.timedelta(days=9))

    assert known
    assert counts(again) == (len(known), 0, 0, len(known), 0), files.errors
    assert list(Customer.objects.order_by("pk").values()) == known
