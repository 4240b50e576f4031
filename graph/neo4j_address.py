"""Where a Neo4j is and who asks: `bolt://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]`.

The schemes are the driver's: `bolt` for one server, `neo4j` for a cluster (it finds the leader), with `+s` for TLS and
`+ssc` for TLS with a self-signed certificate. A password in a URL is seen in the list of processes: leave it out and
set INTENTRIE_NEO4J_PASSWORD (and INTENTRIE_NEO4J_USER, `neo4j` if it is not set) instead.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from data.errors import ConfigError

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
PORT = 7687
DATABASE = "neo4j"
USER = "neo4j"


@dataclass(frozen=True, slots=True)
class Neo4jAddress:
    """The parts of a URL; `server` has neither name, password nor database and may be shown."""

    server: str
    database: str = DATABASE
    user: str = ""
    password: str = field(default="", repr=False)


def parse_address(url: str, environment: Mapping[str, str] = os.environ) -> Neo4jAddress:
    """Read a URL and the variables beside it; without a password the server is asked without authentication.

    Raises:
        ConfigError: It is no such URL. The message never has the password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORT
    except ValueError as error:
        raise _refused(str(error)) from error
    if parts.scheme not in SCHEMES:
        raise _refused(f"the scheme {parts.scheme!r}; it can be {', '.join(SCHEMES)}")
    database = parts.path.removeprefix("/")
    if not host or "/" in database or parts.query or parts.fragment:
        raise _refused("another form")
    password = unquote(parts.password or "") or environment.get("INTENTRIE_NEO4J_PASSWORD", "")
    user = unquote(parts.username or "") or environment.get("INTENTRIE_NEO4J_USER", "") or (USER if password else "")
    shown = f"[{host}]" if ":" in host else host
    return Neo4jAddress(f"{parts.scheme}://{shown}:{port}", unquote(database) or DATABASE, user, password)


def _refused(came: str) -> ConfigError:
    return ConfigError(f"expected a Neo4j URL such as bolt://127.0.0.1:7687/neo4j, got {came}")
