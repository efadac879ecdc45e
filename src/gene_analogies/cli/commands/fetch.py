"""The command ``fetch``: published embeddings, downloaded once."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import click

from gene_analogies.cli.download_progress import DownloadProgress
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.sources.catalogue import Entry

__all__ = ["fetch"]

_EXAMPLES = {"genes": "EGF EGFR", "words": "king queen"}


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies fetch --list\n"
    "  gene-analogies fetch --list --json\n"
    "  gene-analogies fetch gene2vec\n"
    "  GENE_ANALOGIES_DATA=/data gene-analogies fetch glove-6b-100d"
)
@click.argument("name", required=False)
@click.option("--list", "lists", is_flag=True, help="List the catalogue, as without NAME.")
@click.option("--force", is_flag=True, help="Download it again even if it is there.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the list, or what was downloaded, as JSON."
)
def fetch(name: str | None, lists: bool, force: bool, as_json: bool) -> None:
    """Download a published embedding, to use it by its name.

    Interrupted downloads are resumed. Files are verified and kept in the user's data folder, or in
    the folder that the environment variable GENE_ANALOGIES_DATA names. Files that were put there
    by hand are found, too.
    """
    if name is None or lists:
        if as_json:
            _list_json()
        else:
            _list()
        return
    from gene_analogies.sources import fetch as source
    from gene_analogies.sources.catalogue import entry

    chosen = entry(name)
    with DownloadProgress(chosen.title) as progress:
        path = source.fetch(name, progress=progress, force=force)
    if as_json:
        click.echo(_dump({**_as_json(chosen), "path": str(path)}))
        return
    click.echo(path)
    click.echo(f"{chosen.title}: {chosen.description}")
    click.echo(f"licence: {chosen.licence}")
    click.echo(f"cite: {chosen.citation}")
    click.echo(f"next: gene-analogies pairs {_EXAMPLES[chosen.kind]} -e {name}")


def _list() -> None:
    """Print the catalogue as a table, with what has been fetched."""
    from rich.console import Console
    from rich.table import Table

    from gene_analogies.sources.catalogue import catalogue
    from gene_analogies.util.folders import data_folder

    entries = list(catalogue().values())
    table = Table(box=None, pad_edge=False, header_style="")
    for title in ("name", "what", "size", "licence", "state"):
        table.add_column(
            title, no_wrap=title == "name", justify="right" if title == "size" else "left"
        )
    for item in entries:
        state = _state(item).replace("not fetched", "—")
        table.add_row(item.name, f"{item.kind}: {item.title}", item.size, item.licence, state)
    console = Console(width=_width())
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())
    click.echo(f"\nThey are kept in {data_folder()}.")
    if not all(item.tried for item in entries):
        click.echo(
            "Their addresses, sizes and checksums are as others publish them; the makers of"
            " gene-analogies have not tried them."
        )


def _list_json() -> None:
    """Print the catalogue as a JSON list."""
    from gene_analogies.sources.catalogue import catalogue

    click.echo(_dump([{**_as_json(item), "state": _state(item)} for item in catalogue().values()]))


def _as_json(chosen: Entry) -> dict[str, object]:
    """Return what JSON holds about an entry."""
    return {
        "name": chosen.name,
        "kind": chosen.kind,
        "title": chosen.title,
        "description": chosen.description,
        "size": chosen.size,
        "licence": chosen.licence,
        "citation": chosen.citation,
        "homepage": chosen.homepage,
        "tried": chosen.tried,
    }


def _dump(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _state(chosen: Entry) -> str:
    from gene_analogies.sources.fetch import fetched_path

    try:
        return "fetched" if fetched_path(chosen.name) else "not fetched"
    except GeneAnalogiesError:
        return "another file"


def _width() -> int:
    """Return the terminal's number of columns; more than any table's where there is none."""
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    return shutil.get_terminal_size().columns if on_terminal else 1000
