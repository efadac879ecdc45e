"""The layout of Markdown: an option that the commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.report.table import LAYOUTS

__all__ = ["layout_of", "layout_option"]

F = TypeVar("F", bound=Callable[..., Any])

#: Where a context keeps what was given.
_LAYOUT = "gene_analogies.cli.layout"


def layout_option(command: F) -> F:
    """Add ``--layout`` to a command."""
    return click.option(
        "--layout",
        type=click.Choice(LAYOUTS),
        expose_value=False,
        callback=_keep_layout,
        help="Of Markdown: full names in a second row below each (stacked, as by default), or one "
        "row an answer (flat).",
    )(command)


def _keep_layout(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    del parameter
    context.meta[_LAYOUT] = value


def layout_of(context: click.Context, format_name: str) -> dict[str, Any]:
    """Return the layout that was given, as `gene_analogies.report.registry.render` takes it.

    Raises
    ------
    GeneAnalogiesError
        If there was one, and this format has none.
    """
    layout = context.meta.get(_LAYOUT)
    if layout is None:
        return {}
    if format_name != "markdown":
        raise GeneAnalogiesError(f"--layout is for markdown, not for {format_name}")
    return {"layout": layout}
