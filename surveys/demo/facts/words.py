"""What CS members and their customers wrote, by the language of the customer."""

from __future__ import annotations

TICKETS = {
    "ja": (
        "CSVの取り込みでエラーになる", "権限の設定方法を知りたい", "画面の表示が遅い",
        "請求書の宛名を変更したい", "通知メールが届かない", "レポートの数値が合わない",
    ),
    "en": (
        "CSV import fails", "How do I set permissions?", "Pages load slowly",
        "Change the name on our invoice", "Notifications do not arrive", "Figures do not add up",
    ),
}  # fmt: skip
CONTACTS = {
    "ja": (
        "四半期の振り返り。活用状況を確認し、次の目標を決めた。",
        "新任の担当者に操作を説明。来月に再度確認する。",
        "料金プランの相談。見積もりを送付済み。",
        "問い合わせの経過を報告。納得いただけた。",
        "利用が減っている理由を聞いた。担当部署の異動が原因とのこと。",
    ),
    "en": (
        "Quarterly review: went through usage, agreed on the next goals.",
        "Showed the new administrator around. Will check again next month.",
        "Asked about plans; sent a quote.",
        "Reported on their open questions. They are fine with it.",
        "Asked why usage is down: the team is being reorganised.",
    ),
}
_PULSE_REASONS = {
    "ja": (
        ("決裁者と連絡が取れない。", "更新に消極的。競合を検討中との話。"),
        ("担当者とは良好だが、利用が広がらない。", "要望への対応待ち。"),
        ("活用が進み、他部署にも紹介してくれた。", "定例会が続いており、関係は良好。"),
    ),
    "en": (
        ("The decision maker does not reply.", "Reluctant to renew; looking at a competitor."),
        ("Good with our contact, but usage does not spread.", "Waiting for a feature of ours."),
        ("Uses a lot of it and told other teams.", "Regular meetings, good relationship."),
    ),
}
POOR, FAIR = 4, 7


def pulse_reasons(value: int, *, language: str) -> tuple[str, ...]:
    poor, fair, good = _PULSE_REASONS[language]
    return poor if value <= POOR else fair if value <= FAIR else good
