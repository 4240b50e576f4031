"""100,000 concepts from SQLite to Neo4j and back: `python -m benchmarks.graph_move --neo4j bolt://HOST:PORT/DATABASE`.

Without `--neo4j` a server is started as the tests do it (Java 17 and Maven).
"""

import argparse
import json
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

from graph.concept import Concept, Layer, Scheme, Status
from graph.label import Label, LabelKind
from graph.moving import move
from graph.relation import Predicate, Relation
from graph.store import GraphState, open_store

SHOP = "moved"


def made_state(concepts: int) -> GraphState:
    """As a large shop's: categories in a tree, values on their attributes, two labels each, some of every layer."""
    told, labels, relations = [], [], []
    for number in range(concepts):
        concept_id = f"c{number + 1:06}"
        layer = (Layer.IMPORTED, Layer.MINED, Layer.CURATED)[number % 3]
        kind = number % 10
        scheme = Scheme.CATEGORY if kind < 3 else Scheme.ATTRIBUTE if kind == 3 else Scheme.VALUE
        status = Status.RETIRED if number % 50 == 49 else Status.ACTIVE
        told.append(Concept(concept_id, scheme, f"key {number}", status, 0.5 + (number % 50) / 100, layer, "made", 9))
        norm = f"thing {number}"
        labels.append(Label(concept_id, norm.title(), norm, "und", LabelKind.PREFERRED, layer))
        labels.append(
            Label(
                concept_id, f"Ding {number}", f"ding {number}", "de", LabelKind.ALTERNATIVE, Layer.MINED, 0.7, "made up"
            )
        )
        if scheme is Scheme.CATEGORY and number:
            above = f"c{number // 30 * 10 + 1:06}" if number >= 10 else "c000001"
            if above != concept_id:
                relations.append(Relation(concept_id, Predicate.BROADER, above, 1.0, layer))
        elif scheme is Scheme.VALUE:
            # Few attributes have most of the values.
            attribute = f"c{number % 1_000 // 10 * 10 + 4:06}"
            relations.append(Relation(concept_id, Predicate.VALUE_OF, attribute, 0.5, layer, "made", "a reason"))
    return GraphState(
        9,
        tuple(told),
        tuple(labels),
        tuple(relations),
        (("label", "c000001\tund\tgone"),),
        (("brand", "spare", "c999999"),),
    )


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("--neo4j", help="URL of a running server; its shop 'moved' is overwritten")
    cli.add_argument("--concepts", type=int, default=100_000)
    given = cli.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = given.neo4j
        if url is None:
            from tests.servers.neo4j import Neo4jServer

            server = Neo4jServer(folder / "neo4j")
            server.start()
            stack.callback(server.stop)
            url = server.url
        here = stack.enter_context(closing(open_store(str(folder / "here.sqlite"))))
        there = stack.enter_context(closing(open_store(url)))
        back = stack.enter_context(closing(open_store(str(folder / "back.sqlite"))))
        here.restore(SHOP, made_state(given.concepts))
        begin = time.perf_counter()
        (moved,) = move(here, there, [SHOP], replace=True)
        middle = time.perf_counter()
        move(there, back, [SHOP], replace=True)
        end = time.perf_counter()
        state = here.read(SHOP)
        figures = {
            "concepts": moved.concepts,
            "labels": moved.labels,
            "relations": moved.relations,
            "to_neo4j_s": round(middle - begin, 1),
            "from_neo4j_s": round(end - middle, 1),
            "equal": state == there.read(SHOP) == back.read(SHOP),
        }
        times = []
        for number in range(0, 100):
            start = time.perf_counter()
            assert there.lookup(SHOP, f"thing {number * 7}", 10)
            times.append(time.perf_counter() - start)
        figures["lookup_neo4j_p50_ms"] = round(sorted(times)[50] * 1000, 1)
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
