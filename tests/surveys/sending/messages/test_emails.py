from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from accounts.domain.names import shown_name
from surveys.domain.mail.encoding import MailValueError
from surveys.queries.tokens import Purpose, read_token
from surveys.sending.messages import emails
from tests.surveys.helpers.mailed import (
    HOSTILE,
    NOW,
    Tags,
    assert_wire_safe,
    campaign,
    mail_to,
    parsed,
    parts,
    recipient,
)


def test_100_mails_each_carry_their_own_one_click_unsubscribe(settings) -> None:
    settings.SITE_URL = "https://survey.example.com"
    links = set()
    for number in range(100):
        message = parsed(mail_to(recipient(number)))
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = re.fullmatch(
            r"<(https://survey\.example\.com/u/([^/]+)/)>", message["List-Unsubscribe"]
        )
        assert link is not None
        assert read_token(Purpose.OPT_OUT, link[2]) == f"{number:022d}"
        links.add(link[1])
    assert len(links) == 100


def test_message_id_is_the_stored_one_on_every_attempt() -> None:
    target = recipient(message_id="<kept@koe.example>")
    assert {parsed(mail_to(target))["Message-ID"] for _ in range(3)} == {"<kept@koe.example>"}


def test_reminder_has_its_own_id_and_refers_to_the_first_mail() -> None:
    message = parsed(mail_to(recipient(5), reminder=True))
    assert message["Subject"] == "A reminder: one quick question about Ledgerly"
    assert message["Message-ID"] == "<0000000000000000000005.reminder@koe.example>"
    assert message["In-Reply-To"] == "<0000000000000000000005@koe.example>"
    assert message["Feedback-ID"].split(":")[1] == "reminder"


def test_recipient_values_are_filled_everywhere_and_escaped_in_html() -> None:
    wording = {"en": {"intro": "Dear {name} of {customer}", "subject": "For {name} of {customer}"}}
    raw = mail_to(recipient(name="Hana <b>ko</b>"), wording=wording)
    text, html = parts(raw)
    assert parsed(raw)["Subject"] == "For Hana <b>ko</b> of Acme & Co"
    assert "Dear Hana <b>ko</b> of Acme & Co" in text
    assert "Dear Hana &lt;b&gt;ko&lt;/b&gt; of Acme &amp; Co" in html


@pytest.mark.parametrize("missing", ["", " ", "\u3000", "\u200b", "-", "―", "\u200e \x00"])
def test_a_missing_name_is_replaced_by_a_polite_one(missing: str) -> None:
    raw = mail_to(recipient(name=missing, language="ja"), wording={"ja": {"intro": "{name} 様"}})
    assert parts(raw)[0].startswith("ご担当者 様")
    assert parsed(raw)["To"] == "person0@example.com"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_reach_neither_headers_nor_markup(hostile: str) -> None:
    honest = parsed(mail_to(recipient(name="Hanako")))
    wording = {"en": {"subject": "For {name}", "intro": "Dear {name}"}}
    raw = mail_to(recipient(name=hostile), wording=wording)
    message = parsed(raw)

    assert_wire_safe(raw)
    assert list(message.keys()) == list(honest.keys())
    assert message["To"].addresses[-1].addr_spec == "person0@example.com"
    assert len(message["To"].addresses) == 1
    _, html = parts(raw)
    assert Tags(html).named("script") == []
    assert Tags(html).named("img") == []


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: x@y.example", "a@b.example, c@d.example", "あ@b.example", ""]
)
def test_an_address_that_breaks_the_header_fails_that_mail_alone(address: str) -> None:
    compiled = emails.compile_mail(campaign(), language="en")
    bad = {**emails.mail_values(recipient(), now=NOW), "to_address": address}
    with pytest.raises(MailValueError):
        compiled.fill(bad)
    assert parsed(compiled.fill(emails.mail_values(recipient(1), now=NOW)))["To"]


