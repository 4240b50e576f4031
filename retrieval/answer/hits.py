"""Results as they are shown."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from data.product import Product
from retrieval.answer.highlights import highlight
from retrieval.answer.request import SearchRequest
from retrieval.answer.result import Hit
from retrieval.index.overlay import find_product
from retrieval.index.world import Rows, World
from retrieval.planning.plan import Plan, Term
from retrieval.sources.bm25 import Bm25Retriever
from retrieval.sources.matching import Matched


class HitMaker:
    """Makes results of rows.

    Args:
        lexical: For analysers, and for the scores of single fields.
        locales: Of the shop, in which a text is looked for when it is not there in the one asked for.
    """

    def __init__(self, lexical: Bm25Retriever, locales: Sequence[str]) -> None:
        self._lexical = lexical
        self._locales = locales

    def page(
        self, rows: Rows, request: SearchRequest, plan: Plan, matched: Matched, world: World, current: World
    ) -> tuple[Hit, ...]:
        """The products of a page as they now are; those deleted since its first page are left out.

        Args:
            rows: Of `world`, in the order to show them.
            request: Its locale is shown; reasons are given when it asks for them.
            plan: Whose words are marked.
            matched: Scores of the rows.
            world: In which the search is answered.
            current: What now holds.
        """
        places = np.searchsorted(matched.rows, rows).tolist()
        fields = self._field_scores(rows, plan, world) if request.explain and plan.terms else {}
        hits = []
        for number, (row, place) in enumerate(zip(rows.tolist(), places, strict=True)):
            product = self._now(row, world, current)
            if product is None:
                continue
            score = 0.0 if matched.scores is None else float(matched.scores[place])
            reasons = {source: float(part[place]) for source, part in matched.parts.items()} if request.explain else {}
            reasons |= {f"bm25_{name}": float(held[number]) for name, held in fields.items() if held[number] > 0}
            hits.append(self.hit(product, score, request.locale, plan.terms, reasons))
        return tuple(hits)

    def hit(
        self,
        product: Product,
        score: float,
        locale: str,
        terms: Sequence[Term] = (),
        reasons: Mapping[str, float] | None = None,
    ) -> Hit:
        """One result; see `Hit`."""
        title = product.text(locale, self._locales).title
        return Hit(
            product.product_id,
            product.group_id,
            title,
            product.url,
            product.image,
            product.price_minor,
            product.currency,
            product.in_stock,
            score,
            highlight(title, terms, self._lexical.analyser(locale)) if terms else (),
            reasons or {},
        )

    def _field_scores(self, rows: Rows, plan: Plan, world: World) -> dict[str, NDArray[np.float32]]:
        """BM25 of each field of each row; 0 for live ones, whose fields are not indexed apart."""
        released = rows < world.first_live
        return {
            name: np.where(released, scores, 0)
            for name, scores in self._lexical.field_scores(plan, np.where(released, rows, 0)).items()
        }

    def _now(self, row: int, world: World, current: World) -> Product | None:
        if world is current:
            return world.card(row)
        return find_product(current.overlay, current.table, world.product_id(row))
