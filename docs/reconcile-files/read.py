"""What the readers make of a file: python read.py SIDE FILE [LAYOUT]."""

import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import duckdb

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.read import read_side
from jeongsan.reconcile.readers.sources import sources_in

side, file, *layout = sys.argv[1:]
connection = duckdb.connect()
connection.execute(files("jeongsan.reconcile.match").joinpath("tables.sql").read_text(encoding="utf-8"))
with tempfile.TemporaryDirectory() as scratch:
    sources = sources_in(Path(file), Side(side.upper()), layout=layout[0] if layout else None)
    read_side(connection, Side(side.upper()), sources, scratch=Path(scratch))
for table in (side, "files", "problems"):
    print(f"{table}:")
    for row in connection.execute(f"FROM {table}").fetchall():
        print(" ", *(value for value in row if value is not None))
