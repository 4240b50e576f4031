"""`intentrie graph validate|import|export|diff|move|find`."""

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from data.errors import InputError, IntegrityViolation
from graph.concept import Status
from graph.exchange import compare, read_export, shop_of, write_export
from graph.integrity import violations
from graph.moving import move as move_shops
from graph.store import GraphState, open_store

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The graph store: check, carry, compare.")

StoreUrl = Annotated[
    str,
    typer.Option("--graph-store", help="`sqlite:///RELEASES/SHOP/graph.sqlite` or `bolt://HOST:PORT/DATABASE`."),
]
Shop = Annotated[str | None, typer.Option(help="The only one of the store when not given.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON value on stdout, nothing else.")]


@app.command()
def validate(graph_store: StoreUrl, shop: Shop = None, as_json: Json = False) -> None:
    """Check every rule of integrity; exit code 1 when one is broken."""
    name, state = _read(graph_store, shop)
    found = violations(state.concepts, state.labels, state.relations)
    if as_json:
        print(json.dumps({"shop": name, "revision": state.revision, "violations": found}))
    else:
        size = f"{len(state.concepts)} concepts, {len(state.labels)} labels, {len(state.relations)} relations"
        print("\n".join(found) if found else f"{name}: sound at revision {state.revision} ({size})")
    if found:
        raise typer.Exit(1)


@app.command("export")
def export_(graph_store: StoreUrl, out: Annotated[Path, typer.Option(help="JSONL file.")], shop: Shop = None) -> None:
    """Write a shop's graph, ids and tombstones included, as JSON lines."""
    name, state = _read(graph_store, shop)
    write_export(out, state)
    print(f"{name}: {len(state.concepts)} concepts at revision {state.revision} -> {out}")


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="JSONL file of `graph export`.")],
    graph_store: StoreUrl,
    shop: Annotated[str, typer.Option(help="Whose graph it becomes.")],
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite a graph that is there.")] = False,
) -> None:
    """Read an export into a store; the graph is checked before anything is written."""
    state = read_export(source)
    with closing(open_store(graph_store)) as store:
        if store.revision(shop) and not replace:
            raise InputError(
                f"{shop} has a graph at revision {store.revision(shop)} already; export it first, then give --replace"
            )
        try:
            revision = store.restore(shop, state)
        except IntegrityViolation as error:
            raise IntegrityViolation(f"{source}: {error}") from error
    print(f"{shop}: {len(state.concepts)} concepts at revision {revision}")


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="Export file or store URL.")],
    after: Annotated[str, typer.Argument(help="Export file or store URL.")],
    shop: Shop = None,
    as_json: Json = False,
) -> None:
    """What the second has and the first has not (+), and the other way round (-); exit code 1 when they differ."""
    found = compare(_state_of(before, shop), _state_of(after, shop))
    if as_json:
        removed, added = ([json.loads(line) for line in lines] for lines in (found.removed, found.added))
        print(json.dumps({"removed": removed, "added": added}))
    else:
        for line in (*(f"- {line}" for line in found.removed), *(f"+ {line}" for line in found.added)):
            print(line)
    if found.removed or found.added:
        raise typer.Exit(1)


@app.command()
def move(
    source: Annotated[str, typer.Option("--from", help="URL of the store that has the graph; it keeps it.")],
    target: Annotated[str, typer.Option("--to", help="URL of the store that gets it.")],
    shop: Annotated[str | None, typer.Option(help="Every shop of the source when not given.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite graphs that are there.")] = False,
    as_json: Json = False,
) -> None:
    """Carry graphs from one store to another: ids, layers, tombstones, evidence and revision stay."""
    with closing(open_store(source)) as giver, closing(open_store(target)) as taker:
        moved = move_shops(giver, taker, [shop] if shop is not None else giver.shops(), replace)
    if as_json:
        print(json.dumps({"moved": [asdict(each) for each in moved]}))
        return
    for each in moved:
        size = f"{each.concepts} concepts, {each.labels} labels, {each.relations} relations"
        print(f"{each.shop}: {size} at revision {each.revision}")
    if not moved:
        print("the source is empty: nothing to move")


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="Beginnings of words of a label.")],
    graph_store: StoreUrl,
    shop: Shop = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many labels.")] = 20,
    as_json: Json = False,
) -> None:
    """Look a concept up by what people call it; exit code 1 when nothing is found."""
    with closing(open_store(graph_store)) as store:
        found = store.lookup(shop_of(store.shops(), shop), text, limit)
    if as_json:
        rows = [{"concept": asdict(hit.concept), "label": asdict(hit.label)} for hit in found]
        print(json.dumps({"found": rows}, ensure_ascii=False))
    else:
        for concept, label in ((hit.concept, hit.label) for hit in found):
            said = f"{label.text} ({label.language}, {label.kind}, {label.layer})"
            retired = "" if concept.status is Status.ACTIVE else f", {concept.status}"
            print(f"{concept.concept_id}  {said}  {concept.scheme} {concept.key!r}{retired}")
    if not found:
        raise typer.Exit(1)


def _state_of(place: str, shop: str | None) -> GraphState:
    return _read(place, shop)[1] if "://" in place else read_export(Path(place))


def _read(url: str, shop: str | None) -> tuple[str, GraphState]:
    with closing(open_store(url)) as store:
        shops = store.shops()
        name = shop_of(shops, shop)
        state = store.read(name)
    if not state.revision:
        raise InputError(f"the store has no graph of the shop {name!r}; it has: {', '.join(shops) or 'none'}")
    return name, state
