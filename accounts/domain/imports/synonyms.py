"""The one table of what files call the columns of ours, in English and Japanese.

Of two columns of a file that both name a field, the one that stands earlier in the table has it.
Width, case, spaces and signs do not count, nor does what stands in brackets.
"""

from __future__ import annotations

from accounts.domain.imports.file_columns import FileKind
from accounts.domain.imports.words import (
    ACCOUNT_NUMBER,
    ANSWER_LANGUAGE,
    AT,
    COMPANY,
    CURRENCY,
    CUSTOMER,
    DOMAIN,
    EMAIL,
    LANGUAGE,
    OWN_ID,
    OWN_OR_THEIRS,
    PERSON,
    PRODUCT,
    QUANTITY,
    RECIPIENT,
    TENANT,
)

# Of our people or theirs, beside what `BESIDE` names.
_EITHER_OWNER = (
    "担当者メール|担当者メールアドレス|担当メール|担当メールアドレス|担当者のメール|担当者メアド"
    "|担当者Email"
)
# Whose customer it is: in files of people, and in those of amounts and facts.
_THEIRS = CUSTOMER + ACCOUNT_NUMBER + "|customer"
_PROGRAMS = _THEIRS + TENANT

SYNONYMS: dict[FileKind, dict[str, str]] = {
    FileKind.CUSTOMERS: {
        "customer_id": CUSTOMER + OWN_OR_THEIRS + TENANT + "|customer" + OWN_ID + DOMAIN,
        "name": COMPANY,
        "started_on": (
            "started on|customer since|client since|client as of date|original contract date"
            "|became a customer date|became a customer|初回契約日|取引開始日|started at|start date"
            "|contract start|contract start date|subscription start date|subscription start"
            "|customer start date|activation date|activated at|activated on"
            "|subscription started at|service start date|go-live date|live date|onboarded on"
            "|契約開始日|利用開始日|サービス開始日|課金開始日|契約開始|利用開始|開始日|導入日"
            "|本番開始日|契約日|契約締結日|成約日|入会日|契約開始年月日|契約期間開始"
            "|契約期間開始日|開始年月日|稼働開始日|利用開始年月日|start|date started|signup date"
            "|subscription started|contract date|導入年月日|客先化日|受注日|current contract start"
        ),
        # What has ended comes before the day on which somebody said that it would.
        "churned_on": (
            "churned on|churn date|churned at|churn|ended at|ended on|cancellation date"
            "|cancelled on|canceled on|cancelled at|canceled at|cancel date|cancelled date"
            "|canceled date|date cancelled|date canceled|termination date|terminated on"
            "|terminated at|left on|subscription cancelled at|deactivated at"
            "|subscription cancelled date|解約日|退会日|離脱日|チャーン日|解約年月日|退会年月日"
            "|利用終了日|サービス終了日|契約解除日|解約日時|取引終了日|利用停止日|解約日付|解約"
            "|解約実施日|キャンセル日|廃止日|解約確定日"
            # That they left, without the day: refused row by row, and whoever stays is read.
            "|churned|is churned|churn flag|cancelled|canceled|解約フラグ|解約済|解約済み|解約有無"
            "|退会フラグ|退会済|退会済み"
        ),
        "owner_email": (
            "owner email|account owner email|owner e-mail|csm email|assigned csm email"
            "|customer success manager email|account manager email|company owner email|owner mail"
            "|担当CSメール|CSMメール|CSMメールアドレス|CS担当メール|CS担当者メールアドレス"
            "|CS担当メールアドレス|営業担当メール|営業担当者メール|所有者メール"
            "|所有者メールアドレス|自社担当者メール|自社担当メール|sales owner email"
            "|account owner: email|owner's email|弊社担当メール|当社担当者メール"
            "|担当営業メールアドレス|cs email|"
        )
        + _EITHER_OWNER,
        "renews_on": (
            "renews on|renewal date|renewal|next renewal|next renewal date|contract renewal date"
            "|renews at|renewal on|contract end date|contract end|subscription end date|end date"
            "|current period end|current period ends at|current term end|current term ends at"
            "|next billing date|next billing at|next billed at|expiry date|expiration date"
            "|expires on|expires at|valid until"
            "|契約更新日|次回更新日|更新予定日|更新期日|契約満了日|契約満期日|満期日"
            "|満了日|契約終了日|契約終了予定日|契約終了|契約期限|契約更新予定日|次回契約更新日"
            "|契約期間終了|契約期間終了日|有効期限|終了予定日|更新月日|契約更新|契約終了年月日"
            "|自動更新日|period end"
        ),
        "seats": (
            "seats|seat count|number of seats|licensed seats|licenses|licences|license count"
            "|number of licenses|licensed users|users|number of users|paid seats|quantity"
            "|席数|シート数|ライセンス数|契約ライセンス数|契約ID数|ID数|利用人数"
            "|契約人数|ユーザー数|利用者数|アカウント数|契約アカウント数|契約ユーザー数|契約席数"
            "|数量|利用ID数|plan quantity|subscription quantity|発行ID数"
        ),
        "churn_reason": (
            "churn reason|cancel reason code|cancellation reason code|cancellation reason"
            "|cancel reason|reason for churn|reason for leaving|reason for cancellation"
            "|termination reason|lost reason|解約理由"
            "|退会理由|離脱理由|キャンセル理由|チャーン理由|解約理由区分|解約要因|解約原因"
            "|reason code"
        ),
        "churn_note": (
            "churn note|churn notes|churn comment|cancellation comment|cancellation feedback"
            "|cancellation note|churn details|解約メモ|解約コメント|解約理由詳細|解約理由（詳細）"
            "|解約備考|解約時コメント|退会コメント|解約詳細|解約の経緯|解約経緯"
            "|cancellation details|cancellation message"
        ),
    },
    FileKind.RESPONDENTS: {
        "email": EMAIL + RECIPIENT,
        "customer_id": _THEIRS,
        "name": PERSON,
        "role": (
            "role|job title|title|position|job position|job role|役職|役職名|肩書|肩書き|役割"
            "|職位|ロール|職務|担当役割|関与者区分|organization title|organization 1 - title|job"
            "|contact role|contact title|designation|occupation|職種|役職・肩書|役割名|persona"
        ),
        "language": LANGUAGE,
        "time_zone": (
            "time zone|timezone|tz|user time zone|タイムゾーン|時間帯|標準時|time zone sid key"
            "|地域の時刻"
        ),
    },
    FileKind.REVENUE: {
        "customer_id": _PROGRAMS,
        "month": (
            "month|year month|billing month|invoice month|revenue month|period|対象月|対象年月"
            "|請求月|請求年月|計上月|計上年月|売上月|売上年月|売上計上月|利用月|利用年月|年月|月"
            "|月度|月次|締月|会計月|発生月|billing period|period start|month end|snapshot month"
            "|snapshot date|as of|service month|請求対象月|date|invoice date|日付|請求日|発生日"
            "|計上日|売上日|取引日|売上計上日|date issued|issue date|billing date|発行日|請求書日付"
        ),
        # Of a file with a row for each line of an invoice, the line's own amount and not the sum.
        "mrr": (
            "mrr|monthly recurring revenue|monthly revenue|monthly amount|monthly fee"
            "|monthly price|recurring revenue|月額|月額料金|月額費用|月額利用料|月額金額"
            "|月次経常収益|月間経常収益|月額売上|月次売上|利用料|利用料金|mrr amount|net mrr"
            "|total mrr|line subtotal|line amount|line total|item total|item amount|明細金額"
            "|revenue|売上|売上金額|売上高|売上額|税抜金額|税抜き金額|金額|請求額|請求金額"
            "|ご請求金額|net amount|amount|amount due|subtotal|小計|total|合計金額|合計|取引金額"
            "|契約金額"
        ),
        "currency": CURRENCY,
        "product": PRODUCT,
        "quantity": QUANTITY,
    },
    FileKind.RATES: {
        "month": "month|year month|対象月|年月|月|適用月|date|日付|period|適用年月|基準日",
        "currency": CURRENCY + "|code|symbol|コード|from currency|外貨",
        "rate": (
            "rate|exchange rate|fx rate|conversion rate|レート|為替レート|換算レート|為替|TTM"
            "|仲値|換算率|月末レート|適用レート|value|値"
        ),
    },
    FileKind.RESPONSES: {
        "email": EMAIL + RECIPIENT,
        "score": (
            "score|nps score|nps|npsスコア|rating|nps rating|nps response|likelihood to recommend"
            "|recommendation score|スコア|点数|評価点|評価"
            "|推奨度|おすすめ度|お勧め度|推薦度|推奨意向|NPS回答|NPS点数|回答点数|NPS評価"
            "|回答スコア|得点|ltr|survey score|nps value|nps answer|answer score|推奨度スコア"
            "|ネットプロモータースコア|net promoter score|hs value"
        ),
        # What is said to be complete or submitted may be no more than true.
        "answered_at": (
            "answered at|rated at|responded at|response date|response time|responded on"
            "|answered on|answer date|submitted at|submitted on|submission date|submit date"
            "|submission timestamp|hs submission timestamp|date submitted|completed at"
            "|completion time|completed time|完了時刻|date completed|recorded date"
            "|survey completed at|response received|response received at|end date|回答日時|回答日"
            "|回答日付|回答時刻|回答完了日時|回答登録日時|回答終了日時|送信完了日時|完了日時"
            "|response timestamp|date of response|response at|回答年月日"
        )
        + AT
        + "|responded|submitted|completed",
        "customer_id": _THEIRS,
        "comment": (
            "comment|comments|nps comment|feedback|nps feedback|verbatim|open ended|open text"
            "|free text|response text|reason|reason for score|response comment|コメント|自由記述"
            "|自由回答|フリーコメント|ご意見|ご意見・ご要望|ご意見・ご感想|ご要望|感想|理由"
            "|評価の理由|スコアの理由|点数の理由|回答内容|回答コメント|自由記入|自由記入欄"
            "|自由記述欄|意見|フリーアンサー|その理由|推奨理由|コメント欄|text|answer|message"
            "|additional comments|score reason|feedback text|本文|review|hs content"
        ),
        "language": ANSWER_LANGUAGE,
        "campaign": (
            "campaign|campaign name|survey|survey name|survey title|キャンペーン|キャンペーン名"
            "|アンケート|アンケート名|アンケートタイトル|調査|調査名|調査回|フォーム名|form name"
            "|form|配信名|program|collector|survey campaign|hs survey name"
        ),
        # 送信日時 is not among them: of a form it is when the answer was sent.
        "invited_at": (
            "invited at|invited on|invitation date|sent at|sent on|sent date|send date|date sent"
            "|survey sent at|survey sent date|survey sent|email sent at|delivered at|sent"
            "|scheduled at|配信日時|配信日|送付日|送付日時|依頼日|依頼日時|招待日|招待日時|案内日"
            "|発送日|メール送信日時|メール送信日|アンケート送信日時|アンケート送信日"
            "|アンケート配信日|requested at|request sent at"
        ),
        # A number of the row is none: the next file has the same.
        "response_id": (
            "response id|response uuid|survey response id|answer id|submission id|entry id"
            "|response key|回答ID|回答番号|回答No|respondent id|submission no|レコード番号|受付番号"
            "|response token|hs object id|record id|id|#|token|回答者ID"
        ),
    },
    FileKind.USAGE: {
        "customer_id": _PROGRAMS,
        "day": (
            "day|date|usage date|activity date|日付|日|利用日|計測日|年月日|対象日|記録日|集計日"
            "|稼働日|event date|as of|snapshot date|report date|measured on"
        ),
        "measure": (
            "measure|metric|metric name|measure name|feature|feature name|指標|指標名|計測項目"
            "|項目|項目名|機能|機能名|event name|kpi|usage type|利用項目"
        ),
        "value": (
            "value|metric value|count|event count|number|usage|値|回数|数|件数|利用回数|数値"
            "|利用数|実績|total|quantity|実績値|利用量|amount"
        ),
        "email": EMAIL,
    },
    FileKind.EVENTS: {
        "customer_id": _PROGRAMS,
        "kind": (
            "kind|event|event type|event name|event kind|activity type|type|種類|種別|イベント"
            "|イベント名|イベント種別|活動種別|区分|アクション|activity|action|活動|対応種別"
            "|活動内容|タイプ|event category|活動区分"
        ),
        "at": (
            "at|occurred at|event time|event date|event at|happened at|発生日時|発生日|実施日時"
            "|実施日|対応日時|対応日|活動日|活動日時|イベント日時|イベント日|開催日|activity date"
            "|time|start|start time"
        )
        + AT,
        "email": EMAIL,
        "ref": (
            "ref|reference|reference id|ticket id|ticket number|ticket no|case id|case number"
            "|issue id|ticket|チケット番号|チケットID|問い合わせ番号|お問い合わせ番号|問合せ番号"
            "|案件番号|参照番号|管理番号|受付番号|event id|activity id|id|deal id|order id"
            "|order number|注文番号|key|issue key"
        ),
        "value": "value|amount|event value|金額|値|数値|price|total|数量|quantity",
        "note": (
            "note|notes|subject|description|memo|details|summary|comment|comments|メモ|備考|件名"
            "|内容|詳細|説明|コメント|対応内容|議事録|概要|body|title|タイトル"
        ),
    },
}

