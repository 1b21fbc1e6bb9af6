from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from environ import Env

from config import checks
from config.mail_providers import SIGN_WITH_A_KEY
from tests.config.starting import PRODUCTION, STRONG, start

# As the settings are read where nothing is set, and in a finished installation.
TRIAL: dict[str, Any] = {
    "SITE_URL": "http://127.0.0.1:8000",
    "DEBUG": False,
    "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"],
    "SECRET_KEY": STRONG,
    "SECRET_KEY_FALLBACKS": [],
    "METRICS_TOKEN": "",
    "ANYMAIL_WEBHOOK_SECRET": [],
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_HOST_USER": "",
    "EMAIL_PROVIDER": "",
    "EMAIL_PROVIDER_KEY": "",
    "DEFAULT_FROM_EMAIL": "survey@koe.example",
    "ORGANISATION_NAME": "Koe Demo",
    "ORGANISATION_ADDRESS": "1-1-1 Chiyoda, Chiyoda-ku, Tokyo 100-0001, Japan",
    "BEHIND_PROXY": False,
    "ADMIN_SECOND_STEP": False,
    "STAFF_SECOND_STEP": False,
    "DATABASES": {"default": {"HOST": "127.0.0.1"}},
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SENTRY_DSN": "",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "",
    "OIDC_ISSUER": "",
    "OIDC_CLIENT_ID": "",
    "OIDC_CLIENT_SECRET": "",
    "SIGN_ON_ROLES": "",
}
FINISHED = {
    **TRIAL,
    "SITE_URL": "https://koe.example.com",
    "ALLOWED_HOSTS": ["koe.example.com"],
    "METRICS_TOKEN": STRONG,
    "DEFAULT_FROM_EMAIL": "Example <survey@example.com>",
    "ORGANISATION_NAME": "Example",
    "ORGANISATION_ADDRESS": "2-1 Chiyoda, Tokyo",
    "BEHIND_PROXY": True,
    "ADMIN_SECOND_STEP": True,
    "STAFF_SECOND_STEP": True,
}
WEBHOOK = {"EMAIL_PROVIDER": "postmark", "ANYMAIL_WEBHOOK_SECRET": [f"koe:{STRONG}"]}
SIGN_ON = {
    "OIDC_ISSUER": "https://login.example.com/realms/example",
    "OIDC_CLIENT_ID": "koe",
    "OIDC_CLIENT_SECRET": STRONG,
    "SIGN_ON_ROLES": "example.com:cs,boss@example.com:admin",
}
WEAK_KEY = "is too easy to guess where SITE_URL is https://: write 50 or more random characters"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", STRONG)
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.com:25")
    monkeypatch.setenv("TIME_ZONE", "Asia/Tokyo")


