"""What questions and columns mean in plain words, for readers who do not know embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gene_analogies.report.table import Table

__all__ = ["meanings", "plain_words"]

#: By the name of the question.
_QUESTIONS = {
    "pairs": "The pairs c, d whose relation is most like the one that was asked about, best first:"
    " leads to check, not proof.",
    "similar": "The nearest to what was asked about, nearest first.",
    "complete": "The items that complete the analogy best, best first: leads to check, not proof.",
    "analogies": "Each row is an analogy: a is to b as c is to d. Leads to check, not proof.",
    "top": "Each row is an analogy: a is to b as c is to d. These are the best of all.",
    "modules": "Each row is a group of items that go together.",
    "cluster": "These pairs fall into families; the pairs of a family differ in the same way.",
    "evaluate": "Questions whose answers are known show how well analogies work here.",
    "relation": "Whether this embedding knows the relation of these pairs, by three tests.",
    "known": "What papers and annotation say of the two genes; no embedding is asked.",
}

_COSINE = "how close the two are here: 1 is the closest there can be, and 0 is unrelated"
_PAPERS = (
    "how many papers name both, as NCBI links genes to papers; the number leads to them in PubMed,"
    " to the newest 50 where there are more. 0 says that nothing is known, not that it is wrong"
)
_PVALUE = (
    'small says that c and d belong together, as partners or relatives do, not "by this relation"'
)

#: By the key of the column.
_COLUMNS = {
    "cos_ab": _COSINE,
    "cos_cd": _COSINE,
    "p": f"the share of all items that are as close as c and d are; {_PVALUE}",
    "p_cal": "the share of the answers to random questions like this one whose c and d are as "
    f"close; {_PVALUE}",
    "papers": _PAPERS,
    "papers_ab": _PAPERS,
    "papers_cd": _PAPERS,
    "rank_of_all": "the place among all pairs that could have been an answer",
}
#: Where a question means something else by a key.
_OF_QUESTION = {
    "relation": {
        "p": "how often chance alone gives an effect as large; a small one is evidence",
        "control": "the effect for random pairs as close as these; a relation must do better",
    }
}


def plain_words(answer: Table) -> str:
    """Return what an answer is, in a sentence; empty where nothing is said of its question."""
    return _QUESTIONS.get(answer.question, "")


def meanings(answer: Table) -> dict[str, str]:
    """Return what columns of an answer mean, by their headings; the same is said once."""
    known = _COLUMNS | _OF_QUESTION.get(answer.question, {})
    found: dict[str, str] = {}
    for column in answer.columns:
        meaning = known.get(column.key)
        if meaning:
            found[meaning] = (
                f"{found[meaning]}; {column.heading}" if meaning in found else column.heading
            )
    return {heading: f"{meaning}." for meaning, heading in found.items()}
