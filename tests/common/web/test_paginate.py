from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from common.web.paginate import LongPaginator

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [0, 1, 2, 3, 6, 7])
def test_every_page_has_its_rows_in_order_and_skips_half_of_them_at_most(number: int) -> None:
    Person.objects.bulk_create(Person(mail_key=f"{place:02}") for place in range(number))
    wanted = Person.objects.order_by("-mail_key").values_list("mail_key", flat=True)
    pages = LongPaginator(wanted, 2)

    with CaptureQueriesContext(connection) as context:
        found = [list(pages.page(place)) for place in pages.page_range]

    assert [each for page in found for each in page] == list(wanted)
    assert all(len(page) == 2 for page in found[:-1])
    skipped = [
        int(each["sql"].rpartition("OFFSET ")[2])
        for each in context.captured_queries
        if "OFFSET" in each["sql"]
    ]
    assert all(place <= number / 2 for place in skipped)


def test_a_list_is_paged_as_it_is() -> None:
    assert list(LongPaginator([1, 2, 3], 2).get_page("9")) == [3]