def refused(given: dict[str, Any]) -> list[str]:
    try:
        checks.refuse(given)
    except ImproperlyConfigured as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"ALLOWED_HOSTS": [".example.com"]},
        {"SECRET_KEY_FALLBACKS": [STRONG[::-1]]},
        {"EMAIL_HOST_USER": "koe", "EMAIL_USE_TLS": True, "EMAIL_HOST": "mail.example.com"},
        {"EMAIL_HOST_USER": "koe", "EMAIL_USE_SSL": True, "EMAIL_HOST": "mail.example.com"},
        {"EMAIL_HOST_USER": "koe", "EMAIL_HOST": "127.0.0.1"},
        WEBHOOK,
        SIGN_ON,
        {**SIGN_ON, "OIDC_ISSUER": "http://127.0.0.1:9000"},
        # Said in the browser, and nothing is launched before.
        {"DEFAULT_FROM_EMAIL": "survey@koe.example", "ORGANISATION_NAME": "Koe Demo"},
        {**WEBHOOK, "EMAIL_PROVIDER": "mailgun", "EMAIL_PROVIDER_KEY": STRONG},
    ],
)
def test_an_installation_that_can_work_starts(change: dict[str, Any]) -> None:
    assert refused({**FINISHED, **change}) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SITE_URL": "http://koe.example.com"}, "SITE_URL is http:// and no name of this"),
        (
            {"SITE_URL": "http://127.example.com", "ALLOWED_HOSTS": [".example.com"]},
            "SITE_URL is http:// and no name of this",
        ),
        ({"DEBUG": True}, "DEBUG cannot be True where SITE_URL is https://: write False."),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS cannot be *: write the names"),
        ({"ALLOWED_HOSTS": ["127.0.0.1"]}, "ALLOWED_HOSTS does not name the host of SITE_URL"),
        ({"ALLOWED_HOSTS": ["example.com"]}, "ALLOWED_HOSTS does not name the host of SITE_URL"),
        ({"SECRET_KEY": "short"}, f"SECRET_KEY {WEAK_KEY}"),
        ({"SECRET_KEY": "ab" * 40}, f"SECRET_KEY {WEAK_KEY}"),
        ({"SECRET_KEY_FALLBACKS": [STRONG, "old"]}, "SECRET_KEY_FALLBACKS has a key that is too"),
        ({"METRICS_TOKEN": "x"}, "METRICS_TOKEN is too easy to guess: write 20 or more"),
        ({"METRICS_TOKEN": "x" * 50}, "METRICS_TOKEN is too easy to guess: write 20 or more"),
        ({**WEBHOOK, "ANYMAIL_WEBHOOK_SECRET": ["a:b"]}, "ANYMAIL_WEBHOOK_SECRET is too easy"),
        ({**WEBHOOK, "ANYMAIL_WEBHOOK_SECRET": [STRONG]}, "ANYMAIL_WEBHOOK_SECRET is too easy"),
        ({"EMAIL_PROVIDER_KEY": "k"}, "EMAIL_PROVIDER_KEY is too short for a key: copy the one"),
        (
            {"EMAIL_HOST_USER": "koe", "EMAIL_HOST": "mail.example.com"},
            "EMAIL_URL would send its password in the clear: write smtp+tls://",
        ),
        ({"DEFAULT_FROM_EMAIL": "survey"}, "DEFAULT_FROM_EMAIL is no e-mail address: write"),
        ({"DEFAULT_FROM_EMAIL": "a@b.example\nBcc: c@d.example"}, "DEFAULT_FROM_EMAIL is no e-"),
        ({**WEBHOOK, "EMAIL_PROVIDER": ""}, "EMAIL_PROVIDER must be set: ANYMAIL_WEBHOOK_SECRET"),
        *(
            ({**SIGN_ON, "OIDC_ISSUER": each}, "OIDC_ISSUER is no https:// address: write the iss")
            for each in ("http://login.example.com", "login.example.com", "https://", "https://[")
        ),
        *(
            ({**SIGN_ON, name: ""}, f"{name} must be set where OIDC_ISSUER is: ")
            for name in SIGN_ON
            if name != "OIDC_ISSUER"
        ),
        ({**SIGN_ON, "OIDC_CLIENT_SECRET": "secret"}, "OIDC_CLIENT_SECRET is too short for a"),
        (
            {**SIGN_ON, "SIGN_ON_ROLES": "example.com:boss"},
            "SIGN_ON_ROLES cannot be read: write domains and addresses with a role each, such as "
            "example.com:cs,boss@example.com:admin. Roles are cs, admin, viewer.",
        ),
        ({**SIGN_ON, "SIGN_ON_ROLES": "example.com:admin"}, "SIGN_ON_ROLES makes admins of every"),
        ({**SIGN_ON, "SIGN_ON_ROLES": "gmail.com:viewer"}, "SIGN_ON_ROLES names a domain where"),
        *(
            ({**WEBHOOK, "EMAIL_PROVIDER": each}, "EMAIL_PROVIDER_KEY must be set: the provider")
            for each in sorted(SIGN_WITH_A_KEY)
        ),
    ],
)
def test_what_cannot_work_or_opens_the_system_stops_the_start(
    change: dict[str, Any], said: str
) -> None:
    found = refused({**FINISHED, **change})

    assert [line[: len(said)] for line in found] == [said]


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("SECRET_KEY", "SECRET_KEY must be set where SITE_URL is https://: write 50 or more"),
        ("EMAIL_URL", "EMAIL_URL must be set where SITE_URL is https://: write smtp+tls://"),
    ],
)
def test_what_a_trial_makes_for_itself_production_is_given(
    monkeypatch: pytest.MonkeyPatch, variable: str, said: str
) -> None:
    monkeypatch.delenv(variable)

    assert [line[: len(said)] for line in refused(FINISHED)] == [said]
    assert refused(TRIAL) == []


