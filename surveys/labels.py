"""Translated names of the values that `domain` defines."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.labels import SUPPRESSION_LABELS
from surveys.domain.answers.questions import CHOICES_LIMIT, LABEL_LIMIT, QUESTIONS_LIMIT, Fault
from surveys.domain.answers.scoring import Category
from surveys.domain.campaigns.occasions import Repeat
from surveys.domain.eligibility import Reason
from surveys.domain.mail.sender_domain import Found, Part
from surveys.domain.mail.sender_domain import State as SenderState
from surveys.domain.reasons import BY_SUPPRESSION, InvitationReason, reason_of, refusal_code
from surveys.domain.states import CampaignState, InvitationState
from surveys.domain.timeline import Kind

CATEGORY_LABELS = {
    Category.PROMOTER: _("Promoter"),
    Category.PASSIVE: _("Passive"),
    Category.DETRACTOR: _("Detractor"),
}

CAMPAIGN_STATE_LABELS = {
    CampaignState.DRAFT: _("Draft"),
    CampaignState.RUNNING: _("Running"),
    CampaignState.PAUSED: _("Paused"),
    CampaignState.FINISHED: _("Finished"),
    CampaignState.CANCELLED: pgettext_lazy("campaign", "Cancelled"),
    CampaignState.IMPORTED: _("Imported history"),
    CampaignState.ENTERED: _("Entered by hand"),
}

REPEAT_LABELS = {
    Repeat.ONCE: _("Everybody once"),
    Repeat.EVERY: _("Everybody every few months, spread over the working days"),
    Repeat.DATE: _("Everybody around a date of theirs"),
}

DATE_LABELS = {
    "renews_on": _("Renewal of the contract"),
    "started_on": _("Start as a customer"),
    "churned_on": _("End as a customer"),
    "onboarding_completed": _("Onboarding completed"),
    "ticket_resolved": _("Support ticket resolved"),
    "trained": _("Training"),
}

# Of Koe's own templates: what it is called, and what it does.
TEMPLATE_LABELS = {
    "relationship": (_("Relationship"), _("Everybody twice a year, spread over the working days")),
    "onboarding": (_("After onboarding"), _("30 days after onboarding was completed")),
    "renewal": (
        _("Before renewal"),
        _("90 days before the contract renews; keeps a survey of the year free"),
    ),
    "win_back": (_("Win-back"), _("Customers who left, 30 days after their end")),
    "support": (_("After support"), _("Two days after a ticket was resolved")),
}

INVITATION_STATE_LABELS = {
    InvitationState.QUEUED: _("Queued"),
    InvitationState.SENDING: _("Sending"),
    InvitationState.SENT: _("Sent"),
    InvitationState.RETRY: _("Waiting to retry"),
    InvitationState.FAILED: _("Failed"),
    InvitationState.UNKNOWN: _("Unknown"),
    InvitationState.CANCELLED: pgettext_lazy("invitation", "Cancelled"),
    InvitationState.SKIPPED: _("Skipped"),
}

# The work that waits where nobody takes the tasks of a queue.
QUEUE_LABELS = {
    "mail": _("e-mails"),
    "plan": _("planning"),
    "imports": _("imports"),
    "reports": _("figures and health scores"),
    "posts": _("messages to channels and webhooks"),
    "short": _("alerts, replies and log-in e-mails"),
}

WORDING_LABELS = {
    "subject": _("Subject"),
    "preheader": _("Preview line"),
    "sender_name": _("Sender name"),
    "intro": _("Introduction"),
    "question": _("Question"),
    "low_label": _("Label of 0"),
    "high_label": _("Label of 10"),
    "sign_off": _("Sign-off"),
    "comment_promoter": _("Follow-up question to promoters"),
    "comment_passive": _("Follow-up question to passives"),
    "comment_detractor": _("Follow-up question to detractors"),
    "thanks_promoter": _("Thanks to promoters"),
    "thanks_passive": _("Thanks to passives"),
    "thanks_detractor": _("Thanks to detractors"),
    "button": _("Button"),
    "reminder_subject": _("Subject of the reminder"),
    "reminder_intro": _("Introduction of the reminder"),
    "thanks_link_label": _("Text of the link for promoters"),
    "thanks_link": _("Link for promoters"),
}

WORDING_HELP = {
    "sender_name": _("Not used while the campaign has one sender name for all languages."),
    "preheader": _("Shown after the subject in the inbox."),
    "thanks_link": _("For example a review site. Leave empty for no link."),
}

STEP_LABELS = {
    "planned": _("Planned"),
    **{state.value: label for state, label in INVITATION_STATE_LABELS.items()},
    "delivered": _("Delivered"),
    "bounced": _("Bounced"),
    "complained": _("Complained"),
    "reminded": _("Reminded"),
    "intent": _("Chose a score, did not send it"),
    "answered": _("Answered"),
}

TIMELINE_LABELS = {
    Kind.PLANNED: _("Planned to be asked"),
    Kind.SENT: _("Survey sent"),
    Kind.REMINDED: _("Reminder sent"),
    Kind.RETRY: _("Not accepted yet, will be retried"),
    Kind.FAILED: _("Sending failed"),
    Kind.UNKNOWN: _("Unknown whether the e-mail was accepted"),
    Kind.SENDING: _("Being sent"),
    Kind.CANCELLED: pgettext_lazy("invitation", "Cancelled"),
    Kind.SKIPPED: _("Skipped"),
    Kind.ACCEPTED: _("Accepted by the e-mail provider"),
    Kind.DELAYED: _("Delivery delayed"),
    Kind.DELIVERED: _("Delivered"),
    Kind.BOUNCED: _("Bounced"),
    Kind.COMPLAINED: _("Reported the e-mail as spam"),
    Kind.INTENT: _("Chose a score, did not confirm it"),
    Kind.ANSWERED: _("Answered"),
    Kind.CHANGED: _("Changed the answer"),
    Kind.STOPPED: _("E-mails stopped"),
    Kind.LIFTED: _("Can be e-mailed again"),
}

REASON_LABELS = {
    Reason.ERASED: _("Erased"),
    Reason.OUTSIDE_AUDIENCE: _("Not in the audience"),
    Reason.CHURNED_CUSTOMER: _("Customer left or has not started"),
    Reason.WRONG_LANGUAGE: _("Different language"),
    Reason.ALREADY_INVITED: _("Already in this campaign"),
    Reason.NO_DATE: _("The date is not known"),
    Reason.MISSED: _("Their day has passed"),
    Reason.NOT_DUE: _("Their day is still to come"),
    Reason.RESERVED: _("Kept for another campaign"),
    Reason.NO_ADDRESS: _("No address"),
    **{Reason(BY_SUPPRESSION[each]): label for each, label in SUPPRESSION_LABELS.items()},
    Reason.CAPPED: _("Already asked twice within a year"),
    Reason.ASKED_RECENTLY: _("Asked recently by another campaign"),
    Reason.TOO_LATE: _("No time left before the campaign ends, or before their day is over"),
    Reason.ASKED: _("Will be asked"),
}

_BEFORE_PLANNING = {reason.value: label for reason, label in REASON_LABELS.items()}
INVITATION_REASON_LABELS = {
    # What stops a planned e-mail reads as what keeps it from being planned.
    **{
        reason: _BEFORE_PLANNING[reason.value]
        for reason in InvitationReason
        if reason.value in _BEFORE_PLANNING
    },
    InvitationReason.IMPORTED: _("Imported"),
    InvitationReason.ENTERED: _("By phone or in a talk"),
    InvitationReason.CAME_BACK: _("A customer again"),
    InvitationReason.CAMPAIGN_CANCELLED: _("Campaign cancelled"),
    InvitationReason.CAMPAIGN_ENDED: _("Campaign ended"),
    InvitationReason.MERGED: _("Already in this campaign under another address"),
    InvitationReason.WITHDRAWN: _("Taken back by the program that asked for it"),
    InvitationReason.UNFIT_MAIL: _("The e-mail could not be created"),
    InvitationReason.GAVE_UP: _("Not accepted within 24 hours"),
    InvitationReason.LOST: _("The connection to the mail server was lost"),
    InvitationReason.REFUSED: _("Refused by the mail server (%(code)s)"),
    InvitationReason.LOST_AFTER_FINAL_DOT: _(
        "The connection was lost at the very end; the e-mail may have been sent"
    ),
    InvitationReason.WORKER_LOST: _("The sending process was lost; the e-mail may have been sent"),
    InvitationReason.PROVIDER_EVENT: _("Confirmed by the e-mail provider"),
}


UNTRANSLATED = {
    "ja": _(
        "Question %(number)s is incomplete in Japanese. People asked in Japanese will see the "
        "missing parts in English."
    ),
    "en": _(
        "Question %(number)s is incomplete in English. People asked in English will see the "
        "missing parts in Japanese."
    ),
}


QUESTION_FAULT_LABELS = {
    Fault.SHAPE: _("It is not an object with key, kind and label."),
    Fault.TOO_MANY: _("Ask at most %(questions)s further questions."),
    Fault.KEY: _("The key must be lower-case letters, digits and _."),
    Fault.KEY_TWICE: _("Another question has this key."),
    Fault.KIND: _("Choose how this question is answered."),
    Fault.LABEL: _("Write the question in at least one language."),
    Fault.CHOICES: _("Enter 2 to %(limit)s choices, one per line."),
    Fault.CHOICE_KEY: _("The value of a choice must be lower-case letters, digits and _."),
    Fault.CHOICE_TWICE: _("Two choices have the same value."),
    Fault.CHOICE_LABEL: _("Write each choice in at least one language."),
    Fault.TOO_LONG: _("Write at most %(length)s characters."),
}


def more_values_hint(number: int) -> str:
    return gettext("Only the first %(number)s values are listed.") % {"number": number}


def untranslated_hints(gaps: Iterable[tuple[int, str]]) -> list[str]:
    return [UNTRANSLATED[language] % {"number": number} for number, language in gaps]


def question_fault(fault: Fault, *, number: int = 0) -> str:
    limits = {"questions": QUESTIONS_LIMIT, "limit": CHOICES_LIMIT, "length": LABEL_LIMIT}
    text = str(QUESTION_FAULT_LABELS[fault]) % limits
    return (
        gettext("Question %(number)s: %(text)s") % {"number": number, "text": text}
        if number
        else text
    )


def invitation_reason(stored: str) -> str:
    reason = reason_of(stored)
    if reason is None:
        return stored
    return str(INVITATION_REASON_LABELS[reason]) % {"code": refusal_code(stored)}


# What each of them is for, and what was found of it, with what to do.
PART_LABELS = {
    Part.SPF: ("SPF", _("which servers may send for the domain")),
    Part.DKIM: ("DKIM", _("a signature that proves the domain")),
    Part.DMARC: ("DMARC", _("what becomes of e-mails that prove neither")),
}
SENDER_STATE_LABELS = {
    SenderState.GOOD: _("good"),
    SenderState.WATCH: _("could be better"),
    SenderState.BAD: _("to be mended"),
    SenderState.UNKNOWN: _("not known"),
}
_NO_ANSWER = _("DNS did not answer, or this machine is offline. Look again later.")
FOUND_LABELS: dict[tuple[Part, Found], str | Promise] = {
    (Part.SPF, Found.GOOD): _("The servers that may send are named, and all others are not."),
    (Part.SPF, Found.MISSING): _(
        "There is none: many mailboxes refuse e-mails or take them for spam. Add the TXT record "
        "that your mail provider shows."
    ),
    (Part.SPF, Found.SEVERAL): _("There are two records, which counts as none. Join them in one."),
    (Part.SPF, Found.EVERYBODY): _(
        "Anybody may send in its name (+all). Let it end in ~all or -all."
    ),
    (Part.SPF, Found.OPEN): _("It says nothing of other servers. Let it end in ~all or -all."),
    (Part.SPF, Found.WITHOUT_PROVIDER): _(
        "It does not include your mail provider. That is right where e-mails bounce to a domain "
        "of the provider; else add what the provider shows."
    ),
    (Part.DKIM, Found.GOOD): _("A key is published, so signatures can be checked."),
    (Part.DKIM, Found.NOT_FOUND): _(
        "None of the usual names has a key. Write the name (selector) that your mail provider "
        "shows, and look again; where it has none, let it sign your e-mails."
    ),
    (Part.DKIM, Found.REVOKED): _("The key was withdrawn. Publish the one in use."),
    (Part.DMARC, Found.GOOD): _("E-mails that prove nothing are set aside or refused."),
    (Part.DMARC, Found.MISSING): _(
        "There is none; Gmail and Yahoo want one of everybody who sends much. Begin with the TXT "
        "record v=DMARC1; p=none."
    ),
    (Part.DMARC, Found.WATCHES): _(
        "It only watches (p=none). That is enough for mailboxes; quarantine or reject keeps "
        "others from sending in your name."
    ),
    **{(part, Found.UNKNOWN): _NO_ANSWER for part in Part},
}
