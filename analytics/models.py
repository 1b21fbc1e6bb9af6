from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models import Campaign


class CellBlock(models.Model):
    """The score cells of one month, campaign and language, packed by `analytics.domain.cells`.

    Folded from the ledger of response changes, so a report costs cells, not responses.
    """

    month = models.DateField()
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", db_index=False)
    # Of the invitation: an answer changed on the page in another language stays in its cell.
    language = models.CharField(max_length=2)
    cells = models.BinaryField()
    # Of `cells`; what a process has unpacked under it is good for ever.
    digest = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("score cells")
        verbose_name_plural = _("score cells")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "campaign", "language"], name="one_block_of_score_cells"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.campaign_id} {self.language}"


class InvitationBlock(models.Model):
    """How many invitations of a month that is over were sent and answered, packed in rows.

    A counted answer that comes or goes later takes the block away; the next tick makes it anew.
    """

    # First day of the month in which they were sent.
    month = models.DateField(unique=True)
    # Rows of campaign, language, profile, invited, answered: see `analytics.queries.invitations`.
    counts = models.BinaryField()

    class Meta:
        verbose_name = _("invitation counts")
        verbose_name_plural = _("invitation counts")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
