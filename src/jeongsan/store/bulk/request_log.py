"""The request log, written in batches of its own, outside the commit path of payments."""

from collections.abc import Sequence

from jeongsan.store import tables
from jeongsan.store.session import Row, Session


async def insert_lines(session: Session, lines: Sequence[Row]) -> None:
    """Append lines in `REQUEST_LOG` column order."""
    await session.insert(tables.REQUEST_LOG, lines)
