"""The lines of the sheet that leads from a deposit to its payments."""

from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.report.columns import Cell
from jeongsan.reconcile.report.drill_down import Step
from jeongsan.reconcile.report.result import BankLine, DepositGroup, Payout, PayoutRow
from jeongsan.reconcile.report.words import kind_label, label

# Korean, English.
DEPOSIT_COLUMNS = (
    ("단계", "step"),
    ("날짜", "day"),
    ("상태", "state"),
    ("사유", "why"),
    ("상점·계좌", "shop, account"),
    ("주문번호·메모", "order id, memo"),
    ("결제키", "payment key"),
    ("결제수단", "method"),
    ("통화", "currency"),
    ("결제 금액", "amount"),
    ("수수료", "fee"),
    ("지급 예정", "to be paid out"),
    ("입금", "arrived"),
    ("차이", "difference"),
    ("ID", "id"),
)
DEPOSIT, BANK, PAYOUT = ("입금 묶음", "deposit"), ("통장", "bank"), ("지급", "payout")
_ROWS = ("정산 {}건", "{} settlement rows")


def outline_level(step: Step) -> int:
    """How deep a line stands: 0 a deposit, 1 its bank lines and payouts, 2 their settlement rows."""
    if isinstance(step, DepositGroup):
        return 0
    return 2 if isinstance(step, PayoutRow) else 1


def deposit_line(step: Step, language: Language) -> list[Cell]:
    """A cell for each of DEPOSIT_COLUMNS."""
    if isinstance(step, DepositGroup):
        return _of_group(step, language)
    if isinstance(step, BankLine):
        known: list[Cell] = [pick(BANK, language), step.day, None, None, step.account, step.memo]
        return [*known, None, None, step.currency, None, None, None, step.amount, None, None]
    if isinstance(step, Payout):
        rows = pick(_ROWS, language).format(f"{step.row_count:,}")
        known = [pick(PAYOUT, language), step.paid_out_date, None, None, step.shop, rows]
        return [*known, None, None, step.currency, None, None, step.amount, None, None, None]
    kind = kind_label(step.kind, language)
    known = [kind, step.sold_date, None, None, step.shop, step.order_id, step.payment_key, step.method]
    return [*known, step.currency, step.amount, step.fee, step.pay_out_amount, None, None, None]


def _of_group(group: DepositGroup, language: Language) -> list[Cell]:
    reasons = ", ".join(label(reason, language) for reason in group.reasons)
    return [
        pick(DEPOSIT, language),
        group.right_day or group.left_day,
        label(group.state, language),
        reasons,
        *[None] * 4,
        group.currency,
        None,
        None,
        group.left_amount,
        group.right_amount,
        group.difference,
        group.id,
    ]
