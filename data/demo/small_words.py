# ruff: noqa: E501
"""The words of the demo shop: product types, brands, colours and what is said of them, in three locales.

Everything here is made up for this project. Texts are (English, German, Japanese).
"""

from dataclasses import dataclass

LOCALES = ("en", "de", "ja")
Words = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Size:
    """What a type's variants may differ in besides colour: a field, its values and how the title says it."""

    field: str
    unit: str | None
    values: tuple[float | str, ...]
    says: Words


@dataclass(frozen=True, slots=True)
class ProductType:
    """A type of product: its names, its category (keys of `CATEGORIES`), prices in euro cents and how it is drawn."""

    names: Words
    category: str
    prices: tuple[int, int]
    shape: str
    materials: tuple[str, ...] = ()
    size: Size | None = None
    features: tuple[str, ...] = ()
    yen: bool = False


CATEGORIES: dict[str, tuple[str, ...]] = {
    "tea": ("Home", "Kitchen", "Tea & coffee"),
    "cooking": ("Home", "Kitchen", "Cooking"),
    "light": ("Home", "Living", "Lighting"),
    "textiles": ("Home", "Living", "Textiles"),
    "decoration": ("Home", "Living", "Decoration"),
    "jackets": ("Clothing", "Jackets"),
    "tops": ("Clothing", "Tops"),
    "trousers": ("Clothing", "Trousers"),
    "shoes": ("Clothing", "Shoes"),
    "accessories": ("Clothing", "Accessories"),
    "bags": ("Travel", "Bags"),
    "camping": ("Outdoor", "Camping"),
    "drinking": ("Outdoor", "Drinking"),
    "audio": ("Electronics", "Audio"),
    "desk": ("Electronics", "Desk"),
    "power": ("Electronics", "Power & cables"),
    "kyoto_table": ("Kyoto collection", "Table"),
    "kyoto_paper": ("Kyoto collection", "Paper & ink"),
}

LITRES = Size("capacity", "l", (0.5, 0.75, 1.0, 1.7), ("{} l", "{} l", "{}L"))
PACK_LITRES = Size("volume", "l", (15.0, 22.0, 30.0, 45.0), ("{} l", "{} l", "{}L"))
CLOTHES = Size("size", None, ("S", "M", "L", "XL"), ("size {}", "Größe {}", "{}サイズ"))
SHOES = Size("shoe_size", None, ("38", "40", "42", "44"), ("EU {}", "EU {}", "EU{}"))
PAN = Size("diameter", "cm", (20.0, 24.0, 28.0), ("{} cm", "{} cm", "{}cm"))
CABLE = Size("length", "m", (0.5, 1.0, 2.0, 3.0), ("{} m", "{} m", "{}m"))
SCREEN = Size("screen_size", "in", (24.0, 27.0, 32.0), ('{}"', "{} Zoll", "{}インチ"))
CHARGE = Size("battery", "mAh", (5000.0, 10000.0, 20000.0), ("{} mAh", "{} mAh", "{}mAh"))
SLEEVE = Size("laptop_size", "in", (13.0, 14.0, 16.0), ('{}"', "{} Zoll", "{}インチ"))
PERSONS = Size("persons", None, (2.0, 3.0, 4.0), ("for {} people", "für {} Personen", "{}人用"))

