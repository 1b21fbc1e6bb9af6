from __future__ import annotations

from random import Random

import pytest

from accounts.domain.mail_key import clean_address
from surveys.demo import words
from surveys.demo.people import draw_contacts, share_out
from surveys.demo.shape import Sizes
from tests.surveys.demo.made import World, contacts_of, make


def test_addresses_can_be_mailed_in_form_and_reach_nobody(usual: World) -> None:
    emails = [contact.email for contact in contacts_of(usual)]

    assert [email for email in emails if clean_address(email) != email] == []
    assert {email.rpartition(".")[2] for email in emails} == {"example"}
    assert len(set(emails)) == len(emails)
    owners = {company.owner_email for company, _ in usual}
    assert {owner.rpartition("@")[2] for owner in owners} == {"koe.example"}


@pytest.mark.parametrize(("total", "companies"), [(700, 240), (3, 10), (10, 3), (0, 4)])
def test_share_out_gives_away_all(total: int, companies: int) -> None:
    left, shares = total, []
    for number in range(companies):
        share = share_out(left, left=companies - number, weight=2.3 if number % 2 else 0.5)
        shares.append(share)
        left -= share

    assert sum(shares) == total
    assert min(shares) >= (1 if total >= companies else 0)


def test_two_of_one_name_have_two_addresses_and_the_first_is_the_admin() -> None:
    [company, _] = next(iter(make(Sizes(customers=1, respondents=1, responses=0))))

    contacts = draw_contacts(Random(1), company=company, count=2000)

    assert len({each.email for each in contacts}) == 2000
    assert {each.email.split("@")[1] for each in contacts} == {company.domain}
    firsts = [draw_contacts(Random(seed), company=company, count=1)[0] for seed in range(9)]
    assert {each.role for each in firsts} == {"admin"}
    assert len({each.role for each in contacts}) == len(words.ROLES)
    other = [each for each in contacts if each.language != company.language]
    assert 0 < len(other) < 200
    assert all(each.name.isascii() == (each.language == "en") for each in contacts)
