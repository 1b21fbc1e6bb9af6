"""What a spreadsheet's columns are called for a reader, and what they mean.

CSV and JSON have the names of the contract; a spreadsheet is read by people.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise


class Heading(NamedTuple):
    label: Text
    meaning: Text


_LOW, _HIGH = _("Interval from"), _("Interval to")
_INTERVAL = _(
    "With a confidence of 95 in 100 the figure lies between the two; answers of one customer count "
    "as ones that resemble each other."
)
_COUNTED = _("Counted answers given in the period, imported ones too.")
_CHANGE = _(
    "The figure minus that of the compared period; both in the unit of the figure, with the "
    "interval and the p value of the difference."
)
_REST = _("The segment’s NPS minus that of all other answers of the report together.")
_RATE = _(
    "The interval of the rate, on the customers: respondents of one customer answer, or do not, "
    "together. Empty where imported answers are among them."
)
_ACCOUNT = _("Each customer that answered has one vote, split evenly among its answers.")
_WEIGHTED = _("The customers’ votes weighted by their MRR at the last month-end before the period.")
_SIGNIFICANT = _(
    "Whether the test holds after the correction by Benjamini-Hochberg for all rows; empty where a "
    "group is too small."
)
_AT_START = _("Customers that had started before the first day and were not gone before it.")
_MOVED = _("Of the customers with MRR at start, from month-end to month-end.")
_P_VALUE = _("How often chance alone would make at least such a difference.")
_RISK = _("How many times as often this group left as promoters did.")
_NPS = _(
    "Promoters (9 and 10) minus detractors (0 to 6) per hundred answers: a figure from -100 to 100."
)
_CSAT = _("Of the answers to the question of satisfaction, the share of 4 and 5.")

HEADINGS: dict[str, Heading] = {
    "invited": Heading(_("Asked"), _("Invitations sent in the period.")),
    "responses": Heading(_("Answers"), _COUNTED),
    "response_rate": Heading(
        _("Response rate"),
        _("Of the invitations sent in the period, the share with a counted answer."),
    ),
    "response_rate_low": Heading(_("Response rate: interval from"), _RATE),
    "response_rate_high": Heading(_("Response rate: interval to"), _RATE),
    "still_coming_in": Heading(
        _("Still to be answered"),
        _("Of those asked, who got the e-mail in the last 30 days and may still answer."),
    ),
    "looks_incomplete": Heading(
        _("Looks incomplete"),
        _(
            "Months of revenue in which more than a tenth of the customers that paid in the month "
            "before are missing without being marked as churned."
        ),
    ),
    "promoters": Heading(_("Promoters"), _("Answers of 9 and 10.")),
    "passives": Heading(_("Passives"), _("Answers of 7 and 8.")),
    "detractors": Heading(_("Detractors"), _("Answers of 0 to 6.")),
    "nps": Heading(_("NPS"), _NPS),
    "nps_low": Heading(_("NPS: interval from"), _INTERVAL),
    "nps_high": Heading(_("NPS: interval to"), _INTERVAL),
    "reportable": Heading(
        _("Enough answers"), _("At least 10 answers from 5 customers; smaller groups say little.")
    ),
    "nps_previous": Heading(_("NPS before"), _("NPS of the compared period.")),
    "nps_change": Heading(_("Change of NPS"), _CHANGE),
    "change": Heading(_("Change"), _CHANGE),
    "change_low": Heading(_("Change: interval from"), _CHANGE),
    "change_high": Heading(_("Change: interval to"), _CHANGE),
    "change_p_value": Heading(_("Change: p value"), _P_VALUE),
    "change_significant": Heading(_("Change beyond chance"), _SIGNIFICANT),
    "rest_nps": Heading(_("NPS of the other segments"), _REST),
    "rest_difference": Heading(_("Difference from the other segments"), _REST),
    "rest_low": Heading(_("Difference: interval from"), _REST),
    "rest_high": Heading(_("Difference: interval to"), _REST),
    "rest_p_value": Heading(_("Difference: p value"), _P_VALUE),
    "rest_significant": Heading(_("Difference beyond chance"), _SIGNIFICANT),
    "customers_answered": Heading(
        _("Customers that answered"), _("An answer without a customer counts as one of its own.")
    ),
    "design_effect": Heading(
        _("Design effect"),
        _("How many answers it takes to tell as much as one independent answer would."),
    ),
    "n_effective": Heading(
        _("Effective answers"), _("So many independent answers would tell as much.")
    ),
    "account_nps": Heading(_("Account NPS"), _ACCOUNT),
    "account_nps_low": Heading(_("Account NPS: interval from"), _ACCOUNT),
    "account_nps_high": Heading(_("Account NPS: interval to"), _ACCOUNT),
    "revenue_weighted_nps": Heading(_("Revenue-weighted NPS"), _WEIGHTED),
    "revenue_weighted_nps_low": Heading(_("Revenue-weighted NPS: interval from"), _WEIGHTED),
    "revenue_weighted_nps_high": Heading(_("Revenue-weighted NPS: interval to"), _WEIGHTED),
    "n_effective_revenue": Heading(
        _("Revenue-weighted NPS: worth so many customers"),
        _("So many customers of equal MRR would tell as much (Kish)."),
    ),
    "csat": Heading(_("CSAT"), _CSAT),
    "customers_at_start": Heading(_("Customers at start"), _AT_START),
    "customers_churned": Heading(
        _("Customers lost"), _("Of the customers at start, those that left in the period.")
    ),
    "customer_churn_rate": Heading(
        _("Customer churn"), _("Customers lost per customer at start.")
    ),
    "customer_retention_rate": Heading(_("Customer retention"), _("1 minus customer churn.")),
    "mrr_start": Heading(_("MRR at start"), _("At the last month-end before the period.")),
    "mrr_churned": Heading(_("MRR lost"), _MOVED),
    "mrr_contraction": Heading(_("MRR contraction"), _MOVED),
    "mrr_expansion": Heading(_("MRR expansion"), _MOVED),
    "revenue_churn_rate": Heading(_("Revenue churn"), _("1 minus GRR.")),
    "grr": Heading(
        _("GRR"),
        _("What the customers with MRR at start still pay, no rise counted, over what they paid."),
    ),
    "nrr": Heading(
        _("NRR"), _("What the customers with MRR at start pay at the end over what they paid.")
    ),
    "segments_as_of": Heading(
        _("Segments as of"), _("The day by whose values the segments were made.")
    ),
    "period": Heading(_("Period"), _("The calendar part that the row covers.")),
    "from": Heading(_("From"), _("The first day that the row covers.")),
    "to": Heading(_("To"), _("The last day that the row covers.")),
    "group": Heading(_("Group"), _("Customers, or answers, by the category of the answer.")),
    "customers": Heading(_("Customers"), _("Customers of the group that were followed.")),
    "churned": Heading(_("Left"), _("Those, or the MRR of those, that left.")),
    "churn_rate": Heading(
        _("Churn rate"), _("The share that left within the horizon (Kaplan-Meier).")
    ),
    "churn_low": Heading(_("Churn rate: interval from"), _INTERVAL),
    "churn_high": Heading(_("Churn rate: interval to"), _INTERVAL),
    "relative_risk": Heading(_("Risk against promoters"), _RISK),
    "rr_low": Heading(_("Risk: interval from"), _RISK),
    "rr_high": Heading(_("Risk: interval to"), _RISK),
    "mrr_at_risk": Heading(
        _("MRR still there, MRR at risk"),
        _("MRR at the last month-end of the group’s customers still there."),
    ),
    "day": Heading(_("Day"), _("Days since the landmark.")),
    "survival": Heading(_("Still customers"), _("The share still there on the day.")),
    "at_risk": Heading(_("Still followed"), _("How many of the group are followed until the day.")),
    "reason": Heading(
        _("Reason for leaving"), _("As the file of customers has it; empty where nobody wrote one.")
    ),
    "customers_left": Heading(
        _("Customers that left"), _("In the period, whether or not they were customers at start.")
    ),
    "share": Heading(_("Share"), _("Of all customers that left in the period.")),
    "share_low": Heading(_("Share: interval from"), _INTERVAL),
    "share_high": Heading(_("Share: interval to"), _INTERVAL),
    "mrr_left": Heading(_("MRR that left"), _("What those customers paid last.")),
    "started_on": Heading(_("Started on"), _("As the file of customers has it.")),
    "days": Heading(_("Days"), _("From the start to completion, or so far.")),
    "completed": Heading(_("Completed"), _("Whether onboarding has been completed since.")),
    "customer_id": Heading(_("Customer id"), _("As your files have it.")),
    "name": Heading(_("Customer"), _("Its name, as your files have it.")),
    "mrr": Heading(_("MRR"), _("At the last month-end known.")),
    "change_28_days": Heading(
        _("Change in 28 days"), _("Of the health score, against 28 days before.")
    ),
    "renews_on": Heading(_("Renews"), _("When the contract renews.")),
    "owner": Heading(_("Owner"), _("The e-mail address of who looks after the customer.")),
    "last_contact_on": Heading(
        _("Last contact"), _("The day of the last contact that was written down or imported.")
    ),
    "last_answer_on": Heading(_("Last answer"), _("The day of the last counted answer.")),
    "month": Heading(_("Month"), _("The month whose end is the later month-end.")),
    "start": Heading(_("At start"), _("MRR at the last month-end before.")),
    "new": Heading(_("New"), _("MRR of customers that never had any before.")),
    "expansion": Heading(_("Expansion"), _MOVED),
    "reactivated": Heading(_("Reactivated"), _("MRR of customers that had none at start.")),
    "contraction": Heading(_("Contraction"), _MOVED),
    "upgrade": Heading(
        _("Upgrade"),
        _("The same product at a higher MRR, its quantity not higher. Expansion by product is the "
          "same product in a higher quantity."),
    ),
    "cross_sell": Heading(
        _("Cross-sell"), _("MRR of products that the customer did not hold at start.")
    ),
    "end": Heading(_("At end"), _("MRR at the last month-end.")),
    "cohort": Heading(_("Cohort"), _("The month in which its customers, or their MRR, began.")),
    "size": Heading(
        _("Size"),
        _("Of the cohort at its beginning. The numbers after it are months since; below them the "
          "share still there."),
    ),
    "figure": Heading(_("Figure"), _("What the row is about.")),
    "metric": Heading(_("Figure"), _("What the row is about.")),
    "unit": Heading(_("Unit"), _("A share is a fraction of 1.")),
    "value": Heading(_("Value"), _("The figure itself.")),
    "low": Heading(_LOW, _INTERVAL),
    "high": Heading(_HIGH, _INTERVAL),
    "numerator": Heading(
        _("Of them counted"),
        _("As many as the definition counts: of CSAT the answers of 4 and 5, of a median those "
          "that have ended, of NPS promoters minus detractors."),
    ),
    "denominator": Heading(
        _("Out of"),
        _("How many there are: answers, invitations, customers, tickets or dates, as the figure "
          "says."),
    ),
    "previous": Heading(_("Before"), _("The figure in the compared period.")),
    "csat_mean": Heading(_("Mean satisfaction"), _("On the scale of 1 to 5.")),
    "csat_mean_low": Heading(_("Mean satisfaction: interval from"), _INTERVAL),
    "csat_mean_high": Heading(_("Mean satisfaction: interval to"), _INTERVAL),
    "target": Heading(_("Target"), _("What the organisation wants the figure to be.")),
    "status": Heading(
        _("State of the target"),
        _("Met or missed only where the whole interval lies on one side of the target; else open."),
    ),
    "verdict": Heading(
        _("State of the target"),
        _("Met or missed only where the whole interval lies on one side of the target; else open."),
    ),
    "p_value": Heading(_("p value"), _P_VALUE),
    "against": Heading(_("Against"), _("The other group of the pair.")),
    "p_adjusted": Heading(
        _("p value, corrected"), _("The p value after Holm’s correction for testing all pairs.")
    ),
    "significant": Heading(
        _("Beyond chance"), _("Whether the corrected p value is at most 0.05.")
    ),
    "score": Heading(_("Score"), _("The health score, 0 to 100; empty where it has none.")),
    "band": Heading(
        pgettext_lazy("health", "Band"), _("The range of the health score, by the formula.")
    ),
    "touch": Heading(_("Touch"), _("How closely the customers of the band are cared for.")),
    "known_share": Heading(_("Known"), _("How much of the formula’s weight is known.")),
    "formula": Heading(_("Formula"), _("The formula that the customer is scored by.")),
    "version": Heading(_("Version"), _("Of the formula.")),
    "capped_by": Heading(_("Capped by"), _("What holds the score down; empty where nothing does.")),
    "state": Heading(_("State"), _("Why there is no score, or that there is one.")),
    "predictor": Heading(_("Measure"), _("The score, a measure of it, or a figure as it is.")),
    "observations": Heading(_("Observations"), _("Customers on days of which it is known.")),
    "auc": Heading(
        _("AUC"),
        _("Of two customers of one day, one that left and one that stayed: how often the one that "
          "left was worse."),
    ),
    "tenth": Heading(_("Tenth"), _("Of the scores of each day, the lowest first.")),
    "auc_low": Heading(_("AUC: interval from"), _INTERVAL),
    "auc_high": Heading(_("AUC: interval to"), _INTERVAL),
    "sentence": Heading(_("In words"), _("What the test says.")),
}  # fmt: skip
