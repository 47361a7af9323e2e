"""What must hold in a gateway's database at any moment, as an auditor would ask it: plain SQL, no rule
of the gateway imported. Each invariant has a number; `violations` names those that are broken."""

import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

from jeongsan.domain.instants import kst_midnight

Read = Callable[..., Awaitable[Sequence[Any]]]

_READABLE = "(SELECT readable_through FROM clock)"
_IDEMPOTENCY_DAYS_MS = 15 * 24 * 60 * 60 * 1000
# A payment is stored first as READY (version 1), or with its card as IN_PROGRESS (version 2).
_FIRST_VERSION = "(CASE WHEN p.card IS NULL THEN 1 ELSE 2 END)"
# Of a settlement row `s` that is not held: the payout of its shop, currency and date was made.
_PAID_OUT = (
    "EXISTS (SELECT 1 FROM payout p WHERE p.shop_id = s.shop_id AND p.currency = s.currency "
    "AND p.paid_out_date = s.paid_out_date)"
)
# Of a settlement row `s`: where its paid-out date was before it was moved, if it was.
_FIRST_DATE = (
    "(SELECT r.from_day FROM redated_row r WHERE r.transaction_id = s.transaction_id "
    "ORDER BY r.redated_at, r.redating_id LIMIT 1)"
)

# Under these terms `c` a cancel costs nothing of its own.
_NO_REFUND_FEE = "c.conditions LIKE '%\"refund_fee\":0,%'"

