"""Settings of a server process, from `INTENTRIE_*` environment variables; what concerns one shop is in its own file."""

from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from data.errors import ConfigError


class Settings(BaseSettings):
    """Everything has a default; an empty variable counts as unset.

    Attributes:
        releases: Folder of the shops' releases, or a URL that fsspec knows.
        host: Loopback unless told otherwise.
        workers: Processes that answer.
        admin_token: Bearer token of writes; without one every write is refused with 403.
        allowed_origins: Pages of these origins may call, for every shop, besides those of the shop's own file; `*`
            allows all. The server's own pages always may.
        log_queries: Whether logs may hold what shoppers typed.
        rate_per_s: HTTP requests a second that one address may send to one worker; 0 is no limit.
        rate_burst: How many it may send at once on top of that.
        keystrokes_per_s: Keystrokes a second of all sockets of one address on one worker; 0 is no limit. What comes
            beyond it is read later; each socket has a limit of its own besides.
        keystroke_burst: How many it may send at once on top of that.
        sockets_per_address: Open suggest sockets of one address on one worker.
        max_body_bytes: Of a request; a batch of 1,000 products is about 2 MB.
        max_frame_bytes: Of a WebSocket message; a keystroke is about 200 bytes.
        max_query_characters: Of a search; longer ones are refused with 422.
        max_prefix_characters: Of a keystroke; a search box that holds more is not being completed any more.
        drain_s: How long a stopping worker lets running requests finish.
        slow_reader_s: A socket that takes nothing for so long is dropped.
        shop_memory_mb: Releases of idle shops are unloaded beyond this many megabytes of files (mapped and read).
        idle_s: A shop that nobody asked for so long may be unloaded.
    """

    model_config = SettingsConfigDict(env_prefix="INTENTRIE_", env_ignore_empty=True, frozen=True, extra="ignore")

    releases: str = "releases"
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    workers: int = Field(1, ge=1, le=256)
    admin_token: SecretStr | None = None
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    log_queries: bool = False
    log_level: str = "INFO"
    rate_per_s: float = Field(0.0, ge=0)
    rate_burst: int = Field(100, ge=1)
    keystrokes_per_s: float = Field(0.0, ge=0)
    keystroke_burst: int = Field(1_000, ge=1)
    sockets_per_address: int = Field(2_000, ge=1)
    max_body_bytes: int = Field(16 * 1024 * 1024, ge=1024)
    max_frame_bytes: int = Field(16 * 1024, ge=256)
    max_query_characters: int = Field(2_000, ge=1)
    max_prefix_characters: int = Field(256, ge=1)
    drain_s: int = Field(10, ge=0)
    slow_reader_s: float = Field(10.0, gt=0)
    shop_memory_mb: int = Field(2_048, ge=1)
    idle_s: float = Field(300.0, ge=1)

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """`https://a.example, https://b.example` as environment variables say lists."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def load_settings(**given: object) -> Settings:
    """Settings from the environment; what is given wins.

    Raises:
        ConfigError: Naming every variable that is wrong.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by the model, which says what is wrong
    except ValidationError as error:
        wrong = [f"INTENTRIE_{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
        raise ConfigError("; ".join(wrong)) from error
