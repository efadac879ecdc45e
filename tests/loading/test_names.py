"""Names as they were meant: row numbers, blanks, floats, missing ones; and the column chosen."""

from __future__ import annotations

import gzip
import json
import logging
from importlib.util import find_spec
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

import gene_analogies as ga
from gene_analogies.describe.inspection import inspect
from gene_analogies.formats.contents import Contents
from gene_analogies.loading.names import with_clean_names
from gene_analogies.loading.read import read
from gene_analogies.loading.save import save

GENES = ["EGF", "EGFR", "HGF", "MET", "INS", "INSR"]
ENTREZ = [1950, 1956, 3082, 4233, 3630, 3643]
VECTORS = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.WARNING, "gene_analogies")


def _frame(names, **columns):
    frame = pd.DataFrame(VECTORS, columns=list("abcd"), index=pd.Index(names))
    for at, (key, values) in enumerate(columns.items()):
        frame.insert(at, key, values)
    return frame


def _text(folder, frame, name="table.csv"):
    frame.to_csv(folder / name, sep="\t" if name.endswith("tsv") else ",")
    return folder / name


def _annotated(names, axis="obs", **columns):
    table = pd.DataFrame(columns, index=pd.Index(list(map(str, names))))
    if axis == "obs":
        return anndata.AnnData(VECTORS, obs=table)
    cells = np.ones((3, 6), np.float32)
    return anndata.AnnData(cells, var=table, varm={"emb": VECTORS})


def _saved(adata, folder):
    adata.write_h5ad(folder / "it.h5ad")
    return folder / "it.h5ad"


# Row numbers.


def _numbered(folder, kind):
    if kind == "csv":
        return _text(folder, _frame(range(6)))
    if kind == "headerless":
        rows = [f"{row + 1},{','.join(map(str, VECTORS[row]))}" for row in range(6)]
        (folder / "x.csv").write_text("\n".join(rows))
        return folder / "x.csv"
    if kind == "text":
        rows = [f"{row} {' '.join(map(str, VECTORS[row]))}" for row in range(6)]
        (folder / "x.txt").write_text("\n".join(["6 4", *rows]))
        return folder / "x.txt"
    if kind == "npz":
        np.savez(folder / "x.npz", embeddings=VECTORS, genes=np.arange(6))
        return folder / "x.npz"
    if kind == "npy":
        np.save(folder / "x.npy", VECTORS)
        (folder / "x_names.json").write_text(json.dumps(list(range(6))))
        return folder / "x.npy"
    if kind == "parquet":
        frame = _frame(range(6)).reset_index(names="gene").astype({"gene": float})
        frame.to_parquet(folder / "x.parquet")
        return folder / "x.parquet"
    return _saved(_annotated(range(6)), folder) if kind == "h5ad" else _annotated(range(6))


NUMBERED = ["csv", "headerless", "text", "npz", "npy", "parquet", "h5ad", "memory"]


@pytest.mark.parametrize("kind", NUMBERED)
def test_row_numbers_are_no_genes(kind, tmp_path, caplog):
    space = ga.load(_numbered(tmp_path, kind))
    first = 1 if kind == "headerless" else 0
    assert space.embedding.names == tuple(str(first + row) for row in range(6))
    assert not any(space.item(row).gene for row in range(6))
    assert [message for message in caplog.messages if "number the rows" in message] == [
        f"{space.embedding.provenance['source']}: the names number the rows"
        f" ({first}, {first + 1}, {first + 2}, …), and are taken for no genes; put the names"
        " of genes in their place, or give them (names=,"
        " --names)"
    ]
    assert space.embedding.provenance["row_numbers"] is True


def test_a_part_of_the_row_numbers_is_no_genes_either(tmp_path):
    path = _text(tmp_path, _frame(range(1, 7)))
    space = ga.load(path, order=["5"], among=["2", "5"])
    assert space.embedding.names == ("5", "2")
    assert [space.item(row).gene for row in range(2)] == [None, None]
    with pytest.raises(ga.GeneAnalogiesError, match="no item is left"):
        ga.load(path, among=["A2M"])  # Entrez 2


