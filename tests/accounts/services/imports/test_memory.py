"""A large file in bounded memory: measured in a process of its own, on a database of its own.

After a small file, which brings the program to its size, a large one makes it grow by no more than
what is kept to know a row again. As a workbook its rows are written; as text they come again, are
compared with each row and all found. That 100,000 stay under 300 MB is measured by `benchmarks`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FEW, MANY = 4_000, 30_000
# What is kept of a row to know it again takes 20; with the rows themselves it would be 32.
GROWTH_MB = 25
ROOT = Path(__file__).resolve().parents[4]

PROGRAM = """
import io, json, sys
import django
from django.conf import settings
settings.MIGRATION_MODULES = dict.fromkeys(("accounts", "surveys", "analytics", "actions", "api"))
django.setup()
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
customers, *files = sys.argv[1:]
call_command("import_customers", customers, stdout=io.StringIO())
# Of this program alone: getrusage also remembers the process that it was started from.
def peak():
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(status["VmHWM"].split()[0]) / 1024
found = []
for file in files:
    said = io.StringIO()
    call_command("import_respondents", file, stdout=said)
    found.append({"said": said.getvalue(), "peak": peak()})
print(json.dumps(found))
"""


def lines(count: int) -> Iterator[str]:
    yield "email,customer_id,name,role,language,time_zone,team\n"
    for n in range(count):
        role = ("Admin", "Champion", "User")[n % 3]
        yield f"p{n}@d{n % 997}.example,C{n % 5000},Person {n},{role},ja,Asia/Tokyo,T{n % 9}\n"


def test_a_large_file_is_never_held_in_memory(tmp_path: Path) -> None:
    customers, few, workbook, many = (
        tmp_path / name for name in ("customers.csv", "few.xlsx", "many.xlsx", "many.csv")
    )
    customers.write_text("customer_id\n" + "".join(f"C{n}\n" for n in range(5000)))
    write_workbook(few, FEW)
    write_workbook(workbook, MANY)
    many.write_text("".join(lines(MANY)))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'memory.sqlite3'}",
        "KOE_VAR_DIR": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, (customers, few, workbook, many))],
        env=environment, cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip

    first, written, again = json.loads(done.stdout)
    assert f"{FEW} read, {FEW} created" in first["said"]
    assert f"{MANY} read, {MANY - FEW} created, 0 updated, {FEW} unchanged" in written["said"]
    assert f"{MANY} read, 0 created, 0 updated, {MANY} unchanged" in again["said"]
    assert written["peak"] - first["peak"] < GROWTH_MB
    assert again["peak"] - first["peak"] < GROWTH_MB


def write_workbook(path: Path, count: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines(count)):
            sheet.write_row(number, 0, line.strip().split(","))