TYPES: tuple[ProductType, ...] = (
    ProductType(
        ("teapot", "Teekanne", "ティーポット"),
        "tea",
        (2400, 6900),
        "pot",
        ("porcelain", "cast iron", "glass"),
        LITRES,
        ("strainer", "dishwasher"),
    ),
    ProductType(
        ("mug", "Becher", "マグカップ"),
        "tea",
        (700, 2200),
        "mug",
        ("porcelain", "stoneware", "enamel"),
        None,
        ("dishwasher", "handmade"),
    ),
    ProductType(
        ("electric kettle", "Wasserkocher", "電気ケトル"),
        "tea",
        (2900, 9900),
        "pot",
        ("stainless steel", "glass"),
        LITRES,
        ("quiet", "auto_off"),
    ),
    ProductType(
        ("coffee grinder", "Kaffeemühle", "コーヒーミル"),
        "tea",
        (3900, 14900),
        "tower",
        ("stainless steel", "beech"),
        None,
        ("quiet", "handmade"),
    ),
    ProductType(
        ("chef's knife", "Kochmesser", "シェフナイフ"),
        "cooking",
        (2900, 15900),
        "knife",
        ("steel", "damascus steel"),
        None,
        ("handmade", "sharp"),
    ),
    ProductType(
        ("frying pan", "Bratpfanne", "フライパン"),
        "cooking",
        (1900, 8900),
        "pan",
        ("cast iron", "aluminium", "stainless steel"),
        PAN,
        ("induction", "oven"),
    ),
    ProductType(
        ("cutting board", "Schneidebrett", "まな板"),
        "cooking",
        (1200, 5900),
        "board",
        ("oak", "beech", "bamboo"),
        None,
        ("handmade", "feet"),
    ),
    ProductType(
        ("table lamp", "Tischlampe", "テーブルランプ"),
        "light",
        (2900, 12900),
        "lamp",
        ("linen", "brass", "oak"),
        None,
        ("dim", "warm_light"),
    ),
    ProductType(
        ("floor lamp", "Stehlampe", "フロアランプ"),
        "light",
        (6900, 24900),
        "lamp",
        ("brass", "steel", "oak"),
        None,
        ("dim", "warm_light"),
    ),
    ProductType(
        ("cushion", "Kissen", "クッション"),
        "textiles",
        (1500, 4900),
        "cushion",
        ("cotton", "linen", "wool"),
        None,
        ("washable", "soft"),
    ),
    ProductType(
        ("blanket", "Wolldecke", "ブランケット"),
        "textiles",
        (3900, 12900),
        "cloth",
        ("wool", "cotton", "cashmere"),
        None,
        ("soft", "washable"),
    ),
    ProductType(
        ("vase", "Vase", "花瓶"),
        "decoration",
        (1400, 7900),
        "vase",
        ("glass", "stoneware", "porcelain"),
        None,
        ("handmade",),
    ),
    ProductType(
        ("wall clock", "Wanduhr", "壁掛け時計"),
        "decoration",
        (2400, 8900),
        "clock",
        ("oak", "steel", "walnut"),
        None,
        ("quiet",),
    ),
    ProductType(
        ("rain jacket", "Regenjacke", "レインジャケット"),
        "jackets",
        (6900, 22900),
        "jacket",
        ("recycled polyester", "nylon"),
        CLOTHES,
        ("waterproof", "light"),
    ),
    ProductType(
        ("down jacket", "Daunenjacke", "ダウンジャケット"),
        "jackets",
        (11900, 32900),
        "jacket",
        ("nylon", "recycled polyester"),
        CLOTHES,
        ("warm", "light"),
    ),
    ProductType(
        ("t-shirt", "T-Shirt", "Tシャツ"),
        "tops",
        (1500, 4900),
        "shirt",
        ("cotton", "merino wool", "linen"),
        CLOTHES,
        ("soft", "washable"),
    ),
    ProductType(
        ("hoodie", "Kapuzenpullover", "パーカー"),
        "tops",
        (3900, 9900),
        "jacket",
        ("cotton", "fleece"),
        CLOTHES,
        ("soft", "warm"),
    ),
    ProductType(
        ("jeans", "Jeans", "ジーンズ"),
        "trousers",
        (4900, 12900),
        "trousers",
        ("cotton", "hemp"),
        CLOTHES,
        ("washable", "repair"),
    ),
    ProductType(
        ("running shoes", "Laufschuhe", "ランニングシューズ"),
        "shoes",
        (6900, 17900),
        "shoe",
        ("mesh", "recycled polyester"),
        SHOES,
        ("light", "grip"),
    ),
    ProductType(
        ("hiking boots", "Wanderstiefel", "登山靴"),
        "shoes",
        (9900, 25900),
        "shoe",
        ("leather", "nubuck"),
        SHOES,
        ("waterproof", "grip"),
    ),
    ProductType(
        ("beanie", "Mütze", "ニット帽"),
        "accessories",
        (1500, 4500),
        "cap",
        ("wool", "cashmere", "cotton"),
        None,
        ("warm", "soft"),
    ),
    ProductType(
        ("leather belt", "Ledergürtel", "革ベルト"),
        "accessories",
        (2500, 7900),
        "belt",
        ("leather",),
        None,
        ("handmade", "repair"),
    ),
    ProductType(
        ("backpack", "Rucksack", "リュックサック"),
        "bags",
        (4900, 18900),
        "bag",
        ("nylon", "canvas", "recycled polyester"),
        PACK_LITRES,
        ("waterproof", "light"),
    ),
    ProductType(
        ("tote bag", "Stofftasche", "トートバッグ"),
        "bags",
        (1200, 6900),
        "tote",
        ("cotton", "canvas", "leather"),
        None,
        ("washable", "repair"),
    ),
    ProductType(
        ("laptop sleeve", "Laptophülle", "ノートパソコンケース"),
        "bags",
        (1900, 6900),
        "board",
        ("felt", "leather", "neoprene"),
        SLEEVE,
        ("soft", "handmade"),
    ),
    ProductType(
        ("tent", "Zelt", "テント"),
        "camping",
        (11900, 49900),
        "tent",
        ("nylon", "polycotton"),
        PERSONS,
        ("waterproof", "light"),
    ),
    ProductType(
        ("sleeping bag", "Schlafsack", "寝袋"),
        "camping",
        (5900, 25900),
        "cloth",
        ("down", "synthetic"),
        None,
        ("warm", "light"),
    ),
    ProductType(
        ("headlamp", "Stirnlampe", "ヘッドランプ"),
        "camping",
        (1900, 7900),
        "clock",
        ("aluminium",),
        None,
        ("waterproof", "usb_c"),
    ),
    ProductType(
        ("water bottle", "Trinkflasche", "水筒"),
        "drinking",
        (1200, 4500),
        "bottle",
        ("stainless steel", "glass", "aluminium"),
        LITRES,
        ("dishwasher", "leakproof"),
    ),
    ProductType(
        ("thermos flask", "Thermoskanne", "魔法瓶"),
        "drinking",
        (2400, 6900),
        "bottle",
        ("stainless steel",),
        LITRES,
        ("warm_12h", "leakproof"),
    ),
    ProductType(
        ("wireless headphones", "kabellose Kopfhörer", "ワイヤレスヘッドホン"),
        "audio",
        (5900, 34900),
        "headphones",
        ("aluminium", "recycled plastic"),
        None,
        ("noise", "usb_c"),
    ),
    ProductType(
        ("bluetooth speaker", "Bluetooth-Lautsprecher", "Bluetoothスピーカー"),
        "audio",
        (3900, 24900),
        "speaker",
        ("aluminium", "bamboo"),
        None,
        ("waterproof", "usb_c"),
    ),
    ProductType(
        ("monitor", "Monitor", "モニター"),
        "desk",
        (14900, 69900),
        "screen",
        ("recycled plastic",),
        SCREEN,
        ("sharp_image", "usb_c"),
    ),
    ProductType(
        ("keyboard", "Tastatur", "キーボード"),
        "desk",
        (3900, 18900),
        "board",
        ("aluminium", "recycled plastic"),
        None,
        ("quiet", "usb_c"),
    ),
    ProductType(
        ("mouse", "Maus", "マウス"), "desk", (1900, 9900), "mouse", ("recycled plastic",), None, ("quiet", "usb_c")
    ),
    ProductType(
        ("usb-c cable", "USB-C-Kabel", "USB-Cケーブル"), "power", (900, 2900), "cable", ("nylon",), CABLE, ("repair",)
    ),
    ProductType(
        ("power bank", "Powerbank", "モバイルバッテリー"),
        "power",
        (1900, 7900),
        "board",
        ("aluminium", "recycled plastic"),
        CHARGE,
        ("usb_c", "light"),
    ),
    ProductType(
        ("matcha bowl", "Matcha-Schale", "抹茶茶碗"),
        "kyoto_table",
        (3200, 14800),
        "bowl",
        ("stoneware", "porcelain"),
        None,
        ("handmade",),
        True,
    ),
    ProductType(
        ("bamboo whisk", "Bambusbesen", "茶筅"),
        "kyoto_table",
        (1800, 6400),
        "tower",
        ("bamboo",),
        None,
        ("handmade",),
        True,
    ),
    ProductType(
        ("chopsticks", "Essstäbchen", "箸"),
        "kyoto_table",
        (1200, 5200),
        "knife",
        ("cherry wood", "bamboo"),
        None,
        ("handmade",),
        True,
    ),
    ProductType(
        ("brush pen", "Pinselstift", "筆ペン"),
        "kyoto_paper",
        (600, 2800),
        "knife",
        ("bamboo",),
        None,
        ("refill",),
        True,
    ),
    ProductType(
        ("washi notebook", "Washi-Notizbuch", "和紙ノート"),
        "kyoto_paper",
        (1100, 4200),
        "board",
        ("washi paper",),
        None,
        ("handmade",),
        True,
    ),
)