# Number, promise, and a statement that finds what breaks it.
_STATEMENTS: tuple[tuple[int, str, str], ...] = (
    (
        1,
        "a balance is the total minus its cancels, and the cancels are counted",
        "SELECT p.payment_key, p.balance FROM payment p WHERE p.balance <> p.total - coalesce("
        "(SELECT sum(t.amount) FROM payment_transaction t WHERE t.payment_id = p.payment_id "
        "AND t.kind = 'cancel'), 0) "
        "OR p.cancel_count <> (SELECT count(*) FROM payment_transaction t WHERE t.payment_id = p.payment_id "
        "AND t.kind = 'cancel')",
    ),
    (
        2,
        "a payment has one approval when it was approved, and none otherwise",
        "SELECT p.payment_key, p.status FROM payment p WHERE (SELECT count(*) FROM payment_transaction t "
        "WHERE t.payment_id = p.payment_id AND t.kind = 'approval' AND t.amount = p.total "
        "AND t.approved_at = p.approved_at) <> "
        "CASE WHEN p.status IN ('DONE', 'CANCELED', 'PARTIAL_CANCELED') THEN 1 ELSE 0 END "
        "OR (SELECT count(*) FROM payment_transaction t WHERE t.payment_id = p.payment_id) "
        "<> p.cancel_count + CASE WHEN p.approved_at IS NULL THEN 0 ELSE 1 END",
    ),
    (
        3,
        "DONE has no cancel, CANCELED one of the whole amount, PARTIAL_CANCELED only smaller ones",
        "SELECT p.payment_key, p.status FROM payment p WHERE CASE p.status "
        "WHEN 'CANCELED' THEN p.balance <> 0 OR p.cancel_count <> 1 "
        "WHEN 'PARTIAL_CANCELED' THEN p.cancel_count = 0 OR EXISTS (SELECT 1 FROM payment_transaction t "
        "WHERE t.payment_id = p.payment_id AND t.kind = 'cancel' AND t.amount = p.total) "
        "ELSE p.cancel_count <> 0 OR p.balance <> p.total END",
    ),
    (
        4,
        "transactions of a payment follow on each other with the approval's terms, time and settling: all of "
        "them have a settle day, or none while it waits",
        "SELECT t.transaction_key FROM payment_transaction t JOIN payment p ON p.payment_id = t.payment_id "
        "WHERE t.terms_id <> p.terms_id OR t.approved_at <> p.approved_at OR t.transacted_at < t.approved_at "
        "OR t.shop_id <> p.shop_id OR t.currency <> p.currency "
        "OR (p.settles = 1 AND p.waits = 0) <> (t.settle_day IS NOT NULL) "
        "OR CASE t.kind WHEN 'approval' THEN t.balance_before <> 0 OR t.balance_after <> p.total "
        "ELSE t.balance_after <> t.balance_before - t.amount OR t.balance_before <> p.total - coalesce(("
        "SELECT sum(e.amount) FROM payment_transaction e WHERE e.payment_id = t.payment_id "
        "AND e.kind = 'cancel' AND e.balance_before > t.balance_before), 0) END",
    ),
    (
        5,
        "a transaction of a published day has exactly one settlement row",
        "SELECT t.transaction_key, t.settle_day FROM payment_transaction t "
        f"WHERE t.settle_day <= {_READABLE} AND (SELECT count(*) FROM settlement s "
        "WHERE s.transaction_id = t.transaction_id AND s.settle_day = t.settle_day) <> 1",
    ),
    (
        6,
        "nothing is settled that has no settle day, or before its day is being closed",
        "SELECT s.transaction_id FROM settlement s LEFT JOIN payment_transaction t "
        "ON t.transaction_id = s.transaction_id WHERE t.settle_day IS NULL OR t.settle_day <> s.settle_day "
        "OR t.shop_id <> s.shop_id OR NOT EXISTS (SELECT 1 FROM day_close d WHERE d.day = s.settle_day)",
    ),
    (
        7,
        "a settlement row adds up and its amount is its transaction's, negative for a cancel; it is sold on "
        "its settle day or later, unless the terms say on the day of the transaction",
        "SELECT s.transaction_id FROM settlement s JOIN payment_transaction t "
        "ON t.transaction_id = s.transaction_id JOIN terms c ON c.terms_id = s.terms_id "
        "WHERE s.amount - s.fee <> s.pay_out_amount "
        "OR s.supply_amount + s.vat <> s.fee OR abs(s.vat) <> (2 * abs(s.fee) + 11) / 22 "
        "OR s.amount <> CASE t.kind WHEN 'cancel' THEN -t.amount ELSE t.amount END "
        "OR s.vat * s.fee < 0 OR s.currency <> t.currency OR (s.fee * s.amount < 0 "
        f"AND {_NO_REFUND_FEE}) "
        'OR (s.sold_date < s.settle_day AND c.conditions NOT LIKE \'%"sold_on":"transaction"%\') '
        "OR s.paid_out_date <= s.settle_day OR s.paid_out_date <= s.sold_date",
    ),
    (
        8,
        "the fees of a payment whose whole amount went back and was settled sum to nothing",
        "SELECT p.payment_key FROM payment p JOIN payment_transaction t ON t.payment_id = p.payment_id "
        "JOIN settlement s ON s.transaction_id = t.transaction_id "
        f"JOIN terms c ON c.terms_id = s.terms_id WHERE p.balance = 0 AND {_NO_REFUND_FEE} "
        'AND c.conditions LIKE \'%"fee_on_cancel":"returned"%\' GROUP BY p.payment_key, p.cancel_count '
        "HAVING count(*) = p.cancel_count + 1 AND (sum(s.fee) <> 0 OR sum(s.amount) <> 0)",
    ),
    (
        9,
        "nothing of a published day is left unsettled in the ledger (2100)",
        f"SELECT settle_day, shop_id, currency FROM posting WHERE settle_day <= {_READABLE} "
        "AND (debit = '2100' OR credit = '2100') GROUP BY settle_day, shop_id, currency "
        "HAVING sum(CASE WHEN credit = '2100' THEN amount ELSE -amount END) <> 0",
    ),
    (
        10,
        "payout clearing (2300) and buyer refunds (2500) are at zero",
        "SELECT a.account, a.shop_id, a.currency FROM (SELECT debit AS account, shop_id, currency, amount "
        "FROM posting UNION ALL SELECT credit, shop_id, currency, -amount FROM posting) a "
        "WHERE a.account IN ('2300', '2500') GROUP BY a.account, a.shop_id, a.currency "
        "HAVING sum(a.amount) <> 0",
    ),
    (
        12,
        "each transaction is booked once, between 1100 and 2100 on its settle day, or 2150 while it waits",
        "SELECT t.transaction_key FROM payment_transaction t JOIN payment p ON p.payment_id = t.payment_id "
        "WHERE (SELECT count(*) FROM posting b "
        "WHERE b.transaction_id = t.transaction_id AND b.cause <> 'release') <> 1 OR NOT EXISTS (SELECT 1 "
        "FROM posting b WHERE b.transaction_id = t.transaction_id AND b.cause <> 'release' "
        "AND b.amount = t.amount AND b.currency = t.currency AND b.shop_id = t.shop_id "
        "AND CASE t.kind WHEN 'approval' THEN b.debit ELSE b.credit END = '1100' "
        "AND (CASE t.kind WHEN 'approval' THEN b.credit ELSE b.debit END = '2150' AND b.settle_day IS NULL "
        "AND p.settles = 1 OR CASE t.kind WHEN 'approval' THEN b.credit ELSE b.debit END = '2100' "
        "AND p.waits = 0 AND coalesce(b.settle_day, '') = coalesce(t.settle_day, '')))",
    ),
    (
        13,
        "rows are numbered from 1 without gaps, and the stored and visible counts are right",
        "SELECT c.shop_id, c.date_type, c.day FROM settlement_count c LEFT JOIN (SELECT shop_id, 'sold' AS "
        "date_type, sold_date AS day, count(*) AS n, min(sold_seq) AS low, max(sold_seq) AS high, "
        f"sum(CASE WHEN settle_day <= {_READABLE} THEN 1 ELSE 0 END) AS seen "
        "FROM settlement GROUP BY shop_id, sold_date UNION ALL SELECT shop_id, 'paid', paid_out_date, "
        "count(*), min(paid_seq), max(paid_seq), "
        f"sum(CASE WHEN settle_day <= {_READABLE} THEN 1 ELSE 0 END) "
        "FROM settlement GROUP BY shop_id, paid_out_date UNION ALL "
        "SELECT shop_id, 'adjusted', paid_out_date, count(*), 1, count(*), count(*) FROM adjustment "
        "GROUP BY shop_id, paid_out_date) r "
        "ON r.shop_id = c.shop_id AND r.date_type = c.date_type AND r.day = c.day "
        "WHERE r.n IS NULL OR c.stored <> r.n OR r.low <> 1 OR r.high <> r.n OR c.visible <> r.seen",
    ),
    (
        14,
        "every settlement row is counted on both of its dates",
        "SELECT s.transaction_id FROM settlement s WHERE (SELECT count(*) FROM settlement_count c "
        "WHERE c.shop_id = s.shop_id AND ((c.date_type = 'sold' AND c.day = s.sold_date) "
        "OR (c.date_type = 'paid' AND c.day = s.paid_out_date))) <> 2",
    ),
    (
        15,
        "a payout pays exactly its day's rows, adjustments and carried debt; a day marked paid has one",
        "SELECT o.shop_id, o.paid_out_date FROM payout o WHERE o.transferred + o.carried_out "
        "<> o.due + o.carried_in OR o.transferred < 0 OR o.carried_out > 0 "
        "OR (o.transferred <> 0 AND o.carried_out <> 0) OR o.adjusted <> coalesce((SELECT sum(a.amount) "
        "FROM adjustment a WHERE a.shop_id = o.shop_id AND a.currency = o.currency "
        "AND a.paid_out_date = o.paid_out_date), 0) OR o.due - o.adjusted <> coalesce(("
        "SELECT sum(s.pay_out_amount) FROM settlement s WHERE s.shop_id = o.shop_id "
        "AND s.currency = o.currency AND s.paid_out_date = o.paid_out_date AND s.held = 0), 0) "
        "OR o.carried_in <> coalesce((SELECT e.carried_out FROM payout e "
        "WHERE e.shop_id = o.shop_id AND e.currency = o.currency "
        "AND e.paid_out_date < o.paid_out_date ORDER BY e.paid_out_date DESC LIMIT 1), 0) "
        "UNION ALL SELECT c.shop_id, c.day FROM settlement_count c WHERE c.date_type <> 'sold' "
        "AND (c.paid_at IS NOT NULL) <> EXISTS (SELECT 1 FROM payout o WHERE o.shop_id = c.shop_id "
        "AND o.paid_out_date = c.day)",
    ),
    (
        16,
        "events of a payment are numbered without gaps up to its version",
        "SELECT p.payment_key, p.version FROM payment p WHERE (SELECT count(*) FROM event e "
        f"WHERE e.payment_id = p.payment_id AND e.sequence > {_FIRST_VERSION} AND e.sequence <= p.version) "
        f"<> p.version - {_FIRST_VERSION} OR (SELECT count(*) FROM event e "
        f"WHERE e.payment_id = p.payment_id) <> p.version - {_FIRST_VERSION}",
    ),
    (
        18,
        "an event is pending without deliveries, or told to every endpoint that existed then",
        "SELECT e.event_id, e.state FROM event e WHERE (SELECT count(*) FROM webhook_delivery d "
        "WHERE d.event_id = e.event_id) <> CASE e.state WHEN 'relayed' THEN (SELECT count(*) "
        "FROM webhook_endpoint w WHERE w.shop_id = e.shop_id AND w.created_version <= e.config_version "
        "AND (w.deleted_version IS NULL OR w.deleted_version > e.config_version)) ELSE 0 END "
        "OR e.state NOT IN ('pending', 'relayed', 'unheard') OR (e.state = 'unheard' AND EXISTS (SELECT 1 "
        "FROM webhook_endpoint w WHERE w.shop_id = e.shop_id AND w.created_version <= e.config_version "
        "AND (w.deleted_version IS NULL OR w.deleted_version > e.config_version)))",
    ),
    (
        19,
        "a delivery's attempts are logged one by one, and it is delivered when the last answered 200",
        "SELECT d.event_id, d.state FROM webhook_delivery d WHERE d.attempts <> (SELECT count(*) "
        "FROM webhook_attempt a WHERE a.event_id = d.event_id AND a.endpoint_id = d.endpoint_id) "
        "OR d.attempts <> (SELECT coalesce(max(a.number), 0) FROM webhook_attempt a "
        "WHERE a.event_id = d.event_id AND a.endpoint_id = d.endpoint_id) "
        "OR (d.state = 'delivered') <> EXISTS (SELECT 1 FROM webhook_attempt a WHERE a.event_id = d.event_id "
        "AND a.endpoint_id = d.endpoint_id AND a.number = d.attempts AND a.status = 200) "
        "OR (d.state = 'failed' AND d.attempts <> 8)",
    ),
    (
        20,
        "an order id of a shop is approved at most once, and its claim names the payment that has it",
        "SELECT p.shop_id, p.order_id FROM payment p WHERE p.approved_at IS NOT NULL AND (NOT EXISTS ("
        "SELECT 1 FROM claim c WHERE c.name = 'order:' || p.shop_id || ':' || p.order_id "
        "AND c.owner = p.payment_key)) UNION ALL SELECT p.shop_id, p.order_id FROM payment p "
        "WHERE p.approved_at IS NOT NULL GROUP BY p.shop_id, p.order_id HAVING count(*) > 1",
    ),
    (
        21,
        "an order claim belongs to an approved payment or to one whose confirm is at the network",
        "SELECT c.name FROM claim c WHERE c.name LIKE 'order:%' AND NOT EXISTS (SELECT 1 FROM payment p "
        "WHERE p.payment_key = c.owner AND c.name = 'order:' || p.shop_id || ':' || p.order_id "
        "AND (p.approved_at IS NOT NULL OR EXISTS (SELECT 1 FROM network_attempt a "
        "WHERE a.payment_id = p.payment_id AND a.kind = 'confirm' AND a.state = 'open')))",
    ),
    (
        22,
        "an idempotency claim has its answer, or an open attempt that will give it",
        "SELECT c.name FROM claim c WHERE c.name LIKE 'idempotency:%' AND NOT EXISTS (SELECT 1 "
        "FROM idempotency_record r WHERE CAST(r.record_id AS text) = c.owner) AND NOT EXISTS ("
        "SELECT 1 FROM network_attempt a WHERE a.identity = c.name AND a.state = 'open')",
    ),
    (
        24,
        "each transaction has one approved attempt of its amount, and no attempt is approved without one",
        "SELECT p.payment_key FROM payment p WHERE (SELECT count(*) FROM network_attempt a "
        "WHERE a.payment_id = p.payment_id AND a.state = 'approved') <> (SELECT count(*) "
        "FROM payment_transaction t WHERE t.payment_id = p.payment_id) "
        "OR coalesce((SELECT sum(a.amount) FROM network_attempt a WHERE a.payment_id = p.payment_id "
        "AND a.state = 'approved' AND a.kind = 'cancel'), 0) <> p.total - p.balance",
    ),
    (
        25,
        "an open attempt has a lease, holds its payment, and open cancels fit into the balance",
        "SELECT a.request_id FROM network_attempt a JOIN payment p ON p.payment_id = a.payment_id "
        "WHERE a.state = 'open' AND (a.lease_until <= 0 OR (a.kind = 'confirm' "
        "AND (p.status <> 'IN_PROGRESS' OR p.expires_at IS NOT NULL)) OR (a.kind = 'cancel' "
        "AND p.balance < (SELECT sum(o.amount) FROM network_attempt o WHERE o.payment_id = p.payment_id "
        "AND o.state = 'open')))",
    ),
    (
        26,
        "whoever moved money is in the audit trail, once for each transaction and each release",
        "SELECT t.transaction_key FROM payment_transaction t WHERE (SELECT count(*) FROM audit a "
        "WHERE a.transaction_key = t.transaction_key AND a.payment_id = t.payment_id AND a.action = "
        "CASE t.kind WHEN 'approval' THEN 'confirm' ELSE 'cancel' END) <> 1 UNION ALL "
        "SELECT t.transaction_key FROM posting b JOIN payment_transaction t "
        "ON t.transaction_id = b.transaction_id WHERE b.cause = 'release' AND (SELECT count(*) FROM audit a "
        "WHERE a.payment_id = t.payment_id AND a.action = 'release') <> 1",
    ),
    (
        40,
        "what waits stands in 2150, and nothing else of a payment does: released once, whole, on the settle "
        "day of all that waited",
        "SELECT p.payment_key FROM payment p WHERE coalesce((SELECT sum(CASE WHEN b.credit = '2150' "
        "THEN b.amount ELSE -b.amount END) FROM posting b JOIN payment_transaction t "
        "ON t.transaction_id = b.transaction_id WHERE t.payment_id = p.payment_id "
        "AND (b.debit = '2150' OR b.credit = '2150')), 0) <> CASE p.waits WHEN 1 THEN p.balance ELSE 0 END "
        "UNION ALL SELECT p.payment_key FROM payment p JOIN payment_transaction t "
        "ON t.payment_id = p.payment_id JOIN posting b ON b.transaction_id = t.transaction_id "
        "AND b.cause <> 'release' AND (b.debit = '2150' OR b.credit = '2150') WHERE p.waits = 0 "
        "AND (SELECT count(*) FROM posting r JOIN payment_transaction a "
        "ON a.transaction_id = r.transaction_id WHERE a.payment_id = p.payment_id AND r.cause = 'release' "
        "AND r.debit = '2150' AND r.credit = '2100' AND r.settle_day = t.settle_day) <> 1",
    ),
    (
        28,
        "a row that was moved is where its last record says, and its records follow on each other",
        "SELECT r.transaction_id, r.from_day, r.to_day FROM redated_row r LEFT JOIN settlement s "
        "ON s.transaction_id = r.transaction_id AND s.shop_id = r.shop_id WHERE s.transaction_id IS NULL "
        "OR r.from_day = r.to_day OR coalesce((SELECT n.from_day FROM redated_row n "
        "WHERE n.transaction_id = r.transaction_id AND (n.redated_at, n.redating_id) > "
        "(r.redated_at, r.redating_id) ORDER BY n.redated_at, n.redating_id LIMIT 1), s.paid_out_date) "
        "<> r.to_day",
    ),
    (
        29,
        "no row left or joined a payout that was made",
        "SELECT r.transaction_id, o.paid_out_date FROM redated_row r JOIN payout o ON o.shop_id = r.shop_id "
        "AND (o.paid_out_date = r.to_day OR (o.paid_out_date = r.from_day AND r.cause <> 'hold-released')) "
        "AND o.paid_at < r.redated_at",
    ),
    (
        30,
        "a re-dating counts what it moved, names a version there is, and no payout was made during it",
        "SELECT j.redating_id, j.moved_rows FROM redating j WHERE j.moved_rows <> (SELECT count(*) "
        "FROM redated_row r WHERE r.redating_id = j.redating_id) OR j.version > (SELECT "
        "coalesce(max(v.version), 0) FROM calendar_version v) OR EXISTS (SELECT 1 FROM payout o "
        "WHERE o.paid_at > j.created_at AND o.paid_at < coalesce(j.done_at, o.paid_at + 1))",
    ),
    (
        31,
        "whatever moved on a shop's paid-out date is remembered with that date",
        "SELECT r.transaction_id, r.redated_at FROM redated_row r WHERE (SELECT count(*) FROM redated_day d "
        "WHERE d.shop_id = r.shop_id AND d.day IN (r.from_day, r.to_day) "
        "AND d.redated_at >= r.redated_at) <> 2",
    ),
    (
        41,
        "a row is held just while a hold of its payment is in force, unless it was paid before",
        "SELECT s.transaction_id, s.held FROM settlement s JOIN payment_transaction t "
        "ON t.transaction_id = s.transaction_id WHERE CASE WHEN EXISTS (SELECT 1 FROM hold h "
        "WHERE h.payment_id = t.payment_id AND h.shop_id = t.shop_id AND h.state <> 'released') "
        f"THEN s.held = 0 AND NOT {_PAID_OUT} ELSE s.held <> 0 END",
    ),
    (
        42,
        "held money is in no payout: none was made while its shop was held, and a held row is in none",
        "SELECT o.payout_id, h.hold_id FROM payout o JOIN hold h ON h.shop_id = o.shop_id "
        "AND h.payment_id IS NULL AND h.placed_at < o.paid_at "
        "AND (h.released_at IS NULL OR o.paid_at < h.released_at) "
        "UNION ALL SELECT o.payout_id, 0 FROM payout o WHERE o.acquired <> coalesce((SELECT sum(s.amount) "
        "FROM settlement s WHERE s.shop_id = o.shop_id AND s.currency = o.currency "
        "AND s.paid_out_date = o.paid_out_date AND s.held = 0), 0)",
    ),
    (
        43,
        "an unpaid row that nothing holds has a date after its shop's last payout",
        "SELECT s.transaction_id, s.paid_out_date FROM settlement s WHERE s.held = 0 "
        f"AND NOT {_PAID_OUT} AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.shop_id = s.shop_id "
        "AND h.payment_id IS NULL AND h.state <> 'released') AND s.paid_out_date <= (SELECT "
        "max(o.paid_out_date) FROM payout o WHERE o.shop_id = s.shop_id AND o.currency = s.currency)",
    ),
    (
        44,
        "what a shop is owed (2200) is the sum of its unpaid rows and adjustments",
        "SELECT w.shop_id, w.currency, sum(w.booked), sum(w.unpaid) FROM (SELECT shop_id, currency, "
        "CASE WHEN credit = '2200' THEN amount ELSE -amount END AS booked, 0 AS unpaid FROM posting "
        "WHERE '2200' IN (debit, credit) UNION ALL SELECT s.shop_id, s.currency, 0, s.pay_out_amount "
        f"FROM settlement s WHERE s.held = 1 OR NOT {_PAID_OUT} UNION ALL SELECT s.shop_id, s.currency, 0, "
        f"s.amount FROM adjustment s WHERE NOT {_PAID_OUT}) AS w GROUP BY w.shop_id, w.currency "
        "HAVING sum(w.booked) <> sum(w.unpaid)",
    ),
    (
        45,
        "a hold names who placed it, and who released it once that was begun; one of a payment is a dispute",
        "SELECT h.hold_id FROM hold h WHERE h.actor_name = '' "
        "OR (h.state = 'standing') <> (h.release_actor_name IS NULL) "
        "OR (h.state = 'released') <> (h.released_at IS NOT NULL) OR h.released_at < h.placed_at "
        "OR (h.reason = 'DISPUTE') <> (h.payment_id IS NOT NULL) OR (h.payment_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.payment_id = h.payment_id "
        "AND p.shop_id = h.shop_id AND p.approved_at IS NOT NULL))",
    ),
    (
        35,
        "no adjustment is booked twice: one for a cause, and no two periods of grades share days in part",
        "SELECT cause FROM adjustment GROUP BY cause HAVING count(*) > 1 UNION ALL SELECT a.cause "
        "FROM adjustment a JOIN adjustment b ON b.shop_id = a.shop_id AND b.kind = a.kind "
        "WHERE a.kind = 'grade-refund' AND a.start_day <= b.end_day AND b.start_day <= a.end_day "
        "AND (a.start_day <> b.start_day OR a.end_day <> b.end_day)",
    ),
    (
        36,
        "a settled cancel whose terms charge its refund apart has one adjustment, and no other has any",
        "SELECT t.transaction_key FROM settlement s JOIN payment_transaction t "
        "ON t.transaction_id = s.transaction_id JOIN terms c ON c.terms_id = s.terms_id "
        "WHERE (SELECT count(*) FROM adjustment a WHERE a.kind = 'refund-fee' "
        "AND a.transaction_id = s.transaction_id AND a.amount < 0) <> "
        "CASE WHEN t.kind = 'cancel' AND c.conditions LIKE '%\"refund_fee_on\":\"adjustment\"%' "
        f"AND NOT {_NO_REFUND_FEE} THEN 1 ELSE 0 END UNION ALL SELECT a.cause FROM adjustment a "
        "WHERE a.kind = 'refund-fee' AND NOT EXISTS (SELECT 1 FROM settlement s "
        "WHERE s.transaction_id = a.transaction_id AND s.shop_id = a.shop_id "
        f"AND a.due_date = coalesce({_FIRST_DATE}, s.paid_out_date))",
    ),
)


