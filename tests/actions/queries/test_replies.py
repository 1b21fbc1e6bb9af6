from __future__ import annotations

import pytest
from django.utils.translation import override

from accounts.domain.contactability import SuppressionReason
from accounts.models import Person, Respondent, Suppression
from actions.models import ReplyTemplate
from actions.queries.replies import draft, recipients
from actions.services.follow_ups.decisions import open_by_hand
from tests.actions.following import answered
from tests.staffing import make_staff
from tests.world import HOUR, NOW, make_customer, make_respondent

pytestmark = pytest.mark.django_db


def test_who_answered_comes_first_and_nobody_without_an_address() -> None:
    customer = make_customer()
    others = [make_respondent(customer=customer, name=name) for name in ("Abe", "Zoe")]
    make_respondent(customer=customer, email="", name="Aaa")
    erased = make_respondent(customer=customer, name="Aab").person
    Person.objects.filter(pk=erased.pk).update(erased_at=NOW)
    # Without a name they would stand before all others in any case.
    first = answered(3, customer=customer)
    Respondent.objects.filter(pk=first.invitation.respondent_id).update(name="Mia")
    second = answered(1, customer=customer, at=NOW + HOUR)
    Suppression.objects.create(
        person=others[1].person, reason=SuppressionReason.OPTED_OUT, created_at=NOW
    )

    found = recipients(first.case.follow_up)

    asked = [each.invitation.respondent for each in (second, first)]
    assert [each.respondent for each in found] == [*asked, *others]
    assert [each.response for each in found] == [second, first, None, None]
    assert [each.suppressed for each in found] == [None, None, None, SuppressionReason.OPTED_OUT]


def test_it_begins_in_the_customers_language_with_what_they_said(settings) -> None:
    settings.ORGANISATION_NAME = "Koe"
    staff = make_staff("cs", name="Hanako")
    response = answered(3, customer=make_customer(name="Acme"), comment="Too slow.")
    follow_up = response.case.follow_up
    respondent = response.invitation.respondent
    respondent.name = "{staff}"
    respondent.save()

    with override("ja"):
        english = draft(recipients(follow_up)[0], by=staff)
    # What a name contains is text.
    assert english.text.startswith("Hello {staff},\n\nthank you for your answer of 24 Nov 2026.")
    assert "> Too slow.\n" in english.text
    assert english.text.endswith("Hanako\nKoe")

    respondent.language = "ja"
    respondent.save()
    assert "2026年11月24日" in draft(recipients(follow_up)[0], by=staff).text
    ReplyTemplate.objects.create(language="ja", subject="{customer}様", text="{answer}")
    own = draft(recipients(follow_up)[0], by=staff)
    assert (own.subject, own.text) == ("Acme様", "> Too slow.")


def test_who_has_not_answered_is_not_thanked_for_it() -> None:
    staff = make_staff("cs")
    customer = make_customer()
    make_respondent(customer=customer, name="Ito")
    follow_up = open_by_hand(customer, owner=staff, text="Renewal.", by=staff, now=NOW)

    begun = draft(recipients(follow_up)[0], by=staff)

    assert begun.subject == ""
    assert begun.text.startswith("Hello Ito,\n\n\n\nKind regards")
