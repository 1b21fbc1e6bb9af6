"""Comments that fit a score: a theme's sentence, mostly with something before or after it."""

from __future__ import annotations

from random import Random

from surveys.demo.comments import english, japanese
from surveys.domain.answers.scoring import Category, category

THEMES = (
    "price", "support", "speed", "onboarding", "reporting", "mobile", "integrations", "reliability",
)  # fmt: skip
# Who is unhappy writes more often why.
WRITTEN = {Category.PROMOTER: 0.45, Category.PASSIVE: 0.35, Category.DETRACTOR: 0.65}
# What each category speaks of most, in the order of THEMES.
WEIGHTS = {
    Category.PROMOTER: (4, 10, 5, 7, 8, 3, 4, 6),
    Category.PASSIVE: (6, 5, 6, 5, 7, 5, 6, 3),
    Category.DETRACTOR: (9, 8, 8, 4, 5, 3, 5, 6),
}
_BY_LANGUAGE = {
    language: {
        Category.PROMOTER: module.PROMOTER,
        Category.PASSIVE: module.PASSIVE,
        Category.DETRACTOR: module.DETRACTOR,
    }
    for language, module in (("ja", japanese), ("en", english))
}
_AROUND = {
    "ja": (japanese.BEFORE, japanese.AFTER, japanese.SHORT, ""),
    "en": (english.BEFORE, english.AFTER, english.SHORT, " "),
}


def comment(rng: Random, *, score: int, language: str) -> tuple[str, str]:
    """The comment and its theme; both are empty where nothing was written."""
    kind = category(score)
    if rng.random() >= WRITTEN[kind]:
        return "", ""
    before, after, short, space = _AROUND[language]
    if rng.random() < 0.2:
        return rng.choice(short[kind.value]), ""
    theme = rng.choices(THEMES, WEIGHTS[kind])[0]
    sentence = rng.choice(_BY_LANGUAGE[language][kind][theme])
    parts = (rng.choice(before[kind.value]), sentence, rng.choice(after[kind.value]))
    return space.join(filter(None, parts)), theme
