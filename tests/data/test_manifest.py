import json
from dataclasses import replace

import pytest

import data.manifest
from data.errors import ReleaseDamaged, ReleaseError, ReleaseTooNew
from data.manifest import FORMAT, FileEntry, InputEntry, Manifest, decode_manifest, encode_manifest

MANIFEST = Manifest(
    id="20260102T030405006Z-abcdef",
    shop="tents",
    parent=None,
    created_at=1_767_323_045_006,
    graph_revision=3,
    log_positions={"overlay": 4, "events": 0},
    analysers={"en": "en/1"},
    encoder=None,
    inputs={"catalog": InputEntry("tents.csv", 2, 1, "0" * 64)},
    files={"graph/labels.bin": FileEntry("1" * 64, 10), "retrieval/bm25/data.npy": FileEntry("2" * 64, 20)},
    products=2,
    quality={"zero_result_rate": 0.25},
    overlay={"patched": 1},
    stage_seconds={"graph": 0.5},
    forced=True,
    overruled=("products fell",),
)


def test_what_is_written_is_read_back():
    assert decode_manifest(encode_manifest(MANIFEST), "r") == MANIFEST
    assert MANIFEST.bytes == 30


def altered(**fields: object) -> bytes:
    return json.dumps({**json.loads(encode_manifest(MANIFEST)), **fields}).encode()


def test_a_newer_format_is_named_even_when_the_rest_is_unknown():
    with pytest.raises(ReleaseTooNew, match=rf"^r has format {FORMAT + 1}, this program reads up to {FORMAT}"):
        decode_manifest(altered(format=FORMAT + 1, files="another shape"), "r")


def test_the_format_before_is_read_and_the_one_before_that_is_not(monkeypatch):
    written = encode_manifest(MANIFEST)
    monkeypatch.setattr(data.manifest, "FORMAT", FORMAT + 1)
    assert decode_manifest(written, "r") == MANIFEST
    monkeypatch.setattr(data.manifest, "FORMAT", FORMAT + 2)
    with pytest.raises(ReleaseError, match="build it again"):
        decode_manifest(written, "r")


def test_fields_that_a_later_version_adds_are_passed_over():
    later = replace(MANIFEST)
    fields = json.loads(encode_manifest(later))
    del fields["manifest_sha256"]
    fields["invented_later"] = 1
    fields["manifest_sha256"] = data.manifest._digest(fields)
    assert decode_manifest(json.dumps(fields).encode(), "r") == MANIFEST


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        encode_manifest(MANIFEST)[:-40],
        b"[]",
        b"null",
        altered(products=3),
        altered(manifest_sha256="0"),
        altered(format="1"),
        encode_manifest(MANIFEST).replace(b'"format"', b'"fromat"'),
    ],
)
def test_a_damaged_manifest_is_refused_by_name(damaged):
    with pytest.raises(ReleaseDamaged, match=r"^r"):
        decode_manifest(damaged, "r")


def test_a_manifest_without_a_field_is_not_complete():
    fields = json.loads(encode_manifest(MANIFEST))
    del fields["manifest_sha256"], fields["products"]
    fields["manifest_sha256"] = data.manifest._digest(fields)
    with pytest.raises(ReleaseDamaged, match="products"):
        decode_manifest(json.dumps(fields).encode(), "r")
