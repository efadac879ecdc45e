"""One small set of facts, written in both public forms."""

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from toy_ontology import ANNOTATIONS, DOMAINS, KIND_OF, TERMS, with_ancestors

from gene_analogies.genes.gene import Gene

GENES = (
    Gene(
        1956,
        "EGFR",
        "epidermal growth factor receptor",
        aliases=("ERBB1", "HER1", "mENA"),
        ensembl=("ENSG00000146648",),
        uniprot=("P00533",),
        gene_type="protein-coding",
        chromosome="7",
    ),
    Gene(
        7124,
        "TNF",
        "tumor necrosis factor",
        aliases=("TNFA",),
        # The id on the reference assembly comes first, though it is not the smallest.
        ensembl=("ENSG00000232810", "ENSG00000204490"),
        uniprot=("P01375",),
        gene_type="protein-coding",
        chromosome="6",
    ),
    Gene(8653, "XG-Y", "", gene_type="pseudo", chromosome="X|Y"),
    Gene(109951026, "LOC109951026", "an enhancer", gene_type="biological-region"),
)
PAPERS = np.array(
    [(1956, 11), (1956, 12), (7124, 12), (7124, 300), (109951026, 12)], dtype=np.int64
)


@pytest.fixture
def toy_genes() -> tuple[Gene, ...]:
    """The genes that both forms hold, by Entrez number."""
    return GENES


@pytest.fixture
def toy_papers() -> NDArray[np.int64]:
    """The links that both forms hold, sorted."""
    return PAPERS


@pytest.fixture
def write_sqlite(tmp_path: Path) -> Callable[..., Path]:
    """Write facts as org.Hs.eg.sqlite."""

    def write(genes=GENES, papers=PAPERS, name: str = "org.Hs.eg.sqlite") -> Path:
        # Row numbers differ from Entrez numbers, as they do in the real file.
        key = {gene.entrez: row for row, gene in enumerate(reversed(genes), start=1)}
        tables = {
            "genes": ("_id, gene_id", [(key[g.entrez], str(g.entrez)) for g in genes]),
            "gene_info": (
                "_id, gene_name, symbol",
                [(key[g.entrez], g.full_name, g.symbol) for g in genes],
            ),
            "genetype": ("_id, gene_type", [(key[g.entrez], g.gene_type) for g in genes]),
            "alias": (
                "_id, alias_symbol",
                [(key[g.entrez], name) for g in genes for name in (*g.aliases, g.symbol)],
            ),
            "ensembl": (
                "_id, ensembl_id",
                [(key[g.entrez], name) for g in genes for name in reversed(g.ensembl)],
            ),
            "ncbi2ensembl": (
                "_id, ensembl_id",
                [(key[g.entrez], name) for g in genes for name in g.ensembl[:1]],
            ),
            "uniprot": (
                "_id, uniprot_id",
                [(key[g.entrez], name) for g in genes for name in g.uniprot],
            ),
            "chromosomes": (
                "_id, chromosome",
                [(key[g.entrez], c) for g in genes for c in g.chromosome.split("|") if c],
            ),
            "pubmed": (
                "_id, pubmed_id",
                [(key[entrez], str(paper)) for entrez, paper in papers.tolist()] * 2,
            ),
            "pfam": ("_id, ipi_id, pfam_id", [(key[e], "IPI1", d) for e, d in DOMAINS if e in key]),
            "metadata": (
                "name, value",
                [("EGSOURCEDATE", "2022-Sep12"), ("GOSOURCEDATE", "2022-07-01")],
            ),
        }
        for table, kind in (("go_mf", "function"), ("go_cc", "component"), ("go_bp", "process")):
            own = [(e, t, code) for e, t, code in ANNOTATIONS if KIND_OF[t] == kind and e in key]
            tables[table] = ("_id, go_id, evidence", [(key[e], t, code) for e, t, code in own])
            tables[f"{table}_all"] = (
                "_id, go_id, evidence",
                [(key[e], up, code) for e, t, code in own for up in with_ancestors(t)],
            )
        path = tmp_path / name
        with closing(sqlite3.connect(path)) as database:
            for table, (columns, rows) in tables.items():
                database.execute(f"CREATE TABLE {table} ({columns})")
                marks = ", ".join("?" * len(columns.split(", ")))
                database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            database.commit()
        return path

    return write


@pytest.fixture
def write_ncbi(tmp_path: Path) -> Callable[..., dict[str, Path]]:
    """Write facts as NCBI's three files, among lines of other species."""

    def write(genes=GENES, papers=PAPERS) -> dict[str, Path]:
        info = [
            ("#tax_id", "GeneID", "Symbol", "LocusTag", "Synonyms", "dbXrefs", "chromosome",
             "map_location", "description", "type_of_gene", "Modification_date"),
            ("10090", "13649", "Egfr", "-", "Erbb", "-", "11", "-", "mouse", "protein-coding", "-"),
            ("9606", "7", "NEWENTRY", "-", "-", "-", "-", "-", "no record yet", "other", "-"),
        ]  # fmt: skip
        for g in genes:
            references = "|".join(["HGNC:HGNC:1", *(f"Ensembl:{name}" for name in g.ensembl[:1])])
            info.append(
                ("9606", str(g.entrez), g.symbol, "-", "|".join(g.aliases) or "-", references,
                 g.chromosome or "-", "-", g.full_name or "-", g.gene_type, "20220912")
            )  # fmt: skip
        ensembl = [("#tax_id", "GeneID", "Ensembl_gene_identifier", "RNA_nucleotide_accession")]
        ensembl += [("10090", "13649", "ENSMUSG00000020122", "-")]
        ensembl += [("9606", str(g.entrez), name, "-") for g in genes for name in g.ensembl]
        pubmed = [("#tax_id", "GeneID", "PubMed_ID"), ("10090", "13649", "5"), ("9606", "7", "5")]
        pubmed += [("9606", str(entrez), str(paper)) for entrez, paper in papers.tolist()] * 2
        paths = {}
        for name, rows in (("gene2pubmed", pubmed), ("gene_info", info), ("gene2ensembl", ensembl)):
            text = "".join("\t".join(row) + "\n" for row in rows)
            paths[name] = tmp_path / f"{name}.gz"
            paths[name].write_bytes(gzip.compress(text.encode(), mtime=1_700_000_000))
        return paths

    return write


