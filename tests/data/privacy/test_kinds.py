"""Private data by kind; every number is its issuer's own published example or worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.privacy import PrivateKind, private_kind
from data.privacy.identities import holds_identity

EXAMPLES = {
    PrivateKind.MAIL: ["anna (at) example (dot) com", "ANNA＠EXAMPLE.COM", "an\u200bna@example.com"],
    PrivateKind.TELEPHONE: [
        "anna 0171 2345678",
        "０１７１ ２３４５６７８",
        "0041 44 668 18 00",
        "call 030/23125123 now",
    ],
    PrivateKind.CARD: ["4111-1111-1111-1111 visa", "5500 0000 0000 0004", "340000000000009"],
    PrivateKind.IBAN: ["iban de89370400440532013000 anna", "FR14 2004 1010 0505 0001 3M02 606"],
    PrivateKind.IDENTITY: [
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
    PrivateKind.PERSON: ["anna schmidt 12.03.1984", "john smith 84731"],
    PrivateKind.SECRET: ["password: 84731", "kundennummer 4711-8150", "born on 1984-03-12"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in EXAMPLES.items() for text in texts])
def test_a_kind_is_recognised(kind: PrivateKind, text: str) -> None:
    assert private_kind(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "street light 12 v",
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
    for piece in ("1 ", "a@", "12 ab street ", "straße 1", "0-", "anna "):
        private_kind(piece * (10_000 // len(piece)))
