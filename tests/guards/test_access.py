"""Who gets in where: every address of the project, tried as everybody.

ROWS is the table. An address that has no row fails, and so does a row whose view asks for another
permission. To add an address, add its row: name, permission, methods, and what stands in its path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from accounts.domain.access.roles import PERMISSIONS, Permission, Role
from accounts.domain.contactability import SuppressionReason
from accounts.models import Dimension, Import, Respondent, ScheduledImport
from accounts.services.suppression import suppress
from actions.models import AlertRule, Channel, Delivery, FollowUp, SavedView
from analytics.models import HealthFormula
from analytics.registry import REPORTS
from analytics.views.health.example import EXAMPLE
from api.domain.permalink import permalink_token
from api.services.answers import Answered, add_answer
from api.services.keys import create_key
from api.services.members import Given, save_member
from surveys.domain.states import CampaignState, InvitationState
from surveys.models import Response
from tests.actions.goals import make_goal, make_improvement
from tests.actions.playbooks import make_playbook, make_run
from tests.api.hooks import make_webhook
from tests.shared import shared_rows
from tests.staffing import logged_in, make_staff
from tests.world import NOW, make_campaign, make_invitation, make_person, make_respondent

pytestmark = pytest.mark.django_db

P = Permission
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


@dataclass(frozen=True)
class Row:
    """`path` maps the parts of the address to the names of what `world` made."""

    name: str
    permission: Permission
    methods: tuple[str, ...] = GET
    path: dict[str, str] = field(default_factory=dict)


CAMPAIGN = {"slug": "campaign"}
MAIL = CAMPAIGN | {"language": "language"}

# Who may not see people learns of no address, even where there is no name.
NAMELESS = "nameless@respondents.example"
IMPROVEMENT = {"pk": "improvement", "file_type": "picture"}

ROWS = [
    Row("home", P.VIEW_HOME),
    Row("actions:work", P.FOLLOW_UP, GET, {"kind": "work"}),
    Row("actions:work-hide", P.FOLLOW_UP, POST, {"kind": "work"}),
    Row("surveys:search", P.VIEW_HOME),
    Row("actions:operations", P.MANAGE_SETTINGS),
    Row("surveys:try-now", P.LAUNCH_CAMPAIGNS, POST),
    Row("accounts:guide", P.VIEW_HOME),
    Row("accounts:guide-page", P.VIEW_HOME, GET, {"language": "language", "name": "guide_page"}),
    Row(
        "accounts:guide-picture",
        P.VIEW_HOME,
        GET,
        {"language": "language", "name": "guide_picture"},
    ),
    # Campaigns
    Row("surveys:campaign-list", P.VIEW_CAMPAIGNS),
    Row("surveys:campaign-create", P.CONFIGURE_CAMPAIGNS, BOTH),
    Row("surveys:draft-mail", P.CONFIGURE_CAMPAIGNS, POST, {"language": "language"}),
    Row("surveys:draft-who", P.CONFIGURE_CAMPAIGNS, POST),
    Row("surveys:draft-year", P.CONFIGURE_CAMPAIGNS, POST),
    Row("surveys:campaign-draft-year", P.CONFIGURE_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-template", P.CONFIGURE_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-template-delete", P.CONFIGURE_CAMPAIGNS, POST),
    Row("surveys:campaign-draft-who", P.CONFIGURE_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:draft-head", P.CONFIGURE_CAMPAIGNS, POST, {"language": "language"}),
    Row("surveys:campaign-detail", P.VIEW_CAMPAIGNS, GET, CAMPAIGN),
    Row("surveys:campaign-edit", P.CONFIGURE_CAMPAIGNS, BOTH, CAMPAIGN),
    Row("surveys:campaign-mail", P.VIEW_CAMPAIGNS, GET, MAIL),
    Row("surveys:campaign-trial", P.CONFIGURE_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-launch", P.LAUNCH_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-second", P.LAUNCH_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-second-end", P.LAUNCH_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-pause", P.LAUNCH_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-resume", P.LAUNCH_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-cancel", P.LAUNCH_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-delete", P.CONFIGURE_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-archive", P.LAUNCH_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-restore", P.LAUNCH_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-duplicate", P.CONFIGURE_CAMPAIGNS, POST, CAMPAIGN),
    Row("surveys:campaign-prospects", P.VIEW_CAMPAIGNS, GET, {"slug": "campaign"}),
    Row("surveys:campaign-invitations", P.VIEW_CAMPAIGNS, GET, CAMPAIGN),
    Row("surveys:campaign-calendar", P.VIEW_CAMPAIGNS),
    Row("surveys:campaign-year", P.VIEW_CAMPAIGNS, GET, CAMPAIGN),
    Row("surveys:campaign-who", P.VIEW_CAMPAIGNS, GET, CAMPAIGN),
    # Responses
    Row("surveys:response-list", P.VIEW_COMMENTS),
    Row("surveys:response-export", P.EXPORT_RESPONSES, GET, {"file_type": "file_type"}),
    Row("surveys:respondent-export", P.VIEW_PEOPLE, GET, {"file_type": "file_type"}),
    Row("accounts:export-kind", P.VIEW_PEOPLE, GET, {"kind": "kind", "file_type": "file_type"}),
    Row("surveys:response-detail", P.VIEW_COMMENTS, GET, {"pk": "response"}),
    # Follow-ups
    Row("actions:goal-list", P.VIEW_REPORTS),
    Row("actions:goal-create", P.MANAGE_SETTINGS, BOTH),
    Row("actions:goal-detail", P.VIEW_REPORTS, GET, {"pk": "goal"}),
    Row("actions:goal-review", P.FOLLOW_UP, POST, {"pk": "goal"}),
    Row("actions:goal-edit", P.MANAGE_SETTINGS, BOTH, {"pk": "goal"}),
    Row("actions:goal-delete", P.MANAGE_SETTINGS, BOTH, {"pk": "goal"}),
    Row("actions:goal-picture", P.EXPORT_REPORTS, GET, {"pk": "goal", "file_type": "picture"}),
    Row("actions:improvement-list", P.VIEW_REPORTS),
    Row("actions:improvement-create", P.FOLLOW_UP, BOTH),
    Row("actions:improvement-detail", P.VIEW_REPORTS, GET, {"pk": "improvement"}),
    Row("actions:improvement-edit", P.FOLLOW_UP, BOTH, {"pk": "improvement"}),
    Row("actions:improvement-conclude", P.FOLLOW_UP, POST, {"pk": "improvement"}),
    Row("actions:improvement-delete", P.MANAGE_SETTINGS, BOTH, {"pk": "improvement"}),
    Row(
        "actions:improvement-unlink",
        P.FOLLOW_UP,
        POST,
        {"pk": "improvement", "follow_up": "follow_up"},
    ),
    Row("actions:improvement-picture", P.EXPORT_REPORTS, GET, IMPROVEMENT),
    Row("actions:follow-up-list", P.FOLLOW_UP),
    Row("actions:effect", P.VIEW_REPORTS),
    Row("actions:own-hours", P.FOLLOW_UP, BOTH),
    Row("actions:saved-view-save", P.FOLLOW_UP, POST),
    Row("actions:saved-view-change", P.FOLLOW_UP, POST, {"pk": "saved_view", "name": "act"}),
    Row("actions:follow-up-assign", P.FOLLOW_UP, POST),
    Row("actions:answer-list", P.FOLLOW_UP, BOTH),
    Row("actions:answer-follow-up", P.FOLLOW_UP, POST, {"pk": "response"}),
    Row("actions:follow-up-detail", P.FOLLOW_UP, GET, {"pk": "follow_up"}),
    Row("actions:follow-up-reply", P.FOLLOW_UP, BOTH, {"pk": "follow_up"}),
    Row("actions:follow-up-act", P.FOLLOW_UP, POST, {"pk": "follow_up", "name": "act"}),
    Row("actions:touch", P.MANAGE_SETTINGS, BOTH),
    Row("actions:playbook-list", P.FOLLOW_UP),
    Row("actions:playbook-tasks", P.FOLLOW_UP),
    Row("actions:playbook-results", P.FOLLOW_UP),
    Row("actions:playbook-create", P.MANAGE_SETTINGS, BOTH),
    Row("actions:playbook-detail", P.FOLLOW_UP, GET, {"pk": "playbook"}),
    Row("actions:playbook-edit", P.MANAGE_SETTINGS, BOTH, {"pk": "playbook"}),
    Row("actions:playbook-switch", P.MANAGE_SETTINGS, POST, {"pk": "playbook"}),
    Row("actions:playbook-delete", P.MANAGE_SETTINGS, BOTH, {"pk": "playbook"}),
    Row(
        "actions:playbook-step-create",
        P.MANAGE_SETTINGS,
        BOTH,
        {"pk": "playbook", "kind": "step_kind"},
    ),
    Row("actions:playbook-step", P.MANAGE_SETTINGS, BOTH, {"pk": "playbook_step"}),
    Row(
        "actions:playbook-step-act",
        P.MANAGE_SETTINGS,
        POST,
        {"pk": "playbook_step", "act": "step_act"},
    ),
    Row("actions:playbook-run", P.FOLLOW_UP, GET, {"pk": "playbook_run"}),
    Row("actions:playbook-run-act", P.FOLLOW_UP, POST, {"pk": "playbook_run", "name": "run_act"}),
    Row("actions:ask", P.LAUNCH_CAMPAIGNS, BOTH, {"pk": "customer"}),
    Row("actions:follow-up-create", P.FOLLOW_UP, BOTH, {"pk": "customer"}),
    Row("actions:settings", P.MANAGE_SETTINGS),
    Row("actions:settings-causes", P.MANAGE_SETTINGS, POST),
    Row("actions:settings-hold-out", P.MANAGE_SETTINGS, POST),
    Row("actions:settings-hours", P.MANAGE_SETTINGS, POST),
    Row("actions:settings-template", P.MANAGE_SETTINGS, POST, {"language": "language"}),
    Row("actions:settings-rule", P.MANAGE_SETTINGS, POST, {"trigger": "trigger"}),
    # Alerts
    Row("actions:digest", P.VIEW_REPORTS, BOTH),
    Row("actions:digest-preview", P.VIEW_REPORTS),
    Row("actions:alert-list", P.MANAGE_SETTINGS),
    Row("actions:alert-create", P.MANAGE_SETTINGS, BOTH),
    Row("actions:alert-mails", P.MANAGE_SETTINGS),
    Row("actions:alert-edit", P.MANAGE_SETTINGS, BOTH, {"pk": "alert"}),
    Row("actions:alert-test", P.MANAGE_SETTINGS, POST, {"pk": "alert"}),
    Row("actions:alert-delete", P.MANAGE_SETTINGS, BOTH, {"pk": "alert"}),
    Row("actions:channel-create", P.MANAGE_SETTINGS, BOTH),
    Row("actions:channel", P.MANAGE_SETTINGS, GET, {"pk": "channel"}),
    Row("actions:channel-edit", P.MANAGE_SETTINGS, BOTH, {"pk": "channel"}),
    Row("actions:channel-switch", P.MANAGE_SETTINGS, POST, {"pk": "channel"}),
    Row("actions:channel-test", P.MANAGE_SETTINGS, POST, {"pk": "channel"}),
    Row("actions:channel-delete", P.MANAGE_SETTINGS, BOTH, {"pk": "channel"}),
    Row("actions:delivery-again", P.MANAGE_SETTINGS, POST, {"pk": "delivery"}),
    # People
    Row("customers:list", P.VIEW_PEOPLE),
    Row("accounts:customer-create", P.IMPORT_DATA, BOTH),
    Row("accounts:customer-edit", P.IMPORT_DATA, BOTH, {"pk": "customer"}),
    Row("customers:export", P.VIEW_PEOPLE, GET, {"file_type": "file_type"}),
    Row("customers:detail", P.VIEW_PEOPLE, GET, {"pk": "customer"}),
    Row("accounts:contact-create", P.FOLLOW_UP, BOTH, {"pk": "customer"}),
    Row("accounts:pulse-create", P.FOLLOW_UP, BOTH, {"pk": "customer"}),
    Row("surveys:respondent-list", P.VIEW_PEOPLE),
    Row("surveys:invitation-list", P.VIEW_PEOPLE),
    Row("surveys:respondent-detail", P.VIEW_PEOPLE, GET, {"pk": "respondent"}),
    Row("surveys:answer-enter", P.FOLLOW_UP, BOTH, {"pk": "respondent"}),
    Row("surveys:respondent-create", P.IMPORT_DATA, BOTH, {"pk": "customer"}),
    Row("surveys:respondent-edit", P.IMPORT_DATA, BOTH, {"pk": "respondent"}),
    Row("surveys:respondent-end", P.IMPORT_DATA, POST, {"pk": "respondent"}),
    Row("surveys:respondent-stop", P.MANAGE_PEOPLE, POST, {"pk": "respondent"}),
    Row("surveys:respondent-merge", P.MANAGE_PEOPLE, BOTH, {"pk": "respondent"}),
    Row("surveys:respondent-erase", P.MANAGE_PEOPLE, BOTH, {"pk": "respondent"}),
    # Imports
    Row("accounts:source-list", P.IMPORT_DATA),
    Row("accounts:import-list", P.IMPORT_DATA),
    Row("accounts:scheduled-list", P.IMPORT_DATA),
    Row("accounts:scheduled-create", P.IMPORT_DATA, BOTH),
    Row("accounts:scheduled-edit", P.IMPORT_DATA, BOTH, {"pk": "scheduled"}),
    Row("accounts:scheduled-fetch", P.IMPORT_DATA, POST, {"pk": "scheduled"}),
    Row("accounts:scheduled-switch", P.IMPORT_DATA, POST, {"pk": "scheduled"}),
    Row("accounts:scheduled-delete", P.MANAGE_SETTINGS, BOTH, {"pk": "scheduled"}),
    Row("accounts:import-create", P.IMPORT_DATA, BOTH),
    Row("accounts:import-detail", P.IMPORT_DATA, GET, {"pk": "import"}),
    Row("accounts:import-columns", P.IMPORT_DATA, BOTH, {"pk": "import"}),
    Row("accounts:import-run", P.IMPORT_DATA, POST, {"pk": "import"}),
    Row("accounts:import-zeros", P.IMPORT_DATA, POST, {"pk": "import"}),
    Row("accounts:import-cancel", P.IMPORT_DATA, POST, {"pk": "import"}),
    Row("accounts:import-undo", P.IMPORT_DATA, POST, {"pk": "import"}),
    Row("accounts:import-dismiss", P.IMPORT_DATA, POST, {"pk": "import"}),
    Row("accounts:import-leave", P.IMPORT_DATA, POST, {"pk": "import"}),
    Row("accounts:import-changes", P.IMPORT_DATA, GET, {"pk": "import"}),
    Row("accounts:import-errors", P.IMPORT_DATA, GET, {"pk": "import"}),
    Row("accounts:import-example", P.IMPORT_DATA, GET, {"kind": "kind"}),
    # Settings
    Row("accounts:settings", P.MANAGE_SETTINGS),
    Row("accounts:staff-list", P.MANAGE_STAFF),
    Row("accounts:staff-create", P.MANAGE_STAFF, BOTH),
    Row("accounts:staff-edit", P.MANAGE_STAFF, BOTH, {"pk": "staff"}),
    Row("accounts:staff-invite", P.MANAGE_STAFF, POST, {"pk": "staff"}),
    Row("accounts:staff-remove-second-step", P.MANAGE_STAFF, POST, {"pk": "staff"}),
    Row("accounts:staff-remove-sign-on", P.MANAGE_STAFF, POST, {"pk": "staff"}),
    Row("accounts:segment-list", P.MANAGE_SETTINGS),
    Row("accounts:segment-create", P.MANAGE_SETTINGS, BOTH),
    Row("accounts:segment-preview", P.MANAGE_SETTINGS),
    Row("accounts:segment-rebuild", P.VIEW_REPORTS),
    Row("accounts:segment-edit", P.MANAGE_SETTINGS, BOTH, {"pk": "segment"}),
    Row("accounts:segment-first", P.MANAGE_SETTINGS, POST, {"pk": "segment"}),
    Row("accounts:segment-delete", P.MANAGE_SETTINGS, BOTH, {"pk": "segment"}),
    Row("targets", P.MANAGE_SETTINGS, BOTH),
    Row("accounts:metric-settings", P.MANAGE_SETTINGS, BOTH),
    Row("accounts:suppression-list", P.VIEW_PEOPLE),
    Row("accounts:suppression-lift", P.LIFT_SUPPRESSION, BOTH, {"pk": "suppression"}),
    Row("api:permalink", P.VIEW_COMMENTS, GET, {"token": "permalink"}),
    Row("api:key-list", P.MANAGE_SETTINGS),
    Row("api:key-create", P.MANAGE_SETTINGS, BOTH),
    Row("api:key-revoke", P.MANAGE_SETTINGS, BOTH, {"pk": "api_key"}),
    Row("api:webhook-list", P.MANAGE_SETTINGS),
    Row("api:webhook-create", P.MANAGE_SETTINGS, BOTH),
    Row("api:webhook-edit", P.MANAGE_SETTINGS, BOTH, {"pk": "webhook"}),
    Row("accounts:audit-list", P.MANAGE_SETTINGS),
    Row("surveys:organisation", P.MANAGE_SETTINGS, BOTH),
    Row("surveys:sender-check", P.MANAGE_SETTINGS, POST),
    Row("surveys:sender-confirm", P.MANAGE_SETTINGS, POST),
    Row("surveys:sender-withdraw", P.MANAGE_SETTINGS, POST),
    Row("surveys:brand", P.MANAGE_SETTINGS, BOTH),
    Row("surveys:brand-no-logo", P.MANAGE_SETTINGS, POST),
    Row("surveys:brand-mail", P.MANAGE_SETTINGS, GET, {"language": "language"}),
    Row("surveys:demo", P.MANAGE_SETTINGS),
    Row("surveys:demo-make", P.MANAGE_SETTINGS, POST),
    Row("surveys:demo-clear", P.MANAGE_SETTINGS, POST),
    # Analytics
    *(Row(f"analytics:{each.name}", P.VIEW_REPORTS) for each in REPORTS),
    Row("analytics:metric", P.VIEW_REPORTS, GET, {"key": "metric"}),
    Row("analytics:sample-size", P.VIEW_REPORTS),
    Row("analytics:health-formulas", P.MANAGE_SETTINGS, BOTH),
    Row("analytics:health-formula-act", P.MANAGE_SETTINGS, POST, {"pk": "formula"}),
    Row("analytics:health-formula-draft", P.MANAGE_SETTINGS, POST, {"pk": "formula"}),
    Row("analytics:health-customer", P.VIEW_REPORTS, GET, {"pk": "customer"}),
    Row("analytics:health-override", P.FOLLOW_UP, POST, {"pk": "customer"}),
    Row("analytics:health-override-end", P.FOLLOW_UP, POST, {"pk": "customer"}),
    Row("analytics:campaign", P.VIEW_REPORTS, GET, {"slug": "campaign"}),
    Row("inbox", P.CONFIGURE_CAMPAIGNS),
]

# A view that lets some do more by POST than others may by GET: name -> permission of the POST.
STRONGER_POST = {"surveys:response-detail": P.FOLLOW_UP}

# Open to everybody, each with its own tests: the token, a secret or the content is the guard.
PUBLIC = {
    "surveys:answer", "surveys:intent", "surveys:thanks", "surveys:opt-out",
    "surveys:trial", "surveys:opt-out-trial",
    "health-live", "health-ready", "metrics", "set_language", "favicon",
    # Of the provider in use alone, with its secret: tests/surveys/views/test_webhooks.py.
    "surveys:provider-events", "surveys:provider-events-short",
    # With a key of its own: tests/api/views/delighted, tests/api/web/test_middleware.py.
    "delighted:people", "delighted:person", "delighted:pending", "delighted:responses",
    "delighted:response", "delighted:metrics", "delighted:unsubscribes", "delighted:bounces",
    "delighted:autopilot", "delighted:memberships",
    # What the API can do, which is no secret: tests/api/views/rest/test_docs.py.
    "api-docs",
    # Of whoever opens an e-mail: tests/surveys/views/settings/test_brand.py.
    "surveys:logo", "surveys:brand-colours",
    # A signed link; tests/actions/views/follow_ups/test_link.py.
    "actions:link",
    # A signed link, too; tests/actions/views/test_digest.py.
    "actions:digest-stop",
    # While nobody can log in, from this machine: tests/accounts/views/test_first_login.py.
    "accounts:first-login",
    # One guard with "inbox"; they need a mail: tests/local/inbox/test_pages.py.
    "inbox-mail", "inbox-mail-html", "inbox-mail-source",
}  # fmt: skip
# Log-in and second step, by allauth: tests/accounts/views/test_entrance.py; the organisation's own
# sign-on: tests/accounts/views/test_sign_on.py.
ENTRANCE = ("account_", "mfa_", "usersessions_")
CLOSED = {"accounts/email/"}

BY_NAME = {row.name: row for row in ROWS}


def addresses(
    resolver: URLResolver | None = None, *, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str]]:
    """The pattern and full name of every address; those of Django's admin are tried below."""
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, f"{namespace}:{each.name}" if namespace else each.name or ""
        elif each.namespace != "admin":
            yield from addresses(each, prefix=route, namespace=each.namespace or namespace)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    with shared_rows(django_db_blocker):
        yield make_world()