# Two or three brands a department, so that a brand is evidence for a department but no proof.
BRANDS: dict[str, tuple[str, ...]] = {
    "Home": ("Lindhof", "Casa Marea", "Kupferkessel", "Brightwell"),
    "Clothing": ("Nordfjell", "Wren & Hale", "Tessaro"),
    "Travel": ("Wayfold", "Nordfjell", "Tessaro"),
    "Outdoor": ("Nordfjell", "Granite Peak", "Wayfold"),
    "Electronics": ("Auralis", "Voltana", "Pixelmark"),
    "Kyoto collection": ("Hanamizuki", "Sumi-ya"),
}

STYLES = (
    "Aila", "Arden", "Bering", "Birka", "Calla", "Corvo", "Dune", "Elba", "Fara", "Fjord", "Gale", "Halo", "Hollis", "Iris", "Juno", "Kestrel", "Kiri",
    "Lumen", "Lark", "Maro", "Mistral", "Nemo", "Nova", "Onda", "Orla", "Pico", "Quill", "Rune", "Sable", "Sola", "Terra", "Tove", "Umbra", "Vela",
    "Wilma", "Yuki", "Zephyr",
)  # fmt: skip

COLOURS: dict[str, tuple[Words, str]] = {
    "black": (("black", "schwarz", "ブラック"), "#2b2b2e"),
    "white": (("white", "weiß", "ホワイト"), "#eceae4"),
    "grey": (("grey", "grau", "グレー"), "#8b8f94"),
    "navy": (("navy", "marineblau", "ネイビー"), "#26375f"),
    "light blue": (("light blue", "hellblau", "ライトブルー"), "#8fb8d9"),
    "forest green": (("forest green", "waldgrün", "フォレストグリーン"), "#2f5d44"),
    "sage": (("sage", "salbeigrün", "セージ"), "#9fb197"),
    "mustard": (("mustard", "senfgelb", "マスタード"), "#d1a028"),
    "rust": (("rust", "rostrot", "ラスト"), "#a8502e"),
    "red": (("red", "rot", "レッド"), "#b3262c"),
    "rose": (("rose", "rosa", "ローズ"), "#d99aa5"),
    "sand": (("sand", "sandfarben", "サンド"), "#d3bf9c"),
    "brown": (("brown", "braun", "ブラウン"), "#6b4a32"),
}

