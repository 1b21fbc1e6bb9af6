from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AuditEvent, Organisation
from tests.accounts.services.test_logo import image
from tests.surveys.helpers.mailed import mail_to as sent
from tests.surveys.helpers.mailed import parts, recipient

pytestmark = pytest.mark.django_db


def test_logo_and_colour_reach_emails_and_pages(
    staff: Callable[[str], Client], django_capture_on_commit_callbacks: Any
) -> None:
    client = staff("admin")
    given = {"colour": "#B00020", "logo": SimpleUploadedFile("a.png", image().getvalue())}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/settings/brand/", given).status_code == 302
    row = Organisation.objects.get()
    assert (row.colour, len(row.logo)) == ("#b00020", 32)
    assert AuditEvent.objects.filter(action="organisation.update").count() == 1

    visitor = Client()
    served = visitor.get(f"/brand/{row.logo}.png")
    assert (served.status_code, served["Content-Type"]) == (200, "image/png")
    assert "immutable" in served["Cache-Control"]
    assert served["X-Content-Type-Options"] == "nosniff"
    assert not served.cookies
    assert visitor.get(f"/brand/{'0' * 32}.png").status_code == 404
    css = visitor.get("/brand/b00020.css")
    assert css["Content-Type"] == "text/css"
    assert "--accent:#b00020" in css.content.decode()
    assert visitor.get("/brand/b0002;.css").status_code == 404

    _text, html = parts(sent(recipient()))
    assert f"/brand/{row.logo}.png" in html
    assert "#b00020" in html
    shown = client.get("/settings/brand/mail/ja/?dark").content.decode()
    assert "prefers-color-scheme" not in shown
    assert "prefers-color-scheme" in client.get("/settings/brand/mail/en/").content.decode()
    client.post("/settings/brand/no-logo/")
    assert Organisation.objects.get().logo == ""


def test_a_colour_that_cannot_be_read_and_a_drawing_with_a_script_are_refused(
    staff: Callable[[str], Client],
) -> None:
    client = staff("admin")

    page = client.post("/settings/brand/", {"colour": "#ffcc00"})
    assert page.status_code == 422
    assert "hard to read (contrast 1.5" in page.content.decode()
    svg = SimpleUploadedFile("logo.svg", b"<svg><script/></svg>", content_type="image/svg+xml")
    page = client.post("/settings/brand/", {"colour": "#1d5fa8", "logo": svg})
    assert "This is no PNG" in page.content.decode()
    assert not Organisation.objects.exists()
