from actions.models.alerts import AlertRule
from actions.models.deliveries import Channel, Delivery, DeliveryTry
from actions.models.digests import DigestWish
from actions.models.follow_ups import AnswerCase, FollowUp, FollowUpEntry
from actions.models.goals import Goal, GoalReading, GoalReview
from actions.models.home import HiddenLine
from actions.models.improvements import Improvement
from actions.models.playbooks import (
    Playbook,
    PlaybookRun,
    PlaybookStep,
    PlaybookTurn,
    RunStep,
)
from actions.models.replies import Reply, ReplyTemplate
from actions.models.saved_views import SavedView
from actions.models.settings import FollowUpRule, HoldOut, RootCause, WorkingHours
from actions.models.touch import TouchTable

__all__ = [
    "AlertRule",
    "AnswerCase",
    "Channel",
    "Delivery",
    "DeliveryTry",
    "DigestWish",
    "FollowUp",
    "FollowUpEntry",
    "FollowUpRule",
    "Goal",
    "GoalReading",
    "GoalReview",
    "HiddenLine",
    "HoldOut",
    "Improvement",
    "Playbook",
    "PlaybookRun",
    "PlaybookStep",
    "PlaybookTurn",
    "Reply",
    "ReplyTemplate",
    "RootCause",
    "RunStep",
    "SavedView",
    "TouchTable",
    "WorkingHours",
]
