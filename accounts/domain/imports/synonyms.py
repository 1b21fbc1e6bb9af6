"""The one table of what files call the columns of ours, in English and Japanese.

Of two columns of a file that both name a field, the one that stands earlier in the table has it.
Width, case, spaces and signs do not count, nor does what stands in brackets.
"""

from __future__ import annotations

from accounts.domain.imports.file_columns import FileKind

_CUSTOMER = (
    "customer id|customer number|customer no|customer code|customer ref|顧客ID|顧客番号|顧客No"
    "|顧客コード|お客様ID|お客様番号|お客様コード|得意先ID|得意先コード|得意先番号|取引先ID"
    "|取引先コード|取引先番号|取引先No|account id|account number|account no|account code"
    "|external account id|アカウントID|アカウント番号|アカウントコード|company id|company code"
    "|company number|record id - company|company record id|associated company id"
    "|associated company ids|primary associated company id|会社ID|会社コード|企業ID|企業コード"
    "|法人ID|client id|client code|client number|クライアントID|クライアントコード"
    "|organization id|organisation id|org id|組織ID|組織コード|団体ID|tenant id|テナントID"
    "|workspace id|ワークスペースID|team id|store code|店舗コード|customer handle|external id"
    "|externalid|external key|外部ID|外部コード|外部キー|ユーザー企業ID|取引先 ID|契約者ID"
    "|契約者番号|会員番号|会員ID|契約先コード|請求先コード|販売先コード|SalesforceID|customer"
    "|external customer id|debtor number|partner code|partner id|contact code|company domain name"
    "|company key|共有企業ID"
)
_OWN_ID = "|id|code|コード|record id|レコードID|レコード番号|顧客|key|no|番号|顧客管理番号|管理番号"
_COMPANY = (
    "customer name|company name|account name|会社名|企業名|法人名|顧客名|お客様名|取引先名"
    "|得意先名|アカウント名|クライアント名|団体名|組織名|社名|貴社名|御社名|商号|屋号|契約者名"
    "|会社名・団体名|company|organization name|organisation name|organization|organisation"
    "|business name|legal name|client name|account|client|会社|取引先|取引先 名|name|名称|名前"
    "|display name|title|顧客名（正式名称）|正式名称|請求先名|partner name|tenant name"
    "|workspace name|事業者名|description|customer company|勤務先名"
)
_EMAIL = (
    "email|e-mail|email address|mail|mail address|メールアドレス|メール|電子メール|Eメール"
    "|verified email|電子メールアドレス|Eメールアドレス|E-mailアドレス|Emailアドレス|メルアド"
    "|primary email"
    "|work email|business email|email work|contact email|user email|person email|customer email"
    "|respondent email|recipient email|recipient|email id|email 1|email1|e-mail 1 - value"
    "|email address 1|emailaddress1|担当者メールアドレス|担当者メール|ご担当者メールアドレス"
    "|ご担当者様メールアドレス|連絡先メールアドレス|連絡先メール|回答者メールアドレス"
    "|回答者メール|回答者のメールアドレス|回答者|メールアドレス1|メール1|会社メールアドレス"
    "|勤務先メール|勤務先メールアドレス|送信先|宛先|配信先|mailadresse|to|billing email"
    "|recipient email address|email addresses|subscriber|member email|ユーザー名|username"
    "|user name|login|ログインID"
)
_PERSON = (
    "name|full name|contact name|person name|contact|氏名|名前|お名前|担当者名|ご担当者名|担当者"
    "|ご担当者|ご担当者様名|連絡先名|取引先責任者名|回答者名|回答者氏名|ユーザー名|display name"
    "|user name|customer name|recipient name|respondent name|person|氏名漢字|姓名|フルネーム"
    "|お客様氏名|名前・氏名|個人名|顧客担当者名|取引先責任者|連絡先|first and last name"
    "|customer full name"
)
_LANGUAGE = (
    "language|lang|locale|language code|preferred language|user language|interface language|言語"
    "|言語コード|使用言語|表示言語|希望言語|言語設定|対応言語|ロケール|preferred locale"
    "|survey language"
)
_PRODUCT = (
    "product|product name|plan|plan name|item|item name|price name|service|商品|商品名|品名|品目"
    "|プラン|プラン名|製品|製品名|サービス|サービス名|契約プラン|料金プラン|product code|plan id"
    "|item price id|addon|price|商品コード|品番|摘要|内容"
)
_QUANTITY = (
    "quantity|qty|units|seats|licenses|licences|数量|個数|ライセンス数|席数|シート数|ユーザー数"
    "|契約数|アカウント数|ID数|item quantity|plan quantity"
)
_CURRENCY = (
    "currency|currency code|currency iso code|通貨|通貨コード|通貨単位|通貨種別"
    "|presentment currency"
)
_AT = (
    "|タイムスタンプ|timestamp|日時|date time|datetime|created at|created on|created|created date"
    "|作成日時|登録日時|受付日時|date|日付"
)

