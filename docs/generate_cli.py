"""Write docs/cli.md, the reference of the command line, from the commands themselves.

Run ``python docs/generate_cli.py`` after a change to a command; a test fails until that is done.
"""

from __future__ import annotations

import inspect
from pathlib import Path

import click

from gene_analogies.cli.main import cli

PAGE = Path(__file__).with_name("cli.md")

_HEAD = """\
<!-- Written by docs/generate_cli.py from the help texts: change those. -->

# The command line

Every command explains itself with `--help`. An error is one line on standard error.

| exit code | meaning |
|---|---|
| 0 | answered |
| 2 | an error: a name, an option, a file |
| 130 | stopped by Ctrl-C |
| 141 | nobody reads the output any more |

Answers go to standard output, everything else to standard error. Only a terminal gets a progress
bar, and a table cut to its width. The neighbour index of an embedding is built once and kept in
the user's cache folder; the environment variable `GENE_ANALOGIES_CACHE` names another folder, and
`GENE_ANALOGIES_DATA` one for the embeddings that `fetch` downloads.
"""


def page() -> str:
    """Return the whole page."""
    context = click.Context(cli, info_name="gene-analogies", **cli.context_settings)
    parts = [_HEAD, _section(cli, context)]
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if command is not None:
            parts.append(_section(command, click.Context(command, parent=context, info_name=name)))
    return "\n".join(parts)


def _section(command: click.Command, context: click.Context) -> str:
    path = context.command_path
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    lines = [f"## {path}", "", "```", usage, "```", "", inspect.cleandoc(command.help or ""), ""]
    options = [one for one in command.params if isinstance(one, click.Option)]
    options = [one for one in options if one.name not in ("help", "version")]
    if options:
        lines += ["| option | default | meaning |", "|---|---|---|", *map(_option, options), ""]
    # The mark keeps click from wrapping a paragraph; its first line is a title.
    title, *examples = inspect.cleandoc((command.epilog or "").removeprefix("\b\n")).splitlines()
    lines += [title, "", "```sh", *(line.strip() for line in examples), "```", ""]
    return "\n".join(lines)


def _option(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    if isinstance(option.type, click.Choice):
        names += " " + ", ".join(map(str, option.type.choices))
    elif not option.is_flag:
        names += f" {option.metavar or option.type.name.upper()}"
    default = f"{option.default}" if option.show_default else ""
    return f"| {names} | {default} | {option.help} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
