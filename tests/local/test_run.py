from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from local.run import private_folder


def modes(*paths: Path) -> list[str]:
    return [oct(path.stat().st_mode & 0o777) for path in paths]


def test_what_koe_writes_is_readable_by_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        var = private_folder(tmp_path / "srv" / "var")
        (var / "koe.sqlite3").touch()
        # As the processes of the stack do, which inherit it.
        inbox, mail = var / "inbox", var / "inbox" / "mail.eml"
        code = (
            f"import pathlib; p = pathlib.Path({str(inbox)!r}); p.mkdir(); (p / 'mail.eml').touch()"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
    finally:
        os.umask(before)

    assert modes(var, inbox) == ["0o700", "0o700"]
    assert modes(var / "koe.sqlite3", mail) == ["0o600", "0o600"]
