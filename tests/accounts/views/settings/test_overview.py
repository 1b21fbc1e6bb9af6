from __future__ import annotations

import pytest

from accounts.domain.contactability import SuppressionReason
from accounts.models import Dimension
from accounts.services.suppression import lift, suppress
from tests.staffing import logged_in, make_staff
from tests.world import NOW, make_person

pytestmark = pytest.mark.django_db


def test_settings_name_each_fact_with_its_variable() -> None:
    html = logged_in(make_staff("admin")).get("/settings/").content.decode()

    for variable in ["ORGANISATION_NAME", "SITE_URL", "SURVEYS_PER_YEAR", "TIME_ZONE", "EMAIL_URL"]:
        assert f"<code>{variable}</code>" in html


@pytest.mark.parametrize(
    ("embedded", "language", "server"),
    [(True, "en", "local inbox"), (True, "ja", "ローカル"), (False, "en", "mail.example:25")],
)
def test_the_mail_server_is_named_and_no_password_is(
    settings, language: str, server: str, *, embedded: bool
) -> None:
    settings.EMBEDDED_INBOX = embedded
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example", 25
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "koe-user", "mail-secret"
    settings.REDIS_URL = "redis://:redis-secret@redis.example/0"

    page = logged_in(make_staff("admin", language=language)).get("/settings/")

    html = page.content.decode()
    facts = {variable: value for _, value, variable in page.context["facts"]}
    assert server in facts["EMAIL_URL"]
    assert facts["DATABASE_URL"] in {"sqlite3", "postgresql"}
    for secret in ("mail-secret", "koe-user", "redis-secret", settings.SECRET_KEY):
        assert secret not in html


def test_each_way_on_says_how_much_there_is() -> None:
    admin = make_staff("admin")
    make_staff("cs", is_active=False)
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    person = make_person()
    for reason in (SuppressionReason.OPTED_OUT, SuppressionReason.BOUNCED):
        row = suppress(person, reason, now=NOW)
    lift(suppress(make_person(), SuppressionReason.MANUAL, now=NOW), by=admin, note="x", now=NOW)

    context = logged_in(admin).get("/settings/").context

    assert row.person == person
    assert (context["staff_count"], context["segment_count"], context["target_count"]) == (1, 1, 0)
    assert context["suppression_count"] == 1
    assert context["last_event"].action == "suppression.lift"
