"""What answers of which there are figures have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.results.answer import Answer
from gene_analogies.util.arguments import check_choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from gene_analogies.plots.picture import Picture

__all__ = ["PicturedAnswer", "kind_of_all"]


def kind_of_all(kind: str | None, kinds: Sequence[str], row: int | None, shown: str) -> str:
    """Return which figure is asked for, where each shows all that there is.

    Parameters
    ----------
    kind
        Its name; the first of ``kinds`` if it is None.
    kinds
        The figures of the answer.
    row
        Must be None.
    shown
        What they show all of.

    Raises
    ------
    GeneAnalogiesError
        If there is no such figure, or a row is chosen.
    """
    kind = kinds[0] if kind is None else kind
    check_choice("kind", kind, kinds)
    if row is not None:
        raise GeneAnalogiesError(f"kind={kind!r} shows all {shown}: leave out row")
    return kind


class PicturedAnswer(Answer):
    """An answer of which there are figures."""

    #: Those of one row each.
    row_kinds: ClassVar[tuple[str, ...]] = ()

    def picture(self, kind: str | None = None, row: int | None = None) -> Picture:
        """Return a figure as lines and texts at places, which needs no matplotlib."""
        raise NotImplementedError

    def plot(
        self,
        kind: str | None = None,
        row: int | None = None,
        *,
        ax: Axes | None = None,
        **options: Any,  # noqa: ANN401 - of any figure
    ) -> Axes:
        """Draw a figure of the answer with matplotlib.

        Parameters
        ----------
        kind, row, **options
            Which figure, as for `picture`.
        ax
            Where to draw; new axes unless given.

        Returns
        -------
        matplotlib.axes.Axes
            The axes; ``ax.figure.savefig`` writes a file.

        Raises
        ------
        MissingExtraError
            If matplotlib is not installed.
        GeneAnalogiesError
            If there is no such figure of this answer, or it is a copy, which has no vectors.
        """
        from gene_analogies.plots.axes import draw

        return draw(self.picture(kind, row, **options), ax)
