"""The words that names are made of. Every company name is coined; domains end in .example."""

from __future__ import annotations

# Japanese beginnings and endings, with their Latin spelling for the domain.
JA_BEGINNINGS = (
    ("ソラ", "sora"), ("ホシ", "hoshi"), ("カゼ", "kaze"), ("ミナ", "mina"), ("ユキ", "yuki"),
    ("ツキ", "tsuki"), ("アサ", "asa"), ("モリ", "mori"), ("ナギ", "nagi"), ("ハル", "haru"),
    ("イズ", "izu"), ("クモ", "kumo"), ("シオ", "shio"), ("ヒナ", "hina"), ("ミネ", "mine"),
    ("ワカ", "waka"), ("コト", "koto"), ("スズ", "suzu"), ("トキ", "toki"), ("フジナ", "fujina"),
)  # fmt: skip
JA_ENDINGS = (
    ("ネリ", "neri"), ("バネ", "bane"), ("ドリム", "dorim"), ("マキア", "makia"), ("ヅル", "zuru"),
    ("ノワ", "nowa"), ("ミズナ", "mizuna"), ("タマリ", "tamari"), ("ヒコラ", "hikora"),
    ("クラフ", "kurafu"), ("シロナ", "shirona"), ("ガサネ", "gasane"), ("ベリカ", "berika"),
    ("ウネ", "une"), ("オリネ", "orine"), ("カサリ", "kasari"), ("セトナ", "setona"),
    ("ムスビア", "musubia"), ("ラギ", "ragi"), ("ヨリナ", "yorina"),
)  # fmt: skip
EN_BEGINNINGS = (
    "Amble", "Bramble", "Cinder", "Dapple", "Ember", "Fennel", "Gorse", "Hollow", "Juniper",
    "Kettle", "Larch", "Marrow", "Nettle", "Otter", "Pepper", "Quillow", "Russet", "Saffron",
    "Thistle", "Umber", "Wren", "Yarrow",
)  # fmt: skip
EN_ENDINGS = (
    "beck", "combe", "dale", "fold", "garth", "hurst", "ingly", "kirk", "loft", "mere", "nook",
    "over", "rigg", "stowe", "thorpe", "under", "wick", "worth",
)  # fmt: skip

# Industry: how a company of it is called in Japanese, in Latin letters and in English.
INDUSTRIES = {
    "Manufacturing": ("製作所", "works", "Manufacturing"),
    "Logistics": ("物流", "logi", "Freight"),
    "Retail": ("商店", "shoten", "Stores"),
    "Food": ("食品", "foods", "Foods"),
    "Healthcare": ("ヘルスケア", "health", "Care"),
    "Travel": ("観光", "kanko", "Travel"),
    "Software": ("システムズ", "systems", "Software"),
    "Education": ("学習社", "gakushu", "Learning"),
}
# Region: language, time zone, share of the customers.
REGIONS = {
    "Kanto": ("ja", "Asia/Tokyo", 34),
    "Kansai": ("ja", "Asia/Tokyo", 18),
    "Kyushu": ("ja", "Asia/Tokyo", 8),
    "Tohoku": ("ja", "Asia/Tokyo", 6),
    "US West": ("en", "America/Los_Angeles", 13),
    "US East": ("en", "America/New_York", 9),
    "UK": ("en", "Europe/London", 8),
    "Singapore": ("en", "Asia/Singapore", 4),
}
OWNERS = ("cs@koe.example", "aoi.kanzaki@koe.example", "ben.harrow@koe.example")

JA_FAMILY = (
    ("佐藤", "sato"), ("鈴木", "suzuki"), ("高橋", "takahashi"), ("田中", "tanaka"),
    ("伊藤", "ito"), ("渡辺", "watanabe"), ("山本", "yamamoto"), ("中村", "nakamura"),
    ("小林", "kobayashi"), ("加藤", "kato"), ("吉田", "yoshida"), ("山田", "yamada"),
    ("松本", "matsumoto"), ("井上", "inoue"), ("木村", "kimura"), ("清水", "shimizu"),
    ("林", "hayashi"), ("斎藤", "saito"), ("森", "mori"), ("池田", "ikeda"),
    ("橋本", "hashimoto"), ("石川", "ishikawa"), ("前田", "maeda"), ("藤田", "fujita"),
    ("岡田", "okada"), ("長谷川", "hasegawa"), ("村上", "murakami"), ("近藤", "kondo"),
)  # fmt: skip
JA_GIVEN = (
    ("陽菜", "hina"), ("結衣", "yui"), ("美咲", "misaki"), ("葵", "aoi"), ("さくら", "sakura"),
    ("千尋", "chihiro"), ("麻衣", "mai"), ("由紀子", "yukiko"), ("恵", "megumi"),
    ("真理子", "mariko"), ("翔太", "shota"), ("大輔", "daisuke"), ("健一", "kenichi"),
    ("拓也", "takuya"), ("直樹", "naoki"), ("隆", "takashi"), ("悠斗", "yuto"),
    ("浩二", "koji"), ("誠", "makoto"), ("亮", "ryo"), ("智子", "tomoko"), ("優子", "yuko"),
)  # fmt: skip
EN_FAMILY = (
    "Adeyemi", "Barlow", "Carver", "Dhillon", "Ellery", "Fontaine", "Garrity", "Hollis", "Iyer",
    "Jessop", "Kowalski", "Lindqvist", "Marsh", "Novak", "Okafor", "Pereira", "Quincey", "Rahman",
    "Sutton", "Tan", "Ueland", "Vance", "Whitlock", "Yates",
)  # fmt: skip
EN_GIVEN = (
    "Alice", "Ben", "Chloe", "David", "Emma", "Farah", "George", "Hannah", "Imran", "Julia",
    "Kofi", "Laura", "Marcus", "Nadia", "Oliver", "Priya", "Rachel", "Sam", "Tessa", "Victor",
    "Wendy", "Zoe",
)  # fmt: skip

# Role: how much more content, how much more given to answering, share.
ROLES = {
    "executive": (-0.25, 0.7, 14),
    "admin": (0.0, 1.1, 24),
    "champion": (0.7, 1.35, 16),
    "user": (-0.1, 0.95, 46),
}
