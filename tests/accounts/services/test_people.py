from __future__ import annotations

import pytest

from accounts.models import Customer, Person, Respondent
from accounts.services.people import (
    Answerer,
    CustomerIds,
    erased_key,
    erased_persons,
    find_persons,
    merged_keys,
    persons_for,
    respondents_for,
)
from tests.world import NOW, make_customer, make_person, make_respondent, person_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def answerer(key: str, customer: Customer | None = None, language: str = "") -> Answerer:
    return Answerer(key, f"{key.title()}", customer and customer.pk, language)


def test_every_spelling_of_a_mailbox_leads_to_one_person_who_is_made_once() -> None:
    first = person_for("Hanako.Aoyama+koe@gmail.com")

    assert person_for("hanakoaoyama@googlemail.com") == first
    assert persons_for([first.mail_key, "b@x.example"])[first.mail_key] == first.pk
    assert Person.objects.count() == 2


def test_who_was_merged_is_who_they_turned_out_to_be() -> None:
    kept = make_person("kept@x.example")
    Person.objects.create(mail_key="gone@x.example", merged_into=kept, merged_at=NOW)

    assert find_persons(["gone@x.example", "new@x.example"]) == {"gone@x.example": kept.pk}
    assert merged_keys(["gone@x.example", "kept@x.example"]) == {"gone@x.example"}


def test_an_erased_person_is_found_by_the_hash_even_after_the_secret_was_changed(settings) -> None:
    erased = Person.objects.create(mail_key=erased_key("a@x.example"), erased_at=NOW)
    assert "a@x" not in erased.mail_key

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of at least fifty characters, or so it is"

    assert find_persons(["a@x.example", "b@x.example"]) == {"a@x.example": erased.pk}
    assert persons_for(["a@x.example"]) == {"a@x.example": erased.pk}
    settings.SECRET_KEY_FALLBACKS = []
    assert erased_persons(["a@x.example"]) == {}


def test_who_answered_is_the_respondent_at_the_customer_that_was_named() -> None:
    first, second = make_customer(), make_customer()
    known = make_respondent(make_person("a@x.example"), customer=first)

    there, made, unnamed = respondents_for(
        [
            answerer("a@x.example", first),
            answerer("a@x.example", second, "ja"),
            answerer("a@x.example"),
        ]
    )

    assert (there, unnamed) == (known, known)
    assert (made.customer, made.language, made.person_id) == (second, "ja", known.person_id)
    assert Respondent.objects.count() == 2


def test_who_is_at_no_known_customer_is_made_once_in_the_language_of_the_house(settings) -> None:
    settings.LANGUAGE_CODE = "ja"

    one, same, other = respondents_for(
        [answerer("a@x.example"), answerer("a@x.example"), answerer("b@x.example")]
    )

    assert one is same
    assert (one.customer, one.language, one.email) == (None, "ja", "A@X.Example")
    assert {one.pk, other.pk} == set(Respondent.objects.values_list("pk", flat=True))


def test_a_customer_is_asked_for_once_and_again_only_while_unknown(
    django_assert_num_queries,
) -> None:
    customer, ids = make_customer(), CustomerIds()

    with django_assert_num_queries(2):
        assert ids.find([customer.customer_id, "X"]) == {customer.customer_id: customer.pk}
        ids.find([customer.customer_id])
        assert "X" not in ids.find(["X"])
