"""What rules private data out quickly never rules out any: every text is told as if each kind were looked for in it."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.privacy import PrivateKind, private_kind
from data.privacy.identities import _FORMS
from data.privacy.kinds import _MAIL, _SPOKEN, _without_joints
from data.privacy.numbers import holds_card, holds_iban, holds_telephone
from data.privacy.people import _ADDRESSES, _PASSWORD, _STREETS, holds_person_with_number, holds_secret
from data.text import fold
from data.text.invisible import without_invisible
from tests.data.privacy.test_kinds import EXAMPLES

_KINDS = {
    PrivateKind.IDENTITY: lambda text: any(check(match) for _, form, check in _FORMS for match in form.finditer(text)),
    PrivateKind.CARD: holds_card,
    PrivateKind.IBAN: holds_iban,
    PrivateKind.TELEPHONE: holds_telephone,
    PrivateKind.SECRET: holds_secret,
    PrivateKind.PERSON: holds_person_with_number,
}


def plainly(text: str) -> PrivateKind | None:
    """Every kind in its turn, with what nobody sees and without; numbers need five digits, addresses one."""
    return _plainly(_without_joints(fold(text))) or _plainly(_without_joints(fold(without_invisible(text))))


def _plainly(folded: str) -> PrivateKind | None:
    if _MAIL.search(_SPOKEN["dot"].sub(".", _SPOKEN["at"].sub("@", folded))):
        return PrivateKind.MAIL
    if _PASSWORD.search(folded):
        return PrivateKind.SECRET
    digits = sum(character.isdigit() for character in folded)
    if digits >= 5:
        for kind, holds in _KINDS.items():
            if holds(folded):
                return kind
    lives_there = any(address.search(folded) for _, _, addresses in _ADDRESSES for address in addresses)
    return PrivateKind.ADDRESS if digits and lives_there and _STREETS.search(folded) else None


_KNOWN = sorted(text for texts in EXAMPLES.values() for text in texts)
_NAMES = """
    street st road ave lane straße str. str weg ring gasse laan gracht rue calle chemin de la bis main anna order
    customer password passwort: geheim12 lamp london 区新 丁目 〒123-4567 路 号
    berlin in 10115 sw1a 2aa 12 7b 12.03.1984 4711 de89 2a x @ (at) .
"""
_SAID = st.sampled_from(_NAMES.split())
_NUMBER = st.text("0123456789 -./()+a_ー", min_size=1, max_size=18)


def _with_slip(text: str, place: int, instead: str) -> str:
    place %= len(text)
    return text[:place] + instead + text[place + 1 :]


_NEARLY = st.builds(
    _with_slip,
    st.sampled_from(_KNOWN),
    st.integers(0, 40),
    st.sampled_from(["", " ", "-", ".", "1", "a", "é", "\t", "  "]),
)
_TEXT = st.lists(st.one_of(_SAID, _SAID, _NUMBER, _NEARLY), min_size=1, max_size=6).map(" ".join)


@settings(max_examples=2_000)
@given(_TEXT)
@example("customer 1-2-3 4 5")
@example("order 1----2 of 345")
@example("customer 1-2-3")
@example("12 main stone sw1a 2aa")
@example("2 55 08 2a 168 025 97")
@example("nl-91-abna-0417-1643-00")
@example("rss-mra-85t10-a562s")
@example("0171 - 23 - 4567")
def test_a_kind_is_told_as_if_each_was_looked_for(text: str) -> None:
    assert private_kind(text) is plainly(text)
