"""The made-up merchant's files, as its systems, its gateway and its bank would write them, and the labels."""

from pathlib import Path
from typing import Any

from jeongsan.bench.reconcile_faults.contract_documents import contract_documents
from jeongsan.reconcile.duck import run_script

_CSV = {
    "orders": "orders_file",
    "transactions": "transactions_flat",
    "settlements": "settlements_flat",
    "bank": "bank_file",
    "bank_usd": "bank_usd_file",
    "labels": "labels_file",
    "label_members": "label_members_file",
    "label_payouts": "label_payouts_file",
}
_PARQUET = {"transactions": "transactions_file", "settlements": "settlements_file"}


def write_files(connection: Any, folder: Path) -> None:
    """Write a generated world (WorldPlan.for_files, or labels tell what no file shows) into a folder that
    exists: CSV in UTF-8 whose lines are the labels' row numbers, the header being line 1; transactions and
    settlements also as Parquet in the shape of `jeongsan fetch`, where a row's number is one less; contracts
    as JSON."""
    run_script(connection, __package__, "files.sql")
    for name, view in _CSV.items():
        connection.table(view).to_csv(str(folder / f"{name}.csv"))
    for name, view in _PARQUET.items():
        connection.table(view).to_parquet(str(folder / f"{name}.parquet"), compression="zstd")
    for shop, document in contract_documents().items():
        (folder / f"contract_{shop}.json").write_bytes(document)
