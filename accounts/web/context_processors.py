from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.domain.access.roles import Permission, Role
from accounts.forms.owners import MINE
from accounts.labels import ROLE_LABELS
from accounts.queries.customers.owners import owns_accounts
from accounts.web.first_login import is_open
from accounts.web.second_step import has_passkeys


@dataclass(frozen=True)
class NavigationItem:
    url: str
    label: str | Promise
    icon: str
    active: bool


ITEMS = [
    ("home", _("Home"), "house", Permission.VIEW_HOME),
    ("surveys:campaign-list", _("Campaigns"), "send", Permission.VIEW_CAMPAIGNS),
    ("actions:follow-up-list", _("Follow-ups"), "flag", Permission.FOLLOW_UP),
    ("actions:playbook-list", _("Playbooks"), "journal-text", Permission.FOLLOW_UP),
    ("customers:list", _("Customers"), "buildings", Permission.VIEW_PEOPLE),
    ("surveys:respondent-list", _("Respondents"), "people", Permission.VIEW_PEOPLE),
    ("surveys:response-list", _("Responses"), "chat-left-text", Permission.VIEW_COMMENTS),
    ("analytics:overview", _("Analytics"), "graph-up", Permission.VIEW_REPORTS),
    ("actions:goal-list", _("Goals"), "bar-chart", Permission.VIEW_REPORTS),
    ("accounts:import-list", _("Imports"), "upload", Permission.IMPORT_DATA),
    ("accounts:settings", _("Settings"), "gear", Permission.MANAGE_SETTINGS),
]


# Which page of the guide is about which part; the others have its first page.
HELP = {
    "surveys:campaign-list": "first-campaign",
    "actions:follow-up-list": "follow-up",
    "actions:playbook-list": "playbooks",
    "customers:list": "health-score",
    "surveys:response-list": "follow-up",
    "analytics:overview": "board-report",
    "actions:goal-list": "goals",
    "accounts:import-list": "import",
}
# What one reads of one's own accounts first.
OF_ACCOUNTS = {
    "customers:list",
    "surveys:respondent-list",
    "surveys:response-list",
    "analytics:overview",
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The pages the staff user may open, for the bar at the top."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "organisation_name": settings.ORGANISATION_NAME,
        "has_passkeys": has_passkeys,
        "sign_on_name": settings.SIGN_ON_NAME if settings.OIDC_ISSUER else "",
    }
    if user is None or not user.is_authenticated:
        # Asked by one page only.
        return {**context, "first_login_is_open": partial(is_open, request)}
    own_first = user.role == Role.CS and owns_accounts(user.email)
    nav = []
    help_url = reverse("accounts:guide")
    for name, label, icon, permission in ITEMS:
        if user.may(permission):
            url = reverse(name)
            active = request.path == url if url == "/" else request.path.startswith(url)
            if active and name in HELP:
                language = "ja" if get_language() == "ja" else "en"
                help_url = reverse("accounts:guide-page", args=[language, HELP[name]])
            mine = f"?mine={MINE}" if own_first and name in OF_ACCOUNTS else ""
            nav.append(NavigationItem(url + mine, label, icon, active))
    may_read_inbox = user.may(Permission.CONFIGURE_CAMPAIGNS)
    return {
        **context,
        "nav": nav,
        "help_url": help_url,
        "role_label": ROLE_LABELS[Role(user.role)],
        "embedded_inbox": settings.EMBEDDED_INBOX and may_read_inbox,
    }
