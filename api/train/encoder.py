"""`train encoder`: a shop's own static encoder, or a teacher made small."""

from pathlib import Path
from typing import Any

from data.catalog import read_products
from data.errors import ConfigError
from data.quarantine import Quarantine
from data.shop import load_shop


def train_encoder(
    catalog: Path,
    out: Path,
    config: Path | None = None,
    mined: Path | None = None,
    teacher: str | None = None,
    export: bool = False,
    seed: int = 0,
) -> dict[str, Any]:
    """Write an encoder that a build takes.

    Args:
        catalog: Canonical products.
        out: Folder for the model.
        config: The shop's TOML; its locales are read.
        mined: Folder of `intentrie mine`.
        teacher: A sentence-transformers model (folder, id, or `packaged`).
        export: The teacher itself is exported and quantised instead of teaching a static encoder.
        seed: Of the training.

    Raises:
        InputError, ConfigError: What was given cannot be used.
    """
    shop = load_shop(config, config.stem if config is not None else "shop")
    if export:
        from understanding.training.export import export_encoder

        if teacher is None:
            raise ConfigError("--export needs the --teacher that is exported: a model's folder or id, or `packaged`")
        return export_encoder(teacher, out, shop.locales)
    from understanding.training.static import train_static

    products = read_products(catalog, shop, Quarantine())
    return train_static(products, shop.locales, out, mined, teacher, seed)