def test_genes_that_are_only_numbered_are_no_entrez_numbers(tmp_path, caplog):
    path = _text(tmp_path, _frame([f"Gene_{row}" for row in range(6)]))
    space = ga.load(path)
    assert "the names number the rows (Gene_0, Gene_1, Gene_2, …)" in caplog.text
    with pytest.raises(ga.GeneAnalogiesError, match="no item is named 'A2M'"):  # Entrez 2
        space.similar("A2M")
    save(ga.load_embedding(path, among=["Gene_2", "Gene_5"]), tmp_path / "part.npz")
    assert ga.load(tmp_path / "part.npz").item(0).gene is None
    concepts = _text(tmp_path, _frame([f"Gene_{number}" for number in ENTREZ]), "concepts.csv")
    assert [ga.load(concepts).item(row).symbol for row in range(6)] == GENES


@pytest.mark.parametrize("ending", ["x.h5ad", "x.npz", "x.parquet"])
def test_our_own_files_remember_that_names_are_row_numbers(tmp_path, ending):
    part = ga.load_embedding(_text(tmp_path, _frame(range(1, 7))), among=["2", "5"])
    save(part, tmp_path / ending)
    found = ga.load(tmp_path / ending)
    assert found.embedding.names == ("2", "5")
    assert found.item(0).gene is None
    (tmp_path / "n.txt").write_text("EGF\nEGFR\n")
    assert ga.load(tmp_path / ending, names=tmp_path / "n.txt").item(0).symbol == "EGF"


def test_what_a_filter_left_of_an_index_is_no_genes(tmp_path, caplog):
    rows = [1, 4, 5, 9, 12, 15]
    adata = _annotated(rows, gene=GENES)
    assert ga.load(adata).item(0).gene is None
    assert "the names number the rows (1, 4, 5, …)" in caplog.text
    assert "--names-column gene" in caplog.text


def test_info_counts_no_genes_among_row_numbers(tmp_path):
    info = inspect(read(_text(tmp_path, _frame(range(6)))))
    assert info.genes == 0
    assert "the names number the rows: --names-column or --names says what the items" in str(info)


# The column with the names.


@pytest.mark.parametrize("memory", [False, True])
@pytest.mark.parametrize("axis", ["obs", "var"])
def test_columns_with_names_are_told_the_best_first(axis, memory, tmp_path, caplog):
    adata = _annotated(
        range(6),
        axis,
        gene=[f"locus {row}" for row in range(6)],
        kind=["a", "b", "a", "b", "a", "b"],
        where=GENES,
        entrez=ENTREZ,
        counts=[3, 2, 1, 6, 5, 4],
    )
    options = {} if axis == "obs" else {"key": "varm/emb"}
    source = adata if memory else _saved(adata, tmp_path)
    found = ga.load(source, **options)
    assert found.item(0).gene is None
    (message,) = caplog.messages
    assert message.endswith(
        "there are names in entrez, where, gene; choose (names_column='entrez',"
        " --names-column entrez)"
    ) or message.endswith(
        "there are names in where, entrez, gene; choose (names_column='where',"
        " --names-column where)"
    )
    caplog.clear()
    for column, name in (("where", "EGFR"), ("entrez", "1956")):
        chosen = ga.load(source, names_column=column, **options)
        assert chosen.embedding.names[1] == name
        assert chosen.item(1).symbol == "EGFR"
        assert chosen.embedding.provenance["names"] == column
        np.testing.assert_array_equal(chosen.embedding.vectors, VECTORS)
    assert not caplog.messages


def test_columns_without_genes_are_told_if_there_are_no_better_ones(caplog):
    ga.load(_annotated(range(6), locus=[f"locus {row}" for row in range(6)]))
    assert "there are names in locus; choose (names_column='locus'" in caplog.text


def test_a_column_says_which_axis_has_the_genes(tmp_path):
    loci = [f"locus {row}" for row in range(6)]
    adata = _annotated(range(6), "var", locus=loci)
    adata.obsm["X_pca"] = np.ones((3, 2))
    with pytest.raises(ga.GeneAnalogiesError, match="several matrices may be meant"):
        ga.load_embedding(adata)
    assert ga.load_embedding(adata, names_column="locus").names == tuple(loci)


