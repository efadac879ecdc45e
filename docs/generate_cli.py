"""Write docs/cli.md, the reference of the command line, from the commands themselves.

Run ``python docs/generate_cli.py`` after a change to a command; a test fails until that is done.
"""

from __future__ import annotations

import inspect
from pathlib import Path

import click

from gene_analogies.cli.embedding_options import EMBEDDING_OPTIONS
from gene_analogies.cli.main import cli
from gene_analogies.cli.question import QUESTIONS

PAGE = Path(__file__).with_name("cli.md")

_PREPARING = "Reading and preparing the embedding"
_WRITING = "The answer"
_TABLE = ("| option | default | meaning |", "|---|---|---|")

_HEAD = """\
<!-- Written by docs/generate_cli.py from the help texts: change those. -->

# The command line

`--help` documents every command. An error is one line on standard error.

| exit code | meaning |
|---|---|
| 0 | answered |
| 1 | some questions of `--each` have no answer; the table says which, and why |
| 2 | an error: a name, an option, a file |
| 130 | stopped by Ctrl-C; of long work, standard error says what is kept |
| 141 | standard output was closed |

Answers go to standard output, everything else to standard error. Progress bars and tables cut to
the width are for terminals only. The neighbour index of an embedding is built once and kept in
the user's cache folder; the environment variable `GENE_ANALOGIES_CACHE` names another folder, and
`GENE_ANALOGIES_DATA` one for the embeddings that `fetch` downloads.
"""


def page() -> str:
    """Return the whole page."""
    context = click.Context(cli, info_name="gene-analogies", **cli.context_settings)
    commands = {
        name: command
        for name in cli.list_commands(context)
        if (command := cli.get_command(context, name)) is not None
    }
    # Not known, which asks no embedding.
    asking = [commands[name] for name in QUESTIONS]
    shared = _shared([one for one in asking if "source" in {param.name for param in one.params}])
    parts = [_HEAD, *(_shared_section(*one) for one in shared.items())]
    parts.append(_section(cli, context, {}))
    for name, command in commands.items():
        own = click.Context(command, parent=context, info_name=name)
        parts.append(_section(command, own, shared))
    return "\n".join(parts)


def _shared(questions: list[click.Command]) -> dict[str, list[str]]:
    """Return the rows of options that questions have in common, by the titles of their sections.

    Those of the embedding are of the questions that have one; those of the answer, of the questions
    without figures.
    """
    tables = [_rows(one) for one in questions]
    # A command may take the embedding as an argument; -e is told where there is one.
    preparing = _common([rows for rows in tables if "source" in rows.values()])
    writing = _common([rows for rows in tables if "figure" not in rows.values()])
    embedding = set(EMBEDDING_OPTIONS)
    return {
        _PREPARING: [row for row, name in preparing.items() if name in embedding - {"source"}],
        _WRITING: [row for row, name in writing.items() if name not in embedding],
    }


def _common(tables: list[dict[str, str]]) -> dict[str, str]:
    first, *others = tables
    return {row: name for row, name in first.items() if all(row in one for one in others)}


def _shared_section(title: str, rows: list[str]) -> str:
    return "\n".join([f"## {title}", "", *_TABLE, *rows, ""])


def _section(command: click.Command, context: click.Context, shared: dict[str, list[str]]) -> str:
    path = context.command_path
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    # The mark \b keeps click from wrapping a paragraph.
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    lines = [f"## {path}", "", "```", usage, "```", "", text, ""]
    rows = list(_rows(command))
    links = []
    for title, common in shared.items():
        if common and set(common) <= set(rows):
            rows = [row for row in rows if row not in common]
            links.append(f"[{title[0].lower()}{title[1:]}](#{title.lower().replace(' ', '-')})")
    if rows:
        lines += [*_TABLE, *rows, ""]
    if links:
        lines += [f"Also the options of {' and '.join(links)}.", ""]
    # The first line of an epilog is a title.
    title, *examples = inspect.cleandoc((command.epilog or "").removeprefix("\b\n")).splitlines()
    lines += [title, "", "```sh", *(line.strip() for line in examples), "```", ""]
    return "\n".join(lines)


def _rows(command: click.Command) -> dict[str, str]:
    """Return the options of a command: their row in a table, and their name."""
    options = [one for one in command.params if isinstance(one, click.Option)]
    return {
        _row(one): one.name or ""
        for one in options
        if one.name not in ("help", "version") and not one.hidden
    }


def _row(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    if isinstance(option.type, click.Choice):
        names += " " + ", ".join(map(str, option.type.choices))
    elif not option.is_flag:
        names += f" {option.metavar or option.type.name.upper()}"
    several = isinstance(option.default, tuple)
    shown = ", ".join(option.default) if several else str(option.default)
    default = shown if option.show_default else ""
    cells = [text.replace("|", "\\|") for text in (names, default, option.help or "")]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
