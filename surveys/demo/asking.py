"""Who was asked when, what became of the mail, and what was answered; the cap holds throughout."""

from __future__ import annotations

import base64
import datetime as dt
import math
from dataclasses import dataclass
from random import Random

from accounts.domain.contactability import SuppressionReason
from accounts.domain.segments import MRR, TENURE, tenure_on
from surveys.demo import words
from surveys.demo.comments.pick import comment
from surveys.demo.schedule import mail_time
from surveys.demo.shape import Answer, Asked, CampaignPlan, Company, Contact
from surveys.domain import frequency
from surveys.domain.answers.scoring import SCORE_MAX, SCORE_MIN
from surveys.domain.reasons import InvitationReason, refused_at
from surveys.domain.states import CampaignState, InvitationState

RESPONSE_RATE = 0.35
MEAN_DAYS_TO_ANSWER = 2.6
DAYS_TO_ANSWER = 30
REMINDED_AFTER = dt.timedelta(days=7)
# Some of those who could be asked were not in a campaign's list at that time.
ASKED_SHARE = 0.9
# What becomes of a mail, and of a person who got one.
FAILED, UNKNOWN, BOUNCED = 0.006, 0.003, 0.007
OPTED_OUT, CHANGED = 0.012, 0.035
NO_SUCH_USER = "550 5.1.1 No such user here"
# Of those who answer, how many say how satisfied they are, and what goes with a score of 0 and 10.
SAYS_SATISFACTION = 0.86
SATISFACTION_AT_0, SATISFACTION_AT_10, SATISFACTION_NOISE = 1.5, 4.75, 0.7
# By language: the middle of the scale they use, and how far contentment moves them from it.
SCALES = {"en": (8.3, 1.25, 1.0), "ja": (7.3, 1.05, 0.85)}


