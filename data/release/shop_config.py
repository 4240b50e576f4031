"""The shop's configuration as a release was built with it, so that a server needs nothing but the release."""

from pathlib import Path

from pydantic import ValidationError

from data.errors import ReleaseDamaged
from data.release.reader import Release
from data.shop import ShopConfig

CONFIG_NAME = "config.json"


def write_release_config(folder: Path, config: ShopConfig) -> None:
    """Put the configuration beside the packages' folders of a release that is being written.

    What is blocked goes into the release as hashes alone (`autocomplete/safety/block_list.py`).
    """
    told = config.model_copy(
        update={
            "suggest": config.suggest.model_copy(update={"blocked": ()}),
            "safety": config.safety.model_copy(update={"block_lists": {}}),
        }
    )
    (folder / CONFIG_NAME).write_text(told.model_dump_json(indent=2) + "\n", encoding="utf-8")


def load_release_config(release: Release) -> ShopConfig:
    """What `write_release_config` wrote.

    Raises:
        ReleaseDamaged: It is not there or not a configuration.
    """
    try:
        return ShopConfig.model_validate_json((release.path / CONFIG_NAME).read_bytes())
    except (FileNotFoundError, ValidationError) as error:
        raise ReleaseDamaged(
            f"release {release.manifest.id}: {CONFIG_NAME} is not a shop's configuration ({error}); build again"
        ) from error
