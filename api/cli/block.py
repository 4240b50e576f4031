"""`intentrie block`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def block(
    config: Annotated[Path, typer.Option(help="The shop's TOML; its [safety] names the lists.")],
    releases: Annotated[str, typer.Option(envvar="INTENTRIE_RELEASES", help="Folder or URL of the releases.")],
    shop: Annotated[str | None, typer.Option(help="The only one when not given.")] = None,
) -> None:
    """Put the block lists of a shop's file into force at once: on every server, for whatever release it serves.

    What was put into force before is replaced. What the current release was built with stays blocked until the next
    build; a rollback changes nothing.
    """
    from autocomplete.safety.block_list import BlockList
    from autocomplete.safety.entries import read_blocked
    from data.release import only_shop, open_release
    from data.shop import load_shop

    name = shop or only_shop(releases)
    folder = open_release(releases, name).folder
    block_list = BlockList.build(read_blocked(load_shop(config, name), config))
    block_list.save(folder.block_list)
    typer.echo(f"{len(block_list):,} entries in force for {name}")
