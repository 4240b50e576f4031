"""What a socket costs that nobody types on: a server's memory before and with thousands of them."""

import asyncio
import resource
from typing import Any
from urllib.parse import quote

import uvloop

from api.bench.load_generator import split_cores
from api.bench.search import running_server
from api.bench.socket import open_sockets, server_pss_mb
from data.errors import ConfigError

# Files that a process has open besides its sockets.
_SPARE_FILES = 200


def bench_idle(releases: str, shop: str, sockets: int, seconds: float = 60.0, key: str | None = None) -> dict[str, Any]:
    """Open sockets and leave them alone; the server's pings are answered.

    Args:
        releases: Where the shop's releases are.
        shop: The shop's name.
        sockets: How many.
        seconds: How long they stand before memory is looked at.
        key: The shop's public key, where it has one.

    Returns:
        The server's memory in megabytes (PSS over all its processes, Linux) before, with them, and what was added.

    Raises:
        ConfigError: The system does not let one process have so many files open.
    """
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if sockets + _SPARE_FILES > most:
        raise ConfigError(f"--idle: expected at most {most - _SPARE_FILES} (ulimit -n is {most}), got {sockets}")
    server_cores, _ = split_cores()
    environment = {"INTENTRIE_SOCKETS_PER_ADDRESS": str(sockets)}
    with running_server(releases, server_cores, environment) as base:
        address = f"{base.replace('http', 'ws', 1)}/v1/shops/{quote(shop)}/suggest"
        before = sum(server_pss_mb())
        after, left = uvloop.run(_hold(address, key, sockets, seconds))
    row = {
        "case": f"{sockets} idle sockets",
        "pss_before_mb": round(before, 1),
        "pss_mb": round(after, 1),
        "added_mb": round(after - before, 1),
        "closed_meanwhile": sockets - left,
    }
    return {"what": "idle", "shop": shop, "sockets": sockets, "seconds": seconds, "cases": [row]}


async def _hold(address: str, key: str | None, sockets: int, seconds: float) -> tuple[float, int]:
    """The server's memory after so long, and how many sockets are still open then."""
    connections = await open_sockets(address, key, sockets)
    await asyncio.sleep(seconds)
    memory = sum(server_pss_mb())
    left = sum(connection.close_code is None for connection in connections)
    await asyncio.gather(*(connection.close() for connection in connections))
    return memory, left
