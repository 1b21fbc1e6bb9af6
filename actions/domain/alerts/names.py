"""The names of what is told; those that programs get are a contract."""

from __future__ import annotations

from enum import StrEnum


class EventName(StrEnum):
    # To who has the follow-up of an answer, else to the account's owner.
    OWNER = "answer.owner"
    # To whom a rule names.
    ANSWER = "answer.alert"
    # To who wrote one that a customer does not get.
    REPLY = "reply.unsent"
    OVERDUE = "follow_ups.overdue"
    # Of the messages above: to the admins.
    FAILED = "deliveries.failed"
    CHANNEL_GONE = "channel.gone"
    DIGEST = "digest"
    PLAYBOOK = "playbook.step"
    TEST = "test"
