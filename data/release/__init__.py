"""Immutable releases: written once, verified, made current by one swap, rolled back, pruned."""

from data.release.layout import ShopFolder, check_shop_name
from data.release.pointer import current_id, only_shop, rollback, shop_names
from data.release.reader import Release, open_release
from data.release.retention import ReleaseEntry, list_releases, prune
from data.release.shop_config import load_release_config, write_release_config
from data.release.verify import verify_release
from data.release.writer import ReleaseWriter

__all__ = [
    "Release",
    "ReleaseEntry",
    "ReleaseWriter",
    "ShopFolder",
    "check_shop_name",
    "current_id",
    "list_releases",
    "load_release_config",
    "only_shop",
    "open_release",
    "prune",
    "rollback",
    "shop_names",
    "verify_release",
    "write_release_config",
]