async def violations(read: Read) -> list[str]:
    """One line for each invariant that does not hold, with the first rows that show it."""
    found = []
    for number, promise, statement in _STATEMENTS:
        rows = [tuple(row) for row in await read(statement)]
        if rows:
            found.append(_line(number, promise, rows))
    for check in (_trial_balance, _announcements, _fee_lines, _lost_claims, _early_payouts):
        found.extend(await check(read))
    return found


async def _early_payouts(read: Read) -> list[str]:
    """Payouts that were made before their day."""
    paid = await read("SELECT shop_id, paid_out_date, paid_at FROM payout")
    early = [tuple(row) for row in paid if row[2] < kst_midnight(date.fromisoformat(row[1]))]
    return [_line(46, "no payout is made before its day", early)] if early else []


async def check_invariants(read: Read) -> None:
    """Fail with every broken invariant."""
    found = await violations(read)
    assert not found, "\n" + "\n".join(found)


def _line(number: int, promise: str, rows: Sequence[Any]) -> str:
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    return f"{number}. {promise}: {'; '.join(map(str, rows[:3]))}{more}"


async def _trial_balance(read: Read) -> list[str]:
    """Account by account, what the facts say against what the postings say."""
    booked: Counter[tuple[int, str, str]] = Counter()
    for shop, currency, debit, credit, amount in await read(
        "SELECT shop_id, currency, debit, credit, CAST(sum(amount) AS bigint) FROM posting "
        "GROUP BY shop_id, currency, debit, credit"
    ):
        booked[shop, currency, debit] += amount
        booked[shop, currency, credit] -= amount
    facts: Counter[tuple[int, str, str]] = Counter()
    for shop, currency, moved, unsettled, waiting in await read(
        "SELECT t.shop_id, t.currency, CAST(sum(t.balance_after - t.balance_before) AS bigint), "
        "CAST(sum(CASE WHEN s.transaction_id IS NULL AND p.waits = 0 THEN t.balance_after - t.balance_before "
        "ELSE 0 END) AS bigint), "
        "CAST(sum(CASE WHEN p.waits = 1 THEN t.balance_after - t.balance_before ELSE 0 END) AS bigint) "
        "FROM payment_transaction t JOIN payment p ON p.payment_id = t.payment_id "
        "LEFT JOIN settlement s ON s.transaction_id = t.transaction_id GROUP BY t.shop_id, t.currency"
    ):
        facts[shop, currency, "1100"] += moved
        facts[shop, currency, "2100"] -= unsettled
        facts[shop, currency, "2150"] -= waiting
    for shop, currency, due, vat, supply in await read(
        "SELECT shop_id, currency, CAST(sum(pay_out_amount) AS bigint), CAST(sum(vat) AS bigint), "
        "CAST(sum(supply_amount) AS bigint) FROM settlement GROUP BY shop_id, currency"
    ):
        facts[shop, currency, "2200"] -= due
        facts[shop, currency, "2400"] -= vat
        facts[shop, currency, "4100"] -= supply
    for shop, currency, amount, fee, vat, supply in await read(
        "SELECT shop_id, currency, CAST(sum(amount) AS bigint), CAST(sum(fee_amount) AS bigint), "
        "CAST(sum(vat) AS bigint), CAST(sum(supply_amount) AS bigint) FROM adjustment "
        "GROUP BY shop_id, currency"
    ):
        # A correction changes no fee: all of it is revenue.
        facts[shop, currency, "2200"] -= amount
        facts[shop, currency, "2400"] -= vat
        facts[shop, currency, "4100"] += amount + fee - supply
    for shop, currency, acquired, due, carried, transferred in await read(
        "SELECT shop_id, currency, CAST(sum(acquired) AS bigint), CAST(sum(due) AS bigint), "
        "CAST(sum(carried_in - carried_out) AS bigint), CAST(sum(transferred) AS bigint) "
        "FROM payout GROUP BY shop_id, currency"
    ):
        facts[shop, currency, "1100"] -= acquired
        facts[shop, currency, "1200"] += acquired - transferred
        facts[shop, currency, "1300"] += carried
        facts[shop, currency, "2200"] += due
    wrong = [
        f"shop {key[0]} {key[1]} account {key[2]}: booked {booked[key]}, by the facts {facts[key]}"
        for key in sorted(booked.keys() | facts.keys())
        if booked[key] != facts[key]
    ]
    return [_line(11, "every account is what the facts make it", wrong)] if wrong else []


