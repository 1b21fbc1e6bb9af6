from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.mail_key import AddressError, clean_address, mail_key
from accounts.domain.reasons import ReasonCode

SAME_MAILBOX = [
    ("taro@example.com", "TARO@example.com"),
    ("taro@example.com", "taro@EXAMPLE.COM"),
    ("taro@example.com", "  taro@example.com\t"),
    ("taro@example.com", "taro@example.com\u3000"),
    ("taro@example.com", "ｔａｒｏ@example.com"),
    ("taro@example.com", "taro＠example.com"),
    ("taro@example.com", "taro@ｅｘａｍｐｌｅ．ｃｏｍ"),
    ("taro@example.com", "taro+nps@example.com"),
    ("taro@example.com", "taro+a+b@example.com"),
    ("taro@example.com", "TARO+NPS@Example.com"),
    ("taro.yamada@example.com", "Taro.Yamada+x@example.com"),
    ("taro@gmail.com", "t.a.r.o@gmail.com"),
    ("taro@gmail.com", "taro@googlemail.com"),
    ("taro@gmail.com", "Ta.Ro+x@GoogleMail.com"),
    ("taro@gmail.com", "ｔａｒｏ＠ｇｍａｉｌ．ｃｏｍ"),
    ("taro@日本.jp", "taro@xn--wgv71a.jp"),
    ("taro@日本.jp", "taro@XN--WGV71A.JP"),
    ("taro@日本.jp", "TARO+1@日本.JP"),
    ("taro@日本.jp", "taro@日本。jp"),
    ("taro@bücher.example", "taro@BÜCHER.example"),
    ("taro@bücher.example", "taro@xn--bcher-kva.example"),
    ("taro@bücher.example", "taro@bu\u0308cher.example"),
    ("taro@example.com", "taro@example.com."),
    ("o'hara@example.com", "O'HARA@example.com"),
    ("taro@example.com", "ＴＡＲＯ＋ｎｐｓ＠ＥＸＡＭＰＬＥ．ＣＯＭ"),
    ("taro@example.com", "taro＋nps@example.com"),
    ("taro.yamada@gmail.com", "taroyamada+survey@googlemail.com"),
    ("rene@café.example", "rene@CAFE\u0301.example"),
    ("ｼﾒｲ@example.com", "シメイ@example.com"),
    ("taro@例え.テスト", "taro@xn--r8jz45g.xn--zckzah"),
]
DIFFERENT_MAILBOXES = [
    ("taro@example.com", "jiro@example.com"),
    ("taro@example.com", "taro@example.jp"),
    ("t.aro@example.com", "taro@example.com"),
    ("taro@gmail.com", "taro@gmail.co.jp"),
    ("taro@mail.gmail.com", "t.aro@mail.gmail.com"),
    ("taro-1@example.com", "taro-2@example.com"),
    ("taro_x@example.com", "taro@example.com"),
    ("+a@example.com", "+b@example.com"),
    ("...@gmail.com", "..@gmail.com"),
    ("taro@straße.example", "taro@strasse.example"),
]


@pytest.mark.parametrize(("one", "other"), SAME_MAILBOX)
def test_mail_key_joins_spellings_of_one_mailbox(one: str, other: str) -> None:
    assert mail_key(one) == mail_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT_MAILBOXES)
def test_mail_key_keeps_other_mailboxes_apart(one: str, other: str) -> None:
    assert mail_key(one) != mail_key(other)


def test_mail_key_has_the_written_form() -> None:
    assert mail_key("Ta.Ro+x@GoogleMail.com") == "taro@gmail.com"
    assert mail_key("Taro.Yamada+x@日本.jp") == "taro.yamada@xn--wgv71a.jp"


def test_mail_key_of_a_domain_that_no_dns_can_hold_stays_as_text() -> None:
    assert mail_key("a@日本☃\u0338..jp") == "a@日本☃\u0338..jp"


@given(st.text())
def test_mail_key_is_defined_for_any_text_and_stable(text: str) -> None:
    assert mail_key(text).count("@") >= 1
    assert mail_key(mail_key("x@" + text.replace("@", ""))) == mail_key(
        "x@" + text.replace("@", "")
    )


