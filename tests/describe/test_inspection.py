"""Every figure against a plain computation; advice where one is bad, none where all are good."""

import json

import numpy as np
import pytest

from gene_analogies import Embedding, GeneAnalogiesError
from gene_analogies.describe import geometry
from gene_analogies.describe.figures import KINDS
from gene_analogies.describe.inspection import inspect
from gene_analogies.formats.contents import Contents
from gene_analogies.genes.table import GeneTable
from gene_analogies.loading.read import read

SYMBOLS = [gene.symbol for gene in GeneTable.packaged() if gene.gene_type == "protein-coding"]
COUNT, WIDTH = 400, 24


def cloud(*, seed=0, dtype=np.float32, count=COUNT, width=WIDTH):
    """Random vectors of similar norms around the origin: nothing to complain of."""
    return np.random.default_rng(seed).standard_normal((count, width)).astype(dtype)


def look(vectors, names=None, *, details=None, **options):
    names = SYMBOLS[: len(vectors)] if names is None else names
    return inspect(Contents(names, vectors, details or {"format": "npz"}), **options)


def unit(vectors):
    vectors = vectors.astype(np.float64)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def occurrences(vectors, k=10):
    cosines = unit(vectors) @ unit(vectors).T
    np.fill_diagonal(cosines, -np.inf)
    return np.bincount(np.argsort(-cosines, axis=1)[:, :k].ravel(), minlength=len(vectors))


def test_figures_are_those_of_plain_computations():
    vectors = cloud() + 0.1
    info = look(vectors, details={"format": "npz", "key": "embeddings"})
    assert (info.format, info.rows, info.dimension) == ("npz", COUNT, WIDTH)
    assert (info.dtype, info.nbytes) == ("float32", COUNT * WIDTH * 4)
    assert info.details == {"key": "embeddings"}
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    assert info.norms == pytest.approx((lengths.min(), np.median(lengths), lengths.max()))
    cosines = unit(vectors) @ unit(vectors).T
    pairs = cosines[np.triu_indices(COUNT, 1)]
    assert info.mean_cosine == pytest.approx(pairs.mean(), abs=1e-12)
    eigenvalues = np.linalg.eigvalsh(np.cov(vectors.astype(np.float64).T))
    assert info.spectrum.effective_dimension == pytest.approx(
        eigenvalues.sum() ** 2 / (eigenvalues**2).sum()
    )
    assert info.spectrum.first_component == pytest.approx(
        eigenvalues[-1] / eigenvalues.sum(), rel=1e-3
    )
    times = occurrences(vectors)
    assert info.hubs.skewness == pytest.approx(((times - 10) ** 3).mean() / times.std() ** 3)
    assert [count for _, count in info.hubs.largest] == sorted(times.tolist())[:-6:-1]
    assert all(times[row] == count for row, count in info.hubs.largest)
    assert [item.symbol for item in info.hub_items] == [
        SYMBOLS[row] for row, _ in info.hubs.largest
    ]
    assert not info.hubs.sampled


def test_good_figures_give_no_advice():
    assert look(cloud()).advice == ()
    assert look(cloud(), [f"word{n}" for n in range(COUNT)], genes=None).advice == ()


@pytest.mark.parametrize(("count", "width"), [(400, 24), (12, 3), (3, 2), (12, 300), (2, 1)])
def test_few_rows_or_dimensions_alone_give_no_advice(count, width):
    advice = look(cloud(count=count, width=width)).advice
    assert not [one for one in advice if "component" in one or "dimension" in one]


def test_fewer_rows_than_dimensions_have_the_same_spectrum():
    vectors = cloud(count=30, width=50)
    eigenvalues = np.linalg.eigvalsh(np.cov(vectors.astype(np.float64).T))
    found = look(vectors).spectrum
    assert found.effective_dimension == pytest.approx(
        eigenvalues.sum() ** 2 / (eigenvalues**2).sum()
    )
    assert found.first_component == pytest.approx(eigenvalues[-1] / eigenvalues.sum(), rel=1e-3)


