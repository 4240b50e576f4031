import pytest

from data.text import analyser_for
from data.text.stemming import STEMMERS

SAME = {
    "en": ["printer printers", "battery batteries", "hoodie hoodies hoody", "dress dresses",
           "box boxes", "watch watches",
           "lens lenses", "shoe shoes", "knife knives", "woman women womens",
           "sofa sofas", "size sizes", "movie movies",
           "case cases", "potato potatoes", "tie ties", "tv tvs"],
    "de": ["schuh schuhe schuhen schuhes", "jacke jacken", "rot rote roter rotes roten", "kuche kueche kuchen",
           "kind kinder kindern", "auto autos"],
    "fr": ["chaussure chaussures", "robe robes", "noir noire noirs noires", "cheval chevaux", "manteau manteaux",
           "blanc blanche blanches", "gris grise grises", "sportif sportive sportives"],
    "es": ["zapato zapatos", "rojo roja rojos rojas", "camisa camisas", "luz luces", "azul azules", "reloj relojes"],
}  # fmt: skip
APART = {
    "en": ["printer printing", "organ organic", "gas gasoline", "news new", "tennis tenni"],
    "de": ["hose hosentrager", "neu neun"],
    "fr": ["chat chatte-bottee", "lit litre"],
    "es": ["pan pantalla"],
}


@pytest.mark.parametrize(("language", "words"), [(key, words) for key, rows in SAME.items() for words in rows])
def test_forms_of_one_word_meet(language: str, words: str) -> None:
    assert len({STEMMERS[language](word) for word in words.split()}) == 1


@pytest.mark.parametrize(("language", "words"), [(key, words) for key, rows in APART.items() for words in rows])
def test_other_words_stay_apart(language: str, words: str) -> None:
    assert len({STEMMERS[language](word) for word in words.split()}) == 2


def test_umlauts_typed_as_two_letters() -> None:
    german = analyser_for("de")
    assert german.terms("Kühlschränke") == german.terms("Kuehlschraenke")
    assert german.terms("quer neue blaue") != german.terms("qur nu blau")
