from __future__ import annotations

from accounts.models.audit import AuditEvent, AuditOrigin, AuditSeal
from accounts.models.changes import FieldChange
from accounts.models.customers import Customer, CustomerVersion, ExchangeRate, MonthlyRevenue
from accounts.models.facts import (
    CustomerTerms,
    Event,
    Measure,
    Pulse,
    Reading,
    ReadingSpan,
    RespondentReading,
)
from accounts.models.imports import Import, ImportedFact, ImportPart, SavedColumns
from accounts.models.metrics import MetricSettings
from accounts.models.organisation import Logo, Organisation
from accounts.models.people import Person, Respondent, Suppression
from accounts.models.scheduled import ScheduledImport
from accounts.models.segments import Dimension, SegmentProfile, SegmentRebuild
from accounts.models.staff import StaffMail, StaffUser
from accounts.models.waiting import WaitingRow

__all__ = [
    "AuditEvent",
    "AuditOrigin",
    "AuditSeal",
    "Customer",
    "CustomerTerms",
    "CustomerVersion",
    "Dimension",
    "Event",
    "ExchangeRate",
    "FieldChange",
    "Import",
    "ImportPart",
    "ImportedFact",
    "Logo",
    "Measure",
    "MetricSettings",
    "MonthlyRevenue",
    "Organisation",
    "Person",
    "Pulse",
    "Reading",
    "ReadingSpan",
    "Respondent",
    "RespondentReading",
    "SavedColumns",
    "ScheduledImport",
    "SegmentProfile",
    "SegmentRebuild",
    "StaffMail",
    "StaffUser",
    "Suppression",
    "WaitingRow",
]