@pytest.fixture
def without_uniprot() -> Callable[[Gene], Gene]:
    """Take off what only the SQLite form knows."""
    return lambda gene: replace(gene, uniprot=())


@pytest.fixture
def write_obo(tmp_path: Path) -> Callable[[], Path]:
    """Write the small ontology as go-basic.obo, with what such a file has besides."""

    def write() -> Path:
        long = {
            "function": "molecular_function",
            "component": "cellular_component",
            "process": "biological_process",
        }
        blocks = ["format-version: 1.2\ndata-version: releases/2022-07-01\n"]
        for term, kind, name, is_a, part_of in TERMS:
            lines = ["[Term]", f"id: {term}", f"name: {name}", f"namespace: {long[kind]}"]
            lines += ['def: "A ! sign, \\"quoted\\"." [GOC:xx]', "subset: goslim_generic"]
            lines += [f"alt_id: GO:9{term[4:]}"]
            lines += [f'is_a: {up} {{source="x"}} ! {up}' for up in is_a]
            lines += [f"relationship: part_of {up} ! {up}" for up in part_of]
            # Who regulates a thing does not have it.
            lines += ["relationship: regulates GO:0016323 ! other"]
            blocks.append("\n".join(lines) + "\n")
        blocks.append(
            "[Term]\nid: GO:0000008\nname: obsolete thioredoxin\n"
            "namespace: molecular_function\nis_obsolete: true\n"
        )
        blocks.append("[Typedef]\nid: part_of\nname: part of\nnamespace: external\n")
        path = tmp_path / "go-basic.obo"
        path.write_text("\n".join(blocks), encoding="utf-8")
        return path

    return write


@pytest.fixture
def write_go_sqlite(tmp_path: Path) -> Callable[[], Path]:
    """Write the small ontology as GO.sqlite."""

    def write() -> Path:
        key = {term: row for row, (term, *_) in enumerate(reversed(TERMS), start=2)}
        short = {"function": "MF", "component": "CC", "process": "BP"}
        path = tmp_path / "GO.sqlite"
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE go_term (_id, go_id, term, ontology, definition)")
            database.execute("CREATE TABLE go_synonym (_id, synonym, secondary, like_go_id)")
            database.execute("CREATE TABLE metadata (name, value)")
            database.execute("INSERT INTO metadata VALUES ('GOSOURCEDATE', '2022-07-01')")
            database.execute("INSERT INTO go_term VALUES (1, 'all', 'all', 'universal', NULL)")
            for kind in short.values():
                database.execute(
                    f"CREATE TABLE go_{kind.lower()}_parents (_id, _parent_id, relationship_type)"
                )
            for term, kind, name, is_a, part_of in TERMS:
                database.execute(
                    "INSERT INTO go_term VALUES (?, ?, ?, ?, 'words')",
                    (key[term], term, name, short[kind]),
                )
                other = f"GO:9{term[4:]}"
                database.executemany(
                    "INSERT INTO go_synonym VALUES (?, ?, ?, ?)",
                    [(key[term], other, other, 1), (key[term], "another name", None, 0)],
                )
                ups = [(up, "isa") for up in is_a]
                ups += [(up, "part of") for up in part_of if KIND_OF[up] == kind]
                rows = [(key[term], key[up], relation) for up, relation in ups]
                rows += [(key[term], 1, "isa")] if not ups else []
                if kind == "component":
                    rows.append((key[term], key["GO:0016323"], "regulates"))
                database.executemany(
                    f"INSERT INTO go_{short[kind].lower()}_parents VALUES (?, ?, ?)", rows
                )
            database.commit()
        return path

    return write


@pytest.fixture
def write_gene2go(tmp_path: Path) -> Callable[[], Path]:
    """Write the annotations as NCBI's gene2go.gz, among rows that do not count."""

    def write() -> Path:
        rows = [
            ("#tax_id", "GeneID", "GO_ID", "Evidence", "Qualifier", "GO_term", "PubMed",
             "Category"),
            ("10090", "13649", "GO:0005125", "IDA", "enables", "-", "-", "Function"),
            ("9606", "1956", "GO:0005125", "IDA", "NOT enables", "-", "-", "Function"),
            ("9606", "1956", "GO:0000008", "IDA", "enables", "-", "-", "Function"),
        ]  # fmt: skip
        for entrez, term, code in ANNOTATIONS:
            # An id that was merged into another means that other one.
            name = f"GO:9{term[4:]}" if code == "IPI" else term
            rows.append(("9606", str(entrez), name, code, "enables", "-", "-", "-"))
        text = "".join("\t".join(row) + "\n" for row in rows)
        path = tmp_path / "gene2go.gz"
        path.write_bytes(gzip.compress(text.encode(), mtime=1_700_000_000))
        return path

    return write
