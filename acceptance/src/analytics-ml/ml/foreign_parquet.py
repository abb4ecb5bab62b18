"""Reads an export as somebody else would: DuckDB over the Parquet files, the JSON lines and the data card.

Prints one JSON object by type: columns with their types, rows, rows by the data card, and rows that the two kinds of
file do not have in common.

usage: foreign_parquet.py FOLDER
"""

import json
import pathlib
import sys

import duckdb



def as_text(row):
    """A row for comparison: JSON writes whole numbers without a point."""
    return json.dumps([float(value) if type(value) is int else value for value in row])


folder = pathlib.Path(sys.argv[1])
card = json.loads((folder / "data-card.json").read_text())
found = {}
for type_card in card["types"]:
    name = type_card["dataType"]
    files = sorted(str(path) for path in (folder / name).glob("*.parquet"))
    if not files:
        continue
    table = duckdb.read_parquet(files)
    rows = table.fetchall()
    columns = table.columns
    lines = []
    for path in sorted((folder / name).glob("*.jsonl")):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            lines.append(tuple(row[column] for column in columns))
    one, other = sorted(map(as_text, rows)), sorted(map(as_text, lines))
    differing = sum(1 for ours, theirs in zip(one, other) if ours != theirs) + abs(len(one) - len(other))
    found[name] = {
        "columns": [[column, str(kind)] for column, kind in zip(columns, table.types)],
        "rows": len(rows),
        "card": type_card["rows"],
        "differing": differing,
    }
print(json.dumps(found))
