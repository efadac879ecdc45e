"""Links of HDF5: those inside the file are followed, those that leave it are refused.

A link may name any file or device of the machine, and so may a dataset: with external storage, or
as a virtual dataset.
"""

from __future__ import annotations

from typing import Any, Final

from gene_analogies.formats.source import Source
from gene_analogies.util.extras import require

__all__ = ["follow"]

#: libhdf5 follows as many soft links for one path.
_MAX_LINKS: Final = 16


def follow(group: Any, path: str, source: Source) -> Any:  # noqa: ANN401 - h5py has no types
    """Return the group or dataset at a path, soft links followed, or None if there is none.

    libhdf5 would resolve the whole path, external links in the middle included, so it is asked for
    one link at a time.

    Parameters
    ----------
    group
        An ``h5py.Group``.
    path
        Link names joined by ``/``, relative to the group, or to the root if it begins with ``/``.
    source
        The file, for errors.

    Raises
    ------
    FormatError
        If a link leaves the file, is dangling or circular, or the values lie in other files.
    """
    h5py = require("h5py", "anndata", "reading .h5ad")
    place = f"{group.name or ''}/{path}".strip("/")
    node, rest, targets = group, path.encode(), list[bytes]()
    while rest:
        if rest.startswith(b"/"):
            node = node.file["/"]
        name, _, rest = rest.lstrip(b"/").partition(b"/")
        rest = rest.lstrip(b"/")  # else it would begin at the root again
        if name in (b"", b"."):
            continue
        if not (isinstance(node, h5py.Group) and node.id.links.exists(name)):
            if not targets:
                return None
            raise source.error(
                f"expected the target of a soft link, found no {targets[-1]!a}", place
            )
        kind = node.id.links.get_info(name).type
        if kind == h5py.h5l.TYPE_HARD:
            node = node[name]
            continue
        if kind != h5py.h5l.TYPE_SOFT:
            raise source.error("expected it in the file itself, found a link", place)
        targets.append(node.id.links.get_val(name))
        if len(targets) > _MAX_LINKS:
            raise source.error("expected the target of a soft link, found a circle", place)
        rest = targets[-1] + b"/" + rest
    if isinstance(node, h5py.Dataset) and (node.is_virtual or node.external):
        raise source.error("expected values in the file itself, found a link", place)
    return node
