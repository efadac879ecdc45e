"""Optional dependencies, and what to install where one is missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gene_analogies.errors import MissingExtraError

__all__ = ["require"]

#: What packages are called whose modules have another name.
_CALLED = {"sklearn": "scikit-learn", "huggingface_hub": "huggingface-hub"}


def require(module: str, extra: str, purpose: str) -> Any:  # noqa: ANN401 - a module of any kind
    """Import an optional dependency.

    Parameters
    ----------
    module
        What to import.
    extra
        The extra of this package that brings it.
    purpose
        What it is needed for, as the subject of a sentence.

    Raises
    ------
    MissingExtraError
        If it is not installed; the message holds the command that installs it.

    Examples
    --------
    >>> require("json", "none", "reading .json files").loads("[1]")
    [1]
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = module.split(".")[0]
        if error.name is None or error.name.split(".")[0] != package:
            raise  # its own dependency is missing: another story
        raise MissingExtraError(
            f"{purpose} needs {_CALLED.get(package, package)}: "
            f"pip install 'gene-analogies[{extra}]'"
        ) from None
