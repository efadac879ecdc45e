from pathlib import Path

import pytest

from gene_analogies.util.folders import cache_folder, data_folder, user_path


@pytest.mark.parametrize(
    ("folder", "variable"),
    [(cache_folder, "GENE_ANALOGIES_CACHE"), (data_folder, "GENE_ANALOGIES_DATA")],
)
def test_a_variable_moves_a_folder(folder, variable, monkeypatch, tmp_path):
    monkeypatch.setenv(variable, str(tmp_path))
    assert folder() == tmp_path
    for unset in ("", None):
        monkeypatch.delenv(variable) if unset is None else monkeypatch.setenv(variable, unset)
        assert folder().is_absolute()
        assert "gene-analogies" in folder().parts


def test_cache_and_data_are_apart(monkeypatch):
    for variable in ("GENE_ANALOGIES_CACHE", "GENE_ANALOGIES_DATA"):
        monkeypatch.delenv(variable, raising=False)
    assert cache_folder() != data_folder()


def test_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # of Windows
    assert user_path("~/genes.npz") == tmp_path / "genes.npz"
    assert user_path(Path("a") / "~") == Path("a/~")
    assert user_path("~no-such-user/genes.npz") == Path("~no-such-user/genes.npz")
