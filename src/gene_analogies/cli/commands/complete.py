"""The command ``complete``: a is to b as c is to what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.answer_file import is_known
from gene_analogies.cli.each import Line, each_option, read_questions
from gene_analogies.cli.embedding_options import Choice, embedding_options
from gene_analogies.cli.first_run import first_run_notice
from gene_analogies.cli.names import colons, parse_examples, read_names
from gene_analogies.cli.output import map_figure_options
from gene_analogies.cli.progress import WorkProgress
from gene_analogies.cli.question import run_question
from gene_analogies.cli.shared_options import (
    count_option,
    include_query_option,
    search_options,
)
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.questions.complete import CompleteMethod
    from gene_analogies.results import CompleteEachResult, CompleteResult
    from gene_analogies.space import Space

__all__ = ["ask", "complete", "parse_analogy"]

_METHODS = ("3CosAdd", "3CosMul", "PairDirection", "3CosAvg", "LRCos")
_USAGE = "as in EGF EGFR HGF, or example pairs and an item, as in EGF:EGFR HGF:MET INS"


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies complete EGF EGFR HGF\n"
    "  gene-analogies complete MDM2 TP53 KEAP1 --method 3CosMul\n"
    "  gene-analogies complete EGF:EGFR HGF:MET LEP:LEPR EPO\n"
    "  gene-analogies complete --positive NFE2L2 --positive MDM2 --negative KEAP1\n"
    "  printf 'EGF EGFR HGF\\nMDM2 TP53 KEAP1\\n' | gene-analogies complete --each -\n"
    "  gene-analogies complete man king woman -e glove-6b-100d --truncate 20000"
)
@click.argument("names", nargs=-1, metavar="[A B C | A:B [A:B]... C]")
@each_option("three names, or example pairs A:B and a name")
@click.option(
    "--positive", multiple=True, metavar="NAME", help="Add this item; may be given several times."
)
@click.option(
    "--negative",
    multiple=True,
    metavar="NAME",
    help="Subtract this item; may be given several times.",
)
@click.option(
    "--method",
    type=click.Choice(_METHODS, case_sensitive=False),
    metavar=f"[{'|'.join(_METHODS)}]",
    help="How items are scored; 3CosAdd by default, 3CosAvg for several example pairs.",
)
@count_option("How many items to print.")
@search_options
@include_query_option("Keep the items of the query.")
@embedding_options
@map_figure_options
def complete(
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Find what completes an analogy: A is to B as C is to which.

    A, B and C are genes: symbols, aliases, or Ensembl, Entrez or UniProt ids, in any case. Several
    example pairs, each written A:B, show the relation together. Or items are added and subtracted
    by --positive and --negative, as in gensim's most_similar. All items are compared, exactly.
    """
    run_question(ask, choice, format_name, output, asked)


def ask(
    space: Space,
    names: Sequence[str],
    *,
    positive: Sequence[str],
    negative: Sequence[str],
    method: CompleteMethod | None,
    k: int,
    among: Path | None,
    truncate: int | None,
    include_query: bool,
    each: Path | None,
) -> CompleteResult | CompleteEachResult:
    """Answer what was asked in the words of the command line; the rest is as in `Space.complete`.

    Parameters
    ----------
    space
        The items.
    names
        Three names, or example pairs and a name; none where there is a positive or negative one.
    positive, negative
        Names to add and subtract.
    among
        A file of names.
    each
        A file of questions, instead of names.
    """
    options: dict[str, Any] = {
        "method": method,
        "k": k,
        "truncate": truncate,
        "include_query": include_query,
    }
    is_item = space.embedding.rows.__contains__
    known = partial(is_known, resolver=space.resolver)
    if each is not None:
        given = (*names, *positive, *negative)
        lines = read_questions(each, given, among, space.resolver)
        questions = [_question(line, is_item, known) for line in lines]
        chosen = None if among is None else read_names(among)
        with first_run_notice("complete"), WorkProgress("answering questions") as progress:
            return space.complete_each(questions, among=chosen, progress=progress, **options)
    asked: dict[str, Any]
    if positive or negative:
        if names:
            raise GeneAnalogiesError(
                f"{names[0]!r} is given beside --positive or --negative: give one or the other"
            )
        asked = {"positive": positive, "negative": negative}
    else:
        examples, c = parse_analogy(names, is_item, known)
        asked = {"a": examples, "c": c}
        for name in (*(name for pair in examples for name in pair), c):
            # A misspelt name is an error before anything that takes long.
            space.resolver.resolve(name)
    chosen = None if among is None else read_names(among)
    with first_run_notice("complete"):
        return space.complete(**asked, among=chosen, **options)


def _question(
    line: Line, is_item: Callable[[str], bool], is_known: Callable[[str], bool]
) -> tuple[list[tuple[str, str]], str] | str:
    """Return the example pairs and the item of a line; the line as it is where it holds none."""
    try:
        return parse_analogy(line.words, is_item, is_known)
    except GeneAnalogiesError:
        return line.text


def parse_analogy(
    words: Sequence[str], is_item: Callable[[str], bool], is_known: Callable[[str], bool]
) -> tuple[list[tuple[str, str]], str]:
    """Return the example pairs and the item to complete that words stand for.

    Parameters
    ----------
    words
        ``A B C``; ``A:B … C``; or as answers show it, ``A : B :: C : ?``.
    is_item
        Whether an item of the embedding has exactly this name.
    is_known
        Whether a name leads to an item or several, exactly or not.

    Raises
    ------
    GeneAnalogiesError
        If the words are neither.
    """
    given = list(words)
    if given.count("::") == 1:
        middle = given.index("::")
        pairs, rest = given[:middle], given[middle + 1 :]
        while len(rest) > 1 and rest[-1] in ("?", ":"):
            rest.pop()
        if len(rest) == 1 and not is_item(rest[0]):
            rest = [rest[0].removesuffix("?").removesuffix(":")]
    else:
        pairs, rest = given[:-1], given[-1:]
    bare = all(not colons(word) or is_item(word) for word in pairs)
    if not pairs or len(rest) != 1 or (bare and len(pairs) != 2):
        count = "one name makes" if len(given) == 1 else f"{len(given)} names make"
        raise GeneAnalogiesError(f"{count} no analogy: give three names, {_USAGE}")
    c = rest[0]
    if ":" in c.strip(":") and not is_known(c):
        raise GeneAnalogiesError(f"{c!r} is no item to complete: give three names, {_USAGE}")
    return parse_examples(pairs, is_item), c
