"""What an embedding knows of a relation, from pairs that have it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError, ItemNameError
from gene_analogies.questions.base import Base, as_pairs
from gene_analogies.questions.origin import with_call
from gene_analogies.questions.popularity import papers_naming, popularity_measure
from gene_analogies.results import Control, RelationResult, RelationTest
from gene_analogies.results.relation_parts import FITS, OUTLIER, Prediction
from gene_analogies.util.arguments import check_int
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.search.learned.examine import Examined

__all__ = ["Relation"]

#: Half of the width of a 95 % confidence interval, in standard errors.
_HALF_WIDTH = 1.96
#: Errors of means of cosines and shares that are no more than this are rounding noise.
_ROUNDING = 1e-12
#: What the effect of a test can be.
_RANGES = {"direction": (-1.0, 1.0), "pairing": (0.0, 1.0), "prediction": (-1.0, 1.0)}


class Relation(Base):
    """`relation`: does this embedding know this relation."""

    @with_call
    def relation(
        self, pairs: Iterable[tuple[str, str]], *, unordered: bool = False, seed: int = 0
    ) -> RelationResult:
        """Test whether an embedding knows the relation between the items of some pairs.

        Three tests, each beside the same one on random pairs of equal popularity and closeness:
        *direction*, whether the offsets b − a agree; *pairing*, whether partners are closer than
        others of the list; *prediction*, whether the mean offset of other pairs finds partners
        better than rules without it. The verdict on them is *analogy* (a direction, and a gain of
        more than two standard errors), *related pairs, no analogy* (a pairing), *classes only* (a
        direction alone), *no relation*, or *too few pairs*.

        Parameters
        ----------
        pairs
            Pairs of names (a, b), or a data frame of two columns. Those with a name that leads to
            no item are left out, and noted; each pair counts once.
        unordered
            Whether a pair says the same in either order, as members of a complex do. Then only
            the pairing is tested.
        seed
            Of the random draws.

        Returns
        -------
        RelationResult

        Raises
        ------
        GeneAnalogiesError
            If an argument has no meaning.

        Examples
        --------
        >>> import gene_analogies as ga
        >>> pairs = [("EGF", "EGFR"), ("HGF", "MET"), ("INS", "INSR"), ("TNF", "TNFRSF1A")]
        >>> ga.load().relation(pairs).verdict
        'too_few_pairs'
        """
        seed = check_int("seed", seed, 0)
        notes: list[str] = []
        if isinstance(pairs, str) or not isinstance(pairs, Iterable):
            raise GeneAnalogiesError(f"relation needs a list of pairs, not {pairs!r}")
        given = [(str(a), str(b)) for a, b in as_pairs(pairs)]
        rows = self._relation_rows(given, notes, unordered)

        from gene_analogies.search.learned.examine import examine_relation
        from gene_analogies.search.learned.matched_pairs import draw_matched
        from gene_analogies.search.significance import pair_cosines

        vectors = self.prepared.vectors
        if not len(rows):
            return _nothing(len(given), unordered, seed, tuple(notes))
        found = examine_relation(vectors, rows, unordered=unordered, seed=seed)
        by, popularity = self._popularity(found.pairs)
        matched = draw_matched(vectors, found.pairs, popularity, seed=seed)
        beside = control = None
        if len(matched):
            beside = examine_relation(vectors, matched, unordered=unordered, seed=seed)
            closeness = float(pair_cosines(vectors, *matched.T.copy()).mean())
            control = Control(len(matched), by, closeness, beside.verdict)
        offsets, auc = _of_each(found)
        order = np.lexsort((-_last(auc), -_last(offsets)))
        a_rows, b_rows = found.pairs[order].T.copy()
        offsets, auc = offsets[order], auc[order]
        cosines = pair_cosines(vectors, a_rows, b_rows)
        items = {row: self.item(row) for row in np.unique(found.pairs).tolist()}
        for array in (a_rows, b_rows, offsets, auc, cosines):
            array.flags.writeable = False
        return RelationResult(
            verdict=found.verdict,
            tests=_tests(found, beside),
            given=len(given),
            independent=found.independent,
            prediction=_prediction(found),
            control=control,
            a=tuple(items[row] for row in a_rows.tolist()),
            b=tuple(items[row] for row in b_rows.tolist()),
            a_rows=a_rows,
            b_rows=b_rows,
            offset_cosine=offsets,
            cos_ab=cosines,
            auc=auc,
            fit=_fit(found, offsets, auc),
            unordered=unordered,
            seed=seed,
            notes=tuple(notes),
        )

    def _relation_rows(
        self, pairs: list[tuple[str, str]], notes: list[str], unordered: bool
    ) -> NDArray[np.int64]:
        """Return the rows of the pairs that can be used, each once, int64 of shape (m, 2)."""
        rows: dict[str, int] = {}
        missing, rewritten = [], []
        for name in dict.fromkeys(name for pair in pairs for name in pair):
            try:
                found = self.resolver.resolve(name, suggest=False)
            except ItemNameError:
                rows[name] = -1
                missing.append(name)
                continue
            rows[name] = found.row
            if found.note:
                rewritten.append(found.note)
        named = [(rows[a], rows[b]) for a, b in pairs]
        known = [pair for pair in named if min(pair) >= 0]
        different = [pair for pair in known if pair[0] != pair[1]]
        once = dict.fromkeys(tuple(sorted(pair)) if unordered else pair for pair in different)
        if rewritten:
            were = "was" if len(rewritten) == 1 else "were"
            which = f"{pluralise(len(rewritten), 'name')} {were} rewritten"
            notes.append(f"{which}: {first_few(rewritten)}")
        if missing:
            lead = "leads" if len(missing) == 1 else "lead"
            without = pluralise(len(named) - len(known), "pair")
            which = f"{pluralise(len(missing), 'name')} {lead} to no item, in {without}"
            notes.append(f"{which}: {first_few(missing)}")
        if same := len(known) - len(different):
            notes.append(f"{pluralise(same, 'pair')} of one item with itself left out")
        if again := len(different) - len(once):
            notes.append(f"{pluralise(again, 'pair')} given again left out")
        return np.array(list(once), np.int64).reshape(-1, 2)

    def _popularity(self, pairs: NDArray[np.int64]) -> tuple[str | None, NDArray[np.int64] | None]:
        """Return by what items are popular, and how popular each is.

        By papers only if most of the pairs' genes have any.
        """
        measure, every = popularity_measure(self.embedding, self.resolver), np.arange(len(self))
        if measure is None:
            return None, None
        if measure == "row":
            return measure, every
        papers = papers_naming(self.resolver, every)
        if 2 * np.count_nonzero(papers[pairs]) < pairs.size:
            return None, None
        return measure, papers


def _last(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values with those that are not known below all others."""
    return np.where(np.isnan(values), -np.inf, values)


