"""A reversed deposit on the wire: a row equal to minus the approval, `cancel` null as nobody cancelled."""

from dataclasses import dataclass, replace

import pytest

from jeongsan.domain.ledger import cancel_moves
from jeongsan.domain.settlement import settle_day
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.loop.operation import Decision, Keys, Stamp, World
from jeongsan.operations.books import post
from jeongsan.store.rows import TRANSACTION_COLUMNS, transaction_from
from support.books import balance
from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio

SUMS = ("amount", "fee", "supplyAmount", "vat", "payOutAmount")


@dataclass(frozen=True)
class ReverseDeposit:
    """The bank takes a deposit back. No operation of the gateway does, as it has no virtual accounts yet."""

    deposit: Transaction

    @property
    def keys(self) -> Keys:
        return Keys()

    def decide(self, world: World, stamp: Stamp) -> Decision[None]:
        deposit = self.deposit
        reversal = replace(
            deposit,
            transaction_id=stamp.mint.row_id(),
            transaction_key=stamp.mint.transaction_key(stamp.now),
            kind=Kind.DEPOSIT_REVERSAL,
            balance_before=deposit.balance_after,
            balance_after=0,
            transacted_at=stamp.now,
            settle_day=settle_day(stamp.now, stamp.closed_through),
        )
        postings = post(
            cancel_moves(reversal.amount, waits=False),
            shop_id=reversal.shop_id,
            currency=reversal.currency,
            cause="deposit-reversal",
            stamp=stamp,
            settle_day=reversal.settle_day,
            transaction_id=reversal.transaction_id,
        )
        return Decision(answer=None, transactions=(reversal,), postings=postings)


async def test_a_reversed_deposit_is_a_row_of_its_own_without_a_cancel(sandbox: Sandbox) -> None:
    await sandbox.done(15_000)
    (stored,) = await sandbox.sql(f"SELECT {TRANSACTION_COLUMNS} FROM payment_transaction")
    await sandbox.advance("P1D")
    await sandbox.gateway.loop.submit(ReverseDeposit(transaction_from(stored)))
    await sandbox.advance("P1D")
    approved, reversed_ = await sandbox.settlements("2025-03-13", "2025-03-14")
    assert reversed_["cancel"] is None
    assert [reversed_[name] for name in SUMS] == [-approved[name] for name in SUMS]
    assert (reversed_["soldDate"], reversed_["approvedAt"]) == ("2025-03-14", approved["approvedAt"])
    assert list(reversed_) == list(approved)
    assert await balance(sandbox, "2100") == 0