@pytest.mark.parametrize("memory", [False, True])
def test_a_column_that_obs_does_not_have(memory, tmp_path):
    adata = _annotated(GENES, symbol=GENES, locus=GENES)
    source = adata if memory else _saved(adata, tmp_path)
    with pytest.raises(
        ga.GeneAnalogiesError, match=r"obs: there is no column 'gene'; choose from .?symbol"
    ):
        ga.load_embedding(source, names_column="gene")


@pytest.mark.parametrize("name", ["table.csv", "table.tsv"])
def test_a_column_of_a_table(tmp_path, name):
    path = _text(tmp_path, _frame(GENES, entrez=ENTREZ, locus=list("uvwxyz")), name)
    assert ga.load_embedding(path).names == tuple(GENES)
    assert ga.load_embedding(path, names_column="locus").names == tuple("uvwxyz")
    assert ga.load_embedding(path, names_column="entrez").names == tuple(map(str, ENTREZ))
    with pytest.raises(ga.FormatError, match=r"no column 'gene'; choose from .*entrez, locus, a"):
        ga.load_embedding(path, names_column="gene")


def test_a_column_of_parquet(tmp_path):
    _frame(GENES, locus=list("uvwxyz")).to_parquet(tmp_path / "x.parquet")
    assert ga.load_embedding(tmp_path / "x.parquet", names_column="locus").names == tuple("uvwxyz")
    with pytest.raises(ga.FormatError, match=r"there is no column 'gene'; choose from locus, a"):
        ga.load_embedding(tmp_path / "x.parquet", names_column="gene")


@pytest.mark.parametrize("kind", ["csv", "headerless", "parquet", "frame", "levels"])
def test_genes_are_told_from_other_texts(kind, tmp_path):
    frame = _frame(range(6), chrom=[f"chr{row // 2}" for row in range(6)], upper=GENES)
    source = tmp_path / "table"
    if kind == "csv":
        frame.to_csv(source, index=False)
    elif kind == "headerless":
        frame.to_csv(source, index=False, header=False)
    elif kind == "parquet":
        frame.to_parquet(source)
    elif kind == "frame":
        source = frame
    else:
        source = frame.set_index(["chrom", "upper"])
    assert ga.load(source).embedding.names == tuple(GENES)


def test_a_column_of_the_metadata(tmp_path):
    np.savetxt(tmp_path / "tensors.tsv", VECTORS, delimiter="\t")
    table = pd.DataFrame({"name": range(6), "locus": list("uvwxyz"), "symbol": GENES})
    table.to_csv(tmp_path / "metadata.tsv", sep="\t", index=False)
    assert ga.load_embedding(tmp_path, names_column="locus").names == tuple("uvwxyz")
    with pytest.raises(ga.FormatError, match=r"no column 'gene'; choose from name, locus, symbol"):
        ga.load_embedding(tmp_path, names_column="gene")


def test_a_column_of_a_table_of_names(tmp_path):
    np.save(tmp_path / "x.npy", VECTORS)
    table = pd.DataFrame({"gene": GENES, "locus": list("uvwxyz")})
    table.to_csv(tmp_path / "genes.csv", index=False)
    options = {"names": tmp_path / "genes.csv"}
    assert ga.load_embedding(tmp_path / "x.npy", **options).names == tuple(GENES)
    found = ga.load_embedding(tmp_path / "x.npy", names_column="locus", **options)
    assert found.names == tuple("uvwxyz")
    with pytest.raises(ga.FormatError, match=r"no column 'symbol'; choose from gene, locus"):
        ga.load_embedding(tmp_path / "x.npy", names_column="symbol", **options)
    (tmp_path / "genes.txt").write_text("\n".join(GENES))
    with pytest.raises(ga.FormatError, match=r"no column 'symbol': it is no table"):
        ga.load_embedding(tmp_path / "x.npy", names=tmp_path / "genes.txt", names_column="symbol")


