"""Families of relations: the pairs of an answer, grouped by their offsets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.errors import GeneAnalogiesError, ItemNameError
from gene_analogies.questions.base import Base, as_pairs
from gene_analogies.questions.origin import with_call
from gene_analogies.results import Answer, ClustersResult, Family
from gene_analogies.util.arguments import Operation, check_choice, check_int
from gene_analogies.util.wording import first_few, pluralise

__all__ = ["Cluster"]


class Cluster(Base):
    """`cluster`: the pairs of an answer in families."""

    @with_call
    def cluster(
        self,
        answer: Answer | Iterable[tuple[str, str]],
        clusters: int | None = None,
        *,
        seed: int = 0,
        operation: Operation | None = None,
    ) -> ClustersResult:
        """Group pairs by their offsets: k-means on the unit offsets.

        Parameters
        ----------
        answer
            An answer of this space with pairs c, d (of `pairs`, `analogies` or `top`; a, b count,
            too), or a list of pairs of names. Pairs with a name that leads to no item are left
            out, and noted; each pair counts once.
        clusters
            How many families; unless given, the number from 2 to 10, and below the number of
            pairs, with the highest mean silhouette (Rousseeuw 1987; distances are 1 − cosine).
        seed
            The seed of k-means.
        operation
            ``"difference"``: offsets are ``c − d``; ``"sum"``: they are ``c + d``. As in the answer
            unless given, and else the difference.

        Returns
        -------
        ClustersResult
            The largest family first, in each the pair closest to its centroid first. Pairs of
            equal vectors (for sums, of opposite ones) have no direction: they are left out and
            counted.

        Raises
        ------
        GeneAnalogiesError
            If an argument has no meaning, or no pair is left.
        MissingExtraError
            If scikit-learn is not installed.
        """
        found_in_answer: str = getattr(answer, "operation", "difference")
        combined = found_in_answer if operation is None else operation
        check_choice("operation", combined, ("difference", "sum"))
        seed = check_int("seed", seed, 0)
        if seed >= 1 << 32:
            raise GeneAnalogiesError(f"seed must be below 2^32, not {seed}")
        clusters = None if clusters is None else check_int("clusters", clusters)
        notes: list[str] = []
        if isinstance(answer, Answer):
            rows = self._answer_rows(answer)
        else:
            rows = self._known_rows(answer, notes)
        rows = list(dict.fromkeys(rows))
        if not rows:
            raise GeneAnalogiesError("; ".join(["there is no pair to cluster", *notes]))

        from gene_analogies.search.learned.families import find_families, unit_offsets

        pairs = np.array(rows, np.int64)
        sign = -1 if combined == "difference" else 1
        units, usable = unit_offsets(self.prepared.vectors, pairs[:, 0], pairs[:, 1], sign)
        pairs = pairs[usable]
        if not len(pairs):
            raise GeneAnalogiesError("no pair has a direction: there is nothing to cluster")
        if clusters is not None and clusters > len(pairs):
            raise GeneAnalogiesError(
                f"clusters must be at most {len(pairs)}, the number of pairs, not {clusters}"
            )
        found = find_families(units, clusters, seed)
        order = np.lexsort((np.arange(len(pairs)), -found.centroid_cosines, found.labels))
        if clusters is not None and found.labels.max() + 1 < clusters:
            count = int(found.labels.max() + 1)
            notes.append(f"{clusters} families were asked for; the pairs make only {count}")
        families = tuple(
            Family(
                label + 1,
                int(np.count_nonzero(found.labels == label)),
                float(found.silhouettes[found.labels == label].mean()),
            )
            for label in range(found.labels.max() + 1)
        )
        c_rows, d_rows = pairs[order].T.copy()
        return ClustersResult(
            family=found.labels[order] + 1,
            c=self._items(c_rows),
            d=self._items(d_rows),
            c_rows=c_rows,
            d_rows=d_rows,
            centroid_cosine=found.centroid_cosines[order],
            silhouette=found.silhouettes[order],
            families=families,
            tried=found.tried,
            chosen=clusters is None,
            seed=seed,
            operation=combined,
            without_direction=int(np.count_nonzero(~usable)),
            notes=tuple(notes),
        )

    def _answer_rows(self, answer: Answer) -> list[tuple[int, int]]:
        """Return the rows of an answer's pairs c, d, and of a, b where it has them."""
        parts: dict[str, NDArray[Any]] = {
            name: np.atleast_1d(getattr(answer, f"{name}_rows"))
            for name in "abcd"
            if hasattr(answer, f"{name}_rows")
        }
        if not {"c", "d"} <= parts.keys():
            raise GeneAnalogiesError(
                f"the answer of {answer.question} has no pairs c, d to cluster; that of pairs, "
                "analogies or top has"
            )
        items = getattr(answer, "c", ())
        names = self.embedding.names
        if not all(
            row < len(names) and names[row] == item.name
            for row, item in zip(parts["c"].tolist(), items, strict=False)
        ):
            raise GeneAnalogiesError("the answer is of another embedding: ask this one again")
        columns = [("a", "b"), ("c", "d")] if {"a", "b"} <= parts.keys() else [("c", "d")]
        found: list[tuple[int, int]] = []
        for first, second in columns:
            left, right = np.broadcast_arrays(parts[first], parts[second])
            found += zip(left.tolist(), right.tolist(), strict=True)
        return found

    def _known_rows(self, pairs: Any, notes: list[str]) -> list[tuple[int, int]]:  # noqa: ANN401
        """Return the rows of pairs of names; what leads to no item goes to the notes."""
        if isinstance(pairs, str) or not isinstance(pairs, Iterable):
            raise GeneAnalogiesError(f"cluster needs an answer or a list of pairs, not {pairs!r}")
        found, missing, rewritten = [], [], []
        for first, second in as_pairs(pairs):
            try:
                resolved_c = self.resolver.resolve(first, suggest=False)
                resolved_d = self.resolver.resolve(second, suggest=False)
            except ItemNameError:
                missing.append(f"{first} : {second}")
                continue
            found.append((resolved_c.row, resolved_d.row))
            rewritten += [note for note in (resolved_c.note, resolved_d.note) if note]
        if rewritten:
            rewritten = list(dict.fromkeys(rewritten))
            were = "was" if len(rewritten) == 1 else "were"
            which = f"{pluralise(len(rewritten), 'name')} {were} rewritten"
            notes.append(f"{which}: {first_few(rewritten)}")
        if missing:
            lead = "leads" if len(missing) == 1 else "lead"
            which = f"{pluralise(len(missing), 'pair')} {lead} to no items"
            notes.append(f"{which}: {first_few(missing)}")
        return found
