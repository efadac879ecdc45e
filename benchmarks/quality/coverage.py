"""How many names of published vocabularies are known genes.

``python -m benchmarks.quality.coverage FOLDER`` looks in a folder, and the folders below it, for
the vocabularies of Geneformer, scGPT and scFoundation, and prints how many of their names stand for
a known gene, and where Geneformer's own symbols disagree with the gene table. docs/formats.md says
where the files are from. A file is told by its SHA-256; those that are absent are skipped, by name.
"""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from gene_analogies.formats.pickles.safe_load import safe_load
from gene_analogies.formats.source import Source
from gene_analogies.genes.forms import inner_name
from gene_analogies.genes.other_symbols import sharing
from gene_analogies.genes.table import GeneTable
from gene_analogies.genes.vocabulary import Vocabulary
from gene_analogies.util.wording import first_few

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXAMPLES = 8


class Published(NamedTuple):
    """A vocabulary: the SHA-256 of its file, and of the model's own dictionary of symbols."""

    name: str
    sha256: str
    symbols: str = ""


VOCABULARIES = (
    Published(
        "Geneformer V2",
        "67c445f4385127adfc48dcc072320cd65d6822829bf27dd38070e6e787bc597f",
        "fabfa0c2f49c598c59ae432a32c3499a5908c033756c663b5e0cddf58deea8e1",
    ),
    Published(
        "Geneformer V1",
        "ab9dc40973fa5224d77b793e2fd114cacf3d08423ed9c4c49caf0ba9c7f218f1",
        "55e67962e79c0039a6c32d43c5c99f38e51964bbcfa32f736150ee1e285c438c",
    ),
    Published("scGPT census", "9fe73cf29929b5c66a5fffcfb2bcbdd3e38a3a086848cd12f8f918bcf458d75f"),
    Published("scGPT gene", "af490ed60ed045fe492d9124134ceb0855c056a1398e50eda24077ffa4946345"),
    Published(
        "scGPT cellxgene", "4e3eb6742d8a2989a4cbeafd9e04eca1d013ef5dfa21c4fb462f0876dd0577b2"
    ),
    Published("scFoundation", "bb337ea195d94e7b033543abc02a42e7060d6562eba97deb077f7dcecec62661"),
)


def read(path: Path) -> dict[str, str]:
    """Return a file's names, and in a dictionary of symbols what each of them stands for."""
    if path.suffix == ".json":
        return dict(json.loads(path.read_text(encoding="utf-8")))
    if path.suffix == ".pkl":
        with path.open("rb") as stream:
            return dict(safe_load(stream, Source(path)))
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["gene_name"]: row["index"] for row in csv.DictReader(lines, delimiter="\t")}


def report(published: Published, files: Mapping[str, Path]) -> str:
    """Return the line of a vocabulary; below it the symbols that the table contradicts."""
    names = [name for name in read(files[published.sha256]) if not name.startswith("<")]
    dictionary = read(files[published.symbols]) if published.symbols in files else {}
    symbols = {ensembl: symbol for symbol, ensembl in dictionary.items()}
    table = GeneTable.packaged()
    vocabulary = Vocabulary(names, table, symbols)
    genes = {name: vocabulary.gene(name) for name in names}
    # An old symbol of a gene that has a row of its own is known, though it stands for no gene.
    unknown = [
        name
        for name, gene in genes.items()
        if gene is None and len(sharing(inner_name(name), table)) != 1
    ]
    known = len(names) - len(unknown)
    line = f"{published.name:16} {len(names):7,} {known:7,} {known / len(names):7.1%}"
    # An approved symbol of today in the model's own dictionary must name the same gene.
    wrong = [
        f"{name} is {gene.symbol}, not {symbols[name]}"
        for name, gene in genes.items()
        if gene is not None
        and name in symbols
        and (meant := table.find(symbols[name])) is not None
        and meant.symbol == symbols[name]
        and meant != gene
    ]
    if symbols:
        line += f"   {len(wrong)} approved symbols of its own disagree"
    if wrong:
        line += f": {first_few(wrong, _EXAMPLES)}"
    some = unknown[:: max(1, len(unknown) // _EXAMPLES)]
    return f"{line}\n{'':16} unknown: {first_few(some, _EXAMPLES)}"


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Print how many names of the vocabularies in FOLDER are known genes."""
    files = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".json", ".pkl", ".tsv")
    }
    click.echo(f"{'vocabulary':16} {'names':>7} {'genes':>7} {'share':>7}")
    for published in VOCABULARIES:
        if published.sha256 not in files:
            click.echo(f"{published.name:16} skipped: no file with SHA-256 {published.sha256}")
        else:
            click.echo(report(published, files))


if __name__ == "__main__":
    main()
