"""The metrics as data: what each is called, how it is worked out, and which facts it needs."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum

from accounts.domain.facts.events import EventKind
from accounts.domain.facts.known import event_fact
from analytics.domain.metrics.windows import USE_DAYS, YEAR


class Unit(StrEnum):
    SHARE = "share"
    POINTS = "points"
    DAYS = "days"
    HOURS = "hours"
    MONEY = "money"


class Group(StrEnum):
    """What a metric is about; the page has them in this order."""

    LOYALTY = "loyalty"
    REVENUE = "revenue"
    USE = "use"
    SUPPORT = "support"
    GROWTH = "growth"


# What a value, and so a target, can be.
_LIMITS: dict[Unit, tuple[float, float]] = {Unit.SHARE: (0, 1), Unit.POINTS: (-100, 100)}
# Lists that are not of customers, some narrowed by what follows: `answers:satisfied`.
ANSWERS, INVITATIONS = "answers", "invitations"
# Lists of the customers of a metric that counts units of its own, whose key follows.
COUNTED = ("units", "hits", "misses")
CLV, BY_SURVIVAL = "clv", "clv_survival"
LIFETIMES = (CLV, BY_SURVIVAL)
SCALE = "scale"
_AT_LEAST_NOTHING = (0, 999_999_999)


@dataclass(frozen=True, slots=True)
class Metric:
    key: str
    name: str
    definition: str
    unit: Unit = Unit.SHARE
    _: KW_ONLY
    group: Group
    # Where a share is not one of a whole.
    beyond: tuple[float, float] | None = None
    # Of churn and of waiting one wants little; of all else much.
    at_most: bool = False
    # All of them, or one of them; where there are none, customers, revenue and answers are enough.
    needs: tuple[str, ...] = ()
    any_of: bool = False
    # The facts must be known of the last so many days of the period; None: of all of it.
    window_days: int | None = None
    # Which lists it opens: of answers, of invitations, or of the customers of a figure; of the
    # denominator first, then of the numerator. Without them those of its own units.
    lists: tuple[str, ...] = ()
    # Those that stand beside them.
    more_lists: tuple[str, ...] = ()
    # Whether it counts what its lists have rows of: not where a customer has several tickets.
    counts_rows: bool = True

    @property
    def behind(self) -> tuple[str, ...]:
        own = tuple(f"{what}:{self.key}" for what in COUNTED)
        return (self.lists or own) + self.more_lists

    @property
    def about_answers(self) -> bool:
        """Whether attributes of respondents split it."""
        return self.key in {"nps", "response_rate", "csat", "csat_mean"}

    @property
    def rests_on_answers(self) -> bool:
        """Whether a campaign and a language narrow it."""
        return self.about_answers or RESPONSES in self.needs

    @property
    def is_chosen(self) -> bool:
        """Whether the organisation says in its settings what it is."""
        return ENGAGEMENT in self.needs

    @property
    def written_as(self) -> str:
        """Its unit, or that it is a mean on a scale of its own, which has no sign."""
        return SCALE if self.unit is Unit.POINTS and self.beyond else self.unit

    @property
    def limits(self) -> tuple[float, float]:
        return self.beyond or _LIMITS.get(self.unit, _AT_LEAST_NOTHING)

    def lacks(self, known: Container[str]) -> list[str]:
        """The facts that no file told of."""
        missing = [fact for fact in self.needs if fact not in known]
        return [] if self.any_of and len(missing) < len(self.needs) else missing


# What is not an event, and which facts may be missing of it.
RESPONSES, SEATS, USAGE, PRODUCTS = "responses", "seats", "usage", "products"
# No file brings it: the organisation chooses what engagement is.
ENGAGEMENT = "engagement"


def gettext_noop(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


_ = gettext_noop

CATALOGUE = (
    Metric(
        "nps",
        _("NPS"),
        _("100 times (promoters - detractors) / counted answers."),
        Unit.POINTS,
        group=Group.LOYALTY,
        lists=(ANSWERS, f"{ANSWERS}:promoter", f"{ANSWERS}:detractor"),
    ),
    Metric(
        "response_rate",
        _("Response rate"),
        _("Of the invitations sent in the period, the share with a counted answer."),
        group=Group.LOYALTY,
        lists=(INVITATIONS, f"{INVITATIONS}:answered"),
    ),
    Metric(
        "customer_churn_rate",
        _("Customer churn rate"),
        _("Of the customers at the start of the period, the share that left in it."),
        at_most=True,
        group=Group.REVENUE,
        lists=("at_start", "churned"),
    ),
    Metric(
        "customer_retention_rate",
        _("Customer retention rate"),
        _("1 - the customer churn rate."),
        group=Group.REVENUE,
        lists=("at_start", "stayed"),
    ),
    Metric(
        "revenue_churn_rate",
        _("Revenue churn rate"),
        _("1 - GRR: the share of the MRR at start that was lost, expansion not counted."),
        at_most=True,
        group=Group.REVENUE,
        lists=("mrr_start", "mrr_lost"),
    ),
    Metric(
        "grr",
        _("GRR"),
        _("Of the MRR at start what is left at the end, without expansion."),
        group=Group.REVENUE,
        lists=("mrr_start", "mrr_lost"),
    ),
    Metric(
        "nrr",
        _("NRR"),
        _("MRR at the end of the customers with MRR at start / MRR at start."),
        group=Group.REVENUE,
        lists=("mrr_start", "mrr_lost", "mrr_more"),
        beyond=(0, 10),
    ),
    Metric(
        "net_revenue_churn_rate",
        _("Net revenue churn rate"),
        _("1 - NRR: below 0 where expansion outweighs losses."),
        at_most=True,
        group=Group.REVENUE,
        lists=("mrr_start", "mrr_lost", "mrr_more"),
        beyond=(-9, 1),
    ),
    Metric(
        "upsell_rate",
        _("Upsell rate"),
        _(
            "Of the customers with MRR at start, the share with a product whose MRR is higher at "
            "the end without a higher quantity; without products, whose MRR is higher."
        ),
        group=Group.GROWTH,
    ),
    Metric(
        "cross_sell_rate",
        _("Cross-sell rate"),
        _(
            "Of the customers with MRR at start, the share that hold a product at the end which "
            "they did not hold at start."
        ),
        group=Group.GROWTH,
    ),
    Metric(
        CLV,
        _("Lifetime value"),
        _(
            "MRR per paying customer / the mean monthly customer churn of the period. Not known "
            "where nobody left."
        ),
        Unit.MONEY,
        group=Group.REVENUE,
        lists=(f"paying:{CLV}", f"lost:{CLV}"),
    ),
    Metric(
        BY_SURVIVAL,
        _("Lifetime value by survival"),
        _(
            "MRR per paying customer x margin x the months that a unit of revenue stays, of the "
            "first 60 and no more than the data have seen; later months discounted."
        ),
        Unit.MONEY,
        group=Group.REVENUE,
        lists=(f"paying:{BY_SURVIVAL}", f"lost:{BY_SURVIVAL}", f"followed:{BY_SURVIVAL}"),
    ),
    Metric(
        "csat",
        _("CSAT"),
        _(
            "Of the counted answers with an answer to the question of satisfaction, the share of "
            "4 and 5."
        ),
        group=Group.LOYALTY,
        lists=(f"{ANSWERS}:answered", f"{ANSWERS}:satisfied"),
    ),
    Metric(
        "csat_mean",
        _("Mean satisfaction"),
        _("The mean of the answers to the question of satisfaction, 1 to 5."),
        Unit.POINTS,
        group=Group.LOYALTY,
        beyond=(1, 5),
        lists=(f"{ANSWERS}:answered",),
    ),
    Metric(
        "feedback_rate",
        _("Feedback rate"),
        _("Of the customers at the start of the period, the share with a counted answer in it."),
        needs=(RESPONSES,),
        group=Group.LOYALTY,
    ),
    Metric(
        "comment_rate",
        _("Comment rate"),
        _("Of the customers at the start of the period, the share that wrote a comment in it."),
        needs=(RESPONSES,),
        group=Group.LOYALTY,
    ),
    Metric(
        "engagement_rate",
        _("Engagement rate"),
        _(
            "Of the customers with facts of the chosen measure, the share whose mean per day and "
            "seat over the last 28 days of the period reaches the chosen threshold."
        ),
        needs=(ENGAGEMENT, SEATS),
        window_days=USE_DAYS,
        group=Group.USE,
    ),
    Metric(
        "self_directed_rate",
        _("Self-directed rate"),
        _(
            "Of the customers with usage in the last 28 days of the period, the share active on "
            "at least half of the working days without a ticket and without a contact in them."
        ),
        needs=(USAGE, event_fact(EventKind.TICKET_OPENED), event_fact(EventKind.CONTACTED)),
        window_days=USE_DAYS,
        group=Group.USE,
    ),
    Metric(
        "onboarding_completion_rate",
        _("Onboarding completion rate"),
        _(
            "Of the customers whose days for onboarding ended in the period, the share that "
            "completed it within them. Who left before is not complete."
        ),
        needs=(event_fact(EventKind.ONBOARDING_COMPLETED),),
        group=Group.USE,
    ),
    Metric(
        "onboarding_days",
        _("Days to onboarding"),
        _(
            "Median days from the start to completed onboarding of the customers that started in "
            "the period (Kaplan-Meier: those still open are censored)."
        ),
        Unit.DAYS,
        at_most=True,
        needs=(event_fact(EventKind.ONBOARDING_COMPLETED),),
        more_lists=("onboarding_late",),
        group=Group.USE,
    ),
    Metric(
        "renewal_rate",
        _("Renewal rate"),
        _(
            "Of the renewal dates whose 30th day after falls in the period, the share whose "
            "customer is still one on that day."
        ),
        needs=("renews_on",),
        group=Group.REVENUE,
        counts_rows=False,
    ),
    Metric(
        "repurchase_rate",
        _("Repurchase rate"),
        _(
            "Of the customers with a purchase or renewal until the end of the period, the share "
            "with two or more."
        ),
        needs=(event_fact(EventKind.PURCHASED), event_fact(EventKind.RENEWED)),
        any_of=True,
        group=Group.GROWTH,
    ),
    Metric(
        "education_rate",
        _("Education rate"),
        _(
            "Of the customers at the start of the period, the share that was trained in the last "
            "365 days of it."
        ),
        needs=(event_fact(EventKind.TRAINED),),
        window_days=YEAR.days,
        group=Group.USE,
    ),
    Metric(
        "community_rate",
        _("Community rate"),
        _(
            "Of the customers at the start of the period, the share that took part in the "
            "community or attended an event in it."
        ),
        needs=(event_fact(EventKind.COMMUNITY), event_fact(EventKind.ATTENDED)),
        any_of=True,
        group=Group.GROWTH,
    ),
    Metric(
        "referral_rate",
        _("Referral rate"),
        _("Of the customers at the start of the period, the share that referred somebody in it."),
        needs=(event_fact(EventKind.REFERRED),),
        group=Group.GROWTH,
    ),
    Metric(
        "first_response_hours",
        _("Hours to the first reply"),
        _(
            "Median hours from opening to the first reply of the tickets opened in the period "
            "(Kaplan-Meier: those without a reply are censored)."
        ),
        Unit.HOURS,
        at_most=True,
        needs=(event_fact(EventKind.TICKET_OPENED), event_fact(EventKind.TICKET_REPLIED)),
        group=Group.SUPPORT,
        counts_rows=False,
    ),
    Metric(
        "first_response_hours_p90",
        _("Hours to the first reply, 90th percentile"),
        _(
            "The hours within which nine tenths of the tickets opened in the period had a first "
            "reply (Kaplan-Meier: those without a reply are censored)."
        ),
        Unit.HOURS,
        at_most=True,
        needs=(event_fact(EventKind.TICKET_OPENED), event_fact(EventKind.TICKET_REPLIED)),
        group=Group.SUPPORT,
        counts_rows=False,
    ),
    Metric(
        "resolution_rate",
        _("Resolution rate"),
        _(
            "Of the tickets whose 30th day after opening falls in the period, the share resolved "
            "within those 30 days."
        ),
        needs=(event_fact(EventKind.TICKET_OPENED), event_fact(EventKind.TICKET_RESOLVED)),
        group=Group.SUPPORT,
        counts_rows=False,
    ),
)
BY_KEY = {each.key: each for each in CATALOGUE}
