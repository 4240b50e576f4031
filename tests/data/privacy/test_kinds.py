"""Private data by kind; every number is its issuer's own published example or worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.privacy import PrivateKind, private_kind
from data.privacy.identities import holds_identity

EXAMPLES = {
    PrivateKind.MAIL: [
        "jörg@müller.de",
        "иван@почта.рф",
        "用户@例子.中国",
        "anna@163.com",
        "anna @ example . com",
        "anna at example dot com",
        "anna{at}example.com",
        "anna@\u200bexample.com",
        "𝐚𝐧𝐧𝐚@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.com",
        '"anna"@example.com',
        "anna (at) example (dot) com",
        "ANNA＠EXAMPLE.COM",
        "an\u200bna@example.com",
    ],
    PrivateKind.TELEPHONE: [
        "0171 - 23 45 678",
        "0171 / 2345678",
        "0171   2345678",
        "0171_2345678",
        "0171 ~ 2345678",
        "٠١٧١ ٢٣٤٥٦٧٨",
        "０９０ー１２３４ー５６７８",
        "0️⃣1️⃣7️⃣1️⃣ 2345678",
        "+49171\u20602345678",
        "4155552671",
        "(415)555-2671",
        "1-415-555-2671",
        "(+49) 171 2345678",
        "+ 49 171 2345678",
        "tel0171 2345678",
        "8 912 345-67-89",
        "anna 0171 2345678",
        "０１７１ ２３４５６７８",
        "0041 44 668 18 00",
        "call 030/23125123 now",
    ],
    PrivateKind.CARD: [
        "4111 - 1111 - 1111 - 1111",
        "4111_1111_1111_1111",
        "４１１１ １１１１ １１１１ １１１１",
        "4111\u200b1111\u200b1111\u200b1111",
        "visa4111111111111111",
        "4111-1111-1111-1111 visa",
        "5500 0000 0000 0004",
        "340000000000009",
    ],
    PrivateKind.IBAN: [
        "DE 89 3704 0044 0532 0130 00",
        "de89-3704-0044-0532-0130-00",
        "DE893 7040 0440 5320 13000",
        "DE89/3704.0044 053201 3000",
        "IBANDE89370400440532013000",
        "nl 91 abna 0417164300",
        "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
        "ＤＥ８９\u3000３７０４\u3000００４４\u3000０５３２\u3000０１３０\u3000００",
        "iban de89370400440532013000 anna",
        "FR14 2004 1010 0505 0001 3M02 606",
    ],
    PrivateKind.IDENTITY: [
        "123.45.6789",
        "123 - 45 - 6789",
        "AB-12-34-56-C",
        "86-095-742-719",
        "12.345.678-Z",
        "X-1234567-L",
        "2.55.08.14.168.025.38",
        "RSS MRA 85T10 A562S",
        "rss-mra-85t10-a562s",
        "198112189876",
        "529 982 247 25",
        "52998224725",
        "ssn 123-45-6789",
        "AB 12 34 56 C",
        "86 095 742 719",
        "12345678Z",
        "x1234567l",
        "2 55 08 14 168 025 38",
        "RSSMRA85T10A562S",
        "44051401359",
        "811218-9876",
        "529.982.247-25",
    ],
    PrivateKind.ADDRESS: [
        "Hauptstr 5",
        "hauptstrasse nr. 5",
        "Karl-Marx-Allee 7",
        "Am Ring 3, 10115 Berlin",
        "12 Baker Street London",
        "12, Baker St., London",
        "1600 Pennsylvania Avenue NW Washington",
        "12 bis rue Victor Hugo",
        "calle Mayor, 12",
        "Kalverstraat 92 amsterdam",
        "〒123-4567",
        "〒１２３−４５６７",
        "東京都新宿区西新宿2-8-1",
        "新宿区西新宿2丁目8番1号",
        "東京都千代田区千代田１ー１",
        "大阪市北区梅田3の1の3",
        "北京市朝阳区建国路88号",
        "台北市信義路五段7號",
        "서울특별시 강남구 테헤란로 152",
        " 12 baker street ",
        "hauptstraße 12",
        "Karl Marx Allee 7b berlin",
        "lindenweg 3, 10115 berlin",
        "221b Baker Street",
        "1600 amphitheatre road, mountain view CA 94043",
        "10 downing street london sw1a 2aa",
        "12 rue de la paix paris",
        "calle de alcalá 45",
        "keizersgracht 221",
    ],
    PrivateKind.PERSON: [
        "anna schmidt 12. 03. 1984",
        "anna schmidt 1984/03/12",
        "schmidt, anna 12.03.1984",
        "anna schmidt 12.03.1984",
        "john smith 84731",
    ],
    PrivateKind.SECRET: [
        "passwort geheim12",
        "Passwort: geheim",
        "password=hunter2",
        "my password is hunter2",
        "mot de passe: azerty",
        "contraseña hola123",
        "wachtwoord geheim1",
        "пароль секрет12",
        "パスワードはabc123",
        "密码abc123",
        "비밀번호 abc123",
        "passwort lautet geheim12",
        "nino AB123456C",
        "password: 84731",
        "kundennummer 4711-8150",
        "born on 1984-03-12",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in EXAMPLES.items() for text in texts])
def test_a_kind_is_recognised(kind: PrivateKind, text: str) -> None:
    assert private_kind(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "street light 12 v",
        "12 street lights london",
        "47 th street new york poster",
        "nyquistr16",
        "usb 3-2-1 hub",
        "区 1-2-3",
        "21 jump street dvd",
        "password 128gb usb stick",
        "password logbook a5",
        "passwort manager 2025",
        "5 - 10 - 20 - 50 mm",
        "1155552671",  # no exchange and no area of North America begins with 1
        "4151552671",
        "9115552671",
        "de 90 3704 0044 0532 0130 00",  # other check digits
        "198113189876",  # no such month
        "52998224726",
        "light at dot sight 5",
        "4 street lights",
        "schlüsselring 20",
        "lichterkette straße 10 m",
        "rue 21",
        "1/2 in drive ratchet set",
        "marshall 1962 speaker",
        "calvin klein 50 ml",
        "stephen king 11.22.63",
        "password manager book 2025",
        "order 66",
        "baby born 829301",
        "hp 123456789",
        "46000/42000/40000/f40000",
        "oki 09002303 ribbon",
        "asus tuf706iu-as76 notebook",
        "4210201253839",  # an EAN that passes Luhn's check as well
        "60fps@1080p",
        "2 @ 50 mm",
        "12345678A",  # 12345678 modulo 23 is 14: Z
        "86095742718",  # a wrong check digit
        "44053201359",  # the 32nd of May
        "811318-9876",
    ],
)
def test_products_are_not_private(text: str) -> None:
    assert private_kind(text) is None


@pytest.mark.parametrize("text", ["123-45-0000", "900-45-6789", "529.982.247-26", "111.111.111-11", "811318-9876"])
def test_a_number_of_the_right_form_needs_what_its_issuer_asks(text: str) -> None:
    assert not holds_identity(text)


@given(st.text(alphabet=st.sampled_from("abz09@.-+/()  äß＠４жа"), max_size=60))
def test_whatever_is_typed_is_answered_and_case_makes_no_difference(text: str) -> None:
    assert private_kind(text) is private_kind(text.upper().lower())


def test_a_text_of_ten_thousand_characters_is_read_in_bounded_steps() -> None:
    for piece in ("1 ", "a@", "12 ab street ", "straße 1", "0-", "anna ", "a.", " at b", "0 - ", "de89", "区1", "pwd:"):
        private_kind(piece * (10_000 // len(piece)))
