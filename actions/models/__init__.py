from actions.models.follow_ups import AnswerCase, FollowUp, FollowUpEntry
from actions.models.goals import Goal, GoalReading, GoalReview
from actions.models.home import HiddenLine
from actions.models.improvements import Improvement
from actions.models.settings import FollowUpRule, RootCause, WorkingHours
from actions.models.touch import TouchTable

__all__ = [
    "AnswerCase",
    "FollowUp",
    "FollowUpEntry",
    "FollowUpRule",
    "Goal",
    "GoalReading",
    "GoalReview",
    "HiddenLine",
    "Improvement",
    "RootCause",
    "TouchTable",
    "WorkingHours",
]
