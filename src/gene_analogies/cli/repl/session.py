"""The session of the shell: answers lines, wherever they come from."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gene_analogies.cli import question
from gene_analogies.cli.command_text import having_command
from gene_analogies.cli.inputs import Inputs
from gene_analogies.cli.layout import layout_of
from gene_analogies.cli.messages import one_line
from gene_analogies.cli.output import (
    FigureChoice,
    check_output,
    has_header,
    is_stdout,
    write_answer,
)
from gene_analogies.cli.question import check_files, files_read, files_written
from gene_analogies.cli.reading import is_script, is_stdin
from gene_analogies.cli.repl.parser import (
    DEFAULT,
    HELP_WORDS,
    QuestionParser,
    question_parser,
    split_question,
    without_program,
)
from gene_analogies.errors import GeneAnalogiesError, ItemNameError

if TYPE_CHECKING:
    from gene_analogies.cli.repl.journal import Journal
    from gene_analogies.space import Space

__all__ = ["ReplSession"]

_HELP = """\
Questions are those of the command line, with the same options:

{questions}
A line that names no question asks for pairs: EGF EGFR, or EGF:EGFR HGF:MET -k 20.
If the first word is the name of a question, it is that question; to ask about an item of that
name, name the question, too: {default} top bottom.

Among the best pairs, --pair-weight 0.25 puts those first whose members belong together.

