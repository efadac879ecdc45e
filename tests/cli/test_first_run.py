import pytest

from gene_analogies.cli.first_run import first_run_notice


def test_the_first_run_is_told_once(own_cache, capsys):
    said = "first run of {} after installation: compiling its search kernels (some seconds) …\n"
    for question in ("pairs", "pairs --pair-weight", "top"):
        with first_run_notice(question):
            pass
        assert capsys.readouterr().err == said.format(question)
        with first_run_notice(question):
            pass
        assert capsys.readouterr().err == ""
    assert sorted(file.name.split("-")[:2] for file in own_cache.iterdir()) == [
        ["compiled", "pairs"], ["compiled", "pairs"], ["compiled", "top"],
    ]  # fmt: skip


def test_a_run_that_failed_is_not_the_first(own_cache, capsys):
    def fail():
        with first_run_notice("pairs"):
            raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            fail()
        assert capsys.readouterr().err.startswith("first run")


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "file" / "cache"))
    with first_run_notice("pairs"):
        pass
    assert capsys.readouterr().err.startswith("first run")
