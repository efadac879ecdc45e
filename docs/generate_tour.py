"""Run docs/tour.ipynb and keep its outputs.

Run ``python docs/generate_tour.py`` after a change to the notebook, or to what it shows; a test
fails until that is done.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

PAGE = Path(__file__).with_name("tour.ipynb")


def executed(folder: Path) -> nbformat.NotebookNode:
    """Return the notebook with the outputs of a run in a folder, which gets the files it writes."""
    notebook = nbformat.read(PAGE, as_version=4)
    client = NotebookClient(
        notebook,
        resources={"metadata": {"path": str(folder)}},
        timeout=120,
        record_timing=False,
    )
    client.execute()
    # Not which Python ran it.
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(executed(Path(folder)), PAGE)
