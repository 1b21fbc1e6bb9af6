"""The four commands as a shell sees them: one line out, errors on stderr, the exit code."""

from __future__ import annotations

import os
import re
import signal
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Customer, Import, MonthlyRevenue, Respondent
from accounts.services.imports import uploads
from surveys.models import Response
from tests.accounts.importing import Files, Killed, after_the_first_batch

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def run(kind: str, path: Path, *options: str) -> tuple[int, str, str]:
    """Without the number of the import, which each has anew."""
    code, out, err = run_numbered(kind, path, *options)
    return code, re.sub(r" \(import \d+\)$", "", out, flags=re.MULTILINE), err


def run_numbered(kind: str, path: Path, *options: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(f"import_{kind}", str(path), *options, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_summary_is_one_line(files: Files) -> None:
    path = files.write([["customer_id"], ["C1"], ["C2"]])

    assert run("customers", path) == (
        0, "customers: 2 read, 2 created, 0 updated, 0 unchanged, 0 bad, 0 emptied\n", "",
    )  # fmt: skip


def test_bad_row_is_told_on_stderr_and_nothing_is_written(files: Files) -> None:
    path = files.write([["customer_id", "started_on"], ["C1", ""], ["C2", "soon"]])

    code, out, err = run("customers", path)

    assert code == 1
    assert out == (
        "customers: 2 read, 0 created, 0 updated, 0 unchanged, 1 bad, 0 emptied "
        "(nothing was written)\n"
    )
    assert err == (
        "line 3: started_on: 'soon' is not a date; write it as YYYY-MM-DD, such as 2026-10-31\n"
    )
    assert Customer.objects.count() == 0


def test_skip_bad_rows_writes_the_others_and_still_fails(files: Files) -> None:
    path = files.write([["customer_id", "started_on"], ["C1", ""], ["C2", "soon"]])

    code, out, _ = run("customers", path, "--skip-bad-rows")

    assert (code, out) == (
        1,
        "customers: 2 read, 1 created, 0 updated, 0 unchanged, 1 bad, 0 emptied\n",
    )
    assert Customer.objects.get().customer_id == "C1"


def test_dry_run_says_so_and_writes_nothing(files: Files) -> None:
    code, out, _ = run("customers", files.write([["customer_id"], ["C1"]]), "--dry-run")

    assert code == 0
    assert out == (
        "customers: 1 read, 1 created, 0 updated, 0 unchanged, 0 bad, 0 emptied "
        "(dry run: nothing was written)\n"
    )
    assert Customer.objects.count() == 0


def test_every_error_is_told_where_stderr_is_no_terminal(files: Files) -> None:
    rows: list[list[Any]] = [["customer_id", "started_on"]]
    rows += [[f"C{number}", "soon"] for number in range(120)]

    assert len(run("customers", files.write(rows))[2].splitlines()) == 120


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"%PDF-1.7", "neither CSV nor XLSX"), (b"", "the file is empty")],
)
def test_file_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=sentence):
        run("revenue", path)


def test_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run("respondents", tmp_path / "none.csv")


def real(name: str) -> Path:
    if not SHARED.exists():
        pytest.skip(f"the real data is not beside the repository ({SHARED})")
    return SHARED / name


def test_real_subscription_customers_come_in_and_again_change_nothing(tmp_path: Path) -> None:
    folder = real("telco")

    # Enough of the largest file to see that it comes in and is known again.
    part = tmp_path / "revenue.csv"
    part.write_text("".join((folder / "revenue.csv").read_text().splitlines(True)[:20_001]))
    files = {
        "customers": folder / "customers.csv",
        "respondents": folder / "respondents.csv",
        "revenue": part,
    }

    first = [run(kind, path) for kind, path in files.items()]
    again = [run(kind, path) for kind, path in files.items()]

    assert first == [
        (0, "customers: 7043 read, 7043 created, 0 updated, 0 unchanged, 0 bad, 0 emptied\n", ""),
        (0, "respondents: 7043 read, 7043 created, 0 updated, 0 unchanged, 0 bad, 0 emptied\n", ""),
        (0, "revenue: 20000 read, 20000 created, 0 updated, 0 unchanged, 0 bad, 0 emptied\n", ""),
    ]
    assert again == [
        (0, "customers: 7043 read, 0 created, 0 updated, 7043 unchanged, 0 bad, 0 emptied\n", ""),
        (0, "respondents: 7043 read, 0 created, 0 updated, 7043 unchanged, 0 bad, 0 emptied\n", ""),
        (0, "revenue: 20000 read, 0 created, 0 updated, 20000 unchanged, 0 bad, 0 emptied\n", ""),
    ]
    assert Customer.objects.filter(churned_on__isnull=False).count() == 1869
    assert MonthlyRevenue.objects.count() == 20_000


def test_real_answers_come_in_and_again_change_nothing() -> None:
    folder = real("carpentries")
    for kind in ("customers", "respondents"):
        assert run(kind, folder / f"{kind}.csv")[0] == 0

    assert run("responses", folder / "responses.csv")[:2] == (
        0, "responses: 889 read, 889 created, 0 updated, 0 unchanged, 0 bad, 0 emptied\n",
    )  # fmt: skip
    assert run("responses", folder / "responses.csv")[:2] == (
        0, "responses: 889 read, 0 created, 0 updated, 889 unchanged, 0 bad, 0 emptied\n",
    )  # fmt: skip
    answers = Response.objects.with_category()
    categories = answers.values_list("category", flat=True)  # type: ignore[misc]
    assert {name: list(categories).count(name) for name in set(categories)} == {
        "promoter": 501, "passive": 317, "detractor": 71,
    }  # fmt: skip
    assert Respondent.objects.count() == 889


def names() -> list[str]:
    return list(Customer.objects.order_by("customer_id").values_list("name", flat=True))


def test_a_command_that_is_told_to_end_leaves_nothing_half_written(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_the_first_batch(monkeypatch, lambda: os.kill(os.getpid(), signal.SIGTERM))

    with pytest.raises(KeyboardInterrupt):
        run("customers", files.write([["customer_id", "name"], ["C1", "One"], ["C2", "Two"]]))

    assert names() == []
    assert Import.objects.get().state == "failed"
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_what_a_killed_command_wrote_is_taken_back_by_the_next_one(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        # Nothing is left to run, the end of a killed process included.
        monkeypatch.setattr(uploads, "fail", lambda recorder: None)
        raise Killed

    after_the_first_batch(monkeypatch, die)
    path = files.write([["customer_id", "name"], ["C1", "One"], ["C2", "Two"]])
    with pytest.raises(Killed):
        run("customers", path)
    assert names() == ["One"]
    Import.objects.update(progress_at=timezone.now() - uploads.STUCK_AFTER - timedelta(seconds=1))

    assert run("customers", files.write([["customer_id", "name"], ["C3", "Three"]]))[0] == 0

    assert names() == ["Three"]
    assert Import.objects.earliest("pk").state == "failed"
