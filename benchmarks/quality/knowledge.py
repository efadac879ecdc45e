"""What embeddings know of relations between genes, beside copies that know nothing.

``python -m benchmarks.quality.knowledge`` prints the tables of `docs/relations.md`: the built-in
embeddings, GloVe on words, and GeneVector beside the first built-in one. ``-e FILE`` measures any
other embedding.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

import gene_analogies as ga
from benchmarks.data_sets import DATA, glove_words
from benchmarks.quality.orthologs import ortholog_line
from benchmarks.quality.relation_figures import Counts, Rows, library_search, measure
from benchmarks.quality.relation_lists import (
    GENEVECTOR,
    SOURCES,
    WORD_QUESTIONS,
    Half,
    Relation,
    read_pairs,
    read_pfam,
    read_relations,
    sections_of,
    without_twins,
)
from benchmarks.quality.relation_table import HEADS, lines_of, questions_line, table
from gene_analogies.cli.progress import WorkProgress
from gene_analogies.search.learned.relation import permute_axes
from gene_analogies.sources.builtin import builtin_names
from gene_analogies.util.arguments import check_pair_weight

#: Those of them that the package has are measured if no other is named.
_BUILT_IN = ("human", "pubmed", "annotation")

#: On few common genes, a relation of fewer pairs says nothing.
_COMMON = 50
#: Sections of questions on words are short.
_WORDS = 10

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@dataclass
class _Tables:
    """The lines of the three tables, and how they are measured."""

    half: Half
    weight: float
    control: bool
    queries: int
    lines: tuple[list[tuple[str, ...]], ...] = field(default_factory=lambda: ([], [], []))

    def add_genes(self, label: str, embedding: ga.Embedding, relations: list[Relation]) -> None:
        """Measure an embedding of genes and its control, and ask the questions."""
        self.add(label, embedding, relations)
        if self.control:
            permuted = ga.Embedding(embedding.names, permute_axes(embedding.vectors))
            self.add(f"{label}, axes permuted", permuted, relations)
        self.lines[2].append(questions_line(label, ga.Space(embedding, keep_index=False)))

    def add(
        self,
        label: str,
        embedding: ga.Embedding,
        relations: list[Relation],
        least: int = Counts.least,
    ) -> None:
        """Measure an embedding by the relations of at least so many pairs in it."""
        counts = Counts(single=self.queries, least=least)
        space = ga.Space(embedding, keep_index=False)
        rows, search = Rows(space), library_search(space, self.weight)
        few = []
        with WorkProgress(label) as shown:
            for place, relation in enumerate(relations):

                def progress(done: int, total: int, place: int = place) -> None:
                    shown(place + done / total, len(relations))

                figures = measure(
                    space, rows, relation, half=self.half, search=search, counts=counts,
                    progress=progress,
                )  # fmt: skip
                if figures is None:
                    few.append(relation.name)
                    continue
                for lines, cells in zip(self.lines, lines_of(label, figures), strict=False):
                    lines.append(cells)
        if few:
            _warn(f"{label}: left out, with fewer than {least} pairs in it: {', '.join(few)}")

    def show(self) -> None:
        """Print the tables that have lines."""
        for head, lines in zip(HEADS, self.lines, strict=True):
            if lines:
                click.echo(f"\n{table(head, lines)}")


def _warn(line: str) -> None:
    click.echo(line, err=True)


def _word_relations(folder: Path) -> list[Relation]:
    """Return the sections of Google's questions, from a folder or from gensim."""
    path = WORD_QUESTIONS.find(folder)
    gensim = importlib.util.find_spec("gensim")
    if path is None and gensim is not None and gensim.origin is not None:
        path = WORD_QUESTIONS.find(Path(gensim.origin).parent / "test" / "test_data")
    if path is None:
        _warn(f"words: left out; {folder} holds no {WORD_QUESTIONS.files[0]},"
              f" from {WORD_QUESTIONS.origin}")  # fmt: skip
        return []
    sections = sections_of(path, str.lower)
    # Nothing is tuned on words.
    return [
        Relation(name, tuple(sorted(pairs)), "–", False, (), tuple(sorted(pairs)))
        for name, pairs in sections.items()
    ]


def _select(relations: list[Relation], only: tuple[str, ...]) -> list[Relation]:
    """Return the relations of some names, or all."""
    names = [relation.name for relation in relations]
    for name in only:
        if name not in names:
            raise click.UsageError(f"--relation must be one of {', '.join(names)}, not {name!r}")
    return [relation for relation in relations if not only or relation.name in only]


