"""One laboratory for all tests that only read it."""

from typing import Any

import orjson
import pytest

from data.event import Event
from tests.data.demo.small import SmallLaboratory, make_small


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallLaboratory:
    return make_small(tmp_path_factory.mktemp("laboratory"))


@pytest.fixture(scope="package")
def events(small: SmallLaboratory) -> list[Event]:
    return small.events()


@pytest.fixture(scope="package")
def truth(small: SmallLaboratory) -> dict[str, Any]:
    return dict(orjson.loads((small.folder / "truth" / "truth.json").read_bytes()))
