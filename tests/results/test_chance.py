"""The chance of a query in words."""

import pytest

from gene_analogies.results.chance import Chance


@pytest.mark.parametrize(
    ("count", "changes", "sentence"),
    [
        (372, {}, "372 of 400 random pairs like this find a best match this good: the match alone "
                  "is no evidence"),
        (3, {}, "3 of 400 random pairs like this find a best match this good (p = 0.01)"),
        (1, {}, "1 of 400 random pairs like this finds a best match this good (p = 0.005)"),
        (0, {"best": "best score"},
         "0 of 400 random pairs like this find a best score this good (p = 0.0025)"),
        (3, {"limit": 0.5}, "3 of 400 random pairs like this find a best match this good under "
                            "max_similarity 0.5 (p = 0.01)"),
        (3, {"telling": False},
         "3 of 400 random pairs like this find a best match this good (p = 0.01; few known pairs "
         "do)"),
        (3, {"pairs": 5},
         "3 of 400 random lists of 5 pairs like these find a best match this good (p = 0.01)"),
        (3, {"matched_by": ("cos_ab",)},
         "3 of 400 random pairs like this find a best match this good (p = 0.01); they are like it "
         "in cos(a, b) alone"),
    ],
)  # fmt: skip
def test_sentence(count, changes, sentence):
    settings = {"matched_by": ("papers", "cos_ab"), "pairs": 1, "best": "best match",
                "limit": None, "telling": True}  # fmt: skip
    found = Chance.counted(count, 400, **{**settings, **changes})
    assert found.sentence == sentence
    assert (found.count, found.of, found.p) == (count, 400, (1 + count) / 401)


def test_level():
    def ends(count):
        settings = {"matched_by": ("row", "cos_ab"), "pairs": 1, "best": "best match"}
        return Chance.counted(count, 400, limit=None, telling=True, **settings).sentence[-8:]

    assert (ends(19), ends(20)) == (" = 0.05)", "evidence")


def test_what_is_not_known():
    assert Chance.unknown("no pair was found").facts == {
        "count": None, "of": 0, "p": None, "matched_by": [],
        "sentence": "chance of the query: not known, no pair was found",
    }  # fmt: skip