@pytest.mark.parametrize(
    ("given_address", "mailed"),
    [
        ("Taro.Yamada@Example.com", "Taro.Yamada@Example.com"),
        (" taro@example.com ", "taro@example.com"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com"),
        ("taro+nps@example.com", "taro+nps@example.com"),
        ("t.a.ro@gmail.com", "t.a.ro@gmail.com"),
        ("taro@日本.jp", "taro@xn--wgv71a.jp"),
        ("respondent00000@telco.example", "respondent00000@telco.example"),
        ("a@koe.test", "a@koe.test"),
        ("o'hara@example.com", "o'hara@example.com"),
        ("a&b=c@example.com", "a&b=c@example.com"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_clean_address_keeps_the_address_as_given(given_address: str, mailed: str) -> None:
    assert clean_address(given_address) == mailed


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "the e-mail address is empty"),
        (" \u3000", "the e-mail address is empty"),
        ("taro", "'taro' is not an e-mail address: it has no @"),
        (
            "taro..y@docomo.ne.jp",
            "'taro..y@docomo.ne.jp' cannot receive e-mail: docomo and au allowed doubled or "
            "trailing dots before 2009, but mail servers refuse them; ask the person for another "
            "address",
        ),
        (
            "taro.@ezweb.ne.jp",
            "'taro.@ezweb.ne.jp' cannot receive e-mail: docomo and au allowed doubled or "
            "trailing dots before 2009, but mail servers refuse them; ask the person for another "
            "address",
        ),
        (
            ".taro@example.com",
            "'.taro@example.com' cannot receive e-mail: the part before the @ must not begin or "
            "end with a dot or have two dots in a row",
        ),
        (
            "太郎@example.com",
            "'太郎@example.com' cannot receive e-mail: the part before the @ may only have "
            "unaccented letters, digits and common signs",
        ),
        (
            "@example.com",
            "'@example.com' is not an e-mail address: there must be something before the @-sign",
        ),
        (
            "taro@",
            "'taro@' is not an e-mail address: there must be something after the @-sign",
        ),
        (
            "taro@localhost",
            "'taro@localhost' is not an e-mail address: the part after the @-sign is not valid. "
            "It should have a period",
        ),
        (
            '"a..b"@docomo.ne.jp',
            "'\"a..b\"@docomo.ne.jp' is not an e-mail address: quoting the part before the "
            "@-sign is not allowed here",
        ),
        (
            "a" * 60 + "@" + ".".join(["b" * 63] * 3) + ".com",
            "'" + "a" * 60 + "@" + ".".join(["b" * 63] * 3) + ".com' is not an e-mail address: "
            "it has more than 254 characters",
        ),
    ],
)
def test_clean_address_says_what_is_wrong(address: str, sentence: str) -> None:
    with pytest.raises(AddressError) as refused:
        clean_address(address)
    assert str(refused.value) == sentence
    assert str(refused.value.reason) == sentence


@pytest.mark.parametrize(
    "address",
    [
        "a b@example.com",
        "a@[127.0.0.1]",
        "Taro <taro@example.com>",
        "a@x..com",
        "a@x.com.",
        "a@-x.com",
        "a@x.local",
        "a@x.invalid",
        "a@b@example.com",
        "a\n@example.com",
        "a@exam\nple.com",
        "a" * 65 + "@example.com",
        "a,b@example.com",
        "a@日本..jp",
    ],
)
def test_clean_address_refuses_what_no_server_takes(address: str) -> None:
    with pytest.raises(AddressError) as refused:
        clean_address(address)
    assert refused.value.reason.code is ReasonCode.ADDRESS_INVALID


@given(st.emails())
def test_clean_address_never_changes_whose_mailbox_it_is(address: str) -> None:
    try:
        cleaned = clean_address(address)
    except AddressError:
        return
    assert mail_key(cleaned) == mail_key(address)
    assert clean_address(cleaned) == cleaned
