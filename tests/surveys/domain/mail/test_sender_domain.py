from __future__ import annotations

import pytest

from surveys.domain.mail.sender_domain import (
    Found,
    Part,
    Records,
    State,
    Verdict,
    dkim,
    dmarc,
    domain_of,
    parents_of,
    selectors_of,
    spf,
    worst,
)

SENDGRID = "v=spf1 include:sendgrid.net ~all"


@pytest.mark.parametrize(
    ("records", "provider", "found", "state"),
    [
        ([SENDGRID, "google-site-verification=x"], "sendgrid", Found.GOOD, State.GOOD),
        (["v=spf1 redirect=_spf.koe.example"], "", Found.GOOD, State.GOOD),
        ([SENDGRID], "postmark", Found.WITHOUT_PROVIDER, State.WATCH),
        (["v=spf1 include:sendgrid.net"], "sendgrid", Found.OPEN, State.WATCH),
        (["v=spf1 +all"], "", Found.EVERYBODY, State.BAD),
        ([SENDGRID, "v=spf1 -all"], "sendgrid", Found.SEVERAL, State.BAD),
        (["v=spf10 -all"], "", Found.MISSING, State.BAD),
        ([], "", Found.MISSING, State.BAD),
        (None, "", Found.UNKNOWN, State.UNKNOWN),
    ],
)
def test_spf(records: Records, provider: str, found: Found, state: State) -> None:
    verdict = spf("koe.example", records, provider=provider)
    assert (verdict.found, verdict.state) == (found, state)


@pytest.mark.parametrize(
    ("records", "found", "name"),
    [
        ({"s1": [], "s2": ["v=DKIM1; k=rsa; p=MIIB"]}, Found.GOOD, "s2._domainkey.koe.example"),
        ({"s1": ["v=DKIM1; p="]}, Found.REVOKED, "s1._domainkey.koe.example"),
        ({"s1": ["v=DKIM1; p=; t=s"], "s2": ["p=MIIB"]}, Found.GOOD, "s2._domainkey.koe.example"),
        ({"s1": ["something else"], "s2": None}, Found.NOT_FOUND, "*._domainkey.koe.example"),
        ({"s1": None, "s2": None}, Found.UNKNOWN, "*._domainkey.koe.example"),
    ],
)
def test_dkim(records: dict[str, Records], found: Found, name: str) -> None:
    verdict = dkim("koe.example", records)
    assert (verdict.found, verdict.name) == (found, name)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ({"koe.example": ["v=DMARC1; p=reject; rua=mailto:d@koe.example"]}, Found.GOOD),
        ({"koe.example": ["V=dmarc1 ;P = Quarantine"]}, Found.GOOD),
        ({"koe.example": ["v=DMARC1; p=none"]}, Found.WATCHES),
        # Of the domain above, the policy for those below.
        ({"m.koe.example": [], "koe.example": ["v=DMARC1; p=reject; sp=none"]}, Found.WATCHES),
        ({"m.koe.example": [], "koe.example": ["v=DMARC1; p=reject"]}, Found.GOOD),
        ({"koe.example": ["v=spf1 -all"]}, Found.MISSING),
        ({"koe.example": None}, Found.UNKNOWN),
    ],
)
def test_dmarc(records: dict[str, Records], found: Found) -> None:
    verdict = dmarc(records)
    assert verdict.found is found
    stored = {key: str(getattr(verdict, key)) for key in ("part", "found", "name", "record")}
    assert Verdict.of(stored) == verdict


def test_which_names_are_asked() -> None:
    assert domain_of("Ask@Mail.Koe.Example") == "mail.koe.example"
    assert domain_of("Koe <ask@koe.example>") == "koe.example"
    assert parents_of("a.b.koe.example") == ["a.b.koe.example", "b.koe.example", "koe.example"]
    assert parents_of("localhost") == ["localhost"]
    assert selectors_of("postmark")[0] == "pm"
    assert selectors_of("postmark", own="own1") == ("own1",)


def test_of_a_whole_domain_the_worst_comes_first() -> None:
    def verdict(found: Found) -> Verdict:
        return Verdict(Part.SPF, found, "koe.example")

    assert worst([verdict(Found.GOOD)]) is State.GOOD
    assert worst([verdict(Found.GOOD), verdict(Found.UNKNOWN)]) is State.UNKNOWN
    assert worst([verdict(Found.UNKNOWN), verdict(Found.WATCHES)]) is State.WATCH
    assert worst([verdict(Found.WATCHES), verdict(Found.MISSING)]) is State.BAD
    assert worst([]) is State.UNKNOWN
