"""The block lists that a shop brings: files of words and phrases, one a line."""

from pathlib import Path

from autocomplete.safety.block_list import EVERYWHERE
from data.errors import ConfigError
from data.shop import ShopConfig

_COMMENT = "#"


def read_blocked(config: ShopConfig, config_path: Path | None) -> dict[str, list[str]]:
    """Every entry by locale; "und" for those of every locale, `suggest.blocked` among them.

    Args:
        config: Names the files, beside its own.
        config_path: Its file; `None` for the defaults, which name none.

    Raises:
        ConfigError: A file cannot be read; the list it should have given is not taken for an empty one.
    """
    blocked = {EVERYWHERE: list(config.suggest.blocked)}
    for locale, name in config.safety.block_lists.items():
        path = (config_path.parent if config_path is not None else Path()) / name
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{config_path}: safety.block_lists.{locale}: expected a file of UTF-8 lines at {path}, got {error}"
            ) from error
        entries = (line.strip() for line in lines)
        blocked.setdefault(locale, []).extend(each for each in entries if each and not each.startswith(_COMMENT))
    return blocked