SYNONYMS: dict[FileKind, dict[str, str]] = {
    FileKind.CUSTOMERS: {
        "customer_id": _CUSTOMER + _OWN_ID,
        "name": _COMPANY,
        "started_on": (
            "started on|start date|contract start|contract start date|subscription start date"
            "|subscription start|customer since|customer start date|became a customer date"
            "|became a customer|activation date|activated at|activated on|subscription started at"
            "|service start date|go-live date|live date|onboarded on|current contract start"
            "|契約開始日|利用開始日|サービス開始日|課金開始日|契約開始|利用開始|開始日|導入日"
            "|本番開始日|初回契約日|取引開始日|契約日|契約締結日|成約日|入会日|契約開始年月日"
            "|契約期間開始|契約期間開始日|開始年月日|稼働開始日|利用開始年月日|started at|start"
            "|date started|signup date|subscription started|contract date|導入年月日|客先化日"
            "|受注日|close date|closed date"
        ),
        "churned_on": (
            "churned on|churn date|churned at|churn|cancellation date|cancelled on|canceled on"
            "|cancelled at|canceled at|cancel date|cancelled date|canceled date|date cancelled"
            "|ended at|ended on|termination date|terminated on|terminated at|left on"
            "|subscription cancelled at|deactivated at|subscription cancelled date|解約日|退会日"
            "|離脱日|チャーン日|解約年月日|退会年月日|利用終了日|サービス終了日|契約解除日"
            "|解約日時|取引終了日|利用停止日|解約日付|解約|解約実施日|キャンセル日|廃止日"
            "|解約確定日"
        ),
        "owner_email": (
            "owner email|account owner email|owner e-mail|csm email"
            "|customer success manager email|account manager email|company owner email|owner mail"
            "|担当者メール|担当者メールアドレス|担当メール|担当メールアドレス|担当CSメール"
            "|CSMメール|CSMメールアドレス|CS担当メール|CS担当者メールアドレス"
            "|CS担当メールアドレス|営業担当メール|営業担当者メール|所有者メール|自社担当者メール"
            "|自社担当メール|所有者メールアドレス|担当者のメール|担当者メアド|担当者Email"
            "|sales owner email|account owner: email|owner's email|弊社担当メール"
            "|当社担当者メール|担当営業メールアドレス|cs email"
        ),
        "renews_on": (
            "renews on|renewal date|renewal|next renewal|next renewal date|contract renewal date"
            "|renews at|renewal on|contract end date|contract end|subscription end date|end date"
            "|current period end|current period ends at|current term end|current term ends at"
            "|next billing date|next billing at|expiry date|expiration date|expires on|expires at"
            "|valid until|契約更新日|次回更新日|更新予定日|更新期日|契約満了日|契約満期日|満期日"
            "|満了日|契約終了日|契約終了予定日|契約終了|契約期限|契約更新予定日|次回契約更新日"
            "|契約期間終了|契約期間終了日|有効期限|終了予定日|更新月日|契約更新|契約終了年月日"
            "|自動更新日|period end"
        ),
        "seats": (
            "seats|seat count|number of seats|licensed seats|licenses|licences|license count"
            "|number of licenses|licensed users|users|user count|number of users|paid seats"
            "|quantity|席数|シート数|ライセンス数|契約ライセンス数|契約ID数|ID数|利用人数"
            "|契約人数|ユーザー数|利用者数|アカウント数|契約アカウント数|契約ユーザー数|契約席数"
            "|数量|利用ID数|plan quantity|subscription quantity|発行ID数"
        ),
        "churn_reason": (
            "churn reason|cancellation reason|cancel reason|reason for churn|reason for leaving"
            "|reason for cancellation|cancel reason code|termination reason|lost reason|解約理由"
            "|退会理由|離脱理由|キャンセル理由|チャーン理由|解約理由区分|解約要因|解約原因"
        ),
        "churn_note": (
            "churn note|churn notes|churn comment|cancellation comment|cancellation feedback"
            "|cancellation note|churn details|解約メモ|解約コメント|解約理由詳細|解約理由（詳細）"
            "|解約備考|解約時コメント|退会コメント|解約詳細|解約の経緯|解約経緯"
            "|cancellation details"
        ),
    },
    FileKind.RESPONDENTS: {
        "email": _EMAIL,
        "customer_id": _CUSTOMER,
        "name": _PERSON,
        "role": (
            "role|job title|title|position|job position|job role|役職|役職名|肩書|肩書き|役割"
            "|職位|ロール|職務|担当役割|関与者区分|organization title|organization 1 - title|job"
            "|contact role|occupation|職種|役職・肩書|役割名|persona"
        ),
        "language": _LANGUAGE,
        "time_zone": (
            "time zone|timezone|tz|user time zone|タイムゾーン|時間帯|標準時|time zone sid key"
            "|地域の時刻"
        ),
    },
    FileKind.REVENUE: {
        "customer_id": _CUSTOMER,
        "month": (
            "month|year month|billing month|invoice month|revenue month|period|対象月|対象年月"
            "|請求月|請求年月|計上月|計上年月|売上月|売上年月|売上計上月|利用月|利用年月|年月|月"
            "|月度|月次|締月|会計月|発生月|billing period|period start|month end|snapshot month"
            "|snapshot date|as of|service month|請求対象月|date|invoice date|日付|請求日|発生日"
            "|計上日|売上日|取引日|売上計上日"
        ),
        "mrr": (
            "mrr|monthly recurring revenue|monthly revenue|monthly amount|monthly fee"
            "|monthly price|recurring revenue|月額|月額料金|月額費用|月額利用料|月額金額"
            "|月次経常収益|月間経常収益|月額売上|月次売上|利用料|利用料金|mrr amount|net mrr"
            "|total mrr|revenue|売上|売上金額|売上高|売上額|請求額|請求金額|ご請求金額|金額"
            "|税抜金額|税抜き金額|amount|net amount|amount due|subtotal|小計|total|合計金額|合計"
            "|取引金額|契約金額|line amount|item amount"
        ),
        "currency": _CURRENCY,
        "product": _PRODUCT,
        "quantity": _QUANTITY,
    },
    FileKind.RATES: {
        "month": "month|year month|対象月|年月|月|適用月|date|日付|period|適用年月|基準日",
        "currency": _CURRENCY + "|code|symbol|コード|from currency|外貨",
        "rate": (
            "rate|exchange rate|fx rate|conversion rate|レート|為替レート|換算レート|為替|TTM"
            "|仲値|換算率|月末レート|適用レート|value|値"
        ),
    },
    FileKind.RESPONSES: {
        "email": _EMAIL,
        "score": (
            "score|nps score|nps|npsスコア|rating|nps rating|nps response|likelihood to recommend"
            "|how likely are you to recommend us|recommendation score|スコア|点数|評価点|評価"
            "|推奨度|おすすめ度|お勧め度|推薦度|推奨意向|NPS回答|NPS点数|回答点数|NPS評価"
            "|回答スコア|得点|ltr|survey score|nps value|nps answer|answer score|推奨度スコア"
            "|ネットプロモータースコア"
        ),
        "answered_at": (
            "answered at|responded at|response date|response time|responded on|answered on"
            "|answer date|submitted at|submitted on|submission date|submit date|submitted"
            "|date submitted|completed at|completion time|completed time|完了時刻|date completed"
            "|completed|recorded date|survey completed at|response received|end date|回答日時"
            "|回答日|回答日付|回答時刻|回答完了日時|回答登録日時|送信完了日時|完了日時"
            "|response timestamp|date of response|response at|回答年月日"
        )
        + _AT,
        "customer_id": _CUSTOMER,
        "comment": (
            "comment|comments|nps comment|feedback|nps feedback|verbatim|open ended|open text"
            "|free text|response text|reason|reason for score|response comment|コメント|自由記述"
            "|自由回答|フリーコメント|ご意見|ご意見・ご要望|ご意見・ご感想|ご要望|感想|理由"
            "|評価の理由|スコアの理由|点数の理由|回答内容|回答コメント|自由記入|自由記入欄"
            "|自由記述欄|意見|フリーアンサー|その理由|推奨理由|コメント欄|text|answer|message"
            "|additional comments|score reason|feedback text|本文"
        ),
        "language": _LANGUAGE + "|user language",
        "campaign": (
            "campaign|campaign name|survey|survey name|survey title|キャンペーン|キャンペーン名"
            "|アンケート|アンケート名|アンケートタイトル|調査|調査名|調査回|フォーム名|form name"
            "|form|配信名|program|collector|survey campaign"
        ),
        "invited_at": (
            "invited at|invited on|invitation date|sent at|sent on|sent date|send date|date sent"
            "|survey sent at|survey sent date|survey sent|email sent at|delivered at|sent"
            "|scheduled at|配信日時|配信日|送付日|送付日時|送信日|送信日時|依頼日|依頼日時|招待日"
            "|招待日時|案内日|発送日|メール送信日時|アンケート送信日|アンケート配信日"
            "|requested at"
        ),
        "response_id": (
            "response id|survey response id|answer id|submission id|entry id|response key|回答ID"
            "|回答番号|回答No|respondent id|submission no|responseid|レコード番号|受付番号"
            "|response token|id|#|no|番号|token|network id|record id|回答者ID"
        ),
    },
    FileKind.USAGE: {
        "customer_id": _CUSTOMER,
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
        "email": _EMAIL,
    },
    FileKind.EVENTS: {
        "customer_id": _CUSTOMER,
        "kind": (
            "kind|event|event type|event name|event kind|activity type|type|種類|種別|イベント"
            "|イベント名|イベント種別|活動種別|区分|アクション|activity|action|活動|対応種別"
            "|活動内容|タイプ|event category|活動区分|status"
        ),
        "at": (
            "at|occurred at|event time|event date|event at|happened at|発生日時|発生日|実施日時"
            "|実施日|対応日時|対応日|活動日|活動日時|イベント日時|イベント日|開催日|activity date"
            "|time|start|start time"
        )
        + _AT,
        "email": _EMAIL,
        "ref": (
            "ref|reference|reference id|ticket id|ticket number|ticket no|case id|case number"
            "|issue id|ticket|チケット番号|チケットID|問い合わせ番号|お問い合わせ番号|問合せ番号"
            "|案件番号|参照番号|管理番号|受付番号|event id|activity id|id|deal id|order id"
            "|order number|注文番号|key|issue key"
        ),
        "value": "value|amount|event value|金額|値|数値|price|total|数量|quantity",
        "note": (
            "note|notes|description|subject|memo|details|summary|comment|comments|メモ|備考|内容"
            "|詳細|件名|説明|コメント|対応内容|議事録|概要|body|title|タイトル"
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
            r"|tell us (?:more|why)"
            r"|(?:理由|ご意見|ご要望|ご感想).*(?:ください|下さい|ましたら|記入|お聞かせ|教え)"
            r"|(?:点数|スコア|評価).{0,12}理由|理由を"
        ),
    },
}

# Two columns that make one name.
FAMILY_NAME = (
    "last name|family name|surname|lastname|姓|名字|苗字|氏|ラストネーム|担当者姓|お名前姓"
)
GIVEN_NAME = "first name|given name|firstname|名|ファーストネーム|担当者名（名）|お名前名"