@pytest.mark.parametrize(
    ("site", "hosts"),
    [
        ("http://localhost:8000", ["localhost"]),
        ("http://koe.localhost", [".localhost"]),
        ("http://[::1]:8000", ["[::1]"]),
    ],
)
def test_a_trial_on_this_machine_needs_nothing(site: str, hosts: list[str]) -> None:
    assert refused({**TRIAL, "DEBUG": True, "SITE_URL": site, "ALLOWED_HOSTS": hosts}) == []


def test_a_start_names_all_faults_at_once_and_repeats_no_secret(tmp_path: Path) -> None:
    said = start(tmp_path, METRICS_TOKEN="qwertz-qwertz", **PRODUCTION).splitlines()

    assert [line.partition(" ")[0] for line in said] == ["SECRET_KEY", "METRICS_TOKEN"]
    assert not any("qwertz" in line for line in said)
    assert start(tmp_path, SECRET_KEY=STRONG, **PRODUCTION) == ""


def test_what_a_public_installation_misses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.unfinished({**FINISHED, **WEBHOOK}) == []
    monkeypatch.delenv("TIME_ZONE")
    steps = {"ADMIN_SECOND_STEP": False, "STAFF_SECOND_STEP": False}
    missing = {"BEHIND_PROXY": False, "METRICS_TOKEN": "", **steps}

    found = checks.unfinished({**FINISHED, **missing, "EMAIL_PROVIDER": "postmark"})

    assert [name for name, _ in found] == [
        "BEHIND_PROXY", "ADMIN_SECOND_STEP", "STAFF_SECOND_STEP", "TIME_ZONE", "METRICS_TOKEN",
        "ANYMAIL_WEBHOOK_SECRET",
    ]  # fmt: skip
    assert checks.unfinished(TRIAL) == []


def database(url: str) -> dict[str, Any]:
    return {"DATABASES": {"default": Env.db_url_config(url)}}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (database("postgres://koe:x@db.example.com/koe"), "DATABASE_URL"),
        (database("postgres://koe:x@203.0.113.5/koe"), None),
        (database("postgres://koe:x@8.8.8.8/koe?sslmode=prefer"), "DATABASE_URL"),
        (database("postgres://koe:x@db.example.com/koe?sslmode=verify-full"), None),
        (database("postgres://koe:x@db/koe"), None),
        (database("postgres://koe:x@10.0.0.5/koe"), None),
        (database("sqlite:////srv/koe.sqlite3"), None),
        ({"REDIS_URL": "redis://cache.example.com:6379/0"}, "REDIS_URL"),
        ({"REDIS_URL": "rediss://cache.example.com:6379/0"}, None),
        ({"REDIS_URL": "unix:///run/redis.sock"}, None),
        ({"EMAIL_HOST": "mail.example.com"}, "EMAIL_URL"),
        ({"EMAIL_HOST": "mail.example.com", "EMAIL_USE_TLS": True}, None),
        ({"EMAIL_HOST": "postfix"}, None),
        ({"SENTRY_DSN": "http://key@sentry.example.com/1"}, "SENTRY_DSN"),
        ({"SENTRY_DSN": "https://key@sentry.example.com/1"}, None),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel.example.com:4318"},
            "OTEL_EXPORTER_OTLP_ENDPOINT",
        ),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://[fd00::1]:4318"}, None),
    ],
)
def test_what_goes_abroad_in_the_clear_is_named(change: dict[str, Any], named: str | None) -> None:
    found = [name for name, _ in checks.unfinished({**FINISHED, **change})]

    assert found == ([named] if named else [])
