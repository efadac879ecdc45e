"""A question made up for tests: the letters of names."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import click

from gene_analogies.cli.embedding_options import embedding_options
from gene_analogies.cli.output import output_options
from gene_analogies.cli.question import run_question
from gene_analogies.results import Answer, Column


@dataclass(frozen=True, repr=False)
class LettersResult(Answer):
    """The letters of a name, or of a file."""

    question: ClassVar[str] = "letters"
    rows_name: ClassVar[str] = "letters"

    name: str
    letters: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def query(self):
        """The question in words."""
        return f"letters of {self.name}"

    @property
    def columns(self):
        """The letters."""
        return (Column("letter", self.letters, "text"),)


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies letters EGF\n"
    "  gene-analogies letters EGF -e other.npz\n"
    "  gene-analogies letters EGF --case lower\n"
    "  echo it's > here.txt; gene-analogies letters here.txt"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", type=click.Choice(["lower", "upper"]), help="How to write them.")
@click.option("--others", type=click.Path(path_type=Path), multiple=True, help="More files.")
@click.option("--stop", is_flag=True, help="Stop in the middle.")
@embedding_options
@output_options
def letters(choice, format_name, output, **asked):
    """Tell the letters of a name."""
    run_question(ask, choice, format_name, output, asked)


def ask(space, file, *, case, others, stop):
    """Answer; ``file`` is a name where there is no such file."""
    if stop:
        raise KeyboardInterrupt("half of it is kept")
    space.resolver.resolve(str(file))
    text = getattr(str(file), case or "upper")()
    return LettersResult(str(file), tuple(text))
