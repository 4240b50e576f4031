"""Small releases for tests, written through the real writer."""

from pathlib import Path

from data.manifest import Manifest
from data.release import ReleaseWriter

SHOP = "tents"


def draft(writer: ReleaseWriter, overlay: int = 0, products: int = 1) -> Manifest:
    return Manifest(
        id=writer.release_id,
        shop=SHOP,
        parent=writer.parent,
        created_at=writer.created_at,
        graph_revision=1,
        log_positions={"overlay": overlay},
        analysers={},
        encoder=None,
        inputs={},
        files={},
        products=products,
    )


def publish(root: Path, content: bytes = b"tents", overlay: int = 0) -> Manifest:
    with ReleaseWriter(root, SHOP) as writer:
        with writer.writing() as staging:
            (staging / "graph").mkdir()
            (staging / "graph" / "labels.bin").write_bytes(content)
            (staging / "retrieval" / "bm25").mkdir(parents=True)
            (staging / "retrieval" / "bm25" / "data.npy").write_bytes(content * 100)
        return writer.publish(draft(writer, overlay))
