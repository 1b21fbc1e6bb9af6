"""What the audit log records, and how each line is tied to the one before it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class AuditAction(StrEnum):
    ACCESS_REFUSED = "access.refused"
    ALERT_DELETE = "alert.delete"
    ALERT_SAVE = "alert.save"
    ALERT_SEND = "alert.send"
    ANSWER_ENTER = "answer.enter"
    API_KEY_CREATE = "api_key.create"
    API_KEY_REVOKE = "api_key.revoke"
    API_PERSON_DELETE = "api.person_delete"
    API_UNSUBSCRIBE = "api.unsubscribe"
    API_WRITE = "api.write"
    CAMPAIGN_ARCHIVE = "campaign.archive"
    CAMPAIGN_CANCEL = "campaign.cancel"
    CAMPAIGN_CREATE = "campaign.create"
    CAMPAIGN_DELETE = "campaign.delete"
    CAMPAIGN_FINISH = "campaign.finish"
    CAMPAIGN_APPROVAL_ASKED = "campaign.approval_asked"
    CAMPAIGN_APPROVAL_ENDED = "campaign.approval_ended"
    CAMPAIGN_LAUNCH = "campaign.launch"
    CAMPAIGN_PAUSE = "campaign.pause"
    CAMPAIGN_RESTORE = "campaign.restore"
    CAMPAIGN_RESUME = "campaign.resume"
    CAMPAIGN_UPDATE = "campaign.update"
    DATABASE_RESTORE = "database.restore"
    DEMO_CLEAR = "demo.clear"
    DEMO_MAKE = "demo.make"
    CHANNEL_DELETE = "channel.delete"
    CHANNEL_SAVE = "channel.save"
    CHANNEL_SWITCH = "channel.switch"
    WEBHOOK_SAVE = "webhook.save"
    CUSTOMER_ADD = "customer.add"
    CUSTOMER_CORRECT = "customer.correct"
    CUSTOMER_ASK = "customer.ask"
    CUSTOMERS_EXPORT = "customers.export"
    DEMO_SEED = "demo.seed"
    EVENTS_EXPORT = "events.export"
    FOLLOW_UP_RULE = "follow_up.rule"
    FORMULA_MOVE = "formula.move"
    FORMULA_PUBLISH = "formula.publish"
    FORMULA_SAVE = "formula.save"
    FORMULA_WITHDRAW = "formula.withdraw"
    GOAL_DELETE = "goal.delete"
    GOAL_SAVE = "goal.save"
    HEALTH_OVERRIDE = "health.override"
    HEALTH_OVERRIDE_END = "health.override_end"
    HOLD_OUT = "follow_up.hold_out"
    IMPORT_CANCEL = "import.cancel"
    IMPORT_CUSTOMERS = "import.customers"
    CONTACT_WRITE = "contact.write"
    IMPORT_EVENTS = "import.events"
    IMPORT_RATES = "import.rates"
    IMPORT_RESPONDENTS = "import.respondents"
    IMPORT_RESPONSES = "import.responses"
    IMPORT_REVENUE = "import.revenue"
    IMPORT_UNDO = "import.undo"
    IMPORT_USAGE = "import.usage"
    IMPROVEMENT_CONCLUDE = "improvement.conclude"
    IMPROVEMENT_DELETE = "improvement.delete"
    IMPROVEMENT_LINK = "improvement.link"
    IMPROVEMENT_SAVE = "improvement.save"
    IMPROVEMENT_UNLINK = "improvement.unlink"
    METRICS_UPDATE = "metrics.update"
    ORGANISATION_UPDATE = "organisation.update"
    PERSON_ERASE = "person.erase"
    PERSON_MERGE = "person.merge"
    PERSON_OPEN = "person.open"
    PERSON_STOP = "person.stop"
    PLAYBOOK_ASSIGN = "playbook.assign"
    PLAYBOOK_DELETE = "playbook.delete"
    PLAYBOOK_SAVE = "playbook.save"
    PLAYBOOK_SWITCH = "playbook.switch"
    PULSE_WRITE = "pulse.write"
    REPLY_TEMPLATE = "reply.template"
    REPORT_EXPORT = "report.export"
    RESPONDENT_ADD = "respondent.add"
    RESPONDENT_CORRECT = "respondent.correct"
    RESPONDENTS_EXPORT = "respondents.export"
    RESPONSES_EXPORT = "responses.export"
    REVENUE_EXPORT = "revenue.export"
    ROOT_CAUSE = "root_cause.offer"
    SCHEDULE_DELETE = "schedule.delete"
    SCHEDULE_SAVE = "schedule.save"
    SCHEDULE_SWITCH = "schedule.switch"
    SENDER_CONFIRM = "sender.confirm"
    SENDER_WITHDRAW = "sender.withdraw"
    SENDING_TRY = "sending.try"
    SEGMENT_CREATE = "segment.create"
    SEGMENT_DELETE = "segment.delete"
    SEGMENT_UPDATE = "segment.update"
    STAFF_CLOSE = "staff.close"
    STAFF_CREATE = "staff.create"
    STAFF_LOCKED_OUT = "staff.locked_out"
    STAFF_LOGIN = "staff.login"
    STAFF_LOGIN_FAILED = "staff.login_failed"
    STAFF_LOGOUT = "staff.logout"
    STAFF_OPEN = "staff.open"
    STAFF_PASSWORD = "staff.password"  # noqa: S105 - the word of an action
    STAFF_RESET_ASKED = "staff.reset_asked"
    STAFF_ROLE = "staff.role"
    STAFF_SECOND_STEP = "staff.second_step"
    STAFF_SECOND_STEP_REMOVED = "staff.second_step_removed"
    STAFF_SIGN_ON_LINK = "staff.sign_on_link"
    STAFF_SIGN_ON_REFUSED = "staff.sign_on_refused"
    STAFF_SIGN_ON_UNLINK = "staff.sign_on_unlink"
    SUPPRESSION_LIFT = "suppression.lift"
    TARGET_UPDATE = "target.update"
    TEMPLATE_DELETE = "template.delete"
    TEMPLATE_SAVE = "template.save"
    TOUCH_TABLE = "touch.table"
    USAGE_EXPORT = "usage.export"
    WORKING_HOURS = "working_hours.update"


class Line(NamedTuple):
    """An audit event as it is stored."""

    pk: int
    at: dt.datetime
    actor: int | None
    action: str
    target: str
    detail: Mapping[str, Any]


def digest_of(line: Line, *, previous: str, secret: str) -> str:
    """Of the line and of all before it; nobody without the secret makes one that fits."""
    key = hmac.new(secret.encode(), b"koe.audit", hashlib.sha256).digest()
    moment = line.at.astimezone(dt.UTC).isoformat()
    said = [previous, line.pk, moment, *line[2:]]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
