"""What a check of settlement rows found, as plain JSON values and as lines; as much of it as can be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from jeongsan.domain.shop import Mode
from jeongsan.inquiry.fee_text import difference_lines
from jeongsan.inquiry.fee_view import difference_view
from jeongsan.inquiry.fee_words import Sums
from jeongsan.inquiry.settlement_check import CheckedRow
from jeongsan.inquiry.words import say

# Whoever has more rows to mend has one cause to look for, not a list to read.
NAMED_MAX = 1_000


@dataclass(slots=True)
class CheckResult:
    """Counts of all rows, and the first NAMED_MAX that are not as they should be. `redated`: their payout
    day alone is another since the calendar was changed."""

    checked: int = 0
    redated: int = 0
    differing: int = 0
    named: list[CheckedRow] = field(default_factory=list)

    def add(self, rows: Sequence[CheckedRow]) -> None:
        """Count some more."""
        self.checked += len(rows)
        for one in rows:
            if one.redated:
                self.redated += 1
            elif one.differences:
                self.differing += 1
                if len(self.named) < NAMED_MAX:
                    self.named.append(one)


def check_view(result: CheckResult, language: str) -> dict[str, Any]:
    """`{checked, agree, redated, differ, rows: [{mode, mId, transactionKey, soldDate, differences}]}`."""
    return {
        "checked": result.checked,
        "agree": result.checked - result.redated - result.differing,
        "redated": result.redated,
        "differ": result.differing,
        "rows": [_row(one, language) for one in result.named],
    }


def _row(one: CheckedRow, language: str) -> dict[str, Any]:
    sums = Sums(language, one.settled.row.currency)
    return {
        "mode": "TEST" if one.shop.mode is Mode.TEST else "LIVE",
        "mId": one.shop.mid,
        "transactionKey": one.settled.transaction.transaction_key,
        "soldDate": one.settled.row.sold_date.isoformat(),
        "currency": one.settled.row.currency,
        "differences": [difference_view(difference, sums) for difference in one.differences],
    }


def check_lines(view: dict[str, Any], language: str) -> Iterator[str]:
    """A line or more for each row that differs, and the counts at the end."""
    for row in view["rows"]:
        yield f"{row['mode']}  {row['mId']}  {row['soldDate']}  {row['transactionKey']}"
        yield from (f"   {line}" for line in difference_lines(row["differences"], language))
    unnamed = view["differ"] - len(view["rows"])
    if unnamed:
        yield say(language, f"그 밖에 {unnamed:,}건 더 다릅니다", f"and {unnamed:,} more differ")
    yield say(
        language,
        f"정산 {view['checked']:,}건 다시 계산: 일치 {view['agree']:,}, 불일치 {view['differ']:,}",
        f"{view['checked']:,} rows recomputed: {view['agree']:,} agree, {view['differ']:,} differ",
    )
    if view["redated"]:
        yield say(
            language,
            f"{view['redated']:,}건은 달력이 바뀌기 전의 지급일을 지키고 있습니다",
            f"{view['redated']:,} rows keep a payout day from before the calendar was changed",
        )
