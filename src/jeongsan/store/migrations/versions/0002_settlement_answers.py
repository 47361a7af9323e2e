"""What settlement queries were answered with; look-ups by the beginning of an id; a shop's forced cancels."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its index, and the one of forced cancels. On PostgreSQL let the id indexes serve
    prefixes, whatever the database's collation."""
    number = sa.BigInteger
    op.create_table(
        "settlement_answer",
        sa.Column("trace_id", sa.Text(), nullable=False),
        sa.Column("shop_id", number(), nullable=False),
        sa.Column("key_name", sa.Text(), nullable=False),
        sa.Column("date_type", sa.Text(), nullable=False),
        sa.Column("start_day", sa.Text(), nullable=False),
        sa.Column("end_day", sa.Text(), nullable=False),
        sa.Column("page", number(), nullable=False),
        sa.Column("size", number(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("first_seq", number(), nullable=False),
        sa.Column("row_count", number(), nullable=False),
        sa.Column("readable_through", sa.Text(), nullable=False),
        sa.Column("answered_at", number(), nullable=False),
        sa.PrimaryKeyConstraint("trace_id"),
    )
    op.create_index(
        "ix_answer_dates", "settlement_answer", ["shop_id", "date_type", "start_day", "answered_at"]
    )
    forced = sa.text("channel = 'gateway-forced'")
    op.create_index(
        "ix_audit_forced",
        "audit",
        ["shop_id", "acted_at", "audit_id"],
        sqlite_where=forced,
        postgresql_where=forced,
    )
    if op.get_bind().dialect.name == "postgresql":
        _index_by_bytes("ix_payment_order", "payment", ["shop_id", "order_id"], unique=False)
        _index_by_bytes("uq_payment_key", "payment", ["payment_key"], unique=True)
        _index_by_bytes("uq_transaction_key", "payment_transaction", ["transaction_key"], unique=True)


def _index_by_bytes(name: str, table: str, columns: list[str], *, unique: bool) -> None:
    """The same index with byte order: equality is served as before, and prefixes too."""
    op.drop_index(name, table_name=table)
    operators = {columns[-1]: "text_pattern_ops"}
    op.create_index(name, table, columns, unique=unique, postgresql_ops=operators)
