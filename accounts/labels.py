"""Translated names of the values that `domain` defines."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.domain.access.audit import AuditAction
from accounts.domain.access.roles import Permission, Role
from accounts.domain.access.sign_on import Refusal
from accounts.domain.contactability import SuppressionReason
from accounts.domain.facts.contacts import Channel
from accounts.domain.facts.events import EventKind
from accounts.domain.imports.scheduling import Every, Way
from accounts.domain.reasons import TEXTS, Reason, ReasonCode

SUPPRESSION_LABELS: dict[Any, str | Promise] = {
    SuppressionReason.OPTED_OUT: _("Opted out"),
    SuppressionReason.BOUNCED: _("Address bounced"),
    SuppressionReason.COMPLAINED: _("Reported as spam"),
    SuppressionReason.MANUAL: _("Stopped by staff"),
}

# How a suppression's source begins where Koe itself wrote it down; what follows is a name or id.
SUPPRESSION_SOURCES = {
    "link of invitation ": gettext_noop("link of invitation %(what)s"),
    "link in a survey mail": gettext_noop("link in a survey e-mail"),
    "mail of ": gettext_noop("e-mail of %(what)s"),
    "mail provider": gettext_noop("e-mail provider"),
    "address gone: ": gettext_noop("the address does not exist or is closed: %(what)s"),
    "not delivered twice: ": gettext_noop(
        "two surveys in a row could not be delivered, the mailbox may be full: %(what)s"
    ),
    "merged person ": gettext_noop("merged person %(what)s"),
}

ROLE_LABELS: dict[Any, str | Promise] = {
    Role.CS: _("CS member"),
    Role.ADMIN: _("Admin"),
    Role.VIEWER: _("Viewer"),
}

# What the owner of a log-in is told was changed of it: by `StaffMail.Kind`.
CHANGE_LABELS: dict[str, str | Promise] = {
    "password": _("The password was changed."),
    "totp_added": _("An authenticator app was added."),
    "totp_removed": _("The authenticator app was removed."),
    "webauthn_added": _("A passkey was added."),
    "webauthn_removed": _("A passkey was removed."),
    "steps_removed": _("An admin removed two-factor authentication."),
    "sign_on_linked": _("Your organisation's sign-on now logs you in to Koe."),
}
REFUSAL_LABELS: dict[Any, str | Promise] = {
    Refusal.CANCELLED: _("The sign-on was cancelled."),
    Refusal.STALE: _(
        "The sign-on took too long, or was begun in another window. Please try again."
    ),
    Refusal.UNREACHABLE: _("The sign-on does not answer. Please try again in a few minutes."),
    Refusal.UNPROVED: _("What the sign-on said could not be proved. Please try again."),
    Refusal.UNVERIFIED: _("The sign-on does not say that your e-mail address was verified."),
    Refusal.UNMAPPED: _("Your e-mail address is not among those that may log in to Koe."),
    Refusal.CLOSED: _("Your account is closed."),
    Refusal.TAKEN: _(
        "In the sign-on the account of your e-mail address is somebody else's. An admin can remove"
        " the link on its page under Settings."
    ),
    Refusal.HIGHER: _(
        "Your account may do more than the sign-on gives. Log in with your password, or have"
        " whoever runs Koe name your address in SIGN_ON_ROLES."
    ),
}
# What a second step is made with, in the audit log.
STEP_LABELS: dict[Any, str | Promise] = {
    "totp": _("Authenticator app"),
    "webauthn": _("Passkey"),
    "recovery_codes": _("Recovery codes"),
}
STEP_CHANGE_LABELS: dict[Any, str | Promise] = {
    "added": _("added"),
    "removed": _("removed"),
    "reset": _("created anew"),
}

CHANNEL_LABELS: dict[Any, str | Promise] = {
    Channel.CALL: pgettext_lazy("channel", "Call"),
    Channel.MEETING: pgettext_lazy("channel", "Meeting"),
    Channel.MAIL: pgettext_lazy("channel", "E-mail"),
    Channel.NOTE: pgettext_lazy("channel", "Note"),
}

WAY_LABELS: dict[Any, str | Promise] = {
    Way.HTTPS: _("Web address (https)"),
    Way.S3: _("S3"),
    Way.SFTP: _("SFTP"),
}
EVERY_LABELS: dict[Any, str | Promise] = {
    Every.HOUR: _("Every hour"),
    Every.DAY: _("Every day"),
}

USAGE_LABELS: dict[str, str | Promise] = {
    "logins": _("Log-ins"),
    "reports_created": _("Reports created"),
}
EVENT_LABELS: dict[Any, str | Promise] = {
    EventKind.ONBOARDING_COMPLETED: _("Onboarding completed"),
    EventKind.TICKET_OPENED: _("Ticket opened"),
    EventKind.TICKET_REPLIED: _("Ticket replied to"),
    EventKind.TICKET_RESOLVED: _("Ticket resolved"),
    EventKind.PURCHASED: _("Purchase"),
    EventKind.RENEWED: _("Renewal"),
    EventKind.REFERRED: _("Referral"),
    EventKind.TRAINED: _("Training"),
    EventKind.COMMUNITY: _("Active in the community"),
    EventKind.ATTENDED: _("Attended an event"),
    EventKind.MEMBER_INVITED: _("Invited a member"),
    EventKind.CONTACTED: _("Contact"),
}

# The audit log's actions.
ACTION_LABELS = {
    AuditAction.ACCESS_REFUSED: _("Was refused a page"),
    AuditAction.ANSWER_ENTER: _("Entered an answer by hand"),
    AuditAction.API_KEY_CREATE: _("Made an API key"),
    AuditAction.API_KEY_REVOKE: _("Revoked an API key"),
    AuditAction.API_PERSON_DELETE: _("A program deleted a person"),
    AuditAction.API_UNSUBSCRIBE: _("A program unsubscribed a person"),
    AuditAction.API_WRITE: _("A program wrote"),
    AuditAction.CAMPAIGN_ARCHIVE: _("Archived a campaign"),
    AuditAction.CAMPAIGN_CANCEL: _("Cancelled a campaign"),
    AuditAction.CAMPAIGN_CREATE: _("Created a campaign"),
    AuditAction.CAMPAIGN_DELETE: _("Deleted a draft"),
    AuditAction.CAMPAIGN_FINISH: _("A campaign ended"),
    AuditAction.CAMPAIGN_LAUNCH: _("Launched a campaign"),
    AuditAction.CAMPAIGN_PAUSE: _("Paused a campaign"),
    AuditAction.CAMPAIGN_RESTORE: _("Took a campaign out of the archive"),
    AuditAction.CAMPAIGN_RESUME: _("Resumed a campaign"),
    AuditAction.CAMPAIGN_UPDATE: _("Changed a campaign"),
    AuditAction.CUSTOMER_ADD: _("Added a customer by hand"),
    AuditAction.CUSTOMER_CORRECT: _("Corrected a customer"),
    AuditAction.CUSTOMER_ASK: _("Asked the people of a customer"),
    AuditAction.CUSTOMERS_EXPORT: _("Exported customers"),
    AuditAction.DEMO_SEED: _("Created the demo data"),
    AuditAction.FORMULA_MOVE: _("Changed the order of the health formulas"),
    AuditAction.FORMULA_PUBLISH: _("Published a health formula"),
    AuditAction.FORMULA_SAVE: _("Saved a version of a health formula"),
    AuditAction.FORMULA_WITHDRAW: _("Withdrew a health formula"),
    AuditAction.HEALTH_OVERRIDE: _("Overrode a customer’s health band"),
    AuditAction.HEALTH_OVERRIDE_END: _("Ended the override of a health band"),
    AuditAction.IMPORT_CUSTOMERS: _("Imported customers"),
    AuditAction.CONTACT_WRITE: _("Wrote down a contact"),
    AuditAction.IMPORT_EVENTS: _("Imported events"),
    AuditAction.IMPORT_RATES: _("Imported exchange rates"),
    AuditAction.IMPORT_RESPONDENTS: _("Imported respondents"),
    AuditAction.IMPORT_RESPONSES: _("Imported responses"),
    AuditAction.IMPORT_REVENUE: _("Imported revenue"),
    AuditAction.IMPORT_CANCEL: _("Cancelled an import"),
    AuditAction.IMPORT_UNDO: _("Took an import back"),
    AuditAction.IMPORT_USAGE: _("Imported usage"),
    AuditAction.METRICS_UPDATE: _("Changed the settings of metrics"),
    AuditAction.TEMPLATE_DELETE: _("Deleted a template of campaigns"),
    AuditAction.TEMPLATE_SAVE: _("Saved a campaign as a template"),
    AuditAction.ORGANISATION_UPDATE: _("Changed what the organisation says of itself"),
    AuditAction.CAMPAIGN_APPROVAL_ASKED: _("Asked a second person to launch a campaign"),
    AuditAction.CAMPAIGN_APPROVAL_ENDED: _("Took back a request to launch"),
    AuditAction.PERSON_ERASE: _("Erased a person"),
    AuditAction.PERSON_MERGE: _("Merged two people"),
    AuditAction.PERSON_OPEN: _("Opened a person’s page"),
    AuditAction.PERSON_STOP: _("Stopped e-mails to a person"),
    AuditAction.PULSE_WRITE: _("Wrote down a pulse"),
    AuditAction.REPORT_EXPORT: _("Downloaded a report"),
    AuditAction.EVENTS_EXPORT: _("Downloaded events"),
    AuditAction.RESPONDENT_ADD: _("Added a respondent by hand"),
    AuditAction.RESPONDENT_CORRECT: _("Corrected a respondent"),
    AuditAction.RESPONDENTS_EXPORT: _("Downloaded respondents"),
    AuditAction.RESPONSES_EXPORT: _("Downloaded responses"),
    AuditAction.REVENUE_EXPORT: _("Downloaded revenue"),
    AuditAction.USAGE_EXPORT: _("Downloaded usage"),
    AuditAction.DATABASE_RESTORE: _("Restored a backup"),
    AuditAction.DEMO_CLEAR: _("Cleared the demo"),
    AuditAction.DEMO_MAKE: _("Asked for the demo"),
    AuditAction.SCHEDULE_DELETE: _("Deleted a scheduled import"),
    AuditAction.SCHEDULE_SAVE: _("Saved a scheduled import"),
    AuditAction.SCHEDULE_SWITCH: _("Switched a scheduled import"),
    AuditAction.SENDER_CONFIRM: _("Confirmed a domain that campaigns may be sent from"),
    AuditAction.SENDER_WITHDRAW: _("Took back a domain that campaigns could be sent from"),
    AuditAction.SENDING_TRY: _("Asked for a mail server to be tried at once"),
    AuditAction.SEGMENT_CREATE: _("Created a segment"),
    AuditAction.SEGMENT_DELETE: _("Deleted a segment"),
    AuditAction.SEGMENT_UPDATE: _("Changed a segment"),
    AuditAction.STAFF_CLOSE: _("Closed a staff account"),
    AuditAction.STAFF_CREATE: _("Created a staff account"),
    AuditAction.STAFF_LOCKED_OUT: _("Too many attempts to log in"),
    AuditAction.STAFF_LOGIN: _("Logged in"),
    AuditAction.STAFF_LOGIN_FAILED: _("A log-in failed"),
    AuditAction.STAFF_LOGOUT: _("Logged out"),
    AuditAction.STAFF_PASSWORD: _("Changed their password"),
    AuditAction.STAFF_RESET_ASKED: _("Asked for a link to reset a password"),
    AuditAction.STAFF_SECOND_STEP: _("Changed their two-factor authentication"),
    AuditAction.STAFF_OPEN: _("Reopened a staff account"),
    AuditAction.STAFF_SECOND_STEP_REMOVED: _("Removed somebody's two-factor authentication"),
    AuditAction.STAFF_SIGN_ON_LINK: _("Linked an account to the organisation's sign-on"),
    AuditAction.STAFF_SIGN_ON_REFUSED: _("The organisation's sign-on was refused"),
    AuditAction.STAFF_SIGN_ON_UNLINK: _("Removed an account's link to the sign-on"),
    AuditAction.STAFF_ROLE: _("Changed somebody's role"),
    AuditAction.SUPPRESSION_LIFT: _("Lifted a suppression"),
    AuditAction.GOAL_DELETE: _("Deleted a goal"),
    AuditAction.GOAL_SAVE: _("Set a goal"),
    AuditAction.IMPROVEMENT_CONCLUDE: _("Concluded an improvement"),
    AuditAction.IMPROVEMENT_DELETE: _("Deleted an improvement"),
    AuditAction.IMPROVEMENT_LINK: _("Linked an improvement to a follow-up"),
    AuditAction.IMPROVEMENT_SAVE: _("Set an improvement"),
    AuditAction.IMPROVEMENT_UNLINK: _("Took a follow-up off an improvement"),
    AuditAction.TARGET_UPDATE: _("Changed a target"),
    AuditAction.FOLLOW_UP_RULE: _("Changed a rule for follow-ups"),
    AuditAction.HOLD_OUT: _("Changed the share that is held out"),
    AuditAction.ALERT_DELETE: _("Deleted a rule for alerts"),
    AuditAction.ALERT_SEND: _("Sent an alert"),
    AuditAction.ALERT_SAVE: _("Changed a rule for alerts"),
    AuditAction.CHANNEL_DELETE: _("Deleted a channel"),
    AuditAction.CHANNEL_SAVE: _("Changed a channel"),
    AuditAction.WEBHOOK_SAVE: _("Changed a webhook"),
    AuditAction.CHANNEL_SWITCH: _("Switched a channel on or off"),
    AuditAction.ROOT_CAUSE: _("Changed the root causes that are offered"),
    AuditAction.PLAYBOOK_ASSIGN: _("Reassigned a run of a playbook"),
    AuditAction.PLAYBOOK_DELETE: _("Deleted a playbook"),
    AuditAction.PLAYBOOK_SAVE: _("Changed a playbook"),
    AuditAction.PLAYBOOK_SWITCH: _("Switched a playbook on or off"),
    AuditAction.REPLY_TEMPLATE: _("Changed how replies to customers begin"),
    AuditAction.TOUCH_TABLE: _("Changed the touch table"),
    AuditAction.WORKING_HOURS: _("Changed the working hours"),
}

# What a line of the audit log says beside its action; what has no name here is shown as it is.
DETAIL_LABELS = {
    "name": pgettext_lazy("API", "Name"),
    "project": pgettext_lazy("API", "Project"),
    "cells": _("Cells"),
    "change": _("Change"),
    "every_days": _("At most once per customer in so many days"),
    "sizes": _("Size"),
    "started_by": _("Starts when"),
    "step": _("Step"),
    "usage": _("Measure"),
    "due_hours": _("Due after so many working hours"),
    "holidays": _("Holidays of"),
    "percent": _("per cent held out"),
    "hours": _("Working hours"),
    "is_active": _("The rule is in use"),
    "level": _("Level"),
    "offered": _("Offered"),
    "only_with_comment": _("Only with a comment"),
    "kind": _("Kind"),
    "new_address": _("New address"),
    "new_secret": _("New secret"),
    "tells": _("Tells"),
    "weekdays": _("Days"),
    "after": _("After"),
    "attribute": _("Attribute"),
    "bad": _("Bad rows"),
    "bands": _("Bands"),
    "before": _("Before"),
    "created": _("Created"),
    "emptied": _("Emptied cells"),
    "discount": _("Discount per year in %"),
    "divisor": _("Divided by"),
    "ends_at": _("Ends"),
    "filter": _("Filter"),
    "format": _("File type"),
    "label": _("Label"),
    "labels": _("Label by language"),
    "margin": _("Margin in %"),
    "measure": _("Measure of engagement"),
    "merged": _("Merged with"),
    "note": _("Note"),
    "onboarding_days": _("Days for onboarding"),
    "position": _("Place in the list"),
    "read": _("Rows read"),
    "reason": _("Reason"),
    "role": _("Role"),
    "state_reason": _("Reason"),
    "starts_at": _("Starts"),
    "threshold": _("Engaged from"),
    "unchanged": _("Unchanged"),
    "updated": _("Updated"),
}

PERMISSION_LABELS = {
    Permission.VIEW_HOME: _("See the home page"),
    Permission.VIEW_COMMENTS: _("Read responses and comments"),
    Permission.VIEW_PEOPLE: _("See customers, respondents and suppressions"),
    Permission.VIEW_CAMPAIGNS: _("See campaigns"),
    Permission.VIEW_REPORTS: _("See the reports"),
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


# Values that Koe brings along, in its sample files and its demo, by the name of their dimension.
# An organisation's own values are shown as it wrote them.
VALUE_LABELS: dict[str, dict[str, str | Promise]] = {
    "contract": {
        "starter": pgettext_lazy("value", "starter"),
        "business": pgettext_lazy("value", "business"),
        "enterprise": pgettext_lazy("value", "enterprise"),
    },
    "plan": {
        "standard": pgettext_lazy("value", "standard"),
        "professional": pgettext_lazy("value", "professional"),
        "pay-as-you-go": pgettext_lazy("value", "pay-as-you-go"),
    },
    "region": {
        "Kanto": pgettext_lazy("value", "Kanto"),
        "Kansai": pgettext_lazy("value", "Kansai"),
        "Kyushu": pgettext_lazy("value", "Kyushu"),
        "Tohoku": pgettext_lazy("value", "Tohoku"),
        "US West": pgettext_lazy("value", "US West"),
        "US East": pgettext_lazy("value", "US East"),
        "UK": pgettext_lazy("value", "UK"),
        "Singapore": pgettext_lazy("value", "Singapore"),
    },
    "industry": {
        "Manufacturing": pgettext_lazy("value", "Manufacturing"),
        "Logistics": pgettext_lazy("value", "Logistics"),
        "Retail": pgettext_lazy("value", "Retail"),
        "Food": pgettext_lazy("value", "Food"),
        "Healthcare": pgettext_lazy("value", "Healthcare"),
        "Travel": pgettext_lazy("value", "Travel"),
        "Software": pgettext_lazy("value", "Software"),
        "Education": pgettext_lazy("value", "Education"),
    },
    "usage": {
        "low": pgettext_lazy("value", "low"),
        "middle": pgettext_lazy("value", "middle"),
        "high": pgettext_lazy("value", "high"),
    },
    "role": {
        "executive": pgettext_lazy("value", "executive"),
        "admin": pgettext_lazy("value", "admin"),
        "champion": pgettext_lazy("value", "champion"),
        "user": pgettext_lazy("value", "user"),
    },
}


def action_text(action: str) -> str:
    known = action in set(AuditAction)
    return str(ACTION_LABELS[AuditAction(action)]) if known else action


def detail_text(name: str, value: object) -> tuple[str, str]:
    """One detail of the audit log in words; codes of roles and suppressions, too."""
    codes: dict[str, dict[Any, str | Promise]] = {
        "role": ROLE_LABELS,
        "reason": {**SUPPRESSION_LABELS, **REFUSAL_LABELS},
        "kind": STEP_LABELS,
        "change": STEP_CHANGE_LABELS,
    }
    words = codes.get(name, {})
    return str(DETAIL_LABELS.get(name, name)), str(words.get(str(value), value))


def value_label(name: str, value: str) -> str:
    """A value of a dimension as a reader knows it; languages are stored as codes."""
    known = dict(settings.LANGUAGES) if name == "language" else VALUE_LABELS.get(name, {})
    return str(known.get(value, value)) or "–"


# The kinds of file, as the page of imports calls them.
FILE_LABELS = {
    "customers": _("Customers"),
    "respondents": _("Respondents"),
    "revenue": _("Revenue"),
    "responses": _("Responses"),
    "rates": _("Exchange rates"),
    "usage": _("Usage"),
    "events": _("Events"),
}


def reason_text(reason: Reason) -> str:
    """Why something was refused, in the reader's language."""
    params = dict(reason.params)
    if reason.code == ReasonCode.FILE_OTHER_KIND:
        params["kind"] = str(FILE_LABELS[params["kind"]])
    return gettext(TEXTS[reason.code]) % params


def source_text(source: str) -> str:
    """Where a suppression came from, in the reader's language; an address stays as it is."""
    for start, text in SUPPRESSION_SOURCES.items():
        if source.startswith(start):
            return gettext(text) % {"what": source.removeprefix(start)}
    return source


def usage_label(measure: str) -> str:
    """One without a name of ours is called as its file calls it."""
    return str(USAGE_LABELS.get(measure, measure))


def event_label(kind: str) -> str:
    """A kind without a meaning of ours is called as its file calls it."""
    return str(EVENT_LABELS.get(kind, kind))