def make_world() -> dict[str, Any]:
    """One object of each kind that an address can name."""
    respondent = make_respondent()
    campaign = make_campaign(state=CampaignState.DRAFT)
    invitation = make_invitation(respondent, campaign, state=InvitationState.SENT, sent_at=NOW)
    response = Response.objects.create(
        invitation=invitation, score=3, answered_at=NOW, changed_at=NOW
    )
    # Of whom nothing but the address is known.
    nobody = Respondent.objects.create(person=make_person(NAMELESS), email=NAMELESS)
    Response.objects.create(
        invitation=make_invitation(nobody, campaign, state=InvitationState.SENT, sent_at=NOW),
        score=2,
        comment="Slow.",
        answered_at=NOW,
        changed_at=NOW,
    )
    dimension = Dimension.objects.create(name="plan", source="customer", attribute="plan")
    return {
        "campaign": campaign.slug,
        "language": "en",
        "customer": respondent.customer_id,
        "respondent": respondent.pk,
        "response": response.pk,
        "import": Import.objects.create(kind="customers", state="done", file_name="c.csv").pk,
        "kind": "customers",
        "file_type": "csv",
        "staff": make_staff("viewer", "somebody@koe.example").pk,
        "segment": dimension.pk,
        "formula": HealthFormula.objects.create(
            name="Draft", version=1, definition=EXAMPLE, created_at=NOW
        ).pk,
        "metric": "nps",
        "follow_up": FollowUp.objects.create(
            customer=respondent.customer,
            trigger="score",
            opened_at=NOW,
            due_at=NOW,
            first_due_at=NOW,
        ).pk,
        "act": "comment",
        "guide_page": "goals",
        "guide_picture": "home",
        "saved_view": SavedView.objects.create(
            staff=make_staff("cs", "own@koe.example"), name="x", query=""
        ).pk,
        "work": "renewal",
        **playbook_world(),
        "alert": AlertRule.objects.create(name="Promoters").pk,
        "scheduled": ScheduledImport.objects.create(name="Nightly", next_at=NOW).pk,
        "channel": Channel.objects.create(name="Board", kind="slack", language="en").pk,
        "delivery": Delivery.objects.create(
            key="d", event="test", lane="mail", created_at=NOW, next_at=NOW
        ).pk,
        **api_world(),
        "trigger": "score",
        "goal": make_goal().pk,
        "improvement": make_improvement(
            Dimension.objects.create(name="tier", source="customer", attribute="tier")
        ).pk,
        "picture": "svg",
        "suppression": suppress(respondent.person, SuppressionReason.MANUAL, now=NOW).pk,
    }


