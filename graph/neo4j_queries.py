"""Cypher for the graph store: how a shop's graph lies in Neo4j.

::

    (:Shop {shop, revision, writes})            one a shop; a write locks it first
    (:Concept {shop, concept_id, scheme, key, status, confidence, layer, source, revision})
    (:Concept)-[:LABELLED]->(:Label {shop, concept_id, text, norm, language, kind, layer, confidence, evidence})
    (:Concept)-[:BROADER|RELATED|… {weight, layer, source, evidence, valid_from, valid_to}]->(:Concept)
    (:Rejected {shop, kind, what})              tombstones
    (:Reserved {shop, scheme, key, concept_id}) ids without a concept

Rows travel as lists in the order of the columns below. Each query that writes takes `$rows` and gives back how many it
found, so that a row without its concept is noticed.
"""

CONCEPT = ("concept_id", "scheme", "key", "status", "confidence", "layer", "source", "revision")
LABEL = ("concept_id", "language", "norm", "text", "kind", "layer", "confidence", "evidence")
RELATION = ("subject", "object", "weight", "layer", "source", "evidence", "valid_from", "valid_to")
REJECTED = ("kind", "what")
RESERVED = ("scheme", "key", "concept_id")


def _unique(name: str, node: str, *properties: str) -> str:
    wanted = ", ".join(f"n.{each}" for each in properties)
    return f"CREATE CONSTRAINT intentrie_{name} IF NOT EXISTS FOR (n:{node}) REQUIRE ({wanted}) IS UNIQUE"


NORMS = "intentrie_norms"
SCHEMA = (
    _unique("shop", "Shop", "shop"),
    _unique("concept_id", "Concept", "shop", "concept_id"),
    _unique("concept_key", "Concept", "shop", "scheme", "key"),
    _unique("rejected", "Rejected", "shop", "kind", "what"),
    _unique("reserved", "Reserved", "shop", "scheme", "key"),
    # Normal forms are folded already: their words are the terms. Filled behind the commits, which it would make slow;
    # a look-up waits for it.
    f"CREATE FULLTEXT INDEX {NORMS} IF NOT EXISTS FOR (n:Label) ON EACH [n.norm] "
    "OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`: true}}",
)


def _list(variable: str, columns: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"{variable}.{column}" for column in columns) + "]"


def _map(columns: tuple[str, ...], start: int = 0, *, shop: bool = False) -> str:
    """The columns from `start` on as a map of properties out of the list `row`; with the shop's name if it is asked."""
    properties = ["shop: $shop"] if shop else []
    properties += [f"{column}: row[{at}]" for at, column in enumerate(columns) if at >= start]
    return "{" + ", ".join(properties) + "}"


SHOPS = "MATCH (s:Shop) WHERE s.revision > 0 RETURN s.shop ORDER BY s.shop"
REVISION = "MATCH (s:Shop {shop: $shop}) RETURN s.revision, s.writes"
# The first thing a write does: whoever comes second waits here until the first has ended, and then reads what it left.
LOCK = """
MERGE (s:Shop {shop: $shop}) ON CREATE SET s.revision = 0, s.writes = 0
SET s.writes = s.writes + 1
RETURN s.revision
"""
SET_REVISION = "MATCH (s:Shop {shop: $shop}) SET s.revision = $revision"

# With both properties named, the index of the constraint gives one shop's concepts; with the shop alone it cannot.
_OF_SHOP = "WHERE c.shop = $shop AND c.concept_id IS NOT NULL"
# One record a concept: the driver takes longer for a record than for what is in it.
READ_RECORDS = (
    f"MATCH (c:Concept) {_OF_SHOP} RETURN {_list('c', CONCEPT)}, "
    f"[(c)-[:LABELLED]->(l:Label) | {_list('l', LABEL[1:])}], "
    f"[(c)-[r]->(b:Concept) | [type(r), b.concept_id, {_list('r', RELATION[2:])[1:-1]}]]"
)
READ_REJECTED = f"MATCH (n:Rejected {{shop: $shop}}) RETURN {_list('n', REJECTED)}"
READ_RESERVED = f"MATCH (n:Reserved {{shop: $shop}}) RETURN {_list('n', RESERVED)}"