def test_genes_are_told_from_other_texts_beside_the_vectors(tmp_path):
    lines = [f"chr{row // 2}\t{gene}\n" for row, gene in enumerate(GENES)]
    folder = tmp_path / "projector"
    folder.mkdir()
    np.savetxt(folder / "tensors.tsv", VECTORS, delimiter="\t")
    (folder / "metadata.tsv").write_text("chrom\tupper\n" + "".join(lines))
    np.save(tmp_path / "x.npy", VECTORS)
    (tmp_path / "n.tsv").write_text("".join(lines))
    assert ga.load(folder).embedding.names == tuple(GENES)
    found = ga.load(tmp_path / "x.npy", names=tmp_path / "n.tsv").embedding.names
    assert found == tuple(GENES)


def test_an_array_of_names(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, embeddings=VECTORS, genes=np.arange(6), ids=GENES, loci=list("uvwxyz"))
    assert ga.load_embedding(path, names_column="loci").names == tuple("uvwxyz")
    with pytest.raises(ga.FormatError, match=r"there is no array 'gene'; choose from ids"):
        ga.load_embedding(path, names_column="gene")


def test_an_entry_of_names(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"genes": GENES, "loci": list("uvwxyz"), "x": VECTORS.tolist()}))
    assert ga.load_embedding(path).names == tuple(GENES)
    assert ga.load_embedding(path, names_column="loci").names == tuple("uvwxyz")
    with pytest.raises(ga.FormatError, match=r"no names in 'gene'; entries with names: genes, loc"):
        ga.load_embedding(path, names_column="gene")


def test_an_entry_of_names_beside_tensors(tmp_path):
    torch = pytest.importorskip("torch")
    path = tmp_path / "x.pt"
    weights = {"emb.weight": torch.tensor(VECTORS), "out.weight": torch.ones(6, 2)}
    torch.save({"genes": GENES, "loci": list("uvwxyz"), "state_dict": weights}, path)
    options = {"key": "emb.weight"}
    assert ga.load_embedding(path, **options).names == tuple(GENES)
    found = ga.load_embedding(path, names_column="loci", **options)
    assert found.names == tuple("uvwxyz")
    np.testing.assert_array_equal(found.vectors, VECTORS)
    with pytest.raises(ga.FormatError, match="expected the names of 6 rows in a file beside it"):
        ga.load_embedding(path, names_column="symbols", **options)


def test_a_column_where_there_is_none(tmp_path):
    (tmp_path / "x.txt").write_text("6 4\n")
    with pytest.raises(
        ga.FormatError, match=r"names_column 'gene' has no meaning for word2vec-text: it has no col"
    ):
        ga.load_embedding(tmp_path / "x.txt", names_column="gene")
    with pytest.raises(ga.GeneAnalogiesError, match="pubmed is built in; it takes no names_column"):
        ga.load_embedding("pubmed", names_column="gene")
    with pytest.raises(ga.GeneAnalogiesError, match="names_column must be text, not 3"):
        ga.load_embedding("pubmed", names_column=3)


def test_a_column_and_a_key_that_is_another(tmp_path):
    path = _text(tmp_path, _frame(GENES, entrez=ENTREZ, locus=list("uvwxyz")))
    assert ga.load_embedding(path, key="locus", names_column="locus").names == tuple("uvwxyz")
    with pytest.raises(ga.FormatError, match="names_column 'locus' and key 'entrez' contradict"):
        ga.load_embedding(path, key="entrez", names_column="locus")


# Blanks, quotes, floats.


def test_blanks_and_quotes_are_left_out_and_told_once(tmp_path, caplog):
    path = _text(tmp_path, _frame(["EGF", "EGFR ", "HGF", "\xa0 MET", "'INS'", "INSR"]))
    space = ga.load(path, truncate=6)
    assert space.embedding.names == tuple(GENES)
    assert caplog.messages == [
        f"{path}: blanks or quotes around 3 names left out, such as 'EGFR ' → 'EGFR'"
    ]
    assert [item.name for item in space.similar("MET", k=6).items]


