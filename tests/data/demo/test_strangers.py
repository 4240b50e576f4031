"""Secrets look like real ones and are nobody's."""

import re
from random import Random

import pytest

from data.demo.strangers import secret, with_check_digit
from data.privacy import is_private


@pytest.mark.parametrize(("number", "whole"), [("7992739871", "79927398713"), ("411111111111111", "4111111111111111")])
def test_check_digit(number: str, whole: str) -> None:
    """The worked example of the patent's text, and the best-known test card."""
    assert with_check_digit(number) == whole


def test_every_kind_of_secret() -> None:
    made = [secret(Random(seed)) for seed in range(300)]
    cards = [text for text in made if re.fullmatch(r"4\d{15}", text)]
    mails = [text for text in made if re.fullmatch(r"[a-z]+\d+@example\.(com|org|net)", text)]  # RFC 2606: nobody's
    phones = [text for text in made if text.startswith("+49 30 ")]
    assert min(len(cards), len(mails), len(phones)) > 50
    assert len(cards) + len(mails) + len(phones) == len(made)
    assert all(with_check_digit(card[:-1]) == card for card in cards)


def test_mining_would_not_suggest_any_of_them() -> None:
    assert [text for seed in range(300) if not is_private(text := secret(Random(seed)))] == []
