"""The relations of the benchmark: how lists are read, and that halves stay apart."""

from __future__ import annotations

import itertools

import pytest
from benchmarks.quality.relation_lists import (
    GENE_QUESTIONS,
    SOURCES,
    Relation,
    read_pairs,
    read_relations,
    sections_of,
    without_twins,
)
from real_files import real_file

from gene_analogies import GeneAnalogiesError
from gene_analogies.sources.builtin import load_builtin


def test_halves_are_fixed_and_share_no_pair():
    pairs = [(f"a{i}", f"b{i}") for i in range(41)]
    one = Relation.halved("r", [*pairs, ("x", "x")], "–")
    other = Relation.halved("r", reversed(pairs), "–")
    assert one == other
    assert one.pairs == tuple(sorted(pairs))
    assert {*one.tuning} | {*one.held_out} == {*pairs}
    assert {*one.tuning}.isdisjoint(one.held_out)
    assert (len(one.tuning), len(one.held_out)) == (21, 20)
    assert one.half("tuning") == one.tuning
    assert one.half("held-out") == one.held_out
    assert sorted(one.half("all")) == sorted(pairs)


def test_twins_share_both_families_with_a_tuning_pair():
    pfam = {
        "A1": frozenset("x"),
        "A2": frozenset("x"),
        "B1": frozenset("yz"),
        "B2": frozenset("yz"),
    }
    held_out = (("A2", "B2"), ("B2", "A2"), ("A2", "C"), ("D", "E"), ("D", "B1"))
    relation = Relation("r", (), "–", False, (("A1", "B1"), ("D", "E2")), held_out)
    found = without_twins(relation, pfam)
    assert found.held_out == held_out[1:]
    assert found.tuning == relation.tuning


def test_pairs_behind_questions():
    sections = sections_of(GENE_QUESTIONS)
    assert sections["fusion partners"] >= {("BCR", "ABL1"), ("CBFB", "MYH11")}
    assert sum(map(len, sections.values())) == 32


def test_lists_of_pairs_take_any_separator(tmp_path):
    path = tmp_path / "pairs.txt"
    path.write_text("# a comment\nEGF EGFR\n\nHGF,MET\nINS\tINSR\n", encoding="utf-8")
    assert read_pairs(path) == [("EGF", "EGFR"), ("HGF", "MET"), ("INS", "INSR")]
    path.write_text("EGF EGFR\nHGF\n", encoding="utf-8")
    with pytest.raises(GeneAnalogiesError, match=r"line 2: expected two names, found \['HGF'\]"):
        read_pairs(path)


def test_missing_files_are_named_and_the_rest_is_read(tmp_path):
    (tmp_path / "famplex_relations.csv").write_text(
        "HGNC,A,isa,FPLX,F\nHGNC,B,isa,FPLX,F\nHGNC,C,isa,FPLX,F\nUP,D,isa,FPLX,F\n"
        "FPLX,F,isa,FPLX,G\nHGNC,A,partof,FPLX,K\nHGNC,E,partof,FPLX,K\n",
        encoding="utf-8",
    )
    warnings = []
    relations = read_relations(tmp_path, warnings.append)
    assert [one.name for one in relations] == ["families", "complexes", "gene questions"]
    assert relations[0].pairs == (("A", "B"), ("A", "C"), ("B", "C"))
    assert relations[1].pairs == (("A", "E"),)
    assert relations[0].symmetric
    assert [line.split(":")[0] for line in warnings] == [
        "ligand–receptor", "TF–target", "FamPlex", "paralogs"
    ]  # fmt: skip
    assert "PyPI package liana 1.10.0" in warnings[0]
    assert "is not the file" in warnings[2]


def test_the_documented_files():
    names = {*load_builtin("pubmed").names}
    folder = real_file("relations/trrust_rawdata.human.tsv").parent
    warnings = []
    relations = {one.name: one for one in read_relations(folder, warnings.append)}
    assert [line for line in warnings if "paralogs" not in line] == []
    known = relations["ligand–receptor"]
    assert len(known.pairs) == 3_523
    assert len(known.tuning) == 500
    assert {*itertools.chain(*known.tuning)} <= names
    assert {*known.tuning}.isdisjoint(known.held_out)
    assert {*known.tuning} | {*known.held_out} == {*known.pairs}
    assert len(relations["TF–target"].pairs) == 8_403
    assert ("TP53", "CDKN1A") in relations["TF–target"].pairs
    assert all(SOURCES[name].is_documented(path) for name, path in (
        ("TF–target", folder / "trrust_rawdata.human.tsv"),
        ("FamPlex", folder / "famplex_relations.csv"),
    ))  # fmt: skip
