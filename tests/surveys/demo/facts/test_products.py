from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise

from surveys.demo.facts.products import CORE, draw_sold
from surveys.demo.shape import Sold
from tests.surveys.demo.made import World


def by_month(sold: list[Sold]) -> list[dict[str, Sold]]:
    months = groupby(sold, key=lambda each: each.month)
    return [{each.product: each for each in rows} for _, rows in months]


def test_products_add_up_to_the_revenue_of_every_month(usual: World) -> None:
    for company, _ in usual:
        months = by_month(draw_sold(company))
        sums = [sum(each.mrr for each in month.values()) for month in months]
        assert sums == [mrr for _, mrr in company.revenue]
        assert all(CORE in month for month in months)


def test_no_product_is_for_nothing(usual: World) -> None:
    sold = [each for company, _ in usual for each in draw_sold(company)]

    assert {each.product for each in sold} == {CORE, "Insights", "Connect", "Priority support"}
    assert min(each.mrr for each in sold) > 0
    assert min(each.quantity for each in sold) > 0


def test_revenue_grows_by_seats_by_price_and_by_further_products(usual: World) -> None:
    kinds: Counter[str] = Counter()
    for company, _ in usual:
        for before, after in pairwise(by_month(draw_sold(company))):
            kinds["new product"] += bool(after.keys() - before.keys())
            rises = after[CORE].mrr > before[CORE].mrr
            more = after[CORE].quantity > before[CORE].quantity
            kinds["seats"] += rises and more
            kinds["price"] += rises and not more
            kinds["fewer"] += after[CORE].quantity < before[CORE].quantity
            kinds["dropped"] += bool(before.keys() - after.keys())

    assert min(kinds.values()) > 10
    assert len(kinds) == 5