# Questions are long and each form asks in its own words: what they are about says their sign.
PATTERNS: dict[FileKind, dict[str, str]] = {
    FileKind.RESPONSES: {
        "score": (
            r"(?:how|what).{0,20}like(?:ly|lihood).*recommend|would you recommend"
            r"|(?:薦め|勧め|すすめ|奨め|推奨|推薦|紹介).{0,12}(?:可能性|思い?ますか|度合|たいと|程度|たいですか|意向)"
            r"|(?:薦め|勧め|すすめ|奨め).{0,6}(?:ますか|たい|度)|どの(?:程度|くらい).{0,24}(?:薦め|勧め|すすめ)"
        ),
        "comment": (
            r"(?:reason|why).*(?:score|rating|answer|give)|what.*(?:improve|better|reason)"
            r"|tell us more"
            r"|(?:理由|ご意見|ご要望|ご感想).*(?:ください|下さい|ましたら|記入|お聞かせ|教え)"
            r"|(?:点数|スコア|評価).{0,12}理由|理由を"
        ),
    },
}

# Stands for a question of the form itself, which a pattern knows.
QUESTION = "?"
# Words that mean something else beside one of certain others: the field, the words, the others.
BESIDE: dict[FileKind, tuple[tuple[str, str, str], ...]] = {
    # An address book of theirs.
    FileKind.CUSTOMERS: (
        (
            "owner_email",
            _EITHER_OWNER,
            "敬称|役職|役職名|肩書|部署|部署名|部署1|担当者部署|担当者役職|担当者携帯|ご担当者名",
        ),
    ),
    # Microsoft Forms counts 1, 2, 3 in each form anew; the points of a quiz are no answer to it.
    FileKind.RESPONSES: (
        ("response_id", "id", "completion time|完了時刻"),
        ("score", "スコア|得点|点数", QUESTION),
    ),
}
