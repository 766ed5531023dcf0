"""The texts of pages, searched by what the database brings along: FTS5 in SQLite, tsvector and GIN in PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Float, Integer, TextClause, column, delete, func, text
from sqlalchemy.sql import Select
from sqlmodel import Session, col, select

from meeting_app.domain.search import MOST_LETTERS, PageText, Question, fold, words_of
from meeting_app.ports import PageHit

_EXACT = 8.0  # times as much as a word found without its marks


class SqlTextIndex:
    """One index for both databases: the session tells which."""

    def put(self, session: Session, version_id: int, pages: Mapping[int, str]) -> None:
        is_postgres = _is_postgres(session)
        if not is_postgres:
            forget = "insert into page_search (page_search, rowid, words, folded) select 'delete', id, words, folded"
            session.execute(text(f"{forget} from page_text where version_id = :version"), {"version": version_id})
        session.execute(delete(PageText).where(col(PageText.version_id) == version_id))
        rows = []
        for page, content in pages.items():
            kept = content[:MOST_LETTERS].replace("\0", "")  # PostgreSQL takes no such letter
            words = words_of(kept)
            folded = " ".join(fold(word) for word in words)
            rows.append(PageText(version_id=version_id, page=page, text=kept, words=" ".join(words), folded=folded))
        session.add_all(rows)
        session.flush()
        session.execute(text(_FILL_POSTGRES if is_postgres else _FILL_SQLITE), {"version": version_id})

    def find(self, session: Session, question: Question, allowed: Select[Any], limit: int) -> list[PageHit]:
        if question.is_empty:
            return []
        is_postgres = _is_postgres(session)
        statement = text(_FIND_POSTGRES if is_postgres else _FIND_SQLITE)
        asked = _asked_postgres(question) if is_postgres else {"asked": _asked_sqlite(question)}
        return _found(session, statement.bindparams(times=_EXACT, **asked), allowed, limit)


def _found(session: Session, scored: TextClause, allowed: Select[Any], limit: int) -> list[PageHit]:
    """The best page of each version the reader may read, best first: the rights are asked before the limit."""
    hits = scored.columns(column("id", Integer), column("score", Float)).cte("hits")
    place = func.row_number().over(
        partition_by=col(PageText.version_id), order_by=(hits.c.score.desc(), col(PageText.page))
    )
    ranked = (
        select(PageText.id, hits.c.score, place.label("place"))
        .join(hits, hits.c.id == PageText.id)
        .where(col(PageText.version_id).in_(allowed))
        .subquery()
    )
    rows = session.execute(
        select(PageText.version_id, PageText.page, PageText.text)
        .join(ranked, ranked.c.id == PageText.id)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.score.desc(), col(PageText.version_id).desc())
        .limit(limit)
    ).all()
    return [PageHit(*row) for row in rows]


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _asked_sqlite(question: Question) -> str:
    """Words are letters and digits only: nothing in them is syntax once they stand in quotation marks."""
    folded = " AND ".join(f'"{word}"' for word in question.folded)
    exact = " AND ".join(f'"{word}"' for word in question.words)
    side_by_side = " ".join(question.words)
    return f'(folded : ({folded})) OR (words : ({exact})) OR (words : "{side_by_side}")'


def _asked_postgres(question: Question) -> dict[str, str]:
    return {"folded": " & ".join(question.folded), "exact": " & ".join(question.words)}


_FILL_SQLITE = (
    "insert into page_search (rowid, words, folded) select id, words, folded from page_text where version_id = :version"
)
_FILL_POSTGRES = (
    "update page_text set search = setweight(to_tsvector('simple', words), 'A') ||"
    " setweight(to_tsvector('simple', folded), 'D') where version_id = :version"
)
_FIND_SQLITE = (
    "select rowid as id, -bm25(page_search, :times, 1.0) as score from page_search where page_search match :asked"
)
_FIND_POSTGRES = (
    "select id, ts_rank_cd('{0.1, 0.1, 0.1, 0.1}', search, to_tsquery('simple', :folded)) + :times *"
    " ts_rank_cd('{0, 0, 0, 1}', search, to_tsquery('simple', :exact)) as score"
    " from page_text where search @@ to_tsquery('simple', :folded)"
)
