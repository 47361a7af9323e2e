"""Tables of the page on contracts: the rows its contract makes of payments, and the published lists."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from docs.pages import ROOT
from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.contract import terms_of, terms_on
from jeongsan.domain.instants import kst_midnight
from jeongsan.domain.methods import PLAIN, CardKind, InterestPayer, Method, Situation, Traits
from jeongsan.domain.price_lists import PRICE_LISTS
from jeongsan.domain.settlement import row
from jeongsan.domain.terms import percent_from_rate
from jeongsan.wire.contract_document import contract_from_text
from support.examples import a_transaction

CONTRACT = ROOT / "docs" / "contracts" / "shop.toml"


@dataclass(frozen=True)
class _Example:
    """A payment of 100,000 and, with `cancelled`, its full cancel that day instead. `settles` when it
    waited."""

    what: str
    approved: date
    method: Method = Method.CARD
    kind: CardKind | None = None
    traits: Traits = PLAIN
    settles: date | None = None
    cancelled: date | None = None


_EXAMPLES = (
    _Example("card, 일반", date(2025, 2, 13)),
    _Example("card, 영세 from that day on", date(2025, 2, 14)),
    _Example("cancel of the first, by its terms", date(2025, 2, 13), cancelled=date(2025, 2, 20)),
    _Example("card, 중소1 from that day on", date(2025, 8, 14)),
    _Example(
        "card with escrow, confirmed a week later",
        date(2025, 2, 14),
        traits=Traits(situations=(Situation.ESCROW,)),
        settles=date(2025, 2, 21),
    ),
    _Example("card keyed in", date(2025, 2, 14), traits=Traits(situations=(Situation.KEY_IN,))),
    _Example(
        "card, 3 months borne by the shop",
        date(2025, 2, 14),
        traits=Traits(installment_months=3, interest_payer=InterestPayer.MERCHANT),
    ),
    _Example("card, 3 months at the buyer's cost", date(2025, 2, 14), traits=Traits(installment_months=3)),
    _Example("card issued abroad", date(2025, 2, 14), kind=CardKind.OVERSEAS),
    _Example("transfer", date(2025, 2, 14), Method.TRANSFER),
    _Example("its cancel: the fee is kept", date(2025, 2, 14), Method.TRANSFER, cancelled=date(2025, 2, 17)),
    _Example("virtual account", date(2025, 2, 14), Method.VIRTUAL_ACCOUNT),
    _Example("its refund", date(2025, 2, 14), Method.VIRTUAL_ACCOUNT, cancelled=date(2025, 2, 17)),
    _Example("mobile phone", date(2025, 2, 14), Method.MOBILE_PHONE),
)


def worked_rows() -> str:
    """What each example settles to."""
    heads = ("payment of 100,000", "approved", "settles on", "fees", "fee", "payOutAmount", "soldDate")
    return _table((*heads, "paidOutDate"), map(_worked, _EXAMPLES))


def _worked(example: _Example) -> list[str]:
    terms = terms_on(
        terms_of(contract_from_text(CONTRACT.read_bytes())), example.approved, example.method, example.kind
    )
    assert terms is not None
    day = example.cancelled or example.settles or example.approved
    balances = (0, 100_000) if example.cancelled is None else (100_000, 0)
    made = row(
        a_transaction(
            *balances,
            settle_day=day,
            traits=example.traits,
            transacted_at=kst_midnight(example.cancelled or example.approved),
        ),
        terms,
        korean_calendar({}),
    )
    fees = ", ".join(f"{line.type} {line.fee:,}" for line in made.fees)
    days = (made.sold_date.isoformat(), made.paid_out_date.isoformat())
    money = (f"{made.fee:,}", f"{made.pay_out_amount:,}")
    return [example.what, example.approved.isoformat(), day.isoformat(), fees, *money, *days]


def price_lists() -> str:
    """The published lists, a column per company."""
    lists = PRICE_LISTS.values()
    rows = [
        ["company", *(one.company for one in lists)],
        *(
            [f"card, {grade}", *(_percent(one.card[place]) for one in lists)]
            for place, grade in enumerate(("일반", "영세", "중소1", "중소2", "중소3"))
        ),
        ["billing and key-in", *(_percent(one.billing) for one in lists)],
        ["card issued abroad", *(_percent(one.overseas) for one in lists)],
        ["transfer", *(_percent(one.transfer) for one in lists)],
        ["virtual account", *(str(one.virtual_account) for one in lists)],
        ["mobile phone", *(_percent(one.mobile_phone) for one in lists)],
        ["gift certificate", *(_percent(one.gift_certificate) for one in lists)],
        ["escrow, on top", *(_escrow(one.escrow) for one in lists)],
    ]
    table = _table(["name", *(f"`{name}`" for name in PRICE_LISTS)], rows)
    sources = "\n".join(f"- `{name}`: {one.source}." for name, one in PRICE_LISTS.items())
    return f"{table}\n\n{sources}"


def _percent(rate_ppm: int | None) -> str:
    return "–" if rate_ppm is None else percent_from_rate(rate_ppm)


def _escrow(escrow: tuple[int, int] | None) -> str:
    return "–" if escrow is None else f"{percent_from_rate(escrow[0])}; {escrow[1]} per virtual account"


def _table(heads: Iterable[str], rows: Iterable[list[str]]) -> str:
    def lines() -> Iterator[str]:
        head = list(heads)
        yield f"| {' | '.join(head)} |"
        yield f"| {' | '.join('---' for _ in head)} |"
        for cells in rows:
            yield f"| {' | '.join(cells)} |"

    return "\n".join(lines())