def url_of(row: Row, world: dict[str, Any]) -> str:
    return reverse(row.name, kwargs={part: world[name] for part, name in row.path.items()})


def with_head(row: Row) -> tuple[str, ...]:
    """What may be read may be asked about as well."""
    return ("HEAD", *row.methods) if "GET" in row.methods else row.methods


def outcome(client: Client, method: str, url: str, *, hidden: str = "") -> str:
    answer = client.generic(method, url)
    assert "no-store" in answer["Cache-Control"]
    assert not hidden or hidden.encode() not in answer.getvalue()
    # As a server does at the end, without the signal that would take the test's database away.
    for close in answer._resource_closers:  # type: ignore[attr-defined]
        close()
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "log in"
    names = {403: "refused", 404: "not found", 405: "wrong method"}
    assert answer.status_code < 500
    return names.get(answer.status_code, "let in")


def expected(permission: Permission) -> dict[str, str]:
    roles: dict[str, str] = {
        role: "let in" if role in PERMISSIONS[permission] else "refused" for role in Role
    }
    return {"anonymous": "log in", **roles}


def everybody() -> dict[str, Client]:
    return {"anonymous": Client(), **{role: logged_in(make_staff(role)) for role in Role}}


def api_world() -> dict[str, Any]:
    key, _ = create_key("shop", role="cs", project="", rate=60, by=None, now=NOW)
    member = save_member(key.project, Given("somebody@x.example"), now=NOW)
    ask = add_answer(member, Answered(9, "", {}, NOW), now=NOW)
    return {
        "api_key": key.pk,
        "webhook": make_webhook().pk,
        "permalink": permalink_token(ask.pk, secret=settings.SECRET_KEY),
    }


