"""Who of the demo the journeys are about, and what several of them do."""

from __future__ import annotations

from pathlib import Path

from accounts.tasks import take_up_imports
from actions.models import FollowUp
from surveys.models import Invitation
from surveys.queries.tokens import Purpose, make_token
from tests.browser.journeys.person import Person

CS, ADMIN = "cs@koe.example", "admin@koe.example"
CUSTOMERS = "customer_id,name,started_on,course\nN1,Northwind,2025-04-01,pilot\n"
PEOPLE = """email,customer_id,name,language
hana@northwind.example,N1,Hana,ja
noah@northwind.example,N1,Noah,en
"""


def asked(language: str) -> Invitation:
    """Of an account of the CS member's, without a follow-up; was sent the running survey and has
    not answered yet.
    """
    found = Invitation.objects.select_related("respondent__customer").filter(
        campaign__state="running",
        state="sent",
        language=language,
        response__isnull=True,
        respondent__customer__owner_email=CS,
    )
    open_ones = FollowUp.objects.filter(closed_at__isnull=True).values("customer")
    return found.exclude(respondent__customer__in=open_ones)[0]


def answer_link(invitation: Invitation) -> str:
    return f"/s/{make_token(Purpose.ANSWER, invitation.public_id)}/"


def opt_out_link(invitation: Invitation) -> str:
    return f"/u/{make_token(Purpose.OPT_OUT, invitation.public_id)}/"


def bring_in_all(cs: Person, folder: Path) -> None:
    for kind, text in (("Customers", CUSTOMERS), ("Respondents", PEOPLE)):
        path = folder / f"{kind}.csv"
        path.write_text(text)
        _bring_in(cs, kind, path)


def _bring_in(cs: Person, kind: str, path: Path) -> None:
    """Uploads a file and, having seen what it would do, imports it; ticks read its rows."""
    cs.go("Imports")
    cs.follow("Import a file")
    cs.choose("What the file contains", cs.say(kind))
    cs.field("File").set_input_files(path)
    cs.press("Check the file")
    take_up_imports()
    cs.open(cs.page.url)
    cs.press("Import")
    take_up_imports()
    cs.open(cs.page.url)
    cs.reads("All rows were imported.")


def close_it(cs: Person, outcome: str) -> None:
    form = cs.unfold("Close")
    cs.field("Root cause", within=form).select_option(index=1)
    cs.type("What was done", outcome, within=form)
    cs.tick("Yes", within=form)
    form.get_by_role("button", name=cs.say("Close"), exact=True).click()
    cs.settle()