_EACH = "UNWIND $rows AS row "
_DONE = " RETURN count(*)"
PUT_CONCEPTS = f"{_EACH}MERGE (c:Concept {{shop: $shop, concept_id: row[0]}}) SET c += {_map(CONCEPT, 1)}{_DONE}"
# A key passes from one concept to another within one write: the constraint must not see both.
FREE_KEYS = f"{_EACH}MATCH (c:Concept {{shop: $shop, concept_id: row[0]}}) REMOVE c.key{_DONE}"
DROP_CONCEPTS = f"{_EACH}MATCH (c:Concept {{shop: $shop, concept_id: row[0]}}) DETACH DELETE c{_DONE}"
_ITS_LABEL = (
    "MATCH (c:Concept {shop: $shop, concept_id: row[0]}) "
    "%s (c)-[:LABELLED]->(l:Label {shop: $shop, concept_id: row[0], language: row[1], norm: row[2]}) "
)
PUT_LABELS = f"{_EACH}{_ITS_LABEL % 'MERGE'}SET l += {_map(LABEL, 3)}{_DONE}"
DROP_LABELS = f"{_EACH}{_ITS_LABEL % 'MATCH'}DETACH DELETE l{_DONE}"
_ENDS = "MATCH (a:Concept {shop: $shop, concept_id: row[0]}) MATCH (b:Concept {shop: $shop, concept_id: row[1]})"
PUT_REJECTED = f"{_EACH}MERGE (:Rejected {{shop: $shop, kind: row[0], what: row[1]}}){_DONE}"
DROP_REJECTED = f"{_EACH}MATCH (n:Rejected {{shop: $shop, kind: row[0], what: row[1]}}) DELETE n{_DONE}"
PUT_RESERVED = (
    f"{_EACH}MERGE (n:Reserved {{shop: $shop, scheme: row[0], key: row[1]}}) SET n.concept_id = row[2]{_DONE}"
)
DROP_RESERVED = f"{_EACH}MATCH (n:Reserved {{shop: $shop, scheme: row[0], key: row[1]}}) DELETE n{_DONE}"


def put_relations(predicate: str) -> str:
    """For rows of one predicate, whose name becomes the type: only a `Predicate` may be given."""
    return f"{_EACH}{_ENDS} MERGE (a)-[r:{predicate}]->(b) SET r = {_map(RELATION, 2)}{_DONE}"


# Where nothing of the shop lies, nothing has to be looked for.
NEW_CONCEPTS = f"{_EACH}CREATE (:Concept {_map(CONCEPT, shop=True)}){_DONE}"
NEW_LABELS = (
    f"{_EACH}MATCH (c:Concept {{shop: $shop, concept_id: row[0]}}) "
    f"CREATE (c)-[:LABELLED]->(:Label {_map(LABEL, shop=True)}){_DONE}"
)


def new_relations(predicate: str) -> str:
    """Like `put_relations`."""
    return f"{_EACH}{_ENDS} CREATE (a)-[:{predicate} {_map(RELATION, 2)}]->(b){_DONE}"


def drop_relations(predicate: str) -> str:
    """Likewise; rows are (subject, object)."""
    return f"{_EACH}{_ENDS} MATCH (a)-[r:{predicate}]->(b) DELETE r{_DONE}"


# What a write that was cut off left of a shop that nobody has seen yet.
CLEAR = (
    f"MATCH (c:Concept) {_OF_SHOP} WITH c LIMIT $limit OPTIONAL MATCH (c)-[:LABELLED]->(l) "
    "DETACH DELETE l, c RETURN count(*)"
)
COUNT_RECORDS = f"""
RETURN [COUNT {{MATCH (c:Concept) {_OF_SHOP}}}, COUNT {{MATCH (c:Concept) {_OF_SHOP} MATCH (c)-[:LABELLED]->()}},
    COUNT {{MATCH (c:Concept) {_OF_SHOP} MATCH (c)-[]->(:Concept)}}]
"""

FIND_KEY = """
OPTIONAL MATCH (c:Concept {shop: $shop, scheme: $scheme, key: $key})
OPTIONAL MATCH (n:Reserved {shop: $shop, scheme: $scheme, key: $key})
RETURN coalesce(c.concept_id, n.concept_id)
"""
COUNT_IDS = f"RETURN COUNT {{MATCH (c:Concept) {_OF_SHOP}}} + COUNT {{(:Reserved {{shop: $shop}})}}"
IS_TAKEN = """
RETURN EXISTS {(:Concept {shop: $shop, concept_id: $concept_id})}
    OR EXISTS {(:Reserved {shop: $shop, concept_id: $concept_id})}
"""
AWAIT_NORMS = "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"
LOOKUP = (
    f"CALL db.index.fulltext.queryNodes('{NORMS}', $words) YIELD node AS l WHERE l.shop = $shop "
    "MATCH (c:Concept)-[:LABELLED]->(l) "
    f"RETURN {_list('c', CONCEPT)}, {_list('l', LABEL)} "
    "ORDER BY l.norm <> $norm, size(l.norm), l.norm, l.concept_id, l.language LIMIT $limit"
)
