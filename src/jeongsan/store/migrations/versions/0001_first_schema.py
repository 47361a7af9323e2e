"""The first schema: payments, books, webhooks, settlement, clock."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table, index and guard."""
    _shops_and_clock()
    _calendar()
    _payments()
    _webhooks()
    _settlement()
    _indexes()
    _guards()


def _column(name: str, kind: str, *, rowid: bool) -> "sa.Column[Any]":
    # A single integer key becomes SQLite's rowid: facts are appended in time order.
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite") if rowid else sa.BigInteger()
    types: dict[str, Any] = {"int": number, "text": sa.Text(), "blob": sa.LargeBinary()}
    return sa.Column(name, types[kind.rstrip("?")], nullable=kind.endswith("?"))


def _create(name: str, key: tuple[str, ...], spec: str, *checks: str) -> None:
    parts = [part.split() for part in spec.split(",")]
    columns = [_column(column, kind, rowid=key == (column,)) for column, kind in parts]
    constraints = [sa.CheckConstraint(check) for check in checks]
    # Claims are found by name alone and come in no order: one tree holds them, not a table and an index.
    options = {"sqlite_with_rowid": name != "claim"}
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key), *constraints, **options)


def _shops_and_clock() -> None:
    _create(
        "clock",
        ("clock_id",),
        "clock_id int, mode text, offset_ms int, frozen_at int, closed_through text, "
        "readable_through text, config_version int",
    )
    _create(
        "id_sequence",
        ("name",),
        "name text, next_value int",
    )
    _create(
        "shop",
        ("shop_id",),
        "shop_id int, mid text, mode text, settle_test_payments int, contract_id int, created_at int",
    )
    _create(
        "api_key",
        ("key_hash",),
        "key_hash text, shop_id int, name text, hint text, created_at int, revoked_at int?",
    )
    _create(
        "terms",
        ("terms_id",),
        "terms_id int, shop_id int, contract_id int, method text, card_kind text?, start_day text, "
        "end_day text?, grade text?, conditions text, created_at int",
    )
    _create(
        "contract",
        ("contract_id",),
        "contract_id int, shop_id int, body text, actor_name text, created_at int",
    )
    _create(
        "clock_move",
        ("move_id",),
        "move_id int, target int, ran text, requested_at int, done_at int?",
    )
    _create(
        "request_log",
        ("trace_id",),
        "trace_id text, shop_id int?, method text, path text, status int, duration_us int, "
        "address text?, idempotency_key text?, logged_at int",
    )
    _create(
        "settlement_answer",
        ("trace_id",),
        "trace_id text, shop_id int, key_name text, date_type text, start_day text, end_day text, "
        "page int, size int, first_day text, first_seq int, row_count int, readable_through text, "
        "answered_at int",
    )


def _calendar() -> None:
    _create(
        "calendar_version",
        ("version",),
        "version int, source text, base text, actor_name text, note text?, created_at int",
    )
    _create(
        "calendar_change",
        ("version", "day"),
        "version int, day text, holiday_name text?",
    )
    _create(
        "redating",
        ("redating_id",),
        "redating_id int, version int, scope text, actor_name text, source text, moved_rows int, "
        "commits int, created_at int, done_at int?",
    )


def _payments() -> None:
    _create(
        "payment",
        ("payment_id",),
        "payment_id int, shop_id int, mid text, payment_key text, order_id text, "
        "order_name text, currency text, total int, requested_at int, status text, method "
        "text?, balance int, tax_free int, tax_exemption int, expires_at int?, "
        "approved_at int?, last_transaction_key text?, secret text?, card text?, "
        "cancel_count int, failure_code text?, terms_id int?, settles int, waits int, "
        "situations text?, version int",
        "balance >= 0",
        "balance <= total",
    )
    _create(
        "payment_transaction",
        ("transaction_id",),
        "transaction_id int, transaction_key text, payment_id int, shop_id int, kind "
        "text, status text, currency text, amount int, tax_free int, tax_exemption int, "
        "balance_before int, balance_after int, approved_at int, transacted_at int, "
        "terms_id int, settle_day text?, reason text?, cancel_request_id text?, traits text?",
        "amount > 0",
    )
    _create(
        "posting",
        ("posting_id",),
        "posting_id int, shop_id int, debit text, credit text, amount int, currency text, "
        "cause text, transaction_id int?, settle_day text?, posted_at int",
        "amount > 0",
        "debit <> credit",
    )
    _create(
        "claim",
        ("name",),
        "name text, owner text",
    )
    _create(
        "idempotency_record",
        ("record_id",),
        "record_id int, status int, trace_id text, body blob, recorded_at int",
    )
    _create(
        "network_attempt",
        ("attempt_id",),
        "attempt_id int, request_id text, kind text, state text, payment_id int, "
        "payment_key text, shop_id int, amount int, tax_free int, tax_exemption int, "
        "currency text, reason text?, cancel_request_id text?, channel text, actor_name "
        "text, key_hint text?, address text?, identity text?, trace_id text, language "
        "text, lease_until int, created_at int",
    )
    _create(
        "audit",
        ("audit_id",),
        "audit_id int, shop_id int, payment_id int, transaction_key text?, action text, "
        "channel text, actor_name text, key_hint text?, address text?, reason text?, "
        "acted_at int",
    )


