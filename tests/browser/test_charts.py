"""Charts under the staff pages' own content policy, in a real Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser

from config.csp import STAFF_POLICY

ROOT = Path(__file__).resolve().parents[2]
PAGE = (
    '<!doctype html><html lang="ja"><title>chart</title>'
    '<link rel="stylesheet" href="/static/css/koe.css"><body>{body}</body></html>'
)

pytestmark = pytest.mark.browser


class Handler(SimpleHTTPRequestHandler):
    policy = ""
    page = b""

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.policy)
        self.end_headers()
        self.wfile.write(self.page)
        return None

    def log_message(self, *args: Any) -> None:
        """Quiet."""


def specification() -> dict[str, Any]:
    """Uses what needs an expression (a condition, a transform, a tooltip), the reason for eval."""
    data = pd.DataFrame({"month": ["2026-01-01", "2026-02-01", "2026-03-01"], "nps": [10, -5, 30]})
    chart = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=alt.X("yearmonth(month):O", axis=alt.Axis(format="%B")),
            y="double:Q",
            tooltip=["nps:Q"],
            color=alt.condition("datum.nps > 0", alt.value("#1d63ad"), alt.value("#c44a15")),
        )
    )
    return chart.transform_calculate(double="datum.nps * 2").to_dict()


@pytest.fixture
def address() -> Iterator[str]:
    chart = {"id": "bars", "title": "Does it rise?", "spec": specification(), "alt": "It rises"}
    body = render_to_string("components/_chart.html", {"chart": chart})
    body += render_to_string("components/_chart_scripts.html")
    handler = type(
        "Page", (Handler,), {"policy": STAFF_POLICY, "page": PAGE.format(body=body).encode()}
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=ROOT))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_chart_is_drawn_without_breaking_the_content_policy(browser: Browser, address: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    picture = page.get_by_role("img", name="It rises")
    picture.wait_for()
    bars = picture.locator(".mark-rect path")
    colours = [bar.get_attribute("fill") for bar in bars.all()]
    words = picture.text_content() or ""
    bars.nth(2).hover()
    tooltip = page.locator("#vg-tooltip-element.visible").inner_text()
    assert colours == ["#1d63ad", "#c44a15", "#1d63ad"]
    assert "3月" in words
    assert tooltip.split() == ["nps", "30"]
    assert [text for text in complaints if "favicon" not in text] == []
