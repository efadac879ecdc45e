import re
import runpy
from pathlib import Path

import click

from gene_analogies.cli.main import cli

GENERATOR = Path(__file__).parents[2] / "docs" / "generate_cli.py"


def test_the_reference_is_as_the_commands_are():
    page = runpy.run_path(str(GENERATOR))["page"]()
    assert GENERATOR.with_name("cli.md").read_text("utf-8") == page, (
        "docs/cli.md is stale: run python docs/generate_cli.py"
    )


def test_every_command_has_a_section():
    page = GENERATOR.with_name("cli.md").read_text("utf-8")
    sections = re.findall(r"^## gene-analogies (.+)$", page, re.MULTILINE)
    assert sections == cli.list_commands(click.Context(cli))


def test_every_option_is_told_and_shared_ones_once():
    page = GENERATOR.with_name("cli.md").read_text("utf-8")
    head, _, sections = page.partition("\n## gene-analogies\n")
    context = click.Context(cli)
    for part in sections.split("\n## gene-analogies ")[1:]:
        command = cli.get_command(context, part.split(maxsplit=1)[0])
        for option in command.params:
            told = f"\n| `{option.opts[0]}`"
            if isinstance(option, click.Option):
                assert told in part or (told in head and "Also the options of [" in part)
    assert page.count("\n| `--clean-words`") == 1
