"""The command ``cache``: what is kept in the cache folder, and how to remove it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gene_analogies.util.folders import cache_folder
from gene_analogies.util.wording import pluralise

if TYPE_CHECKING:
    from gene_analogies.cli.cache_contents import Stored

__all__ = ["cache"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies cache\n"
    "  gene-analogies cache --json\n"
    "  GENE_ANALOGIES_CACHE=/tmp/cache gene-analogies cache --clear"
)
@click.option("--clear", is_flag=True, help="Remove all of it, unfinished runs too.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def cache(clear: bool, as_json: bool) -> None:
    """Show what is kept in the cache folder.

    These are compiled search kernels, neighbour indexes, the random pairs of pairs --chance, maps,
    modules, and the finished blocks and answers of top and analogies --all. All of it is made
    again when it is needed. --clear removes it at once and touches no other file; the history of
    the shell stays. The environment variable GENE_ANALOGIES_CACHE names another folder.
    """
    from gene_analogies.cli.cache_contents import cache_contents

    contents = cache_contents()
    folders = _folders(contents)
    # Figures are taken before anything is removed.
    text = _json(contents, folders, clear) if as_json else _table(contents, folders, clear)
    if clear:
        for stored in contents:
            stored.remove()
    click.echo(text)


def _folders(contents: list[Stored]) -> list[Path]:
    """Return the cache folder, and NUMBA_CACHE_DIR where it holds the kernels."""
    folder = cache_folder()
    outside = {
        path.parent for stored in contents for path in stored.paths if folder not in path.parents
    }
    return [folder, *sorted(outside)]


def _json(contents: list[Stored], folders: list[Path], cleared: bool) -> str:
    content = {
        "folders": [str(folder) for folder in folders],
        "cleared": cleared,
        "bytes": sum(stored.bytes for stored in contents),
        "contents": [
            {
                "name": stored.name,
                "count": stored.count,
                "bytes": stored.bytes,
                "last_used": stored.last_used,
            }
            for stored in contents
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _table(contents: list[Stored], folders: list[Path], cleared: bool) -> str:
    place = " and ".join(str(folder) for folder in folders)
    rows = [("contents", "count", "size", "last used")]
    for stored in contents:
        count = pluralise(stored.count, stored.unit)
        rows.append((stored.name, count, _megabytes(stored.bytes), stored.last_used or "—"))
    rows.append(("total", "", _megabytes(sum(stored.bytes for stored in contents)), ""))
    names, counts, sizes, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = [
        f"{name:<{names}}  {count:>{counts}}  {size:>{sizes}}  {used}".rstrip()
        for name, count, size, used in rows
    ]
    return "\n".join([f"removed from {place}" if cleared else place, "", *lines])


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
