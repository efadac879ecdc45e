"""The blind sheet of the textbook relations, and its score."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from benchmarks.quality.textbook import main, read_relations
from click.testing import CliRunner

import gene_analogies as ga

NAMES = ["EGF", "EGFR", "INS", "INSR", "HGF", "MET", "NGF", "NTRK1", "KITLG", "KIT"]
ASKED = ["EGF : EGFR", "INS : INSR"]


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def sources(tmp_path):
    """Two embeddings of ten genes."""
    paths = [tmp_path / "one.npz", tmp_path / "other.npz"]
    for seed, path in enumerate(paths):
        vectors = np.random.default_rng(seed).standard_normal((len(NAMES), 4))
        np.savez(path, genes=NAMES, embeddings=vectors)
    return [str(path) for path in paths]


@pytest.fixture
def files(sources, tmp_path):
    """A sheet of both embeddings, and its key."""
    return make(sources, tmp_path / "sheet.tsv", tmp_path / "key.json")


def make(sources, sheet, key, seed=0):
    options = [part for source in sources for part in ("-e", source)]
    done = run("sheet", *options, "--seed", seed, "--output", sheet, "--key", key)
    assert done.exit_code == 0, done.output
    return sheet, key


def rows(sheet):
    with sheet.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def fill(sheet, judged, right):
    """Write a judged copy: ``right`` says of a query and a pair whether it is."""
    found = rows(sheet)
    for row in found:
        row["right"] = str(int(right(row["query"], (row["c"], row["d"]))))
    with judged.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, found[0], delimiter="\t")
        writer.writeheader()
        writer.writerows(found)
    return judged


def test_a_sheet_holds_the_five_best_pairs_of_all_embeddings_once(files, sources):
    sheet, key = files
    answers = json.loads(key.read_text(encoding="utf-8"))["answers"]
    assert list(answers) == sources
    for source in sources:
        assert list(answers[source]) == [relation.query for relation in read_relations()]
        assert [query for query, pairs in answers[source].items() if pairs] == ASKED
        space = ga.load(source)
        for query in ASKED:
            best = [[pair.c, pair.d] for pair in space.pairs(*query.split(" : "), k=5)]
            assert answers[source][query] == best
    written = [(row["query"], row["c"], row["d"]) for row in rows(sheet)]
    given = [
        (query, *pair) for of in answers.values() for query, pairs in of.items() for pair in pairs
    ]
    assert len(given) == 20
    assert sorted(written) == sorted(set(given))
    assert {row["right"] for row in rows(sheet)} == {""}
    assert rows(sheet)[0]["relation"].startswith("growth factor : ")
    full_names = {row["c"]: row["c_name"] for row in rows(sheet)}
    assert full_names.get("KIT", "KIT proto-oncogene, receptor tyrosine kinase").startswith("KIT ")
    assert all(row["c_name"] and row["d_name"] for row in rows(sheet))


def test_a_sheet_does_not_show_whose_a_pair_is(files, sources, tmp_path):
    """Neither the sources' order nor a second source with the same answers changes a byte."""
    sheet, _ = files
    swapped, _ = make(sources[::-1], tmp_path / "b.tsv", tmp_path / "b.json")
    assert swapped.read_bytes() == sheet.read_bytes()
    other_seed, _ = make(sources, tmp_path / "c.tsv", tmp_path / "c.json", seed=1)
    assert other_seed.read_bytes() != sheet.read_bytes()
    assert sorted(other_seed.read_bytes().splitlines()) == sorted(sheet.read_bytes().splitlines())
    text = sheet.read_text(encoding="utf-8")
    assert "one" not in text.split()
    assert not [source for source in sources if source in text]


def test_pairs_are_not_in_the_order_of_ranks(sources, tmp_path):
    orders = set()
    for seed in range(8):
        sheet, key = make(sources[:1], tmp_path / f"{seed}.tsv", tmp_path / f"{seed}.json", seed)
        ranked = json.loads(key.read_text(encoding="utf-8"))["answers"][sources[0]][ASKED[0]]
        shown = [[row["c"], row["d"]] for row in rows(sheet) if row["query"] == ASKED[0]]
        assert sorted(shown) == sorted(ranked)
        orders.add(tuple(ranked.index(pair) for pair in shown))
    assert len(orders) > 4