@pytest.mark.parametrize("name", ["n.txt", "n.json", "n.csv", "n.npy"])
def test_blanks_in_lists_and_vocabularies(name, tmp_path):
    np.save(tmp_path / "x.npy", VECTORS)
    names = ["EGF", "EGFR ", "HGF", "\xa0MET", '"INS"', "INSR"]
    if name == "n.npy":
        np.save(tmp_path / name, np.array(names))
    elif name == "n.json":
        (tmp_path / name).write_text(json.dumps({name: row for row, name in enumerate(names)}))
    elif name == "n.csv":
        pd.DataFrame({"gene": names}).to_csv(tmp_path / name, index=False)
    else:
        (tmp_path / name).write_text("\n".join(names), encoding="utf-8")
    assert ga.load_embedding(tmp_path / "x.npy", names=tmp_path / name).names == tuple(GENES)


def test_a_name_is_found_in_either_form_of_unicode(tmp_path):
    names = ["cafe\u0301", "thé", "b", "c", "d", "e"]
    space = ga.load(_text(tmp_path, _frame(names)))
    assert space.embedding.names[0] == "café"
    for asked, row in (("café", 0), ("cafe\u0301", 0), ("thé", 1), ("the\u0301", 1)):
        assert space.resolver.resolve(asked).row == row


def test_words_that_blanks_alone_tell_apart_load_as_before(tmp_path):
    (tmp_path / "x.txt").write_text("4 1\n\xa0a 1\na 2\nb\xa0 3\n\u3000 4\n", encoding="utf-8")
    found = ga.load_embedding(tmp_path / "x.txt", duplicates="error")
    assert found.names[:3] == ("\xa0a", "a", "b")
    assert found.vectors[:3, 0].tolist() == [1, 2, 3]


def _floats(folder, kind):
    floats = pd.array(ENTREZ, float)
    if kind == "csv":
        return _text(folder, _frame(GENES).reset_index(drop=True).assign(entrez_id=floats))
    if kind == "parquet":
        frame = _frame(floats).reset_index(names="entrez_id")
        frame.to_parquet(folder / "x.parquet")
        return folder / "x.parquet"
    adata = _annotated(map(float, ENTREZ))
    return adata if kind == "memory" else _saved(adata, folder)


@pytest.mark.parametrize("kind", ["csv", "parquet", "memory", "h5ad"])
def test_float_ids_are_whole_numbers(kind, tmp_path):
    options = {"names_column": "entrez_id"} if kind == "csv" else {}
    space = ga.load(_floats(tmp_path, kind), **options)
    assert space.embedding.names == tuple(map(str, ENTREZ))
    assert space.item(1).symbol == "EGFR"
    assert space.resolver.resolve("EGFR").row == 1


def test_float_ids_in_a_column_of_var_with_missing_ones(tmp_path, caplog):
    ids = [float(number) for number in ENTREZ]
    ids[2] = np.nan
    adata = _annotated(range(6), "var", entrez=ids)
    for source in (adata, _saved(adata, tmp_path)):
        caplog.clear()
        found = ga.load_embedding(source, key="varm/emb", names_column="entrez")
        assert found.names == ("1950", "1956", "4233", "3630", "3643")
        np.testing.assert_array_equal(found.vectors, np.delete(VECTORS, 2, 0))
        assert "1 row of 6 with no name left out, the first row 2" in caplog.text


def test_numbers_that_are_no_ids_are_no_names(tmp_path):
    adata = _annotated(GENES, mean=np.arange(6) / 4)
    for source in (adata, _saved(adata, tmp_path)):
        with pytest.raises(ga.GeneAnalogiesError, match=r"obs/mean row \d: expected (a )?name"):
            ga.load_embedding(source, names_column="mean")


# Missing names.


def _nameless(folder, kind):
    names = ["EGF", None, "HGF", "MET", None, "INSR"]
    if kind == "csv":
        return _text(folder, _frame(GENES).assign(gene=names).set_index("gene"))
    if kind == "blank":
        return _text(folder, _frame(["EGF", " ", "HGF", "MET", "\xa0", "INSR"]))
    if kind == "gzip":
        text = _frame(names).to_csv(index_label="gene")
        (folder / "x.csv.gz").write_bytes(gzip.compress(text.encode()))
        return folder / "x.csv.gz"
    if kind == "parquet":
        _frame(names).reset_index(names="gene").to_parquet(folder / "x.parquet")
        return folder / "x.parquet"
    if kind == "category":
        return _saved(_annotated(range(6), gene=pd.Categorical(names)), folder)
    if kind == "strings":
        adata = _annotated(range(6), gene=pd.array(names, "string"))
        with anndata.settings.override(allow_write_nullable_strings=True):
            return _saved(adata, folder)
    return _annotated(range(6), gene=names)


