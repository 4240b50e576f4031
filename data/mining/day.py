"""One day of events as four small tables, and who must be left out of them.

searches    query_id, at_ms, session_id, person_hash, query, norm, cluster, locale, hits
actions     query_id, at_ms, session_id, person_hash, action, product_id, ordinal
keystrokes  suggest_id, at_ms, session_id, person_hash, prefix, locale, shown
picks       suggest_id, at_ms, session_id, person_hash, prefix, locale, text, ordinal

A person is the user, else the client, else the session, and only ever a hash. A text with private data in it is left
out here, so that nothing later can show it, nor can the keystrokes that led to it.
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import ibis
import pyarrow as pa
from ibis.expr.types import StringValue, Table

from data.cleaning import clean_text
from data.event import SEARCH
from data.mining.ingest import CART, CLICK, PICK, PURCHASE, SUGGEST, VIEW
from data.mining.state import DAYS, pseudonym
from data.mining.warehouse import Warehouse
from data.privacy import is_private
from data.query_log import LONGEST_QUERY
from data.text import analyser_for

DAY_TABLES = ("searches", "actions", "keystrokes", "picks")
IDENTITIES = "identities"
# What leads to a private text is private too: the keystrokes of that session in so long before it.
PRIVATE_LEAD_MS = 60_000
# Distinct queries of one day are remembered for the next ones; some 200 bytes each.
MOST_REMEMBERED = 200_000

_NORMS = pa.schema(
    [(name, pa.string()) for name in ("user_query", "locale", "query", "norm", "cluster")] + [("private", pa.bool_())]
)


class Normaliser:
    """Distinct queries to their normal form and cluster, by the analyser of their locale, each once."""

    def __init__(self, default_locale: str) -> None:
        self.default_locale = default_locale
        self._known: dict[tuple[str, str], tuple[str, str, str, bool]] = {}

    def table(self, queries: Iterable[tuple[str, str | None]]) -> pa.Table:
        """Rows of `user_query, locale, query, norm, cluster, private`; a text without a word has an empty norm."""
        rows = []
        # A query said without a locale and with the shop's own is one.
        asked = dict.fromkeys((text, locale or self.default_locale) for text, locale in queries)
        for text, locale in asked:
            rows.append((text, locale, *self._read(text, locale)))
        return pa.Table.from_pylist([dict(zip(_NORMS.names, row, strict=True)) for row in rows], schema=_NORMS)

    def _read(self, text: str, locale: str) -> tuple[str, str, str, bool]:
        known = self._known.get((text, locale))
        if known is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            cleaned = clean_text(text)
            analyser = analyser_for(locale)
            norm = analyser.normalise(cleaned) if len(cleaned) <= LONGEST_QUERY else ""
            cluster = " ".join(token.stem for token in analyser.word_tokens(norm))
            known = self._known[text, locale] = (cleaned, norm, cluster, is_private(cleaned))
        return known


def with_person(raw: Table) -> Table:
    """Events with a `person_hash` and a `session_id` that is never empty, without the ids of user and client."""
    person = ibis.coalesce(raw.user_id, raw.client_id, raw.session_id)
    return raw.filter(person.notnull()).mutate(
        person_hash=_hash(person), session_id=ibis.coalesce(raw.session_id, _hash(person))
    )


def _hash(identity: StringValue) -> StringValue:
    """See `state.pseudonym`, of a column."""
    return identity.hexdigest("sha256").substr(0, 16)


def identities_of(raw: Table) -> Table:
    """Which users and clients a session belonged to, as hashes: what forgetting a person goes by."""
    named = with_person(raw)
    return named.select(
        "session_id",
        user_hash=ibis.coalesce(_hash(named.user_id), ""),
        client_hash=ibis.coalesce(_hash(named.client_id), ""),
    ).distinct()


def searches_of(raw: Table, norms: Table, default_locale: str) -> Table:
    """The searches, with normal forms; without those that hold private data or no word."""
    events = with_person(raw).filter(lambda t: (t.action == SEARCH) & t.user_query.notnull())
    events = events.mutate(locale=ibis.coalesce(events.locale, default_locale))
    joined = events.join(norms, ["user_query", "locale"])
    return joined.filter(~joined.private & (joined.norm != "")).select(
        "query_id", "at_ms", "session_id", "person_hash", "query", "norm", "cluster", "locale", "hits"
    )


def private_moments(raw: Table, norms: Table, default_locale: str) -> Table:
    """When which session sent private data: `session_id, private_ms`."""
    events = with_person(raw).filter(lambda t: (t.action == SEARCH) & t.user_query.notnull())
    events = events.mutate(locale=ibis.coalesce(events.locale, default_locale))
    joined = events.join(norms, ["user_query", "locale"])
    return joined.filter(joined.private).select("session_id", private_ms=joined.at_ms)


def actions_of(raw: Table) -> Table:
    """Clicks, carts, purchases and views of products."""
    events = with_person(raw).filter(lambda t: t.action.isin([CLICK, CART, PURCHASE, VIEW]) & t.object_id.notnull())
    return events.select(
        "query_id", "at_ms", "session_id", "person_hash", "action", product_id=events.object_id, ordinal=events.ordinal
    )


def keystrokes_of(raw: Table, private: Table, default_locale: str) -> Table:
    """The prefixes that were answered, and with what."""
    events = with_person(raw).filter(lambda t: (t.action == SUGGEST) & t.suggest_id.notnull() & t.prefix.notnull())
    events = events.mutate(locale=ibis.coalesce(events.locale, default_locale))
    return _without_private(events, private).select(
        "suggest_id", "at_ms", "session_id", "person_hash", "prefix", "locale", "shown"
    )


def picks_of(raw: Table, private: Table, default_locale: str) -> Table:
    """The suggestions that were picked."""
    events = with_person(raw).filter(lambda t: (t.action == PICK) & t.suggest_id.notnull() & t.object_id.notnull())
    events = events.mutate(locale=ibis.coalesce(events.locale, default_locale), prefix=events.prefix.fill_null(""))
    return _without_private(events, private).select(
        "suggest_id",
        "at_ms",
        "session_id",
        "person_hash",
        "prefix",
        "locale",
        text=events.object_id,
        ordinal=events.ordinal,
    )


def _without_private(events: Table, private: Table) -> Table:
    """Prefixes that look private themselves (an address, many digits), or led to what is."""
    digits = events.prefix.re_replace("[^0-9]", "").length()
    events = events.filter(~events.prefix.contains("@") & (digits < 8))
    lead = events.join(private, "session_id")
    lead = lead.filter((lead.private_ms >= lead.at_ms) & (lead.private_ms - lead.at_ms <= PRIVATE_LEAD_MS))
    return events.anti_join(lead.select("session_id", "at_ms").distinct(), ["session_id", "at_ms"])


def fold_day(warehouse: Warehouse, parts: list[Path], folder: Path, day: str, normaliser: Normaliser) -> None:
    """Add staged events to a day's tables; a row that is there already stays one row.

    Each table is replaced in one step, so that a kill between two of them is mended by doing it again.
    """
    raw = warehouse.view("raw", parts)
    default = normaliser.default_locale
    distinct = warehouse.execute(
        f"SELECT DISTINCT user_query, locale FROM raw WHERE action = '{SEARCH}' AND user_query IS NOT NULL"
    )
    norms = warehouse.hold("norms", normaliser.table(distinct))

    def private() -> Table:
        return private_moments(raw, norms, default)

    made: dict[str, Callable[[], Table]] = {
        "searches": lambda: searches_of(raw, norms, default),
        "actions": lambda: actions_of(raw),
        "keystrokes": lambda: keystrokes_of(raw, private(), default),
        "picks": lambda: picks_of(raw, private(), default),
        IDENTITIES: lambda: identities_of(raw),
    }
    for name, build in made.items():
        path = folder / DAYS / day / f"{name}.parquet"
        order = ["session_id"] if name == IDENTITIES else ["at_ms", "session_id"]
        old = warehouse.view(f"old_{name}", path) if path.exists() else None
        statement = name if old is None else f"{name} again"
        warehouse.write_again(statement, partial(_rows_once, build, old, order), path)


def _rows_once(build: Callable[[], Table], old: Table | None, order: list[str]) -> Table:
    table = build().distinct() if old is None else build().union(old, distinct=True)
    return table.order_by(order)


def forgotten_sessions(identities: Table, forgotten: list[str]) -> Table:
    """Sessions of forgotten people: those in which one was signed in, was known by the client's id, or that are named.

    Of a device that several people use, the sessions in which somebody else was signed in stay.
    """
    hashes = [*forgotten, "-"]  # an empty IN is no SQL
    marked = identities.mutate(
        is_user=identities.user_hash.isin(hashes),
        is_other=(identities.user_hash != "") & ~identities.user_hash.isin(hashes),
        is_client=identities.client_hash.isin(hashes),
        is_session=_hash(identities.session_id).isin(hashes) | identities.session_id.isin(hashes),
    )
    by_session = marked.group_by("session_id").agg(
        user=marked.is_user.any(),
        other=marked.is_other.any(),
        client=marked.is_client.any(),
        named=marked.is_session.any(),
    )
    return by_session.filter(by_session.user | by_session.named | (by_session.client & ~by_session.other)).select(
        "session_id"
    )


def forget(
    warehouse: Warehouse, folder: Path, days: Iterable[str], users: Iterable[str], known: Iterable[str]
) -> set[str]:
    """Take forgotten people out of every day's tables; the hashes by which they must be known from now on.

    Args:
        warehouse: The connection.
        folder: The mining folder.
        days: Days that have tables.
        users: Ids of the people to forget now: of users, clients or sessions.
        known: Hashes forgotten before.
    """
    days = list(days)
    hashes = {*known, *map(pseudonym, users)}
    if not hashes or not days:
        return hashes
    identities = [folder / DAYS / day / f"{IDENTITIES}.parquet" for day in days]
    table = warehouse.read(identities)
    clients = table.filter(table.user_hash.isin(list(hashes)) & (table.client_hash != "")).select("client_hash")
    hashes |= set(clients.distinct().to_pyarrow()["client_hash"].to_pylist())
    for day in days:
        read = {name: folder / DAYS / day / f"{name}.parquet" for name in (*DAY_TABLES, IDENTITIES)}
        gone = forgotten_sessions(warehouse.read(read[IDENTITIES]), sorted(hashes))
        sessions = gone.to_pyarrow()["session_id"].to_pylist()
        if not sessions:
            continue
        out = ibis.memtable(pa.table({"session_id": pa.array(sessions, pa.string())}))
        for path in read.values():  # identities last: until they are rewritten, a restart finds the same sessions
            warehouse.write(warehouse.read(path).anti_join(out, "session_id"), path)
    return hashes
