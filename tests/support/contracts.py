"""Contracts for tests: arbitrary valid ones for laws, and small documents to spoil."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from jeongsan.domain.business_days import Counted, Cycle
from jeongsan.domain.contract import DAY_MAX, DAY_MIN, Agreement, Contract
from jeongsan.domain.methods import CardKind, Method, Situation
from jeongsan.domain.payout_dates import COUNT_MAX, Anchor, HolidayPolicy, PayoutRule
from jeongsan.domain.terms import (
    FIXED_MAX,
    MONTHS_MAX,
    RATE_PPM_MAX,
    Conditions,
    FeeOnCancel,
    Grade,
    LineType,
    Price,
    RefundFeeOn,
    Release,
    Rounding,
    SoldOn,
    Surcharge,
    Vat,
)

# A contract is a large thing to draw; on a busy machine that takes longer than Hypothesis expects of it.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

rates = st.integers(0, RATE_PPM_MAX)
fixed = st.integers(0, FIXED_MAX)
prices = st.builds(Price, rates, fixed)
# Close together, so that periods and grades meet.
days = st.dates(date(2025, 1, 1), date(2025, 3, 31)) | st.dates(DAY_MIN, DAY_MAX)
counts = st.integers(1, COUNT_MAX)
payout_rules = st.builds(
    PayoutRule, st.just(Counted.BUSINESS_DAYS), counts, anchor=st.sampled_from(Anchor)
) | st.builds(
    PayoutRule,
    st.sampled_from([Counted.CALENDAR_DAYS, Counted.MONTH_ENDS]),
    counts,
    holiday=st.sampled_from(HolidayPolicy),
)
months = st.dictionaries(st.integers(2, MONTHS_MAX), rates, max_size=2).map(lambda one: tuple(one.items()))
surcharges = st.dictionaries(
    st.sampled_from(Situation), st.tuples(prices, st.sampled_from(LineType)), max_size=2
).map(lambda one: tuple(Surcharge(situation, *what) for situation, what in one.items()))
conditions = st.builds(
    Conditions,
    base=prices,
    vat=st.sampled_from(Vat),
    rounding=st.sampled_from(Rounding),
    surcharges=surcharges,
    installment=months,
    installment_discount=months,
    point_saving=st.none() | prices,
    other=st.none() | prices,
    fee_on_cancel=st.sampled_from(FeeOnCancel),
    refund_fee=fixed,
    refund_fee_on=st.sampled_from(RefundFeeOn),
    cycle=st.sampled_from(Cycle),
    payout=payout_rules,
    release=st.sampled_from(Release),
    sold_on=st.sampled_from(SoldOn),
)
# Where only rates and days matter: drawing everything else takes most of a test's time.
rates_only = st.integers(0, 5).map(lambda ppm: Conditions(base=Price(ppm), payout=PayoutRule(count=4)))


def applying(agreed: Conditions, method: Method, kinds: tuple[CardKind, ...] = ()) -> Conditions:
    """The conditions without what a document may not state for this method and these kinds of card."""
    card, card_behind = method is Method.CARD, method in (Method.CARD, Method.EASY_PAY)
    bank = method in (Method.TRANSFER, Method.VIRTUAL_ACCOUNT)
    applies = {
        Situation.ESCROW: card_behind or bank,
        Situation.KEY_IN: card,
        Situation.BILLING: method not in (Method.VIRTUAL_ACCOUNT, Method.GIFT_CERTIFICATE),
        Situation.OVERSEAS: card and (not kinds or CardKind.OVERSEAS in kinds),
        Situation.CARD_POINT: card_behind,
    }
    waits = agreed.release is not Release.AT_ONCE or card_behind or bank
    return replace(
        agreed,
        surcharges=tuple(one for one in agreed.surcharges if applies[one.situation]),
        installment=agreed.installment if card_behind else (),
        installment_discount=agreed.installment_discount if card_behind else (),
        point_saving=agreed.point_saving if card_behind else None,
        rounding=agreed.rounding if agreed.vat is Vat.EXCLUDED else Rounding.B,
        refund_fee_on=agreed.refund_fee_on if agreed.refund_fee else RefundFeeOn.ROW,
        sold_on=agreed.sold_on if waits else SoldOn.RELEASE,
    )


@st.composite
def agreements(
    draw: st.DrawFn,
    agreed_on: st.SearchStrategy[Conditions],
    method: Method,
    kinds: tuple[CardKind, ...] = (),
) -> list[Agreement]:
    """One after the other without a gap, the last without an end; some of them with rates by grade."""
    starts = sorted(draw(st.lists(days, min_size=1, max_size=3, unique=True)))
    ends: list[date | None] = [start - timedelta(days=1) for start in starts[1:]]
    found = []
    for start, end in zip(starts, [*ends, None], strict=True):
        agreed = applying(draw(agreed_on), method, kinds)
        others = draw(st.dictionaries(st.sampled_from(Grade), rates, max_size=2))
        by_grade = others | {Grade.GENERAL: agreed.base.rate_ppm} if draw(st.booleans()) else {}
        found.append(
            Agreement(
                method=method,
                card_kinds=kinds,
                start=start,
                end=end,
                rates=tuple(by_grade.items()),
                conditions=agreed,
            )
        )
    return found


@st.composite
def contracts(draw: st.DrawFn, agreed_on: st.SearchStrategy[Conditions] = conditions) -> Contract:
    """Cards of any kind, perhaps some kinds apart, perhaps other methods, and grades."""
    # A few conditions for many periods: what differs between two is enough, and drawing them takes long.
    agreed_on = st.sampled_from(draw(st.lists(agreed_on, min_size=1, max_size=2)))
    found = draw(agreements(agreed_on, Method.CARD))
    kinds = draw(st.lists(st.sampled_from(CardKind), unique=True, max_size=2))
    if kinds:
        cut = draw(st.integers(0, len(kinds)))
        for group in filter(None, (tuple(kinds[:cut]), tuple(kinds[cut:]))):
            found += draw(agreements(agreed_on, Method.CARD, group))
    for method in draw(
        st.sets(st.sampled_from([one for one in Method if one is not Method.CARD]), max_size=2)
    ):
        found += draw(agreements(agreed_on, method))
    grades = draw(st.dictionaries(days, st.sampled_from(Grade), max_size=4))
    source = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60)
    return Contract(
        agreements=tuple(draw(st.permutations(found))),
        grades=tuple(sorted(grades.items())),
        source=draw(source),
    )


def a_document() -> dict[str, Any]:
    """A contract with every setting, for a test to spoil one of them."""
    return {
        "source": "계약서 2025-03, 부속합의 2",
        "grades": [
            {"from": "2025-02-14", "grade": "small"},
            {"from": "2025-08-14", "grade": "medium1"},
        ],
        "terms": [
            {
                "method": "CARD",
                "from": "2025-01-01",
                "until": "2025-06-30",
                "rate": {"general": "3.2", "small": "1.65"},
                "payout": {"businessDays": 4, "anchor": "roll"},
                "surcharges": {"ESCROW": {"rate": "0.2"}, "KEY_IN": {"rate": "0.03", "line": "ETC"}},
                "installments": {"2": "1.2", "3": "2.0"},
                "installmentDiscounts": {"6": "1"},
                "pointSaving": {"rate": "0.5"},
                "other": {"fixed": 100},
            },
            {"method": "CARD", "from": "2025-07-01", "rate": "2.9", "payout": {"businessDays": 6}},
            {
                "method": "CARD",
                "card": ["OVERSEAS", "GIFT"],
                "from": "2025-01-01",
                "rate": "4.5",
                "cycle": "weekly",
                "payout": {"calendarDays": 11, "holiday": "before"},
            },
            {
                "method": "VIRTUAL_ACCOUNT",
                "from": "2025-01-01",
                "fixed": 300,
                "vat": "included",
                "payout": {"businessDays": 3},
                "cancel": {"fee": "kept", "refundFee": 300, "refundFeeOn": "adjustment"},
            },
            {
                "method": "MOBILE_PHONE",
                "from": "2025-01-01",
                "rate": "4.5",
                "cycle": "monthly",
                "payout": {"monthEnds": 2, "holiday": "ignore"},
                "release": "on-collection",
                "soldOn": "transaction",
            },
        ],
    }