@dataclass(slots=True)
class Budget:
    """How many answers the world may still have, and how many of those asked give one."""

    answers: int
    rate: float = RESPONSE_RATE


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one contact of one company."""

    rng: Random
    company: Company
    contact: Contact
    budget: Budget
    now: dt.datetime

    def ask(self, plan: CampaignPlan) -> None:
        """Ask them once, as the campaign would have, if they may be asked at that time."""
        send_at = mail_time(self.rng, plan=plan, zone=self.contact.time_zone)
        if not self._may_be_asked(plan, send_at=send_at):
            return
        at = min(send_at, self.now)
        if frequency.next_possible(self.contact.slots, now=at) > at:
            return
        asked = self._invitation(plan, at=send_at)
        self.contact.asked.append(asked)
        if send_at > self.now - dt.timedelta(minutes=5):
            return
        self._send(asked)
        if asked.state is InvitationState.FAILED:
            return
        if asked.bounced_at is None and not self._opts_out(asked):
            self._reply(asked)

    def answer_elsewhere(self, plan: CampaignPlan) -> None:
        """An answer from another system: no invitation of ours, so it takes no slot."""
        first = max(self.company.started_on, min(self.company.mood))
        last = min(self.company.churned_on or self.now.date(), self.now.date())
        day = first + dt.timedelta(days=self.rng.randrange(max((last - first).days, 1)))
        minute = dt.time(self.rng.randint(0, 23), self.rng.randrange(60))
        at = min(dt.datetime.combine(day, minute, tzinfo=dt.UTC), self.now)
        asked = self._invitation(plan, at=at)
        asked.state, asked.reason = InvitationState.SENT, InvitationReason.IMPORTED
        asked.answer = self._answer(asked, at=at, may_change=False)
        self.contact.asked.append(asked)

    def _may_be_asked(self, plan: CampaignPlan, *, send_at: dt.datetime) -> bool:
        company, finished = self.company, plan.state is CampaignState.FINISHED
        wanted = all(company.attributes[name] in values for name, values in plan.audience.items())
        # The running one asked everybody it could, so its next planning finds nobody new.
        listed = not finished or self.rng.random() < ASKED_SHARE
        active = company.is_active_on(send_at.date()) and (finished or company.churned_on is None)
        return wanted and listed and active and self.contact.suppressed is None

    def _invitation(self, plan: CampaignPlan, *, at: dt.datetime) -> Asked:
        own = {"role": self.contact.role, "language": self.contact.language}
        mrr = self.company.mrr_before(at.date().replace(day=1))
        return Asked(
            campaign=plan,
            public_id=public_id(self.rng),
            state=InvitationState.QUEUED,
            send_at=at,
            attributes={
                **self.company.attributes_on(at.date()),
                **own,
                MRR: f"{mrr}.00",
                TENURE: tenure_on(at.date(), self.company.started_on),
            },
            language=self.contact.language,
        )

    def _send(self, asked: Asked) -> None:
        chance = self.rng.random()
        if chance < FAILED:
            asked.state, asked.reason = InvitationState.FAILED, refused_at("rcpt", code=550)
            self._suppress(SuppressionReason.BOUNCED, at=asked.send_at, source=NO_SUCH_USER)
            return
        asked.sent_at = asked.send_at
        if chance < FAILED + UNKNOWN:
            asked.state, asked.reason = (
                InvitationState.UNKNOWN,
                InvitationReason.LOST_AFTER_FINAL_DOT,
            )
            return
        asked.state = InvitationState.SENT
        if chance < FAILED + UNKNOWN + BOUNCED:
            bounced_at = asked.send_at + dt.timedelta(minutes=self.rng.randint(1, 90))
            if bounced_at < self.now:
                asked.bounced_at = bounced_at
                source = f"mail of {asked.campaign.name}"
                self._suppress(SuppressionReason.BOUNCED, at=bounced_at, source=source)

    def _suppress(self, reason: SuppressionReason, *, at: dt.datetime, source: str) -> None:
        self.contact.suppressed = (reason, at, source)

    def _opts_out(self, asked: Asked) -> bool:
        at = asked.send_at + dt.timedelta(minutes=self.rng.randint(3, 3000))
        if self.rng.random() >= OPTED_OUT or at >= self.now:
            return False
        self._suppress(SuppressionReason.OPTED_OUT, at=at, source="link in a survey mail")
        return True

    def _reply(self, asked: Asked) -> None:
        given_to_it = math.exp(0.3 * self.company.closeness) * words.ROLES[self.contact.role][1]
        days = self.rng.expovariate(1 / MEAN_DAYS_TO_ANSWER) + 0.01
        wants = self.rng.random() < self.budget.rate * given_to_it and days < DAYS_TO_ANSWER
        at = asked.send_at + dt.timedelta(days=days)
        if wants and at < self.now and self.budget.answers > 0:
            asked.answer = self._answer(asked, at=at, may_change=True)
            self.budget.answers -= 1
        reminded_at = asked.send_at + REMINDED_AFTER
        waited = asked.answer is None or asked.answer.at > reminded_at
        if asked.campaign.reminder_after_days and waited and asked.state is InvitationState.SENT:
            asked.reminded_at = reminded_at

    def _answer(self, asked: Asked, *, at: dt.datetime, may_change: bool) -> Answer:
        rng, contact = self.rng, self.contact
        middle, slope, noise = SCALES[contact.language]
        feeling = slope * (self.company.mood_on(at.date()) + contact.temper)
        score = _on_scale(middle + feeling + rng.gauss(0, noise))
        text, theme = comment(rng, score=score, language=contact.language)
        settled = may_change and at + dt.timedelta(hours=1) < self.now
        at_first = _on_scale(score + rng.choice((-2, -1, 1, 2)))
        changed = settled and at_first != score and rng.random() < CHANGED
        satisfied = None
        if asked.campaign.asks_satisfaction:
            satisfied = satisfaction(score, public_id=asked.public_id)
        return Answer(score, text, theme, at, at_first if changed else None, satisfied)


def satisfaction(score: int, *, public_id: str) -> int | None:
    """1 to 5, or None where the question was left out.

    Drawn by the invitation's name: an answer has the same one however the rest of a world is drawn.
    """
    rng = Random(public_id)  # noqa: S311 - a world to look at, not a secret
    if rng.random() >= SAYS_SATISFACTION:
        return None
    step = (SATISFACTION_AT_10 - SATISFACTION_AT_0) / SCORE_MAX
    feeling = SATISFACTION_AT_0 + step * score + rng.gauss(0, SATISFACTION_NOISE)
    return min(max(round(feeling), 1), 5)


def _on_scale(feeling: float) -> int:
    return min(max(round(feeling), SCORE_MIN), SCORE_MAX)


def public_id(rng: Random) -> str:
    return base64.urlsafe_b64encode(rng.randbytes(16)).decode().rstrip("=")
