"""What a space is made of: modules, and which items belong to them."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import Base
from gene_analogies.questions.origin import with_call
from gene_analogies.results import ModulesResult
from gene_analogies.util.arguments import check_int
from gene_analogies.util.checksummed import DamagedFileError, read_arrays, write_arrays
from gene_analogies.util.extras import require
from gene_analogies.util.folders import cache_folder
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from gene_analogies.search.learned.modules import Modules as Found

__all__ = ["Modules", "stored_modules"]

logger = logging.getLogger(__name__)

#: Changes whenever the arrays in the file, or what they mean, change.
_VERSION: Final = "modules 2"
#: scikit-learn's random numbers take no greater seeds.
_SEEDS: Final = 1 << 32
#: Threads that ask at the same time wait for the first and get its answer.
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True)
class _Options:
    """What the modules of some vectors depend on."""

    count: int
    sparsity: float
    seed: int
    seeds: int


class Modules(Base):
    """`modules`: sparse non-negative factors of the unit vectors."""

    #: The last modules that were asked for; more may be large.
    _known_modules: tuple[_Options, Found] | None = None

    @with_call
    def modules(
        self,
        count: int = 50,
        *,
        sparsity: float = 0.1,
        seed: int = 0,
        seeds: int = 5,
        k: int = 10,
        progress: Progress | None = None,
    ) -> ModulesResult:
        """Find modules: directions such that each unit vector is a sum of few of them.

        The unit vectors U are approximated by W A, where W ≥ 0 is sparse (most items belong to few
        modules) and the rows of A are directions: sparse coding with a dictionary that is learned
        from the vectors (Mairal et al. 2009, "Online dictionary learning for sparse coding"). The
        50 modules of the built-in genes take some 8 seconds, once: the answer is kept in the
        user's cache folder.

        Parameters
        ----------
        count
            How many modules.
        sparsity
            Above 0 and below 1: an item is in no module whose direction has a smaller cosine with
            the residual of the item's vector after its other modules. Higher values make smaller
            modules.
        seed
            The random seed; the same seed gives the same modules.
        seeds
            How many runs, at least 2, measure the stability of the modules: with ``seed``, whose
            modules are the answer, ``seed + 1`` and so on.
        k
            How many members of a module to show.
        progress
            Called with (steps done, all steps) where modules are not known yet.

        Returns
        -------
        ModulesResult
            The most stable module first; ``members(7)`` and ``of("TP53")`` have more,
            ``save("file.h5ad")`` and ``to_anndata()`` keep it.

        Raises
        ------
        GeneAnalogiesError
            If an argument has no meaning, or there are fewer vectors than modules.
        MissingExtraError
            If scikit-learn is not installed.
        """
        options = _Options(
            check_int("count", count),
            _sparsity(sparsity),
            check_int("seed", seed, 0),
            check_int("seeds", seeds, 2),
        )
        if options.seed + options.seeds > _SEEDS:
            raise GeneAnalogiesError(f"seed and seeds must stay below 2^32 together, not {seed}")
        k = check_int("k", k)
        zero = len(self) - int(np.count_nonzero(self.prepared.norms))
        if options.count > len(self) - zero:
            raise GeneAnalogiesError(
                f"count must be at most {len(self) - zero}, the number of items with a vector "
                f"that is not zero, not {count}"
            )
        with _ONE_AT_A_TIME:
            found = self._modules(options, progress)
        those = (
            "1 item with a zero vector is" if zero == 1 else f"{zero:,} items with zero vectors are"
        )
        notes = (f"{those} in no module",) if zero else ()
        return ModulesResult(
            space=self,
            weights=found.weights,
            atoms=found.atoms,
            stability=found.stability,
            explained=found.explained,
            sparsity=options.sparsity,
            seed=options.seed,
            seeds=options.seeds,
            k=k,
            notes=notes,
        )

    def _modules(self, options: _Options, progress: Progress | None) -> Found:
        """Return the modules: from memory, from the cache folder, or found."""
        from gene_analogies.search.learned.modules import find_modules

        if self._known_modules is not None and self._known_modules[0] == options:
            return self._known_modules[1]
        key = self._modules_key(options) if self._keep_index else ""
        found = _read(key) if key else None
        if found is None:
            found = find_modules(self.prepared.vectors, **vars(options), progress=progress)
            if key:
                _write(key, found)
        for array in (found.weights, found.atoms, found.stability):
            array.flags.writeable = False
        self._known_modules = (options, found)
        return found

    def _modules_key(self, options: _Options) -> str:
        """Return a digest of all that the modules depend on."""
        from gene_analogies.search.learned import modules

        vectors = self.prepared.vectors
        version = require("sklearn", "learn", "modules").__version__
        kind = f"{_VERSION} {options} {vectors.shape} {vectors.dtype.str} {version}"
        digest = hashlib.sha256(kind.encode())
        digest.update(Path(modules.__file__).read_bytes())
        digest.update(np.ascontiguousarray(vectors).data)
        return digest.hexdigest()


def _sparsity(value: float) -> float:
    if not isinstance(value, (int, float)) or not 0.0 < value < 1.0:
        raise GeneAnalogiesError(f"sparsity must lie above 0 and below 1, not {value!r}")
    return float(value)


def stored_modules() -> list[Path]:
    """Return the files of modules in the cache folder."""
    return sorted(
        path
        for path in cache_folder().glob("modules-*")
        if re.fullmatch(r"modules-[0-9a-f]{32}\.npz", path.name)
    )


def _path(key: str) -> Path:
    return cache_folder() / f"modules-{key[:32]}.npz"


def _read(key: str) -> Found | None:
    """Return stored modules, or None where there are none, or they are damaged."""
    from gene_analogies.search.learned.modules import Modules as Found

    path = _path(key)
    try:
        arrays: dict[str, Any] = read_arrays(path, key)
        return Found(**{**arrays, "explained": float(arrays["explained"])})
    except DamagedFileError:
        logger.warning("%s is damaged or not ours: the modules are found again", path)
    except OSError:
        return None
    return None


def _write(key: str, found: Found) -> None:
    """Keep modules for the next process; where that fails, a warning says why."""
    path = _path(key)
    arrays = {name: np.asarray(value) for name, value in vars(found).items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_arrays(path, key, arrays)
    except OSError as error:
        logger.warning(
            "the modules could not be kept in %s (%s); GENE_ANALOGIES_CACHE names another folder",
            path.parent,
            error.strerror or error,
        )
