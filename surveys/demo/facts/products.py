"""What a customer's revenue is paid for."""

from __future__ import annotations

from random import Random

from surveys.demo.shape import Company, Sold

CORE = "Workspace"
ADD_ONS = ("Insights", "Connect", "Priority support")
# By contract: how many have something beside the core product from the start.
ADD_ON_AT_START = {"starter": 0.1, "business": 0.3, "enterprise": 0.6}
ADD_ON_SHARE = (0.12, 0.28)
# What a rise is, in parts of 100: another product, a higher price for as many, else more of them.
NEW_PRODUCT, HIGHER_PRICE = 25, 30
# Amounts are whole thousands of yen.
STEP = 1000
Holding = dict[str, tuple[int, int]]


def draw_sold(company: Company) -> list[Sold]:
    """The months of the company's revenue, by product."""
    rng = Random(f"{company.domain} products")  # noqa: S311 - a world to look at, not a secret
    by_use = company.attributes["plan"] == "pay-as-you-go"
    found: list[Sold] = []
    holding: Holding = {}
    for month, mrr in company.revenue:
        change = mrr - sum(amount for amount, _ in holding.values())
        if not holding:
            holding = _first(rng, company=company, mrr=mrr)
        elif change > 0:
            holding = _rise(rng, holding, change, kind=100 if by_use else rng.randrange(100))
        elif change < 0:
            holding = _fall(rng, holding, change)
        found += [Sold(month, name, *held) for name, held in holding.items()]
    return found


def _first(rng: Random, *, company: Company, mrr: int) -> Holding:
    beside = round(mrr * rng.uniform(*ADD_ON_SHARE) / STEP) * STEP
    if not beside or rng.random() >= ADD_ON_AT_START[company.attributes["contract"]]:
        return {CORE: (mrr, company.seats)}
    return {CORE: (mrr - beside, company.seats), rng.choice(ADD_ONS): (beside, 1)}


def _rise(rng: Random, holding: Holding, change: int, *, kind: int) -> Holding:
    others = [name for name in ADD_ONS if name not in holding]
    if kind < NEW_PRODUCT and others:
        return {**holding, rng.choice(others): (change, 1)}
    amount, quantity = holding[CORE]
    if kind >= NEW_PRODUCT + HIGHER_PRICE:
        quantity = max(round(quantity * (amount + change) / amount), quantity + 1)
    return {**holding, CORE: (amount + change, quantity)}


def _fall(rng: Random, holding: Holding, change: int) -> Holding:
    """Fewer seats, after an add-on that costs no more than what is saved."""
    for name in list(holding)[1:]:
        if holding[name][0] <= -change and rng.random() < 0.5:
            change += holding[name][0]
            holding = {held: of for held, of in holding.items() if held != name}
    amount, quantity = holding[CORE]
    if amount + change < STEP:
        whole = sum(each for each, _ in holding.values())
        return {CORE: (whole + change, max(quantity // 2, 1))}
    kept = max(round(quantity * (amount + change) / amount), 1)
    return {**holding, CORE: (amount + change, kept)}
