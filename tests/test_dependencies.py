"""Lower bounds of the dependencies: CI installs what `.ci/lowest.txt` says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: Not what a user installs, or names of other extras only.
NOT_TESTED = {"all", "bench", "test", "dev"}


def test_lowest_versions_are_the_lower_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra, requirements in project["optional-dependencies"].items():
        if extra not in NOT_TESTED:
            wanted += requirements
    assert all(re.fullmatch(r"[\w-]+>=[\d.]+", one) for one in wanted)
    lines = (ROOT / ".ci" / "lowest.txt").read_text(encoding="utf-8").splitlines()
    lowest = [line for line in lines if not line.startswith("#")]
    assert lowest == sorted({one.replace(">=", "==") for one in wanted})
