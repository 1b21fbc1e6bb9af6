from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models import Campaign


class CellBlock(models.Model):
    """The score cells of one month, campaign and language (`analytics.domain.answers.cells`).

    Folded from the ledger of response changes, so a report costs cells, not responses.
    """

    month = models.DateField()
    # `counted`: `surveys` reads by this name how many answered a campaign.
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="counted", db_index=False)
    # Of the invitation: an answer changed on the page in another language stays in its cell.
    language = models.CharField(max_length=2)
    cells = models.BinaryField()
    # Of the same answers, without days and scores: all that a period needs that does not cut
    # the month.
    totals = models.BinaryField()
    # Of `cells`; what a process has unpacked under it is good for ever.
    digest = models.CharField(max_length=40)
    # How many answers the cells hold, and the last of their days: what the pages of campaigns tell.
    answers = models.IntegerField()
    last_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("score cells")
        verbose_name_plural = _("score cells")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "campaign", "language"], name="one_block_of_score_cells"
            )
        ]
        indexes = [models.Index(fields=["campaign"], name="score_cells_of_campaign")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.campaign_id} {self.language}"


class InvitationBlock(models.Model):
    """How many mails were sent in a month, and how many of them have a counted answer.

    Mails in state `sent` only, which keep their state and their moment; those of the last minutes,
    and those nobody knows the fate of, are counted each time. Answers that come or go later
    are folded in as they are into the cells.
    """

    # First day of the month in which they were sent.
    month = models.DateField(unique=True)
    # Those sent before this moment are counted here.
    until = models.DateTimeField()
    # By campaign, language, profile and customer: see `analytics.domain.answers.rates.asked`.
    totals = models.BinaryField()
    # The same by day, for periods that cut the month.
    days = models.BinaryField()
    # Of `days`; what a process has unpacked under it is good for ever.
    digest = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("invitation counts")
        verbose_name_plural = _("invitation counts")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
