"""Translated names of the values that `domain` defines."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.domain.contactability import SuppressionReason
from accounts.domain.reasons import TEXTS, Reason
from accounts.domain.roles import Permission, Role

SUPPRESSION_LABELS = {
    SuppressionReason.OPTED_OUT: _("Opted out"),
    SuppressionReason.BOUNCED: _("Address bounced"),
    SuppressionReason.COMPLAINED: _("Reported as spam"),
    SuppressionReason.MANUAL: _("Stopped by staff"),
}

# How a suppression's source begins where Koe itself wrote it down; what follows is a name or id.
SUPPRESSION_SOURCES = (
    gettext_noop("link of invitation %(what)s"),
    gettext_noop("link in a survey mail"),
    gettext_noop("mail of %(what)s"),
    gettext_noop("mail provider"),
    gettext_noop("merged person %(what)s"),
)

ROLE_LABELS = {
    Role.CS: _("CS member"),
    Role.ADMIN: _("Admin"),
    Role.VIEWER: _("Viewer"),
}

# The audit log's actions.
ACTION_LABELS = {
    "campaign.cancel": _("Cancelled a campaign"),
    "campaign.create": _("Created a campaign"),
    "campaign.finish": _("A campaign ended"),
    "campaign.launch": _("Launched a campaign"),
    "campaign.pause": _("Paused a campaign"),
    "campaign.resume": _("Resumed a campaign"),
    "campaign.update": _("Changed a campaign"),
    "demo.seed": _("Created the demo data"),
    "import.customers": _("Imported customers"),
    "import.respondents": _("Imported respondents"),
    "import.responses": _("Imported responses"),
    "import.revenue": _("Imported revenue"),
    "person.erase": _("Erased a person"),
    "person.merge": _("Merged two people"),
    "person.stop": _("Stopped e-mails to a person"),
    "report.export": _("Downloaded a report"),
    "responses.export": _("Downloaded responses"),
    "segment.create": _("Created a segment"),
    "segment.delete": _("Deleted a segment"),
    "segment.update": _("Changed a segment"),
    "staff.close": _("Closed a staff account"),
    "staff.create": _("Created a staff account"),
    "staff.login": _("Logged in"),
    "staff.open": _("Reopened a staff account"),
    "staff.second_step_removed": _("Removed somebody's two-factor authentication"),
    "staff.role": _("Changed somebody's role"),
    "suppression.lift": _("Lifted a suppression"),
}

PERMISSION_LABELS = {
    Permission.VIEW_RESULTS: _("See the results on the home page"),
    Permission.VIEW_COMMENTS: _("Read responses and comments"),
    Permission.VIEW_PEOPLE: _("See customers, respondents and suppressions"),
    Permission.VIEW_CAMPAIGNS: _("See campaigns"),
    Permission.VIEW_SEGMENTS: _("See results by segment"),
    Permission.IMPORT_DATA: _("Import files"),
    Permission.CONFIGURE_CAMPAIGNS: _("Create and edit campaigns"),
    Permission.LAUNCH_CAMPAIGNS: _("Launch, pause and cancel campaigns"),
    Permission.FOLLOW_UP: _("Follow up responses with notes and tags"),
    Permission.EXPORT_RESPONSES: _("Download responses"),
    Permission.EXPORT_REPORTS: _("Download reports"),
    Permission.MANAGE_STAFF: _("Manage staff users"),
    Permission.MANAGE_SETTINGS: _("Manage segments and targets, and read the audit log"),
    Permission.MANAGE_PEOPLE: _("Stop e-mails to a person, merge and erase people"),
    Permission.LIFT_SUPPRESSION: _("Lift suppressions"),
}


def action_text(action: str) -> str:
    return str(ACTION_LABELS.get(action, action))


def reason_text(reason: Reason) -> str:
    """Why something was refused, in the reader's language."""
    return gettext(TEXTS[reason.code]) % dict(reason.params)


def source_text(source: str) -> str:
    """Where a suppression came from, in the reader's language; an address stays as it is."""
    for text in SUPPRESSION_SOURCES:
        start = text.partition("%")[0]
        if source.startswith(start):
            return gettext(text) % {"what": source.removeprefix(start)}
    return source
