"""The command ``formats``: which files can be read, and which are written."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gene_analogies.formats.registry import Format

__all__ = ["formats"]


@click.command(epilog="\b\nExamples:\n  gene-analogies formats\n  gene-analogies formats --json")
@click.option("--json", "as_json", is_flag=True, help="List them as JSON.")
def formats(as_json: bool) -> None:
    """List the formats of embeddings.

    The format of a file is detected from its content; --read-as names it where that fails. convert
    writes the formats that have "written to".
    """
    if as_json:
        click.echo(_json())
        return
    columns = shutil.get_terminal_size((100, 24)).columns
    click.echo(_table(min(100, columns)))
    click.echo("Install what a format needs: pip install 'gene-analogies[all]'")


def _json() -> str:
    """Return the formats as a JSON list."""
    from gene_analogies.formats.registry import FORMATS

    content = [
        {
            "name": entry.name,
            "files": entry.files,
            "what": entry.what,
            "key": entry.key,
            "extra": entry.extra,
            "endings": list(entry.endings),
        }
        for entry in FORMATS
    ]
    return json.dumps(content, ensure_ascii=False, indent=2)


def _table(width: int) -> str:
    """Return the table as plain text of so many columns."""
    from rich.console import Console
    from rich.table import Table

    from gene_analogies.formats.registry import FORMATS

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("format", no_wrap=True)
    table.add_column("files", width=22, overflow="fold")
    table.add_column("what they hold", overflow="fold")
    for entry in FORMATS:
        table.add_row(entry.name, entry.files, "\n".join(_lines(entry)))
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None, markup=False).print(table)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def _lines(entry: Format) -> Iterator[str]:
    """Say what a format holds, what --key chooses, what reading needs, and what is written."""
    yield entry.what
    if entry.key:
        yield f"--key: {entry.key}"
    if entry.extra:
        yield f"needs: {entry.extra}"
    if entry.endings:
        targets = ["FOLDER/" if ending == "/" else f"*{ending}" for ending in entry.endings]
        yield f"written to: {' '.join(targets)}"