def test_a_common_direction():
    (advice,) = look(cloud() + 1.0).advice[:1]
    assert advice == "mean cosine 0.50: all vectors lean to one side: consider --center"


def test_a_dominant_component():
    vectors = cloud()
    vectors[:, 0] *= 4.0
    assert any(
        advice.startswith("the first component holds 4")
        and advice.endswith("of the variance: consider --remove-components 1")
        for advice in look(vectors).advice
    )


def test_few_effective_dimensions():
    vectors = cloud(width=128) * np.r_[np.full(6, 1.0), np.full(122, 0.01)].astype(np.float32)
    advice = look(vectors).advice
    assert "effective dimension 5.9" in " ".join(advice)
    assert any("consider --remove-components 1" in one for one in advice)


@pytest.mark.parametrize(
    ("first", "rest", "said"),
    [
        (4e20, 1.0, "norms from 1 to 4e+20 (median 1) are no embedding's"),
        (1e20, 1e20, "norms from 1e+20 to 1e+20 (median 1e+20) are no embedding's"),
        (1e-20, 1e-20, "norms from 1e-20 to 1e-20 (median 1e-20) are no embedding's"),
        (1e300, 1e-300, "norms from 1e-300 to 1e+300 (median 1e-300) are no embedding's"),
        (1e-17, 1.0, "norms go down to 1e-17 (median 1): such a vector is zero but for rounding"),
        (1e5, 1.0, "norms differ 100,000-fold"),
    ],
)
def test_numbers_beyond_reason(first, rest, said):
    units = np.linalg.qr(np.random.default_rng(0).normal(size=(30, 30)))[0]
    vectors = units * rest
    vectors[0] = units[0] * first
    found = [one for one in look(vectors).advice if "norms" in one]
    assert [one[: len(said)] for one in found] == [said]


def test_uneven_norms():
    vectors = cloud()
    vectors[0] *= 20.0
    (advice,) = [one for one in look(vectors).advice if "norms" in one]
    assert advice.endswith("-fold, and long vectors rule offsets: consider --unit")
    assert not look(unit(cloud()) * np.linspace(1, 9, COUNT)[:, None]).advice


def test_hubs():
    vectors = cloud() + 1.0
    vectors[5] = 1.0  # the centre is near to all
    info = look(vectors)
    assert info.hubs.largest[0][0] == 5
    assert info.hubs.skewness > 5.0
    assert f"N_10 skewness {info.hubs.skewness:.1f}: a few items are neighbours of many" in (
        info.advice
    )


def test_rows_that_loading_refuses_are_told():
    vectors = cloud()
    vectors[3, 5], vectors[4, 0], vectors[7] = np.nan, np.inf, 0.0
    names = SYMBOLS[:COUNT]
    names[9] = names[8]
    info = look(vectors, names)
    with pytest.raises(GeneAnalogiesError):
        Embedding(names, vectors)
    assert (info.not_finite_rows, info.zero_rows, info.duplicates) == (2, 1, 1)
    assert info.examples == {
        "not_finite_rows": (names[3], names[4]),
        "zero_rows": (names[7],),
        "duplicates": (names[8],),
    }
    assert info.advice == (
        f"2 rows ('{names[3]}', '{names[4]}') hold NaN or infinity: loading refuses them, or"
        " leaves them out with --drop-missing",
        f"1 row ('{names[8]}') has a name that came before: --duplicates says which row the name"
        " gets",
        f"1 row ('{names[7]}') is zero and without direction: --among leaves items out",
    )
    # The other figures are those of the other rows.
    rest = look(np.delete(vectors, [3, 4, 7], axis=0))
    assert info.norms == rest.norms
    assert info.mean_cosine == pytest.approx(rest.mean_cosine)
    assert info.spectrum.effective_dimension == pytest.approx(rest.spectrum.effective_dimension)
    assert info.hubs.skewness == pytest.approx(rest.hubs.skewness)


