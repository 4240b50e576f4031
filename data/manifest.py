"""What a release says of itself: `manifest.json`."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from data.errors import ReleaseDamaged, ReleaseError, ReleaseTooNew

# The layout of the whole release, the packages' folders included: a package that changes its files in a way the
# program before could not read raises it, and goes on reading the one before (N reads N - 1).
FORMAT = 1
MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the release: hexadecimal SHA-256 and size."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class InputEntry:
    """One file the build has read: its name without folders, rows taken, rows set aside, hexadecimal SHA-256."""

    name: str
    rows: int
    quarantined: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of `manifest.json`.

    Attributes:
        id: The release's folder name; sorts by creation.
        parent: The release that was current when this one was built.
        created_at: UTC epoch milliseconds.
        graph_revision: Of the store when the snapshot was taken.
        log_positions: By stream (`overlay`, `events`): everything up to there is folded in.
        analysers: Analyser id by locale; a program with others refuses the release.
        encoder: Id of the encoder of the vectors, `None` without any.
        inputs: By role (`catalog`, `events`, `reviews`, `queries`, `judgments`, `config`).
        files: By path relative to the release, with forward slashes; all files but the manifest.
        products: Rows of the release.
        quality: Measured while building, by name (`zero_result_rate`, `ndcg@10`, ...).
        overlay: What folding the live changes in did, in products.
        stage_seconds: Wall time by stage of the build.
        forced: Published with `--force`.
        overruled: What the gate would have refused, when forced.
        format: Of the layout; see `FORMAT`.
    """

    id: str
    shop: str
    parent: str | None
    created_at: int
    graph_revision: int
    log_positions: Mapping[str, int]
    analysers: Mapping[str, str]
    encoder: str | None
    inputs: Mapping[str, InputEntry]
    files: Mapping[str, FileEntry]
    products: int
    quality: Mapping[str, float] = field(default_factory=dict)
    overlay: Mapping[str, int] = field(default_factory=dict)
    stage_seconds: Mapping[str, float] = field(default_factory=dict)
    forced: bool = False
    overruled: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        """Size of all files, the manifest not counted."""
        return sum(entry.bytes for entry in self.files.values())

    def with_files(self, files: Mapping[str, FileEntry]) -> "Manifest":
        """The sealed manifest of a draft."""
        return replace(self, files=files)


# Fields it does not know (of a later version with the same format) are passed over.
_ADAPTER = TypeAdapter(Manifest)


def encode_manifest(manifest: Manifest) -> bytes:
    """JSON with a digest over itself (`manifest_sha256`), so that a flipped bit in it is noticed as well."""
    fields = asdict(manifest)
    return orjson.dumps({**fields, "manifest_sha256": _digest(fields)}, option=orjson.OPT_INDENT_2) + b"\n"


def decode_manifest(encoded: bytes, where: str) -> Manifest:
    """Read what `encode_manifest` wrote; the format is looked at before anything else.

    Args:
        encoded: The file's bytes.
        where: The release, for messages.

    Raises:
        ReleaseTooNew: Its format is greater than `FORMAT`.
        ReleaseError: Its format is older than the one before `FORMAT`.
        ReleaseDamaged: It is not a manifest, or was altered.
    """
    try:
        fields: Any = orjson.loads(encoded)
        number = fields["format"]
        digest = fields.pop("manifest_sha256")
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError) as error:
        raise ReleaseDamaged(f"{where}: {MANIFEST_NAME} is damaged ({error}); restore it or build again") from error
    if not isinstance(number, int):
        raise ReleaseDamaged(f"{where}: the format in {MANIFEST_NAME} is {number!r}, not a number; build again")
    if number > FORMAT:
        raise ReleaseTooNew(
            f"{where} has format {number}, this program reads up to {FORMAT}; "
            "upgrade intentrie, or build again with this one"
        )
    if number < FORMAT - 1:
        raise ReleaseError(
            f"{where} has format {number}, this program reads {FORMAT - 1} and {FORMAT}; build it again with this one"
        )
    if digest != _digest(fields):
        raise ReleaseDamaged(f"{where}: {MANIFEST_NAME} was altered after it was written; restore it or build again")
    try:
        return _ADAPTER.validate_python(fields)
    except ValidationError as error:
        raise ReleaseDamaged(f"{where}: {MANIFEST_NAME} is not complete: {error}; build again") from error


def _digest(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()
