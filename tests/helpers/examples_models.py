"""Tiny valid files of the formats that are pickles or models, for the fuzz test."""

from __future__ import annotations

import json
import pickle
import warnings

import numpy as np

NAMES = ["EGF", "EGFR", "HGF", "MET"]
VECTORS = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)


def _torch():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch
    return torch


def _pickled(folder, content, protocol):
    path = folder / "genes.pickle"
    path.write_bytes(pickle.dumps(content, protocol))
    return path


def _lists(folder):
    return _pickled(folder, dict(zip(NAMES, VECTORS.tolist(), strict=True)), 4)


def _text(folder):
    return _pickled(folder, dict(zip(NAMES, VECTORS.tolist(), strict=True)), 0)


def _arrays(folder):
    return _pickled(folder, dict(zip(NAMES, VECTORS, strict=True)), 2)


def _columns(folder):
    columns = {"genes": np.array(NAMES, dtype=object), "embeddings": VECTORS.astype(">f8")}
    return _pickled(folder, columns, 5)


def _tensors(folder, **options):
    torch = _torch()
    path = folder / "genes.pt"
    torch.save(dict(zip(NAMES, torch.from_numpy(VECTORS), strict=True)), path, **options)
    return path


def _old_tensors(folder):
    return _tensors(folder, _use_new_zipfile_serialization=False)


def _bfloat16(folder):
    torch = _torch()
    path = folder / "genes.pt"
    torch.save({"genes": NAMES, "embeddings": torch.from_numpy(VECTORS).bfloat16()}, path)
    return path


def _checkpoint(folder):
    torch = _torch()
    path = folder / "model.pt"
    state = {"module.emb.weight": torch.from_numpy(VECTORS), "module.emb.bias": torch.ones(3)}
    torch.save({"state_dict": state, "optimizer": {"lr": 0.1}, "epoch": 3}, path)
    (folder / "genes.txt").write_text("\n".join(NAMES))
    return path


def _shards(folder):
    from safetensors.numpy import save_file

    places = {"emb.weight": "model-1-of-2.safetensors", "emb.bias": "model-2-of-2.safetensors"}
    save_file({"emb.weight": VECTORS}, folder / places["emb.weight"])
    save_file({"emb.bias": VECTORS[0]}, folder / places["emb.bias"])
    (folder / "genes.txt").write_text("\n".join(NAMES))
    path = folder / "model.safetensors.index.json"
    path.write_text(json.dumps({"metadata": {"total_size": 60}, "weight_map": places}))
    return path


def _dictionary(folder):
    tokens = {"<pad>": 0, "<mask>": 1, "ENSG00000138798": 3, "ENSG00000146648": 2}
    tokens["ENSG00000019991"] = np.int64(4)
    (folder / "token_dictionary_gc104M.pkl").write_bytes(pickle.dumps(tokens))
    symbols = {"EGF": "ENSG00000138798", "ENSG00000146648": "ENSG00000146648"}
    (folder / "gene_name_id_dict_gc104M.pkl").write_bytes(pickle.dumps(symbols))


def _geneformer(folder):
    from safetensors.numpy import save_file

    _dictionary(folder)
    table = np.arange(10, dtype=np.float32).reshape(5, 2)
    save_file({"bert.embeddings.word_embeddings.weight": table}, folder / "model.safetensors")
    config = {"model_type": "bert", "vocab_size": 5, "hidden_size": 2}
    (folder / "config.json").write_text(json.dumps(config))
    return folder / "model.safetensors"


def _geneformer_of_torch(folder):
    torch = _torch()
    _dictionary(folder)
    table = torch.arange(10.0).reshape(5, 2)
    path = folder / "pytorch_model.bin"
    torch.save({"bert.embeddings.word_embeddings.weight": table}, path)
    return path


def _scgpt(folder):
    torch = _torch()
    state = {
        "encoder.embedding.weight": torch.arange(12.0).reshape(6, 2).sin(),
        "encoder.enc_norm.weight": torch.tensor([1.0, 2.0]),
        "encoder.enc_norm.bias": torch.tensor([0.5, -0.5]),
    }
    torch.save(state, folder / "best_model.pt")
    vocabulary = {"MET": 2, "<pad>": 5, "RP5-973N23.5": 0, "ENSG00000285629": 1, "<cls>": 3}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "args.json").write_text(json.dumps({"embsize": 2}))
    return folder / "best_model.pt"


EXAMPLES = {
    ("pickle", "lists"): _lists,
    ("pickle", "text"): _text,
    ("pickle", "arrays"): _arrays,
    ("pickle", "columns"): _columns,
    ("torch", "tensors"): _tensors,
    ("torch", "old"): _old_tensors,
    ("torch", "bfloat16"): _bfloat16,
    ("torch", "checkpoint"): _checkpoint,
    ("safetensors", "shards"): _shards,
    ("geneformer", "safetensors"): _geneformer,
    ("geneformer", "torch"): _geneformer_of_torch,
    ("scgpt", "file"): _scgpt,
}