def test_many_faulty_rows_are_cut_to_three_names():
    vectors = cloud()
    vectors[:5] = 0.0
    assert any(
        f"5 rows ('{SYMBOLS[0]}', '{SYMBOLS[1]}', '{SYMBOLS[2]}', …) are zero" in advice
        for advice in look(vectors).advice
    )


def test_names_of_every_kind():
    names = [
        "EGFR", "MT-CO1", "ENSG00000146648", "ENSG00000141510.18", "P00533", "Gene_7157",
        "HER2", "bP-2171C21.3", "1956", "Egfr", "the", "HGNC:6407",
        "ERBB",
    ]  # fmt: skip
    info = look(cloud(count=len(names)), names)
    assert tuple(info.kinds) == KINDS
    assert info.kinds == {
        "symbol": 2,
        "ensembl": 1,
        "ensembl_version": 1,
        "entrez": 1,
        "hgnc": 1,
        "mgi": 0,
        "uniprot": 1,
        "alias": 1,
        "unused_alias": 1,
        "date": 0,
        "other": 4,
    }
    assert (info.genes, info.species) == (8, "human")
    assert "8 of 13 names (62%): 2 symbols, " in str(info)
    assert "not known            1 alias of another item's gene, 4 other names" in str(info)
    assert look(cloud(count=2), ["1956", "7157"]).kinds["entrez"] == 2


def test_mouse_genes_of_every_kind():
    names = [
        "Egfr", "Trp53", "mt-Co1", "ENSMUSG00000062312", "ENSMUSG00000030539.15", "MGI:96677",
        "Sept2", "Egf_ENSMUSG00000028017", "the",
    ]  # fmt: skip
    info = look(cloud(count=len(names)), names)
    assert {kind: count for kind, count in info.kinds.items() if count} == {
        "symbol": 3,
        "ensembl": 1,
        "ensembl_version": 1,
        "mgi": 1,
        "alias": 2,
        "other": 1,
    }
    assert (info.genes, info.species) == (8, "mouse")
    assert info.to_dict()["species"] == "mouse"
    assert (
        str(info).splitlines()[2].startswith("mouse genes          8 of 9 names (89%): 3 symbols")
    )


def test_dates_that_were_names_are_counted():
    names = ["TP53", "EGFR", "1-Mar", "2-Sep", "1-Mar", "Mar-10", "43891", "1956", "17-May"]
    info = look(cloud(count=len(names)), names)
    assert (info.kinds["date"], info.kinds["symbol"], info.kinds["other"]) == (5, 2, 2)
    assert info.examples["dates"] == ("1-Mar", "2-Sep", "Mar-10")
    assert (
        "5 names are dates ('1-Mar', '2-Sep', 'Mar-10', …): a spreadsheet made them of gene names "
        "such as MARCH1; take the names from the source"
    ) in info.advice
    assert "5 dates" in str(info)
    one = look(cloud(count=3), ["TP53", "EGFR", "1-Dec"])
    assert one.advice[-1].startswith("1 name is a date ('1-Dec'): a spreadsheet made")


def test_numbers_of_other_species_and_days_among_words_are_no_dates():
    assert look(cloud(count=3), ["1956", "7157", "43891"]).kinds["date"] == 0
    assert look(cloud(count=3), ["king", "queen", "1-Mar"]).kinds["date"] == 0


def test_a_table_that_a_spreadsheet_saved(tmp_path):
    path = tmp_path / "saved.csv"
    path.write_text("gene,d0,d1\n1-Mar,1,2\n2-Sep,2,1\n1-Mar,0,1\nTP53,1,1\n")
    info = inspect(read(path))
    assert (info.kinds["date"], info.examples["dates"]) == (3, ("1-Mar", "2-Sep"))


def test_names_of_something_else():
    names = ["met", "king", "Egfr", "US"] * 100
    info = look(cloud(), [f"{name}{n}" for n, name in enumerate(names)])
    assert (info.genes, info.kinds["other"]) == (0, COUNT)
    assert info.advice == ("the names are not human or mouse genes: answers show them as they are",)
    assert look(cloud(), genes=None).kinds == {}


