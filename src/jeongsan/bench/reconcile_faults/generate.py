"""Makes the world, does each fault to payments and payouts of its own, and fills tables and labels."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from jeongsan.bench.reconcile_faults import day_faults, gateway_faults, order_faults, settlement_faults
from jeongsan.bench.reconcile_faults.bank_lines import extra_cases, write_bank
from jeongsan.bench.reconcile_faults.cases import ALL_KEYS, Case, Fault, Label, World
from jeongsan.bench.reconcile_faults.contract_terms import ONE_DAY, SHOPS, due_dates, tariffs
from jeongsan.bench.reconcile_faults.harmless import HARMLESS
from jeongsan.bench.reconcile_faults.payouts import BankBook, Payout
from jeongsan.reconcile.duck import run_script
from jeongsan.reconcile.match.codes import Comparison, Side

FAULTS: tuple[Fault, ...] = (
    *gateway_faults.FAULTS,
    *order_faults.FAULTS,
    *day_faults.FAULTS,
    *settlement_faults.FAULTS,
    *HARMLESS,
)
# In the first months there are six holidays on which Korean banks are closed.
FIRST_DAY = date(2025, 4, 14)
_FEW_DAYS, _MANY_DAYS = 78, 400
_MANY_ORDERS = 100_000
_FAULTS_PER_KIND_MIN, _FAULTS_PER_KIND_MAX = 3, 300
# So many payments are looked at for each that a fault befalls: some kinds suit one in sixty.
_POOL_PER_FAULT = 6
_POOL_MIN = 3_000
ORDERS_MIN = 3_000
# Money of older payments is paid out in the first days, and settled then.
_TERMS_BEFORE, _TERMS_AFTER = timedelta(days=40), timedelta(days=10)

_JSON = msgspec.json.Encoder(decimal_format="string")


@dataclass(frozen=True, slots=True)
class WorldPlan:
    """`orders`: payments of the merchant, cancels come on top. `share`: how many of a hundred thousand
    payments a fault befalls. `order_keys`: which key the merchant's orders carry beside the order id:
    "transaction" (and the payment's), "payment", or "order" for none. `days` from FIRST_DAY on; None: more
    for more orders. `for_files`: leave out what the columns of the files cannot show."""

    orders: int
    seed: int = 1
    share: int = 600
    order_keys: str = "payment"
    days: int | None = None
    for_files: bool = False

    def __post_init__(self) -> None:
        if self.orders < ORDERS_MIN:
            raise ValueError(f"orders: at least {ORDERS_MIN}, or some kinds of fault find no payment")
        if self.order_keys not in ALL_KEYS:
            raise ValueError(f"order_keys: one of {', '.join(sorted(ALL_KEYS))}")

    @property
    def faults(self) -> list[Fault]:
        """The kinds that say something in this world."""
        return [
            one
            for one in FAULTS
            if self.order_keys in one.order_keys and (one.in_files or not self.for_files)
        ]

    @property
    def per_kind(self) -> int:
        """How many payments each kind befalls."""
        wanted = self.orders * self.share // (100_000 * len(self.faults))
        return max(_FAULTS_PER_KIND_MIN, min(_FAULTS_PER_KIND_MAX, wanted))

    @property
    def last(self) -> date:
        """The last day that was collected; today is the day after it."""
        days = self.days or (_FEW_DAYS if self.orders < _MANY_ORDERS else _MANY_DAYS)
        return FIRST_DAY + timedelta(days=days - 1)


def generate(connection: Any, plan: WorldPlan) -> World:
    """Fill the tables of a reconciliation (tables.sql, empty) and labelled.labels, labelled.members,
    labelled.payouts and labelled.copies beside them. The same plan makes the same rows. Returns the world,
    whose days a reconciliation has to be told; its contracts are `contract_documents`."""
    world = World(
        first=FIRST_DAY,
        last=plan.last,
        today=plan.last + ONE_DAY,
        order_keys=plan.order_keys,
        tariffs={(one.shop, one.method, one.card_kind): one for one in tariffs()},
        dice=random.Random(f"jeongsan/{plan.seed}"),  # noqa: S311 - no secret
    )
    _make_plain_world(connection, plan, world)
    cases, labels = _do_faults(_pool(connection), plan, world)
    _add(connection, cases)
    book = _bank(connection, world)
    _finish(connection, world, labels, book)
    return world


def set_variables(connection: Any, **values: object) -> None:
    """Give a statement file its values; lists of rows go as JSON."""
    for name, value in values.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])


def _json(rows: Iterable[object]) -> str:
    return _JSON.encode(list(rows)).decode()


def _make_plain_world(connection: Any, plan: WorldPlan, world: World) -> None:
    set_variables(
        connection,
        seed=str(plan.seed),
        payments=plan.orders,
        first=world.first,
        days=(world.last - world.first).days + 1,
        order_keys=plan.order_keys,
        pool=max(_POOL_MIN, _POOL_PER_FAULT * plan.per_kind * len(plan.faults)),
        shops=_json(asdict(shop) for shop in SHOPS),
        tariffs=_json(asdict(tariff) for tariff in tariffs()),
        due_dates=_json(due_dates(world.first - _TERMS_BEFORE, world.today + _TERMS_AFTER)),
    )
    run_script(connection, __package__, "setup.sql")
    run_script(connection, __package__, "world.sql")
    run_script(connection, __package__, "payouts.sql")


def _pool(connection: Any) -> list[Case]:
    """Payments in an order of chance, all their rows beside each other."""
    cases: dict[int, Case] = {number: Case(number) for (number,) in connection.table("made.pool").fetchall()}
    for side in ("orders", "transactions", "settlements"):
        found = connection.table(f"made.pool_{side}")
        names = found.columns
        for values in found.fetchall():
            row = dict(zip(names, values, strict=True))
            getattr(cases[row["number"]], side).append(row)
    return list(cases.values())


def _do_faults(
    pool: Sequence[Case], plan: WorldPlan, world: World
) -> tuple[list[Case], list[tuple[Fault, Label]]]:
    """Each payment has at most one fault. Kinds that suit few payments choose first. Raises ValueError when
    there are too few payments for a kind."""
    suited = {one.name: [case for case in pool if one.suits(case)] for one in plan.faults}
    used: dict[int, Case] = {}
    labels = []
    for one in sorted(plan.faults, key=lambda kind: (len(suited[kind.name]), kind.name)):
        chosen = [case for case in suited[one.name] if case.number not in used][: plan.per_kind]
        if len(chosen) < _FAULTS_PER_KIND_MIN:
            raise ValueError(f"{one.name}: too few of {plan.orders} payments suit it")
        for case in chosen:
            used[case.number] = case
            labels += [(one, label) for label in one.apply(case, world)]
    return list(used.values()), labels


def _add(connection: Any, cases: Sequence[Case]) -> None:
    set_variables(
        connection,
        numbers=[case.number for case in cases],
        orders=_json(row for case in cases for row in case.orders),
        transactions=_json(row for case in cases for row in case.transactions),
        settlements=_json(row for case in cases for row in case.settlements),
    )
    run_script(connection, __package__, "add_rows.sql")


def _payouts(connection: Any) -> list[Payout]:
    return [Payout(*values) for values in connection.table("made.payouts").fetchall()]


def _bank(connection: Any, world: World) -> BankBook:
    extras, equal = extra_cases(_payouts(connection), world)
    _add(connection, extras)

    def row_amounts(payout: Payout) -> list[Any]:
        set_variables(connection, paid_out_date=payout.day, shop=payout.shop, currency=payout.currency)
        return [amount for (amount,) in connection.table("made.payout_amounts").fetchall()]

    return write_bank(_payouts(connection), equal, world, row_amounts)


def _finish(connection: Any, world: World, labels: Sequence[tuple[Fault, Label]], book: BankBook) -> None:
    told: dict[str, list[dict[str, object]]] = defaultdict(list)
    for number, (one, label) in enumerate(labels, 1):
        told["labels"].append(_told(number, one.name, one.deterministic, label))
        for side, uid in label.members:
            told["label_rows"].append({"label_number": number, "side": side, "uid": uid})
    for number, deposit in enumerate(book.labels, len(labels) + 1):
        as_label = Label(Comparison.DEPOSIT, deposit.state, deposit.reasons, ())
        told["labels"].append(_told(number, deposit.kind, True, as_label))
        for uid in deposit.lines:
            told["label_rows"].append({"label_number": number, "side": Side.BANK, "uid": uid})
        for payout in deposit.payouts:
            named = {"shop": payout.shop, "currency": payout.currency, "paid_out_date": payout.day}
            told["label_payouts"].append({"label_number": number, **named})
    told["copies"] = [{"side": side, "uid": uid, "original": of} for side, uid, of in world.copies]
    set_variables(
        connection,
        bank=_json(book.lines),
        **{name: _json(rows) for name, rows in told.items()},
    )
    run_script(connection, __package__, "finish.sql")


def _told(number: int, kind: str, deterministic: bool, label: Label) -> dict[str, object]:
    return {
        "label_number": number,
        "kind": kind,
        "deterministic": deterministic,
        "comparison": label.comparison,
        "state": label.state,
        "reasons": label.reasons,
    }
