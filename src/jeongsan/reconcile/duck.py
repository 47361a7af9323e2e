"""The workspace of a reconciliation: a DuckDB with its tables, and scripts that run in it."""

from pathlib import Path
from typing import Any

from jeongsan.reconcile.extras import needed
from jeongsan.reconcile.sql_text import script


def run_script(connection: Any, package: str, name: str) -> None:
    """Every statement of a file of SQL that lies in a package."""
    connection.execute(script(package, name))


class InvalidMemory(ValueError):
    """No size of memory, such as 2GB. Says what is wrong with it."""


def open_workspace(folder: Path | None, *, memory: str = "2GB", threads: int | None = None) -> Any:
    """A DuckDB with the empty tables of `match/tables.sql`, `terms.sql` and `outcomes.sql` and the words of
    the rules, in a file of this folder, which takes what does not fit into the memory; None: all of it has
    to. Raises NotInstalled, InvalidMemory."""
    settings: dict[str, str | int] = {
        "memory_limit": memory,
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
    }
    if threads is not None:
        settings["threads"] = threads
    if folder is not None:
        settings["temp_directory"] = str(folder / "spill")
    database = ":memory:" if folder is None else str(folder / "workspace.duckdb")
    duckdb = needed("duckdb")
    try:
        connection = duckdb.connect(database, config=settings)
    except duckdb.ParserException as error:
        raise InvalidMemory(" ".join(str(error).split())) from error
    # Standard output is the command's.
    connection.execute("SET enable_progress_bar = false")
    for name in ("tables.sql", "terms.sql", "outcomes.sql", "fees.sql", "macros.sql", "expected.sql"):
        run_script(connection, "jeongsan.reconcile.match", name)
    return connection
