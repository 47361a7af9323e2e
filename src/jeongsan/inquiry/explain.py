"""What a settlement query finds and why: the reason an empty list is empty, where an order's rows are
instead, and which query works."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from jeongsan.domain.business_days import Counted
from jeongsan.domain.payment_states import Status
from jeongsan.domain.payout_dates import payout_date
from jeongsan.domain.shop import Shop
from jeongsan.inquiry.empty_reason import EmptyReason, empty_reason
from jeongsan.inquiry.find import Finding, find
from jeongsan.inquiry.records import Records
from jeongsan.inquiry.trace import RowState, Settling, Trace, trace_payment
from jeongsan.inquiry.words import day_after
from jeongsan.store.reads import settlements
from jeongsan.wire.requests import SettlementsQuery

# Who asks for a day later than this after the payout has not miscounted it.
_DAYS_COUNTED_AFTER = 7


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the order asked about, and how the query stands to it. `day`: its date of the kind asked
    for. `returned`: this query returns it now. `counted`: each asked day between sale and payout, with the
    number of business days from the sold date to it (None: the banks are closed)."""

    settling: Settling
    day: date
    returned: bool
    counted: tuple[tuple[date, int | None], ...]

    @property
    def readable_from(self) -> date:
        """The first day on which the row can be read, or could be."""
        return day_after(self.settling.settle_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the query of one shop finds. `date_type_given`: the asker chose the kind of date. `reason` is None
    for a list that is not empty; `readable`: when NOT_CLOSED ends. `nearest`: the days with rows before and
    after the range, of the kind of date asked for. `order`: what the order asked about led to; `status`: of
    its payment in this shop."""

    shop: Shop
    query: SettlementsQuery
    date_type_given: bool
    total: int
    reason: EmptyReason | None
    readable: date | None
    nearest: tuple[date | None, date | None]
    order: Finding | None
    status: Status | None
    rows: tuple[OrderRow, ...]


async def explain(
    records: Records, query: SettlementsQuery, *, date_type_given: bool, order: str | None
) -> list[Explanation]:
    """An explanation for each permitted shop, live first; with an order, for each shop that has it. An
    order nobody has is explained for every shop, as if it had not been named."""
    finding = None if order is None else (await find(records, [order]))[0]
    traces: dict[int, Trace] = {}
    for shop, payment_key in () if finding is None else finding.payments:
        trace = await trace_payment(records, shop, payment_key)
        if trace is not None:
            traces[shop.shop_id] = trace
    shops = [shop for shop in records.shops if not traces or shop.shop_id in traces]
    return [
        await _of_shop(records, shop, query, date_type_given, finding, traces.get(shop.shop_id))
        for shop in shops
    ]


async def _of_shop(
    records: Records,
    shop: Shop,
    query: SettlementsQuery,
    date_type_given: bool,
    finding: Finding | None,
    trace: Trace | None,
) -> Explanation:
    page = await settlements.page(
        records.store,
        shop.shop_id,
        date_type=query.date_type,
        start=query.start,
        end=query.end,
        number=query.page,
        size=query.size,
    )
    reason = readable = None
    if not page.views:
        reason, readable = await empty_reason(records.store, records.config, shop, query, total=page.total)
    keys = {view.transaction_key for view in page.views}
    return Explanation(
        shop=shop,
        query=query,
        date_type_given=date_type_given,
        total=page.total,
        reason=reason,
        readable=readable,
        nearest=await settlements.nearest_days(
            records.store, shop.shop_id, date_type=query.date_type, start=query.start, end=query.end
        ),
        order=finding,
        status=None if trace is None else trace.payment.status,
        rows=() if trace is None else tuple(_order_row(records, one, query, keys) for one in trace.settlings),
    )


def _order_row(records: Records, one: Settling, query: SettlementsQuery, keys: set[str]) -> OrderRow:
    day = one.sold_date if query.date_type == "sold" else one.paid_out_date
    returned = one.transaction.transaction_key in keys and one.state is RowState.READABLE
    return OrderRow(one, day, returned, _counted(records, one, query))


def _counted(records: Records, one: Settling, query: SettlementsQuery) -> tuple[tuple[date, int | None], ...]:
    """The asked days by which somebody expected the money, counted like the payout date. None where the range
    holds one of the row's dates: then it is not the counting that misled; none while it waits; and none
    where the contract does not count business days."""
    if one.state is RowState.WAITING:
        return ()
    first = max(query.start, one.sold_date + timedelta(days=1))
    last = min(query.end, one.paid_out_date + timedelta(days=_DAYS_COUNTED_AFTER))
    asked = (query.start <= day <= query.end for day in (one.sold_date, one.paid_out_date))
    if first > last or any(asked):
        return ()
    rule = one.terms.conditions.payout
    if rule.counted is not Counted.BUSINESS_DAYS:
        return ()
    longer = replace(rule, count=rule.count + _DAYS_COUNTED_AFTER)
    _, steps = payout_date(one.sold_date, longer, records.calendar())
    numbers = {step.day: step.number for step in steps}
    return tuple((day, numbers.get(day)) for day in sorted({first, last}))
