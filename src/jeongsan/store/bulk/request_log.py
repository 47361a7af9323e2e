"""The request log and what settlement queries were answered with: written in batches of their own, outside
the commit path of payments."""

from collections.abc import Sequence

from jeongsan.store import tables
from jeongsan.store.session import Row, Session


async def insert_lines(session: Session, lines: Sequence[Row]) -> None:
    """Append lines in `REQUEST_LOG` column order."""
    await session.insert(tables.REQUEST_LOG, lines)


async def insert_answers(session: Session, answers: Sequence[Row]) -> None:
    """Append answers in `SETTLEMENT_ANSWER` column order."""
    await session.insert(tables.SETTLEMENT_ANSWER, answers)