help QUESTION lists its options; all have -o FILE and --format, which write the answer.
Tab completes questions, names and options. Ctrl-C clears the line or stops an answer.
quit, exit or Ctrl-D leaves.
"""
_HELP_OPTIONS: Final = ["-h", "--help"]


class ReplSession:
    """Answers one line after another over a space.

    Parameters
    ----------
    space
        The items.
    inputs
        The files that it was read from.
    journal, log
        What keeps the answers, and the path of its file.
    embedding
        The words of a command that choose the embedding, with which a line is a whole command.
    """

    def __init__(
        self,
        space: Space,
        inputs: Inputs,
        journal: Journal | None = None,
        log: Path | None = None,
        embedding: Sequence[str] = (),
    ) -> None:
        self.space = space
        self._inputs = inputs
        self._journal = journal
        self._log = log
        self._embedding = embedding

    def take(self, line: str) -> bool:
        """Answer a line; False if it asks to stop.

        Raises
        ------
        GeneAnalogiesError, click.ClickException
            If the line cannot be answered.
        click.exceptions.Exit
            If the line asked for something else, such as ``--help``.
        """
        try:
            words = shlex.split(line)
        except ValueError:
            raise GeneAnalogiesError(
                "a quotation mark is not closed; quote a name that contains one with marks of the "
                "other kind"
            ) from None
        if words in (["quit"], ["exit"]):
            return False
        if not words:
            return True
        words = without_program(words)
        if not words or words[0] in HELP_WORDS:
            click.echo(self._help(words), nl=False)
            return True
        name, rest = split_question(words)
        try:
            self._answer(name, rest)
        except (GeneAnalogiesError, click.UsageError) as error:
            hint = self._hint(words, error)
            if not hint:
                raise
            raise GeneAnalogiesError(f"{one_line(error)} ({hint})") from None
        return True

    def _answer(self, name: str, words: list[str]) -> None:
        parser = question_parser(name)
        context = _parsed(name, parser, words)
        options = dict(context.params)
        output: Path | None = options.pop("output")
        figure = FigureChoice.taken_from(options)
        format_name = check_output(options.pop("format_name"), output, figure)
        header, layout = has_header(context, format_name), layout_of(context, format_name)
        self._check_files(output, options)
        answer = parser.ask(self.space, **options)
        # A question without options of the embedding asks none.
        asked = ([self.space], self._embedding) if parser.left_out else ((), ())
        result = having_command(answer, context, *asked)
        write_answer(
            result, format_name, output, compact=True, header=header, layout=layout, figure=figure
        )
        if output is None and format_name in ("table", "markdown"):
            click.echo()
        if self._journal is not None:
            try:
                self._journal.add(result)
            except OSError as error:
                raise GeneAnalogiesError(
                    f"the answer could not be logged: {error.strerror or error}"
                ) from None

    def _check_files(self, output: Path | None, options: dict[str, Any]) -> None:
        """Refuse to write over what is read, or over the log."""
        read = files_read(options)
        if any(map(is_stdin, read)):
            raise GeneAnalogiesError(
                "- is standard input, from which the shell reads its lines: give a file"
            )
        self._inputs.check(self._log, *read)
        check_files(self._inputs, output, options)
        for file in (output, *files_written(options)):
            if file is None or is_stdout(file) or not file.exists():
                continue
            if is_script(file.stat()):
                raise GeneAnalogiesError(f"{file} is the script itself: write to another file")
            if self._log is not None and file.samefile(self._log):
                raise GeneAnalogiesError(f"{file} is the log, too: write to another file")

    def _help(self, words: list[str]) -> str:
        """Return the help of the question that follows the word help, or else of the shell."""
        if len(words) > 1:
            name = words[1]
            if name in question.QUESTIONS:
                command = question_parser(name).command
                context = click.Context(command, info_name=name, help_option_names=_HELP_OPTIONS)
                return f"{context.get_help()}\n"
            known = ", ".join(question.QUESTIONS)
            hint = self._meant_as_item(words)
            raise GeneAnalogiesError(
                f"there is no question {name!r}: questions are {known}" + (hint and f" ({hint})")
            )
        formatter = click.HelpFormatter()
        with formatter.indentation():
            formatter.write_dl(
                [
                    (name, question_parser(name).command.get_short_help_str(limit=200))
                    for name in question.QUESTIONS
                ]
            )
        return _HELP.format(questions=formatter.getvalue(), default=DEFAULT)

    def _hint(self, words: list[str], error: Exception) -> str:
        """Return a hint at what a line that could not be answered may have meant."""
        first = words[0]
        if first in question.QUESTIONS:
            # Errors of options, files and output do not come from the names.
            misread = isinstance(error, click.UsageError | ItemNameError) or "name" in str(error)
            misread = misread and not isinstance(error, click.NoSuchOption | click.BadParameter)
            if not misread:
                return ""
            quoted = self._quoted(words[1:])
            return self._meant_as_item(words) or (quoted and f"write: {first} {quoted}")
        names = _names(words)
        if len(names) == 1 and names[0] in self.space:
            return f"for what is like it, write: similar {shlex.join(names)}"
        quoted = self._quoted(words)
        if quoted:
            return f"write: similar {quoted}"
        if first in self.space:
            return ""
        near = difflib.get_close_matches(first.lower(), question.QUESTIONS, 1, 0.75)
        return f"did you mean the question {near[0]!r}?" if near else "help lists the questions"

    def _quoted(self, words: list[str]) -> str:
        """Return several words as the one name of an item that they are together, quoted."""
        names = _names(words)
        name = " ".join(names)
        return shlex.quote(name) if len(names) > 1 and name in self.space else ""

    def _meant_as_item(self, words: list[str]) -> str:
        """Return how to ask about two items, the first of which has the name of a question."""
        names = _names(words)
        items = self.space.embedding.rows
        if len(names) != 2 or not all(name in items for name in names):
            return ""
        return f"for the item {words[0]!r}, write: {DEFAULT} {shlex.join(words)}"


def _names(words: list[str]) -> list[str]:
    """Return the words before the first option."""
    options = [index for index, word in enumerate(words) if word.startswith("-")]
    return words[: min(options, default=len(words))]


def _parsed(name: str, parser: QuestionParser, words: list[str]) -> click.Context:
    """Parse the words of a line as the parameters of a question."""
    try:
        return parser.command.make_context(name, words, help_option_names=_HELP_OPTIONS)
    except click.NoSuchOption as error:
        if error.option_name not in parser.left_out:
            raise
        raise GeneAnalogiesError(
            f"{error.option_name} chooses or prepares the embedding, which is loaded already: "
            "give it to gene-analogies shell"
        ) from None