def _webhooks() -> None:
    _create(
        "event",
        ("event_id",),
        "event_id int, shop_id int, payment_id int, sequence int, event_type text, body "
        "blob, config_version int, state text, created_at int",
    )
    _create(
        "webhook_endpoint",
        ("endpoint_id",),
        "endpoint_id int, shop_id int, url text, events text, created_at int, "
        "created_version int, deleted_version int?",
    )
    _create(
        "webhook_delivery",
        ("event_id", "endpoint_id"),
        "event_id int, endpoint_id int, payment_id int, sequence int, transmission_id text, "
        "state text, attempts int, due_at int, lease_until int, created_at int",
    )
    _create(
        "webhook_attempt",
        ("event_id", "endpoint_id", "number"),
        "event_id int, endpoint_id int, number int, attempted_at int, status int?, error text?, "
        "duration_ms int",
    )


def _settlement() -> None:
    _create(
        "settlement",
        ("transaction_id",),
        "transaction_id int, shop_id int, terms_id int, settle_day text, sold_date text, paid_out_date "
        "text, sold_seq int, paid_seq int, currency text, amount int, fees text, fee int, "
        "supply_amount int, vat int, interest_fee int, pay_out_amount int, held int",
    )
    _create(
        "settlement_count",
        ("shop_id", "date_type", "day"),
        "shop_id int, date_type text, day text, stored int, visible int, paid_at int?",
    )
    _create(
        "day_close",
        ("day",),
        "day text, state text, cursor_at int, cursor_id int, settled_rows int, amount "
        "int, fee int, pay_out_amount int, started_at int, closed_at int?",
    )
    _create(
        "payout",
        ("payout_id",),
        "payout_id int, shop_id int, currency text, paid_out_date text, acquired int, due "
        "int, carried_in int, transferred int, carried_out int, paid_at int, adjusted int",
    )
    _create(
        "adjustment",
        ("adjustment_id",),
        "adjustment_id int, shop_id int, kind text, currency text, fee_amount int, supply_amount int, "
        "vat int, amount int, due_date text, cause text, reason text, actor_name text, created_at int, "
        "transaction_id int?, start_day text?, end_day text?, grade text?, paid_out_date text",
        "supply_amount + vat = fee_amount",
        "paid_out_date >= due_date",
    )
    _create(
        "redated_row",
        ("redating_id", "transaction_id", "from_day"),
        "redating_id int, transaction_id int, from_day text, shop_id int, to_day text, cause text, "
        "redated_at int",
    )
    _create(
        "redated_day",
        ("shop_id", "day"),
        "shop_id int, day text, redated_at int",
    )
    _create(
        "hold",
        ("hold_id",),
        "hold_id int, shop_id int, payment_id int?, reason text, note text?, state text, placed_at int, "
        "channel text, actor_name text, key_hint text?, address text?, released_at int?, "
        "release_channel text?, release_actor_name text?, release_key_hint text?, release_address text?",
    )


