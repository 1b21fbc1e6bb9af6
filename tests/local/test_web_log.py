from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from local import ROOT
from tests.servers.services import free_port

APP = """
async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})
"""


def test_tokens_stay_out_of_the_access_log(tmp_path: Path) -> None:
    (tmp_path / "bare_app.py").write_text(APP)
    port = free_port()
    log = tmp_path / "log"
    options = ["--access-log", "--log-config", "config/web_log.json", "--working-dir", tmp_path]
    listen = ["--interface", "asginl", "--port", str(port)]
    command = [sys.executable, "-m", "granian", *listen, *options, "bare_app:application"]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
    try:
        for path in ("health/live", "s/Se-cret_Token.123~/", "u/Se-cret_Token.123~/?score=9"):
            fetch(f"http://127.0.0.1:{port}/{path}")
        deadline = time.monotonic() + 10
        while log.read_text().count('"GET ') < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        server.terminate()
        server.wait(timeout=15)

    said = log.read_text()
    assert "GET /health/live" in said
    assert "GET /s/***/" in said
    assert "GET /u/***/" in said
    assert "Token" not in said


def fetch(url: str) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return