def test_a_sample_stands_for_many_rows(monkeypatch):
    monkeypatch.setattr(geometry, "_SAMPLE", 300)
    monkeypatch.setattr(geometry, "_MOST_ROWS", 350)
    vectors = cloud()
    first, second = look(vectors, seed=1).hubs, look(vectors, seed=1).hubs
    assert first == second
    assert (first.rows, first.sampled) == (300, True)
    assert look(vectors, seed=2).hubs != first
    assert not look(vectors[:350]).hubs.sampled
    monkeypatch.setattr(geometry, "_MOST_PRODUCTS", 350**2 * (WIDTH - 1))
    assert look(vectors[:350]).hubs.sampled


def test_blocks_change_nothing(monkeypatch):
    vectors = cloud() + 0.2
    whole = look(vectors)
    for name, value in (("_ROW_BYTES", 8 * WIDTH * 7), ("_PRODUCT_BYTES", 4 * COUNT * 33),
                        ("_LEAST_ROWS", 7)):  # fmt: skip
        monkeypatch.setattr(geometry, name, value)
    parts = look(vectors)
    assert parts.mean_cosine == pytest.approx(whole.mean_cosine, rel=1e-12)
    assert parts.spectrum.effective_dimension == pytest.approx(whole.spectrum.effective_dimension)
    assert parts.hubs == whole.hubs
    assert parts.norms == whole.norms


@pytest.mark.parametrize("scale", [1e-310, 1e-200, 1e200, 1e307])
def test_sizes_that_have_no_square(scale):
    vectors = cloud(dtype=np.float64)
    plain, found = look(vectors), look(vectors * scale)
    assert found.norms == pytest.approx(tuple(norm * scale for norm in plain.norms))
    rough = 1e-3 if scale == 1e-310 else 1e-9
    assert found.mean_cosine == pytest.approx(plain.mean_cosine, abs=rough)
    assert found.spectrum.effective_dimension == pytest.approx(
        plain.spectrum.effective_dimension, rel=rough
    )
    assert found.zero_rows == 0


def test_a_norm_beyond_float64_is_its_largest_number():
    info = look(np.full((2, 4), 1.7e308))
    assert info.norms == (np.finfo(np.float64).max,) * 3
    json.dumps(info.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    "vectors",
    [
        np.zeros((0, 3), np.float32),
        np.zeros((4, 3), np.float32),
        np.full((4, 3), np.nan),
        np.ones((1, 1)),
        np.ones((40, 3)),
        np.full((40, 3), 0.1),
    ],
    ids=["none", "zero", "nan", "one", "equal", "equal-rounded"],
)
def test_figures_that_have_no_meaning_are_left_out(vectors):
    info = look(vectors)
    assert info.spectrum is None
    json.dumps(info.to_dict(), allow_nan=False)
    assert str(info)


def test_equal_rows_are_alike():
    assert look(np.full((40, 3), 0.1)).mean_cosine == pytest.approx(1.0)


def test_vectors_that_may_not_be_written_to():
    vectors = cloud()
    vectors.flags.writeable = False
    kept = vectors.copy()
    look(vectors)
    np.testing.assert_array_equal(vectors, kept)


def test_names_and_vectors_must_agree():
    with pytest.raises(GeneAnalogiesError, match=r"3 names, vectors of shape \(4, 2\)"):
        look(np.ones((4, 2)), ["a", "b", "c"])


def test_a_dictionary_for_json():
    info = look(cloud())
    content = json.loads(json.dumps(info.to_dict()))
    assert content["genes"] == COUNT
    assert content["advice"] == []
    assert content["spectrum"].keys() == {"effective_dimension", "first_component"}
    first = content["hubs"]["largest"][0]
    assert first["name"] == SYMBOLS[first["row"]] == first["symbol"]