def playbook_world() -> dict[str, Any]:
    playbook = make_playbook()
    return {
        "playbook": make_playbook().pk,
        "playbook_step": playbook.steps.get().pk,
        "playbook_run": make_run(playbook).pk,
        "step_kind": "task",
        "step_act": "up",
        "run_act": "take",
    }


def test_every_address_has_a_row() -> None:
    known = PUBLIC | BY_NAME.keys()
    missing = [
        (route, name)
        for route, name in addresses()
        if name not in known and not name.startswith(ENTRANCE) and route not in CLOSED
    ]
    assert missing == []


def test_every_row_has_an_address() -> None:
    names = {name for _, name in addresses()}
    assert sorted(BY_NAME.keys() - names) == []
    assert len(BY_NAME) == len(ROWS)


def test_an_address_without_row_would_be_found(monkeypatch) -> None:
    monkeypatch.delitem(BY_NAME, "accounts:audit-list")

    with pytest.raises(AssertionError, match="audit-list"):
        test_every_address_has_a_row()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_only_those_of_the_table_are_let_in(row: Row, world: dict[str, Any]) -> None:
    url = url_of(row, world)
    everyone = everybody()

    for method in with_head(row):
        found = {
            who: outcome(client, method, url, hidden=NAMELESS if who == Role.VIEWER else "")
            for who, client in everyone.items()
        }
        assert found == expected(row.permission), method