async def _announcements(read: Read) -> list[str]:
    """The events tell, in order, each status the payment's transactions produced, and how it ended."""
    expected: defaultdict[int, list[str]] = defaultdict(list)
    for payment_id, status in await read(
        "SELECT payment_id, status FROM payment_transaction "
        "ORDER BY payment_id, kind = 'cancel', balance_after DESC"
    ):
        expected[payment_id].append(status)
    for payment_id, status in await read(
        "SELECT payment_id, status FROM payment WHERE status IN ('ABORTED', 'EXPIRED')"
    ):
        expected[payment_id].append(status)
    told: defaultdict[int, list[str]] = defaultdict(list)
    for payment_id, body in await read("SELECT payment_id, body FROM event ORDER BY payment_id, sequence"):
        told[payment_id].append(json.loads(bytes(body))["data"]["status"])
    wrong = [
        f"payment {payment_id}: happened {expected[payment_id]}, told {told[payment_id]}"
        for payment_id in sorted(expected.keys() | told.keys())
        if expected[payment_id] != told[payment_id]
    ]
    return [_line(17, "every announced change has exactly one event", wrong)] if wrong else []


async def _fee_lines(read: Read) -> list[str]:
    wrong = [
        (transaction_id, fee, fees)
        for transaction_id, fee, fees in await read("SELECT transaction_id, fee, fees FROM settlement")
        if sum(line["fee"] for line in json.loads(fees)) != fee
    ]
    return [_line(27, "the fee lines of a row sum to its fee", wrong)] if wrong else []


async def _lost_claims(read: Read) -> list[str]:
    """Only an answer older than fifteen days may stand without its claim. Needs a frozen clock."""
    wrong = await read(
        "SELECT r.record_id FROM idempotency_record r WHERE NOT EXISTS (SELECT 1 FROM claim c "
        "WHERE c.owner = CAST(r.record_id AS text)) AND (SELECT frozen_at FROM clock) < r.recorded_at + $1",
        _IDEMPOTENCY_DAYS_MS,
    )
    return [_line(23, "a live answer keeps its claim", [tuple(row) for row in wrong])] if wrong else []
