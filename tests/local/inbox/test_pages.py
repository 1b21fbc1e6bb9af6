from __future__ import annotations

import os
from email.message import EmailMessage
from email.utils import formataddr
from mailbox import Maildir
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from local.inbox.pages import LINKS_LEAVE, MAIL_POLICY, with_base

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox(tmp_path: Path, settings) -> Maildir:
    settings.INBOX_DIR = tmp_path / "mail"
    return Maildir(settings.INBOX_DIR)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(get_user_model().objects.create(email="cs@koe.example", role="cs"))
    return client


def arrive(
    inbox: Maildir, *, to: str, subject: str, html: str = "<p>Hello</p>", name: str = ""
) -> str:
    message = EmailMessage()
    message["From"] = formataddr((name, "survey@koe.example"))
    message["To"] = to
    message["Subject"] = subject
    message.set_content("Hello in text")
    message.add_alternative(html, subtype="html")
    key = inbox.add(message.as_bytes())
    os.utime(Path(settings.INBOX_DIR, "new", key), (len(inbox), len(inbox)))
    return key


def test_inbox_is_only_for_those_logged_in(client: Client, inbox: Maildir) -> None:
    key = arrive(inbox, to="hana@example.jp", subject="Secret link")

    for url in ("/inbox/", *(f"/inbox/{key}/{end}" for end in ("", "html/", "source/"))):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def test_list_shows_the_newest_first_and_finds(staff: Client, inbox: Maildir) -> None:
    arrive(inbox, to="hana@example.jp", subject="ご意見を<お聞かせ>ください")
    arrive(inbox, to="bob@example.com", subject="How are we doing?")

    page = staff.get("/inbox/").content.decode()
    found = staff.get("/inbox/", {"q": "HANA"}).content.decode()

    assert page.index("How are we doing?") < page.index("ご意見を&lt;お聞かせ&gt;ください")
    assert "hana@example.jp" in found
    assert "bob@example.com" not in found


def test_list_has_pages(staff: Client, inbox: Maildir) -> None:
    for number in range(51):
        arrive(inbox, to=f"person{number:02}@example.com", subject="How are we doing?")

    assert "person00@" not in staff.get("/inbox/").content.decode()
    assert "person00@" in staff.get("/inbox/?page=2").content.decode()


def test_an_empty_inbox_says_so(staff: Client, inbox: Maildir) -> None:
    assert "No e-mail has arrived yet." in staff.get("/inbox/").content.decode()
    assert "No e-mail has that" in staff.get("/inbox/?q=x").content.decode()


def test_mail_shows_headers_text_and_a_frame_for_its_html(staff: Client, inbox: Maildir) -> None:
    key = arrive(inbox, to="hana@example.jp", subject="How?", html="<script>alert(1)</script>")

    page = staff.get(f"/inbox/{key}/").content.decode()

    assert "survey@koe.example" in page
    assert "Hello in text" in page
    assert f'<iframe src="/inbox/{key}/html/"' in page
    assert "alert(1)" not in page


def test_a_long_name_is_shown_as_mail_programs_show_it(staff: Client, inbox: Maildir) -> None:
    name = "Koe Demo カスタマーサクセスチーム"
    key = arrive(inbox, to="hana@example.jp", subject="How?", name=name)

    assert name in staff.get(f"/inbox/{key}/").content.decode()


def test_html_of_a_mail_is_locked_in(staff: Client, inbox: Maildir) -> None:
    html = '<html><head><title>x</title></head><body><a href="/s/t/?score=9">9</a></body></html>'
    key = arrive(inbox, to="hana@example.jp", subject="How?", html=html)

    response = staff.get(f"/inbox/{key}/html/")

    assert response.headers["Content-Security-Policy"] == MAIL_POLICY
    assert "script" not in MAIL_POLICY
    assert "default-src 'none'" in MAIL_POLICY
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.content.decode().strip() == html.replace("<head>", f"<head>{LINKS_LEAVE}")


def test_links_leave_the_frame_in_html_without_a_head() -> None:
    assert with_base("<p>x</p>") == f"{LINKS_LEAVE}<p>x</p>"


def test_source_is_the_mail_byte_for_byte(staff: Client, inbox: Maildir) -> None:
    key = inbox.add(b"Subject: x\n\n\xff\x00raw")

    response = staff.get(f"/inbox/{key}/source/")

    assert response.content == b"Subject: x\n\n\xff\x00raw"
    assert response.headers["Content-Type"] == "message/rfc822"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{key}.eml"'


def test_reading_changes_nothing_and_writing_is_refused(
    staff: Client, inbox: Maildir, tmp_path: Path
) -> None:
    key = arrive(inbox, to="hana@example.jp", subject="How?")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    for url in ("/inbox/", *(f"/inbox/{key}/{end}" for end in ("", "html/", "source/"))):
        assert staff.get(url).status_code == 200
        assert staff.post(url).status_code == 405

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_mail_that_is_not_there_is_404(staff: Client, inbox: Maildir) -> None:
    key = "00000000000000000001-00000000"

    for end in ("", "html/", "source/"):
        assert staff.get(f"/inbox/{key}/{end}").status_code == 404


def test_a_viewer_reads_no_mail_of_others(client, inbox, db) -> None:
    viewer = get_user_model().objects.create(email="viewer@koe.example", role="viewer")
    client.force_login(viewer)

    assert client.get("/inbox/").status_code == 403
