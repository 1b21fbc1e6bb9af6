from __future__ import annotations

import io

from common.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_that_is_written_over() -> None:
    terminal = Terminal()
    progress = Progress(terminal, unit="rows")

    progress.show(1000)
    progress.show(1200, 3000)
    progress.clear()

    assert terminal.getvalue() == "\r1,000 rows\x1b[K\r1,200 of 3,000 rows\x1b[K\r\x1b[K"


def test_a_file_gets_nothing() -> None:
    file = io.StringIO()

    Progress(file, unit="rows").show(1)

    assert file.getvalue() == ""
