"""What a run came to, for scripts and for people."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from jeongsan.fetch.manifest import State, Sums, sums_view
from jeongsan.fetch.remarks import Remark, view
from jeongsan.fetch.run import ShopOutcome
from jeongsan.fetch.shop_run import Plan, ShopRun
from jeongsan.fetch.slices import What
from jeongsan.fetch.words import sentences, word

Placed = tuple[str | None, date | None, Remark]


def is_whole(outcomes: Sequence[ShopOutcome]) -> bool:
    """Whether everything was fetched and nothing differs."""
    return all(one.whole for one in outcomes)


def outcome_view(plan: Plan, outcomes: Sequence[ShopOutcome]) -> dict[str, Any]:
    """The object of `--json`."""
    return {
        "address": plan.address,
        "from": str(plan.period.first),
        "to": str(plan.period.last),
        "whole": is_whole(outcomes),
        "shops": [_shop_view(plan, one) for one in outcomes],
    }


def _shop_view(plan: Plan, outcome: ShopOutcome) -> dict[str, Any]:
    run = outcome.run
    value: dict[str, Any] = {"shop": outcome.name, "whole": outcome.whole}
    if run is not None:
        tally = run.tally
        value["now"] = run.now.isoformat(timespec="seconds")
        value["requests"] = {"sent": tally.requests, "busy": tally.busy, "silent": tally.silent}
        value |= {what.value: _list_view(run, what) for what in plan.whats}
    value["problems"] = [_remark_view(one) for one in _problems(outcome)]
    value["notes"] = [_remark_view(one) for one in (() if run is None else run.notes())]
    return value


def _list_view(run: ShopRun, what: What) -> dict[str, Any]:
    figures = _figures(run, what)
    return figures | {"sums": sums_view(figures["sums"])}


def _figures(run: ShopRun, what: What) -> dict[str, Any]:
    """Of the slices that were wanted: how many, how many of them were read now, and what they hold."""
    wanted = [one for one in run.wanted if one.what is what]
    records = [record for one in wanted if (record := run.folder.record(one)) is not None]
    sums: Sums = {}
    for record in records:
        for currency, columns in record.sums.items():
            into = sums.setdefault(currency, {})
            for name, amount in columns.items():
                into[name] = into.get(name, Decimal(0)) + amount
    return {
        "slices": len(wanted),
        "read": sum(one in run.read for one in wanted),
        "open": sum(record.state is State.OPEN for record in records),
        "rows": sum(record.rows for record in records),
        "sums": sums,
    }


def _remark_view(placed: Placed) -> dict[str, Any]:
    what, day, remark = placed
    return {
        "what": what,
        "day": None if day is None else str(day),
        **view(remark),
        **sentences(remark),
    }


def _problems(outcome: ShopOutcome) -> list[Placed]:
    whole: list[Placed] = [(None, None, one) for one in outcome.failures]
    return whole if outcome.run is None else [*whole, *outcome.run.problems()]


def outcome_lines(plan: Plan, outcomes: Sequence[ShopOutcome], language: str) -> Iterator[str]:
    """A line per list, a line per problem and note, and the verdict."""
    for outcome in outcomes:
        run = outcome.run
        if run is not None:
            yield from (_list_line(run, what, language) for what in plan.whats)
        for mark, placed in (("!", _problems(outcome)), ("-", () if run is None else run.notes())):
            yield from (_remark_line(outcome.name, mark, one, language) for one in placed)
    yield word("whole" if is_whole(outcomes) else "not_whole", language)


def _list_line(run: ShopRun, what: What, language: str) -> str:
    figures = _figures(run, what)
    wanted = [one.day for one in run.wanted if one.what is what]
    days = f"{wanted[0]} – {wanted[-1]}" if wanted else "–"
    counts = [
        f"{word('read', language)} {figures['read']}",
        f"{word('kept', language)} {figures['slices'] - figures['read']}",
        f"{word('open', language)} {figures['open']}",
    ]
    sums = [
        " ".join(
            [currency or "?", *(f"{word(name, language)} {amount:,f}" for name, amount in columns.items())]
        )
        for currency, columns in sorted(figures["sums"].items())
    ]
    rows = f"{figures['rows']:,} {word('rows', language)}"
    head = f"{run.name}  {word(what.value, language)}  {days}"
    return " · ".join([f"{head}  {' '.join(counts)}", rows, *sums])


def _remark_line(shop: str, mark: str, placed: Placed, language: str) -> str:
    what, day, remark = placed
    where = [shop, *([word(what, language)] if what else []), *([str(day)] if day else [])]
    return f"{mark} {' '.join(where)}  {remark.code}: {sentences(remark)[language]}"
