"""Words that the columns of several kinds of file share, in the order in which they count."""

from __future__ import annotations

# Whose row it is, by a word that can mean nothing else.
CUSTOMER = (
    "customer id|customer number|customer no|customer code|customer ref|顧客ID|顧客番号|顧客No"
    "|顧客コード|お客様ID|お客様番号|お客様コード|得意先ID|得意先コード|得意先番号|取引先ID"
    "|取引先コード|取引先番号|取引先No|取引先管理番号|account id|account code|source account id"
    "|external account id|account external id|salesforce account id|sfdc account id"
    "|SalesforceID|アカウントID|アカウントコード|company id|company code|company number"
    "|record id - company|company record id|associated company id|associated company ids"
    "|primary associated company id|会社ID|会社コード|会社コードまたは顧客コード1|企業ID"
    "|企業コード|法人ID|client id|client code|client number|external client id|クライアントID"
    "|クライアントコード|organization id|organisation id|org id|組織ID|組織コード|団体ID"
    "|tenant id|テナントID|store code|店舗コード|customer handle|customer external id"
    "|external customer id|ユーザー企業ID|契約者ID|契約者番号|会員番号|会員ID|契約先コード"
    "|請求先コード|販売先コード|debtor number|partner code|partner id|共有企業ID|SOC"
)
# What CRMs leave to those who fill it in, beside the id that their other files refer to.
ACCOUNT_NUMBER = "|account number|account no|アカウント番号"
# The id of the row itself, or the customer's, in a file of customers; in one of people, theirs.
OWN_OR_THEIRS = "|external id|external key|外部ID|外部コード|外部キー|contact code"
# Of a program's own customers; in files of people it is the program that wrote the file.
TENANT = "|workspace id|ワークスペースID|team id"
# A file of customers says "id" and means theirs; what people gave them as a code comes first.
OWN_ID = (
    "|code|コード|record id|レコードID|id" + ACCOUNT_NUMBER + "|レコード番号|key|no|番号"
    "|顧客管理番号|管理番号|社内コード|gsid"
)
# Where nothing else tells customers apart.
DOMAIN = "|company domain name|会社のドメイン名"

COMPANY = (
    "company name|customer name|account name|会社名|企業名|法人名|顧客名|お客様名|取引先名"
    "|得意先名|アカウント名|クライアント名|団体名|組織名|社名|貴社名|御社名|商号|屋号|契約者名"
    "|会社名・団体名|商号又は名称|商号または名称|company|organization name|organisation name"
    "|organization|organisation|business name|legal name|client name|account|client|会社|取引先"
    "|取引先 名|name|名称|名前|display name|顧客名（正式名称）|正式名称|請求先名"
    "|partner name|tenant name|workspace name|事業者名|customer company|勤務先名|顧客|得意先"
    "|取引先名称|得意先名称|顧客企業名"
)
EMAIL = (
    "email|e-mail|email address|mail|mail address|メールアドレス|メール|電子メール|Eメール"
    "|電子メールアドレス|Eメールアドレス|E-mailアドレス|Emailアドレス|メルアド|primary email"
    "|work email|business email|email work|contact email|user email|person email|customer email"
    "|respondent email|requester email|email id|email 1|email1|e-mail 1 - value"
    "|email address 1|emailaddress1|担当者メールアドレス|担当者メール|ご担当者メールアドレス"
    "|ご担当者様メールアドレス|連絡先メールアドレス|連絡先メール|回答者メールアドレス"
    "|回答者メール|回答者のメールアドレス|メールアドレス1|メール1|会社メールアドレス"
    "|勤務先メール|勤務先メールアドレス|mailadresse|billing email|email addresses"
    "|member email|verified email"
)
# A survey went to them; of an event it may be the mailbox that a mail of theirs came in by.
RECIPIENT = (
    "|recipient email|recipient email address|recipient|送信先|宛先|配信先|to|回答者|subscriber"
    "|ユーザー名|username|user name|login|ログインID"
)
PERSON = (
    "name|full name|contact name|person name|contact|氏名|名前|お名前|担当者名|ご担当者名|担当者"
    "|ご担当者|ご担当者様名|連絡先名|取引先責任者名|回答者名|回答者氏名|ユーザー名|display name"
    "|user name|recipient name|respondent name|person|氏名漢字|姓名|フルネーム|お客様氏名"
    "|名前・氏名|個人名|顧客担当者名|取引先責任者|連絡先|first and last name"
    "|customer full name|取引先責任者 名"
)
FAMILY_NAME = (
    "last name|family name|surname|lastname|姓|名字|苗字|氏|ラストネーム|担当者姓|お名前姓"
    "|contact last name"
)
GIVEN_NAME = "first name|given name|firstname|名|ファーストネーム|お名前名|contact first name"
LANGUAGE = (
    "language|lang|locale|language code|preferred language|user language|interface language|言語"
    "|言語コード|使用言語|表示言語|希望言語|言語設定|対応言語|ロケール|preferred locale"
    "|survey language|language override|contact language|配信言語|利用言語"
)
ANSWER_LANGUAGE = LANGUAGE + "|start language|response language|回答言語|開始言語"
PRODUCT = (
    "product|product name|plan|plan name|item|item name|price name|service|商品|商品名|品名|品目"
    "|プラン|プラン名|製品|製品名|サービス|サービス名|契約プラン|料金プラン|product code|plan id"
    "|item price id|addon|商品コード|品番|内容"
)
QUANTITY = (
    "quantity|qty|units|seats|licenses|licences|数量|個数|ライセンス数|席数|シート数|ユーザー数"
    "|契約数|アカウント数|ID数|item quantity|plan quantity"
)
CURRENCY = (
    "currency|currency code|currency iso code|通貨|通貨コード|通貨単位|通貨種別"
    "|presentment currency"
)
AT = (
    "|タイムスタンプ|timestamp|日時|date time|datetime|created at|created on|created|created date"
    "|date created|作成日時|登録日時|受付日時|date|日付"
)