@pytest.mark.parametrize("name", STRONGER_POST)
def test_a_stronger_post_is_held_to_its_own_permission(name: str, world: dict[str, Any]) -> None:
    url = url_of(BY_NAME[name], world)

    found = {who: outcome(client, "POST", url) for who, client in everybody().items()}

    assert found == expected(STRONGER_POST[name])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_other_methods_are_refused(row: Row, world: dict[str, Any]) -> None:
    client = logged_in(make_staff(min(PERMISSIONS[row.permission])))
    other = {"GET", "HEAD", "POST", "PUT", "DELETE"} - set(with_head(row))
    if row.name in STRONGER_POST:
        other.discard("POST")

    found = {method: outcome(client, method, url_of(row, world)) for method in other}

    assert found == dict.fromkeys(other, "wrong method")


@pytest.mark.parametrize(
    "row", [row for row in ROWS if {"pk", "slug"} & row.path.keys()], ids=lambda row: row.name
)
def test_what_does_not_exist_is_not_found(row: Row, world: dict[str, Any]) -> None:
    unknown = {"pk": 999_999, "slug": "no-such-campaign"}
    kwargs = {part: unknown.get(part, world[name]) for part, name in row.path.items()}
    client = logged_in(make_staff(min(PERMISSIONS[row.permission])))

    for method in row.methods:
        assert outcome(client, method, reverse(row.name, kwargs=kwargs)) == "not found"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_closed_account_is_let_in_nowhere(row: Row, world: dict[str, Any]) -> None:
    client = logged_in(user := make_staff("admin"))
    user.is_active = False
    user.save()

    assert outcome(client, row.methods[0], url_of(row, world)) == "log in"


def test_the_admin_is_for_admins_and_has_no_log_in_of_its_own(db) -> None:
    pages = ["/admin/", "/admin/login/", "/admin/password_change/"]
    pages += [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    everyone = everybody()
    make_staff("admin", "other@koe.example")

    for page in pages:
        found = {
            who: client.get(page, follow=True).request["PATH_INFO"]
            for who, client in everyone.items()
            if who != Role.ADMIN
        }
        assert found["anonymous"] == "/accounts/login/"
        refused = everyone[Role.CS].get(page, follow=True)
        assert refused.status_code == 403, page
    form = {"username": "other@koe.example", "password": "correct horse battery"}
    assert everyone[Role.CS].post("/admin/login/", form).status_code == 403
    assert everyone[Role.ADMIN].get("/admin/").status_code == 200
    assert everyone[Role.ADMIN].get("/admin/login/")["Location"] == "/admin/"