def _indexes() -> None:
    op.create_index("uq_shop_mid", "shop", ["mid", "mode"], unique=True)
    _by_bytes("uq_payment_key", "payment", ["payment_key"], unique=True)
    _by_bytes("ix_payment_order", "payment", ["shop_id", "order_id"], unique=False)
    _partial("ix_payment_expires", "payment", ["expires_at"], "expires_at IS NOT NULL")
    _by_bytes("uq_transaction_key", "payment_transaction", ["transaction_key"], unique=True)
    op.create_index("ix_transaction_payment", "payment_transaction", ["payment_id"])
    op.create_index(
        "ix_transaction_time", "payment_transaction", ["shop_id", "transacted_at", "transaction_id"]
    )
    _partial(
        "ix_transaction_settle",
        "payment_transaction",
        ["settle_day", "transacted_at", "transaction_id"],
        "settle_day IS NOT NULL",
    )
    op.create_index("ix_terms_contract", "terms", ["contract_id"])
    _partial("ix_posting_settle", "posting", ["settle_day"], "settle_day IS NOT NULL")
    _partial("ix_attempt_open", "network_attempt", ["payment_id"], "state = 'open'")
    op.create_index("ix_audit_payment", "audit", ["payment_id"])
    _partial("ix_audit_forced", "audit", ["shop_id", "acted_at", "audit_id"], "channel = 'gateway-forced'")
    op.create_index(
        "ix_answer_dates", "settlement_answer", ["shop_id", "date_type", "start_day", "answered_at"]
    )
    op.create_index("uq_event_sequence", "event", ["payment_id", "sequence"], unique=True)
    _partial("ix_event_pending", "event", ["payment_id"], "state = 'pending'")
    op.create_index("ix_endpoint_shop", "webhook_endpoint", ["shop_id"])
    _partial("ix_delivery_due", "webhook_delivery", ["due_at"], "state = 'pending'")
    op.create_index(
        "uq_delivery_event", "webhook_delivery", ["endpoint_id", "payment_id", "sequence"], unique=True
    )
    op.create_index("uq_settlement_sold", "settlement", ["shop_id", "sold_date", "sold_seq"], unique=True)
    op.create_index("uq_settlement_paid", "settlement", ["shop_id", "paid_out_date", "paid_seq"], unique=True)
    _partial("ix_count_unpaid", "settlement_count", ["day"], "date_type <> 'sold' AND paid_at IS NULL")
    _partial("ix_count_hidden", "settlement_count", ["day"], "visible < stored")
    op.create_index("ix_change_day", "calendar_change", ["day", "version"])
    _partial("ix_redating_open", "redating", ["created_at"], "done_at IS NULL")
    op.create_index("ix_redated_transaction", "redated_row", ["transaction_id"])
    _partial("ix_settlement_held", "settlement", ["shop_id", "paid_out_date"], "held = 1")
    _partial("ix_hold_in_force", "hold", ["shop_id", "payment_id"], "state <> 'released'")
    _partial("ix_hold_releasing", "hold", ["placed_at"], "state = 'releasing'")
    op.create_index("uq_adjustment_cause", "adjustment", ["cause"], unique=True)
    op.create_index("ix_adjustment_due", "adjustment", ["shop_id", "paid_out_date"])
    op.create_index("uq_payout_day", "payout", ["shop_id", "currency", "paid_out_date"], unique=True)


def _by_bytes(name: str, table: str, columns: list[str], *, unique: bool) -> None:
    """An index that serves the beginnings of an id too, whatever PostgreSQL's collation."""
    operators = {columns[-1]: "text_pattern_ops"}
    op.create_index(name, table, columns, unique=unique, postgresql_ops=operators)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _guards() -> None:
    """The books and the audit trail are append-only: an UPDATE is refused by the database itself. So is one
    of a transaction, but for the settle day of one that waits, which is given once."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION jeongsan_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in (
        "posting",
        "audit",
        "webhook_attempt",
        "redated_row",
        "calendar_version",
        "calendar_change",
    ):
        _refuse_updates(table, f"{table}_append_only")
    agreed = (
        "adjustment_id, shop_id, kind, currency, fee_amount, supply_amount, vat, amount, due_date, cause, "
        "reason, actor_name, created_at, transaction_id, start_day, end_day, grade"
    )
    _refuse_updates("adjustment", "adjustment_append_only", columns=f"OF {agreed} ")
    facts = (
        "transaction_id, transaction_key, payment_id, shop_id, kind, status, currency, amount, tax_free, "
        "tax_exemption, balance_before, balance_after, approved_at, transacted_at, terms_id, reason, "
        "cancel_request_id, traits"
    )
    transaction = "payment_transaction"
    _refuse_updates(transaction, f"{transaction}_append_only", columns=f"OF {facts} ")
    given = "WHEN (OLD.settle_day IS NOT NULL OR NEW.settle_day IS NULL) "
    _refuse_updates(transaction, f"{transaction}_settle_day", columns="OF settle_day ", condition=given)


def _refuse_updates(table: str, name: str, *, columns: str = "", condition: str = "") -> None:
    action = "EXECUTE FUNCTION jeongsan_append_only()"
    if op.get_bind().dialect.name == "sqlite":
        action = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE {columns}ON {table} FOR EACH ROW {condition}{action}")
