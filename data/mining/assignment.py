"""An assignment: a value that a product's title states and no field does, with the evidence; and products with them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import orjson

from data.errors import InputError
from data.product import AttributeValue, Product
from data.product_json import decode_attribute
from data.storage import storage_errors, write_durably

# From here on a build fills the field; `docs/mining.md` has the measurement.
LEAST_SCORE = 0.8


@dataclass(frozen=True, slots=True)
class Assignment:
    """One product, one attribute.

    Attributes:
        product_id: Whose field is empty.
        attribute: The field's name.
        value: As most products have it.
        locale: Of the title, BCP 47.
        text: What the title says.
        start: Of its half-open span in the title.
        end: Of the same.
        score: Wilson's lower bound of the share of groups that say so and have the value, in [0, 1].
        evidence: A sentence with the numbers.
    """

    product_id: str
    attribute: str
    value: AttributeValue
    locale: str
    text: str
    start: int
    end: int
    score: float
    evidence: str


def write_assignments(path: Path, assignments: Iterable[Assignment]) -> int:
    """Replace the file by one assignment a line; how many there were.

    Raises:
        StorageError: When it cannot be written.
    """
    lines = [orjson.dumps(asdict(one), option=orjson.OPT_APPEND_NEWLINE) for one in assignments]
    with storage_errors("writing the attributes that titles say", path):
        write_durably(path, b"".join(lines))
    return len(lines)


def read_assignments(path: Path) -> list[Assignment]:
    """The assignments of a file, in its order.

    Raises:
        InputError: When it cannot be read or a line is no assignment.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); `intentrie mine --out` writes it") from error
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            record = orjson.loads(line)
            found.append(Assignment(**(record | {"value": decode_attribute(record["value"])})))
        except (orjson.JSONDecodeError, TypeError, ValueError, KeyError) as error:
            raise InputError(
                f"{path}:{number}: expected an attribute as `intentrie mine` writes it ({error})"
            ) from error
    return found


def filled(
    products: Sequence[Product], assignments: Iterable[Assignment], least_score: float = LEAST_SCORE
) -> list[Product]:
    """Products with what their titles state in the fields that are still empty.

    A title that changed since it was mined fills nothing: the words must stand where they stood.
    """
    sure: dict[str, list[Assignment]] = defaultdict(list)
    for one in assignments:
        if one.score >= least_score:
            sure[one.product_id].append(one)
    return [_with(product, sure[product.product_id]) if product.product_id in sure else product for product in products]


def _with(product: Product, assignments: Iterable[Assignment]) -> Product:
    new = {
        one.attribute: one.value
        for one in assignments
        if one.attribute not in product.attributes
        and one.locale in product.texts
        and product.texts[one.locale].title[one.start : one.end] == one.text
    }
    return replace(product, attributes={**product.attributes, **new}) if new else product