def _of_each(found: Examined) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the offset's cosine and the AUC of each pair, NaN where there is none."""
    most = int(found.pairs.max()) + 1

    def spread(pairs: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        places = np.searchsorted(found.pairs @ [most, 1], pairs @ [most, 1])
        every = np.full(len(found.pairs), np.nan)
        every[places] = values
        return every

    auc = spread(found.pairing.pairs, found.pairing.pair_auc)
    if found.direction is None:
        return np.full(len(found.pairs), np.nan), auc
    return spread(found.direction.pairs, found.direction.cosines), auc


def _fit(
    found: Examined, offsets: NDArray[np.float64], auc: NDArray[np.float64]
) -> tuple[str, ...]:
    """Say of each pair whether what the relation has speaks against it."""
    from gene_analogies.search.learned.examine import LEVEL

    directed, paired = found.direction_p < LEVEL, found.pairing_p < LEVEL
    if not (directed or paired):
        return ("",) * len(offsets)
    against = np.zeros(len(offsets), np.bool_)
    if directed:
        against |= offsets <= 0.0
    if paired:
        against |= auc < 0.5
    return tuple(np.where(against, OUTLIER, FITS).tolist())


def _tests(found: Examined, beside: Examined | None) -> tuple[RelationTest, ...]:
    """Return the effects, intervals and p of the tests, and those of the control."""
    nan = math.nan
    tests = []

    def add(name: str, effect: float, error: float, p: float, other: float, other_p: float) -> None:
        least, most = _RANGES[name]
        # Where all pairs are alike in it, they do not tell how sure an effect is.
        width = _HALF_WIDTH * error if error > _ROUNDING else nan
        low, high = effect - width, effect + width
        low, high = np.clip([low, high], least, most).tolist()
        tests.append(RelationTest(name, effect, low, high, p, other, other_p))

    if found.direction is not None:
        other = beside.direction if beside else None
        add(
            "direction", found.direction.mean_cosine, found.direction.error, found.direction_p,
            other.mean_cosine if other else nan, beside.direction_p if beside else nan,
        )  # fmt: skip
    add(
        "pairing", found.pairing.mean, found.pairing.error, found.pairing_p,
        beside.pairing.mean if beside else nan, beside.pairing_p if beside else nan,
    )  # fmt: skip
    if found.gain is not None:
        gain = found.gain.estimate
        control = beside.gain.estimate.value if beside and beside.gain else nan
        add("prediction", gain.value, gain.error, nan, control, nan)
    return tuple(tests)


def _prediction(found: Examined) -> Prediction | None:
    gain = found.gain
    if gain is None:
        return None
    return Prediction(
        asked=len(gain.pairs),
        best_rule=gain.best_rule,
        reciprocal_ranks={name: gain.mean_reciprocal_rank(name) for name in gain.ranks},
        hits={name: gain.hits(name) for name in gain.ranks},
        error=gain.estimate.error,
    )


def _nothing(given: int, unordered: bool, seed: int, notes: tuple[str, ...]) -> RelationResult:
    """Return the answer where no pair can be used."""
    names = ("pairing",) if unordered else ("direction", "pairing", "prediction")
    numbers = np.empty(0)
    return RelationResult(
        verdict="too_few_pairs",
        tests=tuple(RelationTest(name, *[math.nan] * 6) for name in names),
        given=given,
        independent=0,
        prediction=None,
        control=None,
        a=(),
        b=(),
        a_rows=numbers.astype(np.int64),
        b_rows=numbers.astype(np.int64),
        offset_cosine=numbers,
        cos_ab=numbers,
        auc=numbers,
        fit=(),
        unordered=unordered,
        seed=seed,
        notes=notes,
    )
