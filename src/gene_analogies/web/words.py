"""What pages say of an answer, in words that need no formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gene_analogies.report.plain_words import plain_words
from gene_analogies.report.text import one_line
from gene_analogies.results import (
    AgreementResult,
    AnalogiesResult,
    CompleteResult,
    PairsResult,
    RelationResult,
    RelationsResult,
    SimilarResult,
)
from gene_analogies.util.wording import pluralise

if TYPE_CHECKING:
    from gene_analogies.report.table import Table
    from gene_analogies.results import Answer

__all__ = ["EXTRA", "HEADINGS", "TESTS", "caption", "of_genes", "plain", "title", "when_to_trust"]

#: Headings by question and column.
HEADINGS: Final = {
    ("similar", "item"): "gene",
    ("complete", "item"): "gene",
    ("complete", "similarity"): "match",
    ("complete", "d"): "gene",
    ("complete", "cos_cd"): "close to each other",
    ("complete", "papers"): "papers on both",
    ("analogies", "b"): "is to",
    ("analogies", "c"): "as",
    ("analogies", "d"): "is to",
    ("analogies", "similarity"): "match",
    ("analogies", "cos_ab"): "first pair close to each other",
    ("analogies", "cos_cd"): "second pair close to each other",
    ("analogies", "papers_ab"): "papers on the first pair",
    ("analogies", "papers_cd"): "papers on the second pair",
    ("pairs", "c"): "gene",
    ("pairs", "d"): "partner",
    ("pairs", "papers"): "papers on both",
    ("relation", "a"): "gene",
    ("relation", "b"): "partner",
    ("relation", "cos_ab"): "close to each other",
    ("relation", "offset_cosine"): "in the common direction",
    ("relation", "auc"): "closer than to others’ partners",
    ("relation", "control"): "random pairs",
    ("relation", "control_p"): "p of random pairs",
}
#: Columns without which a table is on a narrow screen.
EXTRA: Final = {
    "analogies": {"cos_ab", "cos_cd", "papers_ab"},
    "complete": {"cos_cd"},
    "pairs": {"similarity_1", "similarity_2"},
    "relation": {
        *("cos_ab", "low", "high", "control_p"),
        *("pairs", "direction_p", "pairing_p", "gain_low", "gain_high"),
    },
}
#: What the tests of a relation ask.
TESTS: Final = {
    "direction": "Do all pairs differ in one direction?",
    "pairing": "Are partners closer to each other than to others’ partners?",
    "prediction": "Do other pairs find a partner better than simple rules do?",
}
_VERDICTS: Final = {
    "analogy": "Yes: the pairs differ in one direction, and some of them find the partners of "
    "others better than rules that know no pair",
    "related_pairs": "In part: partners are close to each other, but other pairs are not shown to "
    "find them better than rules that know no pair",
    "classes_only": "No: the first genes differ from the second ones as two groups do, but which "
    "belongs to which is not known here",
    "no_relation": "No: neither a common direction of the pairs nor the closeness of partners is "
    "more than chance would give",
}
#: What rows are called.
_ROWS: Final = {"analogies": ("analogy", "analogies"), "embeddings": ("embedding",)}
_PAPERS: Final = "0 papers means that nothing is known, not that it is wrong."
_SCALE: Final = (
    "The similarity is 1 for the closest there can be, and about 0 for what has nothing in common."
)
_SEE_THIRD: Final = (
    "See whether it is close to the third one that was asked with, and whether papers name both."
)
#: How far to trust answers, by question.
_TRUST: Final = {
    "similar": (
        _SCALE,
        "Near genes are alike in the data that is searched: they may be of one family or one "
        "pathway, or be studied together. It does not say that they do the same.",
    ),
    "complete": (
        "There is a first one even where no answer is right.",
        _SEE_THIRD,
        _PAPERS,
    ),
    "analogies": (
        "Among so many analogies some match by accident. Two genes that are not close (about 0), "
        "and that no paper names together, hardly make a pair.",
        _PAPERS,
    ),
    "relation": (
        "Direction: the mean cosine of the differences of two pairs; 1 is the same direction, 0 "
        "is none. Partners: the share of others’ partners that are less close; half is chance. "
        "Finding: by how much the mean of 1 / rank of a partner is higher than by the best simple "
        "rule; 0 is no gain. Random pairs are as well known and as close as these; where they do "
        "as well, the test says nothing of this relation.",
        "Of a single pair: how near its difference is to the common direction, and how often its "
        "genes are closer to each other than to others’ partners. An outlier differs in another "
        "direction, or its genes are closer to most others’ partners: it may not belong here.",
    ),
    "pairs": (
        "What two sets of data agree on is worth more where they were made independently.",
        _PAPERS,
    ),
}
_LEADS: Final = "They are leads to check, not proof."


def title(answer: Answer) -> str:
    """Return what stands above an answer."""
    if isinstance(answer, AgreementResult):
        first, second = answer.embeddings
        return f"Pairs related as {answer.query}, in {first} and in {second}"
    told = answer.question in ("analogies", "relation")  # what else the title says is told below
    text = one_line(answer.query if told else answer.title)
    # The others begin with a name.
    return text[:1].upper() + text[1:] if told or answer.question == "similar" else text


def plain(answer: Answer) -> list[str]:
    """Return what an answer is; letters stand for genes in the tables of other reports alone."""
    if isinstance(answer, AnalogiesResult):
        return [
            f"{answer.item.symbol} is to the first gene of a row as the second is to the third. "
            + _LEADS
        ]
    if isinstance(answer, AgreementResult):
        return [_agreement(answer)]
    if isinstance(answer, PairsResult):
        if answer.operation == "sum":
            return [f"These pairs add up most nearly as in the question, the best first. {_LEADS}"]
        return [
            "In these pairs the gene is to its partner most nearly as in the question, the best "
            f"first. {_LEADS}"
        ]
    if isinstance(answer, RelationResult):
        return [_verdict(answer)]
    if isinstance(answer, RelationsResult):
        known = zip(answer.embeddings, answer.results, strict=True)
        return [f"In {name}: {_verdict(one)}" for name, one in known]
    if isinstance(answer, SimilarResult) and answer.contrast is not None:
        which = f"more like {answer.members[0].symbol} than like {answer.contrast.symbol}"
        return [f"What is {which}, the largest difference first."]
    if answer.question == "complete":
        return [f"What fills the gap best, the best first. {_LEADS}"]
    return [plain_words(answer)]


def when_to_trust(answer: Answer) -> list[str]:
    """Return how far to trust an answer other than the pairs of one embedding."""
    said = list(_TRUST.get(answer.question, ()))
    if isinstance(answer, SimilarResult) and (
        answer.metric != "cosine" or answer.contrast is not None
    ):
        said.remove(_SCALE)  # of distances and of differences it is untrue
    if isinstance(answer, CompleteResult) and answer.c is None:
        said.remove(_SEE_THIRD)
    if _PAPERS in said and not any(column.key.startswith("papers") for column in answer.columns):
        said.remove(_PAPERS)
    return said


def caption(answer: Answer) -> str:
    """Return what stands at the head of a table."""
    if isinstance(answer, RelationResult):
        return "the three tests, and the same for random pairs"
    if isinstance(answer, AgreementResult):
        return f"{pluralise(len(answer), 'pair')}: the {answer.k} best of each, those of both first"
    called = _ROWS.get(answer.rows_name, ("row",))
    if answer.rows_name == "items":
        called = ("gene",) if of_genes(answer) else ("item",)
    rows = pluralise(len(answer), *called)
    return f"{rows}, the best first" if answer.ranked else rows


def of_genes(answer: Table) -> bool:
    """Whether any item of an answer is a gene."""
    columns = [column.items for column in answer.columns if column.kind == "item"]
    return any(item and item.gene for items in columns for item in items)


def _agreement(answer: AgreementResult) -> str:
    are = "is" if answer.agreeing == 1 else "are"
    said = f"{answer.agreeing} of the {answer.k} best pairs {are} the same in both."
    random = answer.random_agreeing
    if random is None:
        return said
    said += f" For random pairs of genes {random:.1f} are, on average"
    if answer.agreeing > random:
        return f"{said}: the two agree more here than on random pairs."
    return f"{said}: that the two agree on some pairs says nothing here."


def _verdict(answer: RelationResult) -> str:
    if answer.verdict == "too_few_pairs":
        return (
            "This cannot be told of so few: it takes 6 pairs that share no gene, and "
            f"there {'is' if answer.independent == 1 else 'are'} {answer.independent}."
        )
    said = _VERDICTS[answer.verdict]
    control = answer.control
    as_random = control is not None and control.verdict == answer.verdict == "related_pairs"
    if answer.unordered and answer.verdict == "related_pairs":
        yes = "In part" if as_random else "Yes"
        said = f"{yes}: partners are closer to each other than by chance"
    if as_random:
        said += ". Random pairs that are as close get the same verdict"
    return f"{said}."
