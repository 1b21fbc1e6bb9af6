"""What the audit log records."""

from __future__ import annotations

from enum import StrEnum


class AuditAction(StrEnum):
    CAMPAIGN_CANCEL = "campaign.cancel"
    CAMPAIGN_CREATE = "campaign.create"
    CAMPAIGN_FINISH = "campaign.finish"
    CAMPAIGN_LAUNCH = "campaign.launch"
    CAMPAIGN_PAUSE = "campaign.pause"
    CAMPAIGN_RESUME = "campaign.resume"
    CAMPAIGN_UPDATE = "campaign.update"
    DEMO_SEED = "demo.seed"
    IMPORT_CUSTOMERS = "import.customers"
    IMPORT_RATES = "import.rates"
    IMPORT_RESPONDENTS = "import.respondents"
    IMPORT_RESPONSES = "import.responses"
    IMPORT_REVENUE = "import.revenue"
    PERSON_ERASE = "person.erase"
    PERSON_MERGE = "person.merge"
    PERSON_STOP = "person.stop"
    REPORT_EXPORT = "report.export"
    RESPONSES_EXPORT = "responses.export"
    SEGMENT_CREATE = "segment.create"
    SEGMENT_DELETE = "segment.delete"
    SEGMENT_UPDATE = "segment.update"
    STAFF_CLOSE = "staff.close"
    STAFF_CREATE = "staff.create"
    STAFF_LOGIN = "staff.login"
    STAFF_OPEN = "staff.open"
    STAFF_ROLE = "staff.role"
    STAFF_SECOND_STEP_REMOVED = "staff.second_step_removed"
    SUPPRESSION_LIFT = "suppression.lift"
    TARGET_UPDATE = "target.update"
