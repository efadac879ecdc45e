"""What genes are annotated with, from both public forms."""

import gzip

import numpy as np
import pytest
from toy_ontology import ANNOTATIONS, with_ancestors

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.annotations import read_gene2go, read_sqlite_annotations


def _triples(annotations, rows):
    return [
        (entrez, annotations.terms[term], annotations.evidence[code])
        for entrez, term, code in rows.tolist()
    ]


_DOMAINS = {(1956, "PF07714", "Pfam"), (7124, "PF00229", "Pfam")}
_IMPLIED = {(entrez, up, code) for entrez, term, code in ANNOTATIONS for up in with_ancestors(term)}


def test_sqlite_gives_own_and_implied_terms(write_sqlite):
    found = read_sqlite_annotations(write_sqlite())
    for rows, expected in (
        (found.direct, _DOMAINS | set(ANNOTATIONS)),
        (found.implied, _DOMAINS | _IMPLIED),
    ):
        assert rows.dtype == np.int64
        assert _triples(found, rows) == sorted(expected)
    kinds = dict(zip(found.terms, found.kinds, strict=True))
    assert kinds["GO:0005154"] == "function"
    assert kinds["GO:0016323"] == "component"
    assert kinds["GO:0008150"] == "process"
    assert kinds["PF07714"] == "domain"
    assert found.sources["dates"]["Gene Ontology"] == "2022-07-01"
    assert found.sources["licence"]["Pfam"] == "CC0 1.0"


@pytest.mark.parametrize("form", ["write_obo", "write_go_sqlite"])
def test_gene2go_gives_the_same_terms_without_domains(form, request, write_gene2go):
    found = read_gene2go(write_gene2go(), request.getfixturevalue(form)())
    assert _triples(found, found.direct) == sorted(ANNOTATIONS)
    assert _triples(found, found.implied) == sorted(_IMPLIED)
    assert "domain" not in found.kinds
    assert found.sources["dates"] == {"Gene Ontology": "2022-07-01", "gene2go.gz": "2023-11-14"}
    assert found.sources["left_out"] == {"annotations_with_unknown_terms": 1}


def test_evidence_is_left_out_of_own_and_implied_terms(write_sqlite):
    found = read_sqlite_annotations(write_sqlite())
    kept = found.without("IPI", "IEA")
    assert _triples(kept, kept.direct) == sorted(
        _DOMAINS | {row for row in ANNOTATIONS if row[2] not in ("IPI", "IEA")}
    )
    # IDA's basolateral plasma membrane still implies the plasma membrane; binding is gone.
    assert (1956, "GO:0005886", "IDA") in _triples(kept, kept.implied)
    assert not any(term == "GO:0005102" for e, term, _ in _triples(kept, kept.implied) if e == 1956)
    with pytest.raises(GeneAnalogiesError, match=r"the evidence 'XXX'; choose from IDA, IEA, IPI"):
        found.without("XXX")


def test_no_annotations(write_sqlite):
    found = read_sqlite_annotations(write_sqlite(genes=(), papers=np.empty((0, 2), dtype=np.int64)))
    assert found.terms == ()
    assert found.direct.shape == found.implied.shape == (0, 3)


def test_annotations_of_another_ontology(write_gene2go, write_obo):
    obo = write_obo()
    obo.write_text(obo.read_text().replace("GO:0", "XX:0").replace("GO:9", "XX:9"))
    with pytest.raises(GeneAnalogiesError, match=r"gene2go\.gz: no term of it is in .*go-basic"):
        read_gene2go(write_gene2go(), obo)


def test_missing_and_damaged_files(write_gene2go, write_obo, tmp_path):
    with pytest.raises(GeneAnalogiesError, match=r"nowhere\.gz: no such file"):
        read_gene2go(tmp_path / "nowhere.gz", write_obo())
    with pytest.raises(GeneAnalogiesError, match=r"nowhere\.obo: no such file"):
        read_gene2go(write_gene2go(), tmp_path / "nowhere.obo")
    path = write_gene2go()
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"Evidence", b"E")))
    with pytest.raises(GeneAnalogiesError, match=r"gene2go\.gz: .* lacks the column Evidence"):
        read_gene2go(path, write_obo())
