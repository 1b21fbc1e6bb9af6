from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from accounts.models import ScheduledImport, StaffUser
from accounts.services.imports.remote import downloads
from accounts.services.imports.remote.downloads import NotFetched, Version, download, place_of
from tests.accounts.services.imports.scheduling import schedule
from tests.servers.receiver import Receiver
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db
CONTENT = b"customer_id\nC1\n"


@pytest.fixture
def staff() -> StaffUser:
    return make_staff("cs")


@pytest.fixture
def server(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver(body=CONTENT) as running:
        yield running


def content_of(row: ScheduledImport) -> bytes:
    into = io.BytesIO()
    download(place_of(row), Version(), into=into, now=NOW)
    return into.getvalue()


def refusal_of(row: ScheduledImport) -> tuple[str, bool]:
    with pytest.raises(NotFetched) as refused:
        content_of(row)
    return str(refused.value.reason.code), refused.value.may_pass


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, ("fetch_login", False)),
        (403, ("fetch_login", False)),
        (404, ("fetch_missing", False)),
        (400, ("fetch_status", False)),
        (429, ("fetch_status", True)),
        (500, ("fetch_status", True)),
        (302, ("fetch_status", False)),
    ],
)
def test_an_answer_without_the_file_is_told(
    staff: StaffUser, server: Receiver, status: int, told: tuple[str, bool]
) -> None:
    server.answers = [(status, {})]

    assert refusal_of(schedule(staff, server.url)) == told


def test_a_user_and_a_password_go_as_one(staff: StaffUser, server: Receiver) -> None:
    assert content_of(schedule(staff, server.url, user="koe", secret="a:b")) == CONTENT
    assert server.taken[0].headers["Authorization"] == "Basic a29lOmE6Yg=="
    assert content_of(schedule(staff, server.url)) == CONTENT
    assert "Authorization" not in server.taken[1].headers


def test_a_bucket_is_asked_with_a_signature_for_the_path_as_it_is_sent(
    staff: StaffUser, server: Receiver
) -> None:
    url = server.url.replace("/hook", "/out/夜 a+b.csv".replace(" ", "%20"))
    row = schedule(staff, url, way="s3", user="KEY", secret="Kodama-27", region="eu-west-1")

    assert content_of(row) == CONTENT
    (taken,) = server.taken
    assert taken.path == "/out/%E5%A4%9C%20a%2Bb.csv"
    assert taken.headers["Authorization"].startswith(
        f"AWS4-HMAC-SHA256 Credential=KEY/{NOW:%Y%m%d}/eu-west-1/s3/aws4_request,"
    )
    assert "Kodama" not in str(taken.headers)


def test_a_moved_file_is_followed_a_few_times_and_another_server_hears_no_password(
    staff: StaffUser, server: Receiver
) -> None:
    row = schedule(staff, server.url, secret="Kodama-27")
    with Receiver(body=b"there") as other:
        server.answers = [(307, {"Location": "/here"}), (302, {"Location": other.url})]
        assert content_of(row) == b"there"
    assert [each.path for each in server.taken] == ["/hook", "/here"]
    assert all("Authorization" in each.headers for each in server.taken)
    assert "Authorization" not in other.taken[0].headers

    server.answers = [(302, {"Location": "/again"})] * 9
    server.taken.clear()
    assert refusal_of(row) == ("fetch_status", False)
    assert len(server.taken) == 4


def test_a_move_into_our_own_network_is_not_followed(
    staff: StaffUser, server: Receiver, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = schedule(staff, server.url)
    settings.WEBHOOK_ALLOW_PRIVATE = False
    assert refusal_of(row) == ("fetch_address", False)  # http
    row = schedule(staff, f"https://127.0.0.1:8443/{server.port}")
    assert refusal_of(row) == ("fetch_private", False)
    assert server.taken == []


def test_what_is_too_large_or_half_is_no_file(
    staff: StaffUser, server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = schedule(staff, server.url)
    monkeypatch.setattr(downloads, "MAX_UPLOAD_BYTES", len(CONTENT) - 1)
    assert refusal_of(row) == ("fetch_too_large", False)

    monkeypatch.setattr(downloads, "MAX_UPLOAD_BYTES", 1000)
    server.answers = [(200, {"Content-Length": "999"})]
    assert refusal_of(row) == ("fetch_unreachable", True)


def test_what_was_sealed_with_a_lost_key_is_to_be_entered_again(
    staff: StaffUser, server: Receiver, settings
) -> None:
    row = schedule(staff, server.url)
    settings.SECRET_KEY = "another"

    assert refusal_of(row) == ("fetch_sealed", False)
    assert server.taken == []
