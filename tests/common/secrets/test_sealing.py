from __future__ import annotations

from common.secrets.sealing import seal, unseal


def test_what_is_sealed_is_read_with_the_key_or_a_fallback_and_with_no_other(settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "one", []
    sealed = seal("https://hooks.example.org/T1/secret")
    assert "hooks" not in sealed
    assert seal("x") != seal("x")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "two", ["one"]
    assert unseal(sealed) == "https://hooks.example.org/T1/secret"

    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) is None
    assert unseal("nothing of ours") is None
