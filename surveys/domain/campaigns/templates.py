"""What a campaign may begin as: whom it asks when, and how it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.domain.campaigns.occasions import Repeat

# What a template holds of a campaign; its name, its start and its end are the campaign's own.
FIELDS = (
    *("product_name", "wording", "questions", "audience", "ranges", "asks_former", "languages"),
    *("per_hour", "expires_after_days", "reminder_after_days", "minimum_gap_days"),
    *("send_from", "send_until", "weekdays", "holidays_of", "sender_name", "reply_to"),
    *("repeat", "every_months", "date_name", "date_days", "latest_days", "reserves_slot"),
)


@dataclass(frozen=True, slots=True)
class Template:
    """`fields` are those of Campaign that differ from a new one's."""

    key: str
    fields: Mapping[str, Any]
    # Language -> the texts that differ from the default wording.
    wording: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def all_fields(self) -> dict[str, Any]:
        wording = {language: dict(texts) for language, texts in self.wording.items()}
        return {**self.fields, **({"wording": wording} if wording else {})}


TEMPLATES = {
    each.key: each
    for each in (
        Template(
            "relationship",
            {"repeat": Repeat.EVERY.value, "every_months": 6, "reminder_after_days": 7},
        ),
        Template(
            "onboarding",
            {
                "repeat": Repeat.DATE.value,
                "date_name": "onboarding_completed",
                "date_days": 30,
                "latest_days": 30,
                "reminder_after_days": 7,
            },
            {
                "ja": {
                    "subject": "{product} の導入はいかがでしたか",
                    "intro": "{product} をご利用いただき、ありがとうございます。"
                    "導入から1か月ほど経ちました。これまでのご感想をお聞かせください。1分で終わります。",
                },
                "en": {
                    "subject": "How was your start with {product}?",
                    "intro": "Your first weeks with {product} are behind you. "
                    "How did they go? It takes one minute.",
                },
            },
        ),
        Template(
            "renewal",
            {
                "repeat": Repeat.DATE.value,
                "date_name": "renews_on",
                "date_days": -90,
                "latest_days": 30,
                "reserves_slot": True,
                "reminder_after_days": 7,
            },
        ),
        Template(
            "win_back",
            {
                "repeat": Repeat.DATE.value,
                "date_name": "churned_on",
                "date_days": 30,
                "latest_days": 60,
                "asks_former": True,
            },
            {
                "ja": {
                    "subject": "{product} をご利用いただいたご感想をお聞かせください",
                    "intro": "以前は {product} をご利用いただき、ありがとうございました。"
                    "率直なご意見を、今後の改善に役立てます。1分で終わります。",
                },
                "en": {
                    "subject": "What could {product} have done better?",
                    "intro": "Thank you for having worked with {product}. "
                    "Your honest opinion helps us to improve. It takes one minute.",
                },
            },
        ),
        Template(
            "support",
            {
                "repeat": Repeat.DATE.value,
                "date_name": "ticket_resolved",
                "date_days": 2,
                "latest_days": 7,
                "minimum_gap_days": 60,
            },
            {
                "ja": {
                    "subject": "サポートの対応についてお聞かせください",
                    "intro": "先日はお問い合わせいただき、ありがとうございました。"
                    "対応を踏まえて、{product} のご感想をお聞かせください。1分で終わります。",
                },
                "en": {
                    "subject": "After your support request: a question about {product}",
                    "intro": "We recently resolved a request of yours. With that in "
                    "mind, how do you see {product}? It takes one minute.",
                },
            },
        ),
    )
}
