"""100,000 rows in bounded memory: measured in a process of its own, on a database of its own.

As a workbook they are written; as text they come again, are compared with each row and all found.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROWS = 100_000
LIMIT_MB = 300
ROOT = Path(__file__).resolve().parents[4]

PROGRAM = """
import io, json, sys, time
import django
from django.conf import settings
settings.MIGRATION_MODULES = dict.fromkeys(("accounts", "surveys", "analytics", "actions"))
django.setup()
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
customers, *files = sys.argv[1:]
call_command("import_customers", customers)
# Of this program alone: getrusage also remembers the process that it was started from.
def peak():
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(status["VmHWM"].split()[0]) // 1024
from accounts.models import Respondent
found = []
for file in files:
    said = io.StringIO()
    started = time.perf_counter()
    call_command("import_respondents", file, stdout=said)
    seconds = time.perf_counter() - started
    rows = Respondent.objects.count()
    found.append({"said": said.getvalue(), "rows": rows, "peak": peak(), "seconds": seconds})
print(json.dumps(found))
"""


def lines(count: int) -> Iterator[str]:
    yield "email,customer_id,name,role,language,time_zone,team\n"
    for n in range(count):
        role = ("Admin", "Champion", "User")[n % 3]
        yield f"p{n}@d{n % 997}.example,C{n % 5000},Person {n},{role},ja,Asia/Tokyo,T{n % 9}\n"


def test_100_000_respondents_stay_under_the_limit(tmp_path: Path) -> None:
    customers, text, workbook = (
        tmp_path / name for name in ("customers.csv", "respondents.csv", "respondents.xlsx")
    )
    customers.write_text("customer_id\n" + "".join(f"C{n}\n" for n in range(5000)))
    text.write_text("".join(lines(ROWS)))
    write_workbook(workbook)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'memory.sqlite3'}",
        "KOE_VAR_DIR": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(customers), str(workbook), str(text)],
        env=environment, cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip

    written, again = json.loads(done.stdout.splitlines()[-1])
    print(written, again)  # noqa: T201 - shown by pytest -s
    assert f"{ROWS} read, {ROWS} created" in written["said"]
    assert f"{ROWS} unchanged" in again["said"]
    assert written["rows"] == again["rows"] == ROWS
    assert written["peak"] < LIMIT_MB
    assert again["peak"] < LIMIT_MB


def write_workbook(path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines(ROWS)):
            sheet.write_row(number, 0, line.strip().split(","))
