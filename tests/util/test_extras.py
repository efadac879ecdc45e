import sys

import pytest

from gene_analogies.errors import MissingExtraError
from gene_analogies.util.extras import require


def test_what_is_installed_is_imported():
    assert require("json.decoder", "none", "reading").JSONDecoder().decode("[1]") == [1]


@pytest.mark.parametrize(
    ("module", "called"),
    [
        ("no_such_module", "no_such_module"),
        ("no_such_module.inside", "no_such_module"),
        ("sklearn.cluster", "scikit-learn"),
        ("huggingface_hub", "huggingface-hub"),
    ],
)
def test_what_is_missing_is_told_with_its_command(monkeypatch, module, called):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, module.split(".")[0], None)
    with pytest.raises(MissingExtraError) as caught:
        require(module, "learn", "cluster")
    assert str(caught.value) == f"cluster needs {called}: pip install 'gene-analogies[learn]'"


def test_a_dependency_that_is_missing_itself_is_another_story(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("import no_such_module")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        require("half_installed", "learn", "cluster")
