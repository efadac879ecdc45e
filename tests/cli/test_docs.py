import runpy
from pathlib import Path

GENERATOR = Path(__file__).parents[2] / "docs" / "generate_cli.py"


def test_the_reference_is_as_the_commands_are():
    page = runpy.run_path(str(GENERATOR))["page"]()
    assert GENERATOR.with_name("cli.md").read_text("utf-8") == page, (
        "docs/cli.md is stale: run python docs/generate_cli.py"
    )


def test_every_command_has_a_section():
    page = GENERATOR.with_name("cli.md").read_text("utf-8")
    assert "\n## gene-analogies pairs\n" in page
    assert "\n## gene-analogies shell\n" in page