MATERIALS: dict[str, Words] = {
    "aluminium": ("aluminium", "Aluminium", "アルミニウム"),
    "bamboo": ("bamboo", "Bambus", "竹"),
    "beech": ("beech", "Buche", "ブナ"),
    "brass": ("brass", "Messing", "真鍮"),
    "canvas": ("canvas", "Canvas", "キャンバス"),
    "cashmere": ("cashmere", "Kaschmir", "カシミヤ"),
    "cast iron": ("cast iron", "Gusseisen", "鋳鉄"),
    "cherry wood": ("cherry wood", "Kirschholz", "桜の木"),
    "cotton": ("cotton", "Baumwolle", "コットン"),
    "damascus steel": ("damascus steel", "Damaststahl", "ダマスカス鋼"),
    "down": ("down", "Daunen", "ダウン"),
    "enamel": ("enamel", "Emaille", "琺瑯"),
    "felt": ("felt", "Filz", "フェルト"),
    "fleece": ("fleece", "Fleece", "フリース"),
    "glass": ("glass", "Glas", "ガラス"),
    "hemp": ("hemp", "Hanf", "ヘンプ"),
    "leather": ("leather", "Leder", "革"),
    "linen": ("linen", "Leinen", "リネン"),
    "merino wool": ("merino wool", "Merinowolle", "メリノウール"),
    "mesh": ("mesh", "Mesh", "メッシュ"),
    "neoprene": ("neoprene", "Neopren", "ネオプレン"),
    "nubuck": ("nubuck", "Nubuk", "ヌバック"),
    "nylon": ("nylon", "Nylon", "ナイロン"),
    "oak": ("oak", "Eiche", "オーク"),
    "polycotton": ("polycotton", "Mischgewebe", "ポリコットン"),
    "porcelain": ("porcelain", "Porzellan", "磁器"),
    "recycled plastic": ("recycled plastic", "Recyclingkunststoff", "再生プラスチック"),
    "recycled polyester": ("recycled polyester", "Recyclingpolyester", "再生ポリエステル"),
    "stainless steel": ("stainless steel", "Edelstahl", "ステンレス"),
    "steel": ("steel", "Stahl", "スチール"),
    "stoneware": ("stoneware", "Steinzeug", "陶器"),
    "synthetic": ("synthetic fibre", "Kunstfaser", "化学繊維"),
    "walnut": ("walnut", "Nussbaum", "ウォールナット"),
    "washi paper": ("washi paper", "Washi-Papier", "和紙"),
    "wool": ("wool", "Wolle", "ウール"),
}

