"""Those who use Koe at the same time: each a thread with a pace of its own."""

from __future__ import annotations

import io
import itertools
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks import lists, sending
from benchmarks.load.found import figures
from benchmarks.web.pages import pages

# Answers a second, seconds between a reader's pages, between files, and between campaigns.
ANSWERS_A_SECOND, READERS, THINKS, FILE_EVERY, CAMPAIGN_EVERY = 5, 3, 1.0, 60.0, 60.0
ROWS, MAILS = 5_000, 1_000
REPORTS = (
    "/analytics/segments/?by=contract",
    "/analytics/segments/?by=contract&by=region",
    "/analytics/trend/",
    "/analytics/outcomes/",
    "/customers/export.csv",
    "/responses/export.csv",
)
FORM = {
    "score": 9, "comment": "早くて助かります", "lang": "ja", "opened": 1, "gesture": "pointerdown",
}  # fmt: skip
WAITS_FOR_MAILS = 300


class Parts:
    def __init__(self, port: int, *, until: float) -> None:
        self.port = port
        self.until = until
        self._taken: dict[str, list[float]] = defaultdict(list)
        self._errors: dict[str, list[str]] = defaultdict(list)
        # Each its own respondent of 127.0.0.0/8, as no network sends a hundred answers a minute.
        self._addresses = (f"127.{a}.{b}.9" for a in range(1, 250) for b in range(1, 250))
        self._links = iter(_links(round(ANSWERS_A_SECOND * (until - time.monotonic())) + 50))
        client = lists.logged_in()
        self._staff = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
        # What is only posted to is no page.
        self._pages = [path for _, path in pages() if client.get(path).status_code == 200]

    def run(self) -> None:
        answering = [self._answers] * 4
        reading = [self._reader(number) for number in range(READERS)]
        everybody = [*answering, *reading, self._reports, self._files, self._campaigns]
        threads = [threading.Thread(target=each) for each in everybody]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def figures(self) -> dict[str, Any]:
        names = sorted({*self._taken, *self._errors})
        return {name: figures(self._taken[name], errors=len(self._errors[name])) for name in names}

    def counted(self) -> dict[str, int]:
        from surveys.models import Invitation, Response

        return {
            "answers kept": Response.objects.filter(invitation__campaign__slug="load").count(),
            "e-mails accepted": Invitation.objects.filter(
                campaign__name__startswith="Load", state="sent"
            ).count(),
            "errors told": sum(map(len, self._errors.values())),
        }

    # --- Who answers ----------------------------------------------------------------------------

    def _answers(self) -> None:
        for _ in self._paced(4 / ANSWERS_A_SECOND):
            link, address = next(self._links), next(self._addresses)
            self._timed("answer page", partial(self._get, f"{link}?score=9"))
            self._timed("answer", partial(self._answer, link, address))

    def _answer(self, link: str, address: str) -> None:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._ask("POST", link, kind, urlencode(FORM).encode(), wanted=303, source=address)

    # --- Staff ----------------------------------------------------------------------------------

    def _reader(self, number: int) -> Callable[[], None]:
        """Each begins elsewhere on the way through all pages."""
        at = len(self._pages) * number // READERS
        order = itertools.cycle([*self._pages[at:], *self._pages[:at]])

        def read() -> None:
            for _ in self._paced(THINKS):
                path = next(order)
                self._timed("staff page", partial(self._get, path, self._staff))

        return read

    def _reports(self) -> None:
        order = itertools.cycle(REPORTS)
        for _ in self._paced(3 * THINKS):
            self._timed("report", partial(self._get, next(order), self._staff))

    def _files(self) -> None:
        for number, _ in enumerate(self._paced(FILE_EVERY)):
            self._timed("import", partial(self._bring_in, number))

    def _bring_in(self, number: int) -> None:
        from accounts.models import Customer, Import

        ids = Customer.objects.order_by("pk").values_list("customer_id", flat=True)[:1000]
        lines = ["email,customer_id,name,role,language"]
        lines += [
            f"load{number}.{row}@customer.example,{ids[row % len(ids)]},Name {row},user,ja"
            for row in range(ROWS)
        ]
        path = self._send("/imports/new/", kind="respondents", file="\n".join(lines))
        row = Import.objects.latest("pk")
        assert path.startswith(f"/imports/{row.pk}/"), path
        self._until_done(row)
        self._send(f"/imports/{row.pk}/run/")
        self._until_done(row)
        assert (row.state, row.created) == ("done", ROWS), (row.state, row.created)

    def _until_done(self, row: Any) -> None:
        from accounts.services.imports.forgetting import ACTIVE

        end = time.monotonic() + 300
        while time.monotonic() < end:
            row.refresh_from_db()
            if row.state not in ACTIVE:
                return
            time.sleep(0.2)
        raise AssertionError(f"the import is {row.state} after five minutes")

    def _campaigns(self) -> None:
        from django.core.management import call_command

        from accounts.models import Customer, Dimension

        Dimension.objects.create(name="load", source="customer", attribute="load")
        for _ in self._paced(CAMPAIGN_EVERY):
            made = sending._respondents(MAILS)
            name = f"Load {made[0].pk}"
            Customer.objects.filter(pk=made[0].customer_id).update(attributes={"load": name})
            arguments = ["--name", name, "--where", f"load={name}", "--launch"]
            call_command("create_campaign", *arguments, stdout=io.StringIO())

    def wait_for_mails(self) -> None:
        from surveys.models import Invitation

        mails = Invitation.objects.filter(campaign__name__startswith="Load")
        end = time.monotonic() + WAITS_FOR_MAILS
        while mails.exclude(state="sent").exists() and time.monotonic() < end:
            time.sleep(1)
        for launched, sent in mails.values_list("campaign__launched_at", "sent_at"):
            if launched and sent:
                self._taken["mail"].append((sent - launched).total_seconds() * 1000)
            else:
                self._errors["mail"].append("not sent")

    # --- How they ask ---------------------------------------------------------------------------

    def _paced(self, seconds: float) -> Iterator[None]:
        """At fixed moments, however long each took; what is late is not made up for."""
        due = time.monotonic()
        while due < self.until:
            yield
            due = max(due + seconds, time.monotonic())
            time.sleep(max(0.0, min(due, self.until) - time.monotonic()))

    def _timed(self, name: str, work: Callable[[], object]) -> None:
        start = time.perf_counter()
        try:
            work()
        except (OSError, HTTPException, AssertionError) as error:
            self._errors[name].append(repr(error))
            print(name, repr(error)[:300], file=sys.stderr, flush=True)
        self._taken[name].append((time.perf_counter() - start) * 1000)

    def _get(self, path: str, headers: Mapping[str, str] = {}) -> None:
        self._ask("GET", path, headers)

    def _send(self, path: str, **fields: str) -> str:
        """A form of staff's, as a browser sends it; where it leads."""
        token, edge = "t" * 32, uuid4().hex
        parts = {"csrfmiddlewaretoken": token, **fields}
        lines = [_part(name, value, edge) for name, value in parts.items()]
        headers = {
            "Cookie": f"{self._staff['Cookie']}; csrftoken={token}",
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Origin": f"http://127.0.0.1:{self.port}",
        }
        body = "".join([*lines, f"--{edge}--\r\n"]).encode()
        return self._ask("POST", path, headers, body, wanted=302)

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"", *,
        wanted: int = 200, source: str = "127.0.0.1",
    ) -> str:  # fmt: skip
        client = HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(source, 0))
        try:
            client.request(method, path, body, dict(headers))
            answer = client.getresponse()
            answer.read()
        finally:
            client.close()
        assert answer.status == wanted, (method, path.partition("?")[0], answer.status)
        return answer.headers.get("Location", "")


def _part(name: str, value: str, edge: str) -> str:
    file = '; filename="load.csv"\r\nContent-Type: text/csv' if name == "file" else ""
    return f'--{edge}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n'


def _links(number: int) -> list[str]:
    """Of as many who were asked and have not answered."""
    from django.utils import timezone

    from surveys.models import Campaign, Invitation
    from surveys.queries.tokens import Purpose, make_token

    now = timezone.now()
    campaign = Campaign.objects.create(slug="load", name="Answered", state="running")
    made = Invitation.objects.bulk_create(
        Invitation(campaign=campaign, respondent=each, person_id=each.person_id, state="sent",
                   sent_at=now, claimed_at=now, language="ja")
        for each in sending._respondents(number)
    )  # fmt: skip
    return [f"/s/{make_token(Purpose.ANSWER, each.public_id)}/" for each in made]