def _tried(read: Callable[[], ga.Embedding]) -> ga.Embedding | None:
    """Return an embedding, or say what to download."""
    try:
        return read()
    except SystemExit as missing:
        _warn(str(missing))
        return None


@click.command()
@click.option("-e", "--embedding", "sources", multiple=True, metavar="SOURCE",
              help="A built-in embedding or a file, instead of all that the documentation shows;"
              " repeatable.")  # fmt: skip
@click.option("--data", type=_FOLDER, default=DATA, show_default="benchmarks/data",
              help="Folder of the relations' files.")  # fmt: skip
@click.option("--pairs", "lists", multiple=True, metavar="FILE", type=_FILE,
              help="Pairs of your own, two names a line; repeatable.")  # fmt: skip
@click.option("--relation", "only", multiple=True, metavar="NAME",
              help="Measure this relation only; repeatable.")  # fmt: skip
@click.option("--half", type=click.Choice(["tuning", "held-out", "all"]), default="held-out",
              show_default=True, help="Of each relation's pairs.")  # fmt: skip
@click.option("--pair-weight", type=float, default=0.0, show_default=True,
              help="Add so many times cos(c, d) to a pair's score.")  # fmt: skip
@click.option("--queries", type=click.IntRange(min=2), default=Counts.single, show_default=True,
              help="Pairs of each relation that others are retrieved from, at most.")  # fmt: skip
@click.option("--control/--no-control", default=True, show_default=True,
              help="Measure each embedding with permuted axes, too.")  # fmt: skip
@click.option("--mouse", metavar="SOURCE",
              help="An embedding of mouse genes, for the orthologs of each embedding.")  # fmt: skip
def main(
    sources: tuple[str, ...],
    data: Path,
    lists: tuple[Path, ...],
    only: tuple[str, ...],
    half: Half,
    pair_weight: float,
    queries: int,
    control: bool,
    mouse: str | None,
) -> None:
    r"""Print what embeddings know of relations between genes.

    \b
    Example: python -m benchmarks.quality.knowledge --half tuning -e pubmed
    """
    names = sources or tuple(name for name in _BUILT_IN if name in builtin_names())
    try:
        pair_weight = check_pair_weight(pair_weight, "cosine", "difference")
        own = [Relation.halved(path.stem, read_pairs(path), "–") for path in lists]
        loaded = [(Path(source).name, ga.load(source).embedding) for source in names]
        other = None if mouse is None else ga.load(mouse)
    except ga.GeneAnalogiesError as error:
        raise click.UsageError(str(error)) from None
    relations = _select([*_gene_relations(data, half), *own], only)
    tables = _Tables(half, pair_weight, control, queries)
    orthologs = []
    for label, embedding in loaded:
        tables.add_genes(label, embedding, relations)
        if other is not None:
            orthologs.append(f"{label}: {ortholog_line(ga.Space(embedding), other)}")
    if not sources:
        _add_others(tables, names[0], data, relations)
    tables.show()
    for line in orthologs:
        click.echo(f"\n{line}")


def _gene_relations(data: Path, half: Half) -> list[Relation]:
    """Return the relations of genes; with held-out pairs also those of new families."""
    relations = read_relations(data, _warn)
    pfam = SOURCES["paralogs"].find(data)
    if half == "held-out" and pfam is not None:
        domains = read_pfam(pfam)
        known = [one for one in relations if one.name == "ligand–receptor"]
        relations[1:1] = [without_twins(one, domains) for one in known]
    return relations


def _add_others(tables: _Tables, first: str, data: Path, relations: list[Relation]) -> None:
    """Measure GeneVector and a built-in embedding on their common genes; GloVe on words."""
    path = GENEVECTOR.find(data)
    if path is None:
        _warn(f"GeneVector: left out; {data} holds no {GENEVECTOR.files[0]},"
              f" from {GENEVECTOR.origin}")  # fmt: skip
    else:
        common = ga.load(first, among=ga.load(path).embedding.names).embedding
        theirs = ga.load(path, among=common.names, order=common.names).embedding
        for label, embedding in (("GeneVector", theirs), (first, common)):
            label = f"{label}, {len(embedding):,} common genes"
            tables.add(label, embedding, relations, _COMMON)
    words = _word_relations(data)
    glove = _tried(glove_words) if words else None
    if glove is not None:
        tables.add("GloVe", glove, words, _WORDS)


if __name__ == "__main__":
    main()