FEATURES: dict[str, Words] = {
    "auto_off": ("Switches itself off.", "Schaltet sich selbst ab.", "自動で電源が切れます。"),
    "dim": ("Dims in three steps.", "In drei Stufen dimmbar.", "3段階で調光できます。"),
    "dishwasher": ("Safe in the dishwasher.", "Spülmaschinenfest.", "食洗機対応。"),
    "feet": ("Does not slip, thanks to rubber feet.", "Rutscht nicht dank Gummifüßen.", "ゴム足で滑りません。"),
    "grip": (
        "A sole that grips on wet ground.",
        "Eine Sohle, die auf nassem Boden hält.",
        "濡れた地面でも滑りにくい靴底。",
    ),
    "handmade": (
        "Made by hand in a small workshop.",
        "In einer kleinen Werkstatt von Hand gefertigt.",
        "小さな工房の手作り。",
    ),
    "induction": ("Works on induction hobs.", "Für Induktion geeignet.", "IH対応。"),
    "leakproof": ("Does not leak in the bag.", "Läuft in der Tasche nicht aus.", "バッグの中で漏れません。"),
    "light": ("Weighs hardly anything.", "Wiegt fast nichts.", "とても軽量です。"),
    "noise": ("Active noise cancelling.", "Aktive Geräuschunterdrückung.", "ノイズキャンセリング搭載。"),
    "oven": ("Goes into the oven, too.", "Auch für den Backofen.", "オーブンでも使えます。"),
    "quiet": ("Pleasantly quiet.", "Angenehm leise.", "とても静かです。"),
    "refill": ("Takes ink refills.", "Mit Tinte nachfüllbar.", "インクの補充ができます。"),
    "repair": ("We repair it for ten years.", "Wir reparieren es zehn Jahre lang.", "10年間修理いたします。"),
    "sharp": ("Stays sharp for long.", "Bleibt lange scharf.", "切れ味が長持ちします。"),
    "sharp_image": (
        "A sharp picture with true colours.",
        "Ein scharfes Bild mit echten Farben.",
        "鮮明で正確な色の画面。",
    ),
    "soft": ("Soft on the skin.", "Weich auf der Haut.", "肌触りが柔らかい。"),
    "strainer": ("With a strainer for loose tea.", "Mit Sieb für losen Tee.", "茶こし付き。"),
    "usb_c": ("Charges over USB-C.", "Lädt über USB-C.", "USB-Cで充電。"),
    "warm": ("Keeps you warm well below zero.", "Hält auch weit unter null warm.", "氷点下でも暖かい。"),
    "warm_12h": ("Keeps drinks hot for twelve hours.", "Hält Getränke zwölf Stunden heiß.", "12時間保温。"),
    "warm_light": ("A warm, even light.", "Ein warmes, gleichmäßiges Licht.", "暖かく均一な光。"),
    "washable": ("Machine-washable.", "Waschmaschinenfest.", "洗濯機で洗えます。"),
    "waterproof": ("Waterproof in lasting rain.", "Auch bei Dauerregen wasserdicht.", "長雨でも安心の防水。"),
}
