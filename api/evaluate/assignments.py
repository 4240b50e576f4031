"""Attributes taken from titles against what the fields would have been: precision and recall."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import orjson

from api.evaluate.candidates import KindResult
from data.errors import InputError
from data.mining.assignment import Assignment
from data.mining.title_claims import is_close
from data.product import AttributeValue, Quantity
from data.product_json import decode_attribute
from data.text import fold

# Product and attribute.
Field = tuple[str, str]
KEY = "attributes"


def read_forgotten(path: Path) -> dict[Field, AttributeValue]:
    """A truth file's `attributes`: what stands in titles alone; empty where the file does not speak of them.

    Raises:
        InputError: When the file cannot be read or a row is no product, attribute, value.
    """
    try:
        rows = orjson.loads(path.read_bytes()).get(KEY, ())
        return {(str(row["product_id"]), str(row["attribute"])): decode_attribute(row["value"]) for row in rows}
    except (OSError, orjson.JSONDecodeError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: expected {KEY}: a list of product_id, attribute, value ({error})") from error


def evaluate_assignments(
    assignments: Iterable[Assignment], truth: Mapping[Field, AttributeValue], least_score: float
) -> KindResult:
    """How many of the assignments are true, and how much of the truth they are.

    Args:
        assignments: As mined.
        truth: Of `read_forgotten`. A value that the title says and the truth does not have counts as wrong.
        least_score: Assignments below it are not said.
    """
    said = {(one.product_id, one.attribute): one for one in assignments if one.score >= least_score}
    both = {field for field, one in said.items() if field in truth and _is_same(one.value, truth[field])}
    return KindResult(
        "attribute",
        len(said),
        len(truth),
        len(both) / len(said) if said else 0.0,
        len(both) / len(truth) if truth else 0.0,
        tuple((*field, _text(one.value)) for field, one in sorted(said.items()) if field not in both),
        tuple((*field, _text(truth[field])) for field in sorted(truth) if field not in both),
    )


def _is_same(said: AttributeValue, true: AttributeValue) -> bool:
    """An amount of the truth may be without a unit; it is the field's."""
    if isinstance(said, Quantity):
        said = said.amount
    if isinstance(true, Quantity):
        true = true.amount
    if isinstance(said, float) and isinstance(true, float):
        return is_close(said, true)
    return isinstance(said, str) and isinstance(true, str) and fold(said) == fold(true)


def _text(value: AttributeValue) -> str:
    return f"{value.amount:g} {value.unit}" if isinstance(value, Quantity) else str(value)
