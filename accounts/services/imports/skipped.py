"""What later files and figures will miss because rows of this one were left out."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop, ngettext

from accounts.models import Customer, Import
from accounts.services.imports.rows import parts

NAMED = 5
MISSED = {
    Import.Kind.RESPONDENTS: gettext_noop(
        "Whoever stands in a skipped row is not asked, and rows about them in files of usage are "
        "refused until they are imported."
    ),
    Import.Kind.REVENUE: gettext_noop(
        "A month that is not there counts as no revenue: until it is imported, these customers "
        "look as if they paid nothing in it."
    ),
    Import.Kind.RATES: gettext_noop(
        "Revenue in that currency and month is left out of every figure until the rate is imported."
    ),
    Import.Kind.USAGE: gettext_noop(
        "These days are unknown, so averages and health scores are worked out without them."
    ),
    Import.Kind.EVENTS: gettext_noop(
        "What these rows tell of is unknown to health scores, follow-ups and playbooks."
    ),
    Import.Kind.RESPONSES: gettext_noop(
        "These answers are in no figure, and the time of their invitations does not count towards "
        "the limit of surveys per year."
    ),
}


def what_is_missed(row: Import) -> list[str]:
    """One sentence each, in the language of the reader."""
    if not row.bad_rows:
        return []
    if row.kind != Import.Kind.CUSTOMERS:
        return [gettext(MISSED[Import.Kind(row.kind)])]
    said = [
        gettext("Customers in a skipped row that are known already keep what is known of them.")
    ]
    unknown = _unknown_customers(row)
    return [_missing(unknown), *said] if unknown else said


def _missing(unknown: list[str]) -> str:
    names = ", ".join(unknown[:NAMED]) + (" …" if len(unknown) > NAMED else "")
    text = ngettext(
        "%(count)s customer will be missing (%(names)s): rows about it in later files - "
        "respondents, revenue, usage, events, responses - are refused until it is imported.",
        "%(count)s customers will be missing (%(names)s): rows about them in later files - "
        "respondents, revenue, usage, events, responses - are refused until they are imported.",
        len(unknown),
    )
    return text % {"count": len(unknown), "names": names}


def _unknown_customers(row: Import) -> list[str]:
    names = [name for name, _ in row.columns]
    if "customer_id" not in names:
        return []
    place = names.index("customer_id")
    found = (cells for *_, cells in parts.items(row, parts.Kind.BAD))
    given = dict.fromkeys(cells[place] for cells in found if len(cells) > place and cells[place])
    known: set[str] = set()
    ids = list(given)
    for start in range(0, len(ids), 1000):
        some = Customer.objects.filter(customer_id__in=ids[start : start + 1000])
        known |= set(some.values_list("customer_id", flat=True))
    return [each for each in ids if each not in known]
