from actions.models.follow_ups import AnswerCase, FollowUp, FollowUpEntry
from actions.models.settings import FollowUpRule, RootCause, WorkingHours

__all__ = ["AnswerCase", "FollowUp", "FollowUpEntry", "FollowUpRule", "RootCause", "WorkingHours"]