def test_score_counts_answers_and_relations(files, sources, tmp_path):
    sheet, key = files
    answers = json.loads(key.read_text(encoding="utf-8"))["answers"]
    # Of the first embedding, its three best answers to EGF : EGFR and its best to INS : INSR.
    chosen = {(ASKED[0], *pair) for pair in answers[sources[0]][ASKED[0]][:3]}
    chosen.add((ASKED[1], *answers[sources[0]][ASKED[1]][0]))
    judged = fill(sheet, tmp_path / "judged.tsv", lambda query, pair: (query, *pair) in chosen)
    done = run("score", judged, key)
    assert done.exit_code == 0, done.output
    assert f"| {sources[0]} | twenty | 4 of 100 | 1 of 20 |" in done.output
    assert f"| {sources[0]} | ten | 0 of 50 | 0 of 10 |" in done.output
    other = {
        query: sum((query, *pair) in chosen for pair in answers[sources[1]][query])
        for query in ASKED
    }
    known = sum(count >= 3 for count in other.values())
    assert (
        f"| {sources[1]} | twenty | {sum(other.values())} of 100 | {known} of 20 |" in done.output
    )
    assert f"| {ASKED[0]} | 3 | {other[ASKED[0]]} |" in done.output


def test_two_judges_and_their_agreement(files, tmp_path):
    pytest.importorskip("sklearn")
    sheet, key = files
    order = [(row["query"], (row["c"], row["d"])) for row in rows(sheet)]
    n = len(order)
    # The first judge calls half of the pairs right; the second, the same but one.
    first = fill(sheet, tmp_path / "a.tsv", lambda *pair: order.index(pair) < n // 2)
    second = fill(sheet, tmp_path / "b.tsv", lambda *pair: order.index(pair) < n // 2 - 1)
    share, other = n // 2 / n, (n // 2 - 1) / n
    by_chance = share * other + (1 - share) * (1 - other)
    kappa = ((n - 1) / n - by_chance) / (1 - by_chance)
    done = run("score", first, second, key)
    assert done.exit_code == 0, done.output
    assert f"agree on {n - 1} of {n} pairs; Cohen's κ = {kappa:.2f}" in done.output
    assert done.output.count("| embedding | relations |") == 2


def test_judges_who_only_say_no_have_no_kappa(files, tmp_path):
    pytest.importorskip("sklearn")
    sheet, key = files
    judged = fill(sheet, tmp_path / "a.tsv", lambda *_: False)
    assert "κ is undefined" in run("score", judged, judged, key).output


def test_what_is_missing_is_named(files):
    done = run("score", *files)
    assert done.exit_code == 2
    assert "line 2, " in done.output
    assert "right must be 1 or 0, not ''" in done.output


def test_a_sheet_of_other_pairs_is_refused(files, tmp_path):
    sheet, key = files
    judged = fill(sheet, tmp_path / "judged.tsv", lambda *_: True)
    lines = judged.read_text(encoding="utf-8").splitlines(keepends=True)
    judged.write_text("".join(lines[:-1]), encoding="utf-8")
    done = run("score", judged, key)
    assert done.exit_code == 2
    assert "the sheet and the key differ in 1 pair: " in done.output
    extra = lines[1].replace(ASKED[0], ASKED[1])
    judged.write_text("".join([*lines, extra]), encoding="utf-8")
    assert "the sheet and the key differ in 1 pair: " in run("score", judged, key).output
    judged.write_text("".join([*lines, lines[-1]]), encoding="utf-8")
    assert "the pair comes twice" in run("score", judged, key).output


@pytest.mark.parametrize("content", ["{}", "[]", '{"answers": {"x": 1}}', "no JSON"])
def test_what_is_no_key_is_refused(content, files, tmp_path):
    key = tmp_path / "other.json"
    key.write_text(content, encoding="utf-8")
    done = run("score", files[0], key)
    assert done.exit_code == 2
    assert "other.json is no key of a sheet" in done.output


def test_nothing_is_written_over(files, sources):
    done = run("sheet", "-e", sources[0], "--output", files[0], "--key", files[1])
    assert done.exit_code == 2
    assert "sheet.tsv is there already" in done.output


def test_a_missing_folder_is_named_before_anything_is_asked(sources, tmp_path):
    new = ("--output", tmp_path / "x.tsv", "--key", tmp_path / "absent" / "x.json")
    done = run("sheet", "-e", sources[0], *new)
    assert done.exit_code == 2
    assert "there is no folder" in done.output
    assert not (tmp_path / "x.tsv").exists()


def test_an_embedding_given_twice_or_unknown_is_refused(sources, tmp_path):
    new = ("--output", tmp_path / "x.tsv", "--key", tmp_path / "x.json")
    done = run("sheet", "-e", sources[0], "-e", sources[0], *new)
    assert done.exit_code == 2
    assert "given twice" in done.output
    done = run("sheet", "-e", tmp_path / "absent.npz", *new)
    assert done.exit_code == 2
    assert "absent.npz" in done.output
    assert not (tmp_path / "x.tsv").exists()
