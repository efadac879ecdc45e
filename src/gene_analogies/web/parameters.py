"""What can be asked: the parameters of each question, called as the library's arguments are."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "MAX_COUNT",
    "MAX_EXAMPLES",
    "MAX_RELATION",
    "NAMED",
    "PREFIX",
    "ROWS",
    "Name",
    "OfAnalogies",
    "OfComplete",
    "OfGene",
    "OfKnown",
    "OfNames",
    "OfPairs",
    "OfRelation",
    "OfRelationAddress",
    "OfSimilar",
    "Parameters",
    "unless_given",
]

#: What the addresses of the API begin with.
PREFIX: Final = "/api/v1"

#: Rows of an answer, examples of a question, pairs of a relation.
MAX_COUNT: Final = 1_000
MAX_EXAMPLES: Final = 50
MAX_RELATION: Final = 500

#: Rows of a page, and of the files that it leads to, unless ``k`` is given.
ROWS: Final = "20"

#: Parameters that hold names of items.
NAMED: Final = ("a", "b", "c", "names", "contrast", "positive", "negative")

#: A name as people type it.
Name = Annotated[str, Field(min_length=1, max_length=200)]
_Names = Annotated[list[Name], Field(max_length=MAX_EXAMPLES)]
_Count = Annotated[int, Field(ge=1, le=MAX_COUNT, description="How many rows.")]
_Truncate = Annotated[
    int | None, Field(ge=1, le=10_000_000, description="Search the first rows only, this many.")
]
_Cosine = Annotated[float, Field(ge=-1.0, le=1.0, allow_inf_nan=False)]
_Embeddings = Annotated[
    list[Name],
    Field(
        max_length=8,
        description="Names of embeddings, as /embeddings lists them; the first one unless given.",
    ),
]
_Metric = Annotated[
    Literal["cosine", "euclidean"], Field(description="Compare directions, or positions too.")
]
_QUERY: Final = "Keep what was asked with in the answer."


class Parameters(BaseModel):
    """What every question has; another parameter than those listed is an error."""

    model_config = ConfigDict(extra="forbid")

    e: _Embeddings = []


class OfNames(Parameters):
    """`names`: what a name may become that is being typed."""

    q: Annotated[str, Field(max_length=200, description="What has been typed.")]
    limit: Annotated[int, Field(ge=1, le=100, description="How many.")] = 10


class OfGene(Parameters):
    """`genes`: one gene."""

    k: Annotated[int, Field(ge=1, le=100, description="How many neighbours.")] = 10


class OfPairs(Parameters):
    """`pairs`: which pairs relate as a and b do."""

    a: Annotated[_Names, Field(min_length=1, description="First members of the example pairs.")]
    b: Annotated[_Names, Field(min_length=1, description="Second members, as many.")]
    k: _Count = 10
    metric: _Metric = "cosine"
    operation: Annotated[
        Literal["difference", "sum"], Field(description="What is made of the members of a pair.")
    ] = "difference"
    max_similarity: Annotated[
        _Cosine | None, Field(description="Leave out pairs where cos(a, c) or cos(b, d) is higher.")
    ] = None
    truncate: _Truncate = None
    include_query: Annotated[bool, Field(description=_QUERY)] = False
    pair_weight: Annotated[
        float,
        Field(ge=0.0, le=1000.0, allow_inf_nan=False, description="How much cos(c, d) counts."),
    ] = 0.0
    chance: Annotated[
        bool, Field(description="Compare the best pair with those that random queries find.")
    ] = False


class OfSimilar(Parameters):
    """`similar`: what is like an item, or like all of several."""

    names: Annotated[_Names, Field(min_length=1, description="One item, or several together.")]
    contrast: Annotated[Name | None, Field(description="What the answer is far from.")] = None
    k: _Count = 10
    metric: _Metric = "cosine"
    how: Annotated[
        Literal["span", "mean", "min"],
        Field(description="What similarity to several is: to their span or mean, or the lowest."),
    ] = "span"
    truncate: _Truncate = None
    include_query: Annotated[bool, Field(description=_QUERY)] = False


class OfComplete(Parameters):
    """`complete`: a is to b as c is to which."""

    a: Annotated[_Names, Field(description="First members of the example pairs.")] = []
    b: Annotated[_Names, Field(description="Second members, as many.")] = []
    c: Annotated[Name | None, Field(description="The item to complete.")] = None
    positive: Annotated[_Names, Field(description="Items to add, instead of a, b and c.")] = []
    negative: Annotated[_Names, Field(description="Items to subtract.")] = []
    method: Annotated[
        Literal["3CosAdd", "3CosMul", "PairDirection", "3CosAvg", "LRCos"] | None,
        Field(description="3CosAdd unless given; 3CosAvg for several examples."),
    ] = None
    k: _Count = 10
    truncate: _Truncate = None
    include_query: Annotated[bool, Field(description=_QUERY)] = False


class OfAnalogies(Parameters):
    """`analogies`: the best analogies that an item takes part in."""

    a: Annotated[Name, Field(description="The item.")]
    k: _Count = 10
    max_similarity: Annotated[
        _Cosine, Field(description="Leave out analogies where cos(a, c) or cos(b, d) is higher.")
    ] = 0.8
    distinct: Annotated[
        bool, Field(description="Leave out what shares three items with a better analogy.")
    ] = False
    truncate: Annotated[
        int, Field(ge=4, le=30_000, description="Search the first rows only, this many.")
    ] = 10_000


class OfRelation(Parameters):
    """`relation`: does an embedding know the relation of these pairs."""

    pairs: Annotated[
        list[tuple[Name, Name]],
        Field(min_length=1, max_length=MAX_RELATION, description="Pairs of names, a and b."),
    ]
    unordered: Annotated[bool, Field(description="A pair says the same in either order.")] = False
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Of the random draws.")] = 0


class OfRelationAddress(Parameters):
    """`relation` in an address."""

    a: Annotated[
        list[Name],
        Field(min_length=1, max_length=MAX_EXAMPLES, description="First members of the pairs."),
    ]
    b: Annotated[
        list[Name],
        Field(min_length=1, max_length=MAX_EXAMPLES, description="Second members, as many."),
    ]
    unordered: bool = False
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0


class OfKnown(BaseModel):
    """`known`: what is known of two genes, whatever the embedding."""

    model_config = ConfigDict(extra="forbid")

    a: Annotated[Name, Field(description="A human gene.")]
    b: Annotated[Name, Field(description="Another one.")]
    k: _Count = 10


def unless_given(question: str) -> list[tuple[str, str]]:
    """Return what pages, and the files that they lead to, ask for unless an address says otherwise.

    Several genes on a page are to be alike each, which their span is not about.
    """
    if question == "relation":
        return []
    return [("k", ROWS), *([("how", "min")] if question == "similar" else [])]