WORDS = st.text(
    st.one_of(
        st.characters(
            codec="utf-8",
            exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"],
            exclude_characters="{}",
        ),
        st.sampled_from("声あ=.😀👩é \u3000"),
    ),
    max_size=120,
)


def spaced(text: str) -> str:
    return " ".join(text.split())


@run(max_examples=150, deadline=None)
@given(name=WORDS, subject=WORDS, intro=WORDS)
def test_any_text_arrives_unchanged_in_seven_bits(name: str, subject: str, intro: str) -> None:
    wording = {"subject": f"件名 {subject}|{{name}}", "intro": f"本文|{intro}|{{name}}|"}
    raw = mail_to(recipient(name=name, language="ja"), wording={"ja": wording})

    assert_wire_safe(raw)
    shown = shown_name(name) or "ご担当者"
    assert spaced(str(parsed(raw)["Subject"])) == spaced(f"件名 {subject}|{shown}")
    assert spaced(f"本文|{intro}|").rstrip("|") in spaced(parts(raw)[0])
    assert spaced(shown) in spaced(parts(raw)[0])


def test_previews_show_sample_values_and_lead_to_the_trial_page() -> None:
    own = campaign(wording={"ja": {"intro": "{name} 様（{customer}）"}})
    for shown in (emails.preview_html(own, "ja"), emails.preview_text(own, "ja")):
        assert "山田 花子 様（サンプル株式会社）" in shown.replace("<wbr>", "")
        assert "/s/test-" in shown
        assert not re.search(r"\{[a-z_]+\}", shown)
    assert emails.preview_subject(own, "en") == "One quick question about Ledgerly"


def test_a_japanese_email_opens_with_whom_it_is_to_and_closes_the_gap_else() -> None:
    known = replace(recipient(name="山田 <花子>", language="ja"), customer="青葉")
    wording = {"ja": {"intro": "本文です。"}}

    raw = mail_to(known, wording=wording)
    assert_wire_safe(raw)
    text, html = parts(raw)
    assert text.startswith("青葉\r\n山田 <花子> 様\r\n\r\n本文です。")
    assert "青葉<br>山田 &lt;花子&gt; 様<br></td>" in html
    text, html = parts(mail_to(replace(known, name="", customer=""), wording=wording))
    assert text.startswith("本文です。")
    assert "様" not in html.split("本文")[0]
    # A text that names somebody itself opens as it says.
    text, _html = parts(mail_to(known, wording={"ja": {"intro": "{name} 様、本文です。"}}))
    assert text.startswith("山田 <花子> 様、本文です。")


def test_an_email_calls_nobody_sama_twice() -> None:
    polite = replace(recipient(name="山田様", language="ja"), customer="青葉御中")
    wording = {"ja": {"subject": "{name}様へ", "intro": "{customer} 御中\n{name} さん、本文"}}

    raw = mail_to(polite, wording=wording)

    assert parsed(raw)["Subject"] == "山田様へ"
    text, html = parts(raw)
    assert text.startswith("青葉 御中\r\n山田 さん、本文")
    assert "山田 さん、" in html.replace("<wbr>", "")
    assert parts(mail_to(polite))[0].startswith("青葉\r\n山田 様")


def test_trial_mail_is_marked_and_its_links_record_nothing() -> None:
    raw = emails.test_message(campaign(), "ja", "staff@example.com", now=NOW)
    assert_wire_safe(raw)
    assert str(parsed(raw)["Subject"]).startswith("[TEST] ")
    for part in parts(raw):
        assert "[TEST]" in part
        paths = set(re.findall(r"https?://[^/]+/([su])/([\w-]+)/", part))
        assert {kind for kind, _ in paths} == {"s", "u"}
        for _, token in paths:
            assert token.startswith("test-")
            own = token.removeprefix("test-")
            assert read_token(Purpose.TEST, own) == "00000000000000000007ja"
            assert read_token(Purpose.ANSWER, own) is None
