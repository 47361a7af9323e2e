"""The tables, as the store writes them: column order and types. `migrations/` creates them and a test
compares the two. Instants are epoch milliseconds (int), days are ISO text, flags are 0 or 1."""

from dataclasses import dataclass
from functools import cached_property

POSTGRES_TYPES = {"int": "bigint", "text": "text", "blob": "bytea"}


@dataclass(frozen=True)
class Table:
    """`spec`: "name type, …"; a `?` after the type allows NULL. `key` columns come first.
    `mutable` columns are the only ones an update may touch."""

    name: str
    key: tuple[str, ...]
    spec: str
    mutable: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> tuple[tuple[str, str, bool], ...]:
        """(name, type, nullable) in order."""
        parsed = []
        for part in self.spec.split(","):
            name, kind = part.split()
            parsed.append((name, kind.rstrip("?"), kind.endswith("?")))
        return tuple(parsed)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(name for name, _, _ in self.columns)

    @cached_property
    def types(self) -> dict[str, str]:
        """Column name → type."""
        return {name: kind for name, kind, _ in self.columns}


CLOCK = Table(
    "clock",
    ("clock_id",),
    "clock_id int, mode text, offset_ms int, frozen_at int, closed_through text,"
    "readable_through text, config_version int",
)
ID_SEQUENCE = Table("id_sequence", ("name",), "name text, next_value int")
SHOP = Table(
    "shop",
    ("shop_id",),
    "shop_id int, mid text, mode text, settle_test_payments int, contract_id int, created_at int",
)
API_KEY = Table(
    "api_key",
    ("key_hash",),
    "key_hash text, shop_id int, name text, hint text, created_at int, revoked_at int?",
)
TERMS = Table(
    "terms",
    ("terms_id",),
    "terms_id int, shop_id int, contract_id int, method text, card_kind text?, start_day text,"
    "end_day text?, grade text?, conditions text, created_at int",
)
CONTRACT = Table(
    "contract",
    ("contract_id",),
    "contract_id int, shop_id int, body text, actor_name text, created_at int",
)
CALENDAR_VERSION = Table(
    "calendar_version",
    ("version",),
    "version int, source text, base text, actor_name text, note text?, created_at int",
)
CALENDAR_CHANGE = Table(
    "calendar_change",
    ("version", "day"),
    "version int, day text, holiday_name text?",
)
REDATING = Table(
    "redating",
    ("redating_id",),
    "redating_id int, version int, scope text, actor_name text, source text, moved_rows int,"
    "commits int, created_at int, done_at int?",
)
PAYMENT = Table(
    "payment",
    ("payment_id",),
    "payment_id int, shop_id int, mid text, payment_key text, order_id text, order_name text,"
    "currency text, total int, requested_at int, status text, method text?, balance int,"
    "tax_free int, tax_exemption int, expires_at int?, approved_at int?, last_transaction_key text?,"
    "secret text?, card text?, cancel_count int, failure_code text?, terms_id int?, settles int,"
    "waits int, situations text?, version int",
    mutable=(
        "status",
        "method",
        "balance",
        "tax_free",
        "tax_exemption",
        "expires_at",
        "approved_at",
        "last_transaction_key",
        "secret",
        "card",
        "cancel_count",
        "failure_code",
        "terms_id",
        "settles",
        "waits",
        "version",
    ),
)
TRANSACTION = Table(
    "payment_transaction",
    ("transaction_id",),
    "transaction_id int, transaction_key text, payment_id int, shop_id int, kind text, status text,"
    "currency text, amount int, tax_free int, tax_exemption int, balance_before int,"
    "balance_after int, approved_at int, transacted_at int, terms_id int, settle_day text?,"
    "reason text?, cancel_request_id text?, traits text?",
    mutable=("settle_day",),
)
POSTING = Table(
    "posting",
    ("posting_id",),
    "posting_id int, shop_id int, debit text, credit text, amount int, currency text, cause text,"
    "transaction_id int?, settle_day text?, posted_at int",
)
EVENT = Table(
    "event",
    ("event_id",),
    "event_id int, shop_id int, payment_id int, sequence int, event_type text, body blob,"
    "config_version int, state text, created_at int",
)
WEBHOOK_ENDPOINT = Table(
    "webhook_endpoint",
    ("endpoint_id",),
    "endpoint_id int, shop_id int, url text, events text, created_at int, created_version int,"
    "deleted_version int?",
)
WEBHOOK_DELIVERY = Table(
    "webhook_delivery",
    ("event_id", "endpoint_id"),
    "event_id int, endpoint_id int, payment_id int, sequence int, transmission_id text, state text,"
    "attempts int, due_at int, lease_until int, created_at int",
    mutable=("state", "attempts", "due_at", "lease_until"),
)
WEBHOOK_ATTEMPT = Table(
    "webhook_attempt",
    ("event_id", "endpoint_id", "number"),
    "event_id int, endpoint_id int, number int, attempted_at int, status int?, error text?,duration_ms int",
)
CLAIM = Table("claim", ("name",), "name text, owner text", mutable=("owner",))
IDEMPOTENCY_RECORD = Table(
    "idempotency_record",
    ("record_id",),
    "record_id int, status int, trace_id text, body blob, recorded_at int",
)
NETWORK_ATTEMPT = Table(
    "network_attempt",
    ("attempt_id",),
    "attempt_id int, request_id text, kind text, state text, payment_id int, payment_key text,"
    "shop_id int, amount int, tax_free int, tax_exemption int, currency text, reason text?,"
    "cancel_request_id text?, channel text, actor_name text, key_hint text?, address text?,"
    "identity text?, trace_id text, language text, lease_until int, created_at int",
    mutable=("state", "lease_until"),
)
AUDIT = Table(
    "audit",
    ("audit_id",),
    "audit_id int, shop_id int, payment_id int, transaction_key text?, action text, channel text,"
    "actor_name text, key_hint text?, address text?, reason text?, acted_at int",
)
SETTLEMENT = Table(
    "settlement",
    ("transaction_id",),
    "transaction_id int, shop_id int, terms_id int, settle_day text, sold_date text, paid_out_date text,"
    "sold_seq int, paid_seq int, currency text, amount int, fees text, fee int, supply_amount int,"
    "vat int, interest_fee int, pay_out_amount int, held int",
)
SETTLEMENT_COUNT = Table(
    "settlement_count",
    ("shop_id", "date_type", "day"),
    "shop_id int, date_type text, day text, stored int, visible int, paid_at int?",
    # Whoever counts leaves the mark of a payout alone.
    mutable=("stored", "visible"),
)
DAY_CLOSE = Table(
    "day_close",
    ("day",),
    "day text, state text, cursor_at int, cursor_id int, settled_rows int, amount int, fee int,"
    "pay_out_amount int, started_at int, closed_at int?",
)
PAYOUT = Table(
    "payout",
    ("payout_id",),
    "payout_id int, shop_id int, currency text, paid_out_date text, acquired int, due int,"
    "carried_in int, transferred int, carried_out int, paid_at int, adjusted int",
)
ADJUSTMENT = Table(
    "adjustment",
    ("adjustment_id",),
    "adjustment_id int, shop_id int, kind text, currency text, fee_amount int, supply_amount int, vat int,"
    "amount int, due_date text, cause text, reason text, actor_name text, created_at int,"
    "transaction_id int?, start_day text?, end_day text?, grade text?, paid_out_date text",
    mutable=("paid_out_date",),
)
REDATED_ROW = Table(
    "redated_row",
    ("redating_id", "transaction_id", "from_day"),
    "redating_id int, transaction_id int, from_day text, shop_id int, to_day text, cause text,redated_at int",
)
HOLD = Table(
    "hold",
    ("hold_id",),
    "hold_id int, shop_id int, payment_id int?, reason text, note text?, state text, placed_at int,"
    "channel text, actor_name text, key_hint text?, address text?, released_at int?,"
    "release_channel text?, release_actor_name text?, release_key_hint text?, release_address text?",
    mutable=(
        "state",
        "released_at",
        "release_channel",
        "release_actor_name",
        "release_key_hint",
        "release_address",
    ),
)
REDATED_DAY = Table(
    "redated_day",
    ("shop_id", "day"),
    "shop_id int, day text, redated_at int",
)
CLOCK_MOVE = Table(
    "clock_move",
    ("move_id",),
    "move_id int, target int, ran text, requested_at int, done_at int?",
)
REQUEST_LOG = Table(
    "request_log",
    ("trace_id",),
    "trace_id text, shop_id int?, method text, path text, status int, duration_us int,"
    "address text?, idempotency_key text?, logged_at int",
)
SETTLEMENT_ANSWER = Table(
    "settlement_answer",
    ("trace_id",),
    "trace_id text, shop_id int, key_name text, date_type text, start_day text, end_day text,"
    "page int, size int, first_day text, first_seq int, row_count int, readable_through text,"
    "answered_at int",
)

TABLES = (
    CLOCK,
    ID_SEQUENCE,
    SHOP,
    API_KEY,
    TERMS,
    CONTRACT,
    CALENDAR_VERSION,
    CALENDAR_CHANGE,
    REDATING,
    PAYMENT,
    TRANSACTION,
    POSTING,
    EVENT,
    WEBHOOK_ENDPOINT,
    WEBHOOK_DELIVERY,
    WEBHOOK_ATTEMPT,
    CLAIM,
    IDEMPOTENCY_RECORD,
    NETWORK_ATTEMPT,
    AUDIT,
    SETTLEMENT,
    SETTLEMENT_COUNT,
    DAY_CLOSE,
    PAYOUT,
    REDATED_ROW,
    HOLD,
    REDATED_DAY,
    ADJUSTMENT,
    CLOCK_MOVE,
    REQUEST_LOG,
    SETTLEMENT_ANSWER,
)