@pytest.mark.parametrize(
    "kind", ["csv", "blank", "gzip", "parquet", "category", "strings", "memory"]
)
@pytest.mark.parametrize("options", [{}, {"truncate": 4}, {"drop_missing": True}])
def test_rows_without_a_name_are_left_out_and_counted(kind, options, tmp_path, caplog):
    source = _nameless(tmp_path, kind)
    if kind in ("category", "strings", "memory"):
        options = {**options, "names_column": "gene"}
    found = ga.load_embedding(source, **options)
    assert found.names == ("EGF", "HGF", "MET", "INSR")
    np.testing.assert_allclose(found.vectors, VECTORS[[0, 2, 3, 5]], rtol=1e-6)
    told = "2 rows of 6 with no name left out, the first row 1"
    assert [message.split(": ", 1)[1] for message in caplog.messages] == [told]
    assert found.provenance["steps"][0] == told
    info = inspect(read(source, **{"names_column": options.get("names_column")}))
    assert (info.nameless_rows, info.duplicates) == (2, 0)
    assert "2 rows have no name: loading leaves them out" in info.advice


def test_no_row_has_a_name(tmp_path):
    with pytest.raises(ga.GeneAnalogiesError, match="no item is left; 6 rows of 6 with no name"):
        ga.load_embedding(_annotated(range(6), gene=[None] * 6), names_column="gene")


# Rows that are not finite.


def test_rows_with_a_missing_number(tmp_path, caplog):
    vectors = VECTORS.copy()
    vectors[1, 2], vectors[4, 0] = np.nan, -np.inf
    path = tmp_path / "x.npz"
    np.savez(path, embeddings=vectors, genes=GENES)
    with pytest.raises(
        ga.FormatError,
        match=r"one of 2 such rows; drop_missing=True \(--drop-missing\) leaves them out",
    ):
        ga.load(path)
    for options, names in (({}, ["EGF", "HGF", "MET", "INSR"]), ({"truncate": 2}, ["EGF", "HGF"])):
        caplog.clear()
        found = ga.load_embedding(path, drop_missing=True, **options)
        assert found.names == tuple(names)
        told = "2 rows of 6 with a missing or infinite number left out, the first row 1"
        assert found.provenance["steps"][0] == told
        assert caplog.messages == [f"{path}: {told}"]


def test_the_finite_one_of_two_rows_of_a_name_is_kept(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("gene,a,b\nEGF,,1\nEGF,2,3\nMET,4,5\n")
    found = ga.load_embedding(path, drop_missing=True)
    assert found.names == ("EGF", "MET")
    assert found.vectors.tolist() == [[2, 3], [4, 5]]


def test_nothing_is_missing(tmp_path, caplog):
    found = ga.load_embedding(_text(tmp_path, _frame(GENES)), drop_missing=True)
    assert (len(found), found.provenance["steps"], caplog.messages) == (6, [], [])


def test_scanpys_loadings(caplog):
    path = Path(find_spec("scanpy").origin).parent / "datasets" / "10x_pbmc68k_reduced.h5ad"
    space = ga.load(path, key="varm/PCs", drop_missing=True)
    assert len(space) == 309
    assert caplog.messages == [
        f"{path}: 456 rows of 765 with a missing or infinite number left out, the first row 2"
    ]
    assert np.isfinite(space.embedding.vectors).all()
    assert space.resolver.resolve("CD79A").name == "CD79A"


def test_contents_are_not_changed():
    contents = Contents(["EGFR ", "MET"], VECTORS[:2])
    found, warnings = with_clean_names(contents, "it")
    assert (contents.names, found.names, len(warnings)) == (["EGFR ", "MET"], ["EGFR", "MET"], 1)
