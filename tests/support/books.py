"""The books as an auditor reads them: balances of accounts, straight from the postings."""

from support.sandbox import Sandbox


async def balance(sandbox: Sandbox, account: str, *, settle_day: str | None = None) -> int:
    """Credits minus debits of an account, over everything or for one settle day."""
    where = "" if settle_day is None else f"AND settle_day = '{settle_day}'"
    rows = await sandbox.sql(
        "SELECT coalesce(sum(CASE WHEN credit = $1 THEN amount ELSE 0 END), 0) "
        "- coalesce(sum(CASE WHEN debit = $1 THEN amount ELSE 0 END), 0) "
        f"FROM posting WHERE (debit = $1 OR credit = $1) {where}",
        account,
    )
    return int(rows[0][0])
