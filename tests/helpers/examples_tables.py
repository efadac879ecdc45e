"""Small valid files of tables and arrays, each written by the library that owns the format."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pandas as pd
from safetensors.numpy import save_file

NAMES = ["EGFR", "NA", "1956", "HLA-A"]
VECTORS = np.array(
    [[0.5, -1.25, 2.0], [0.1, 0.2, 0.3], [1e-3, 4.0, -0.75], [3.5, 2.25, 1.0]], np.float32
)


def _frame():
    frame = pd.DataFrame(VECTORS, columns=["dim_0", "dim_1", "dim_2"])
    frame.insert(0, "gene", NAMES)
    return frame


def csv_with_header(folder):
    path = folder / "table.csv"
    _frame().to_csv(path, index=False)
    return path


def csv_of_pandas_index(folder):
    path = folder / "table.csv.gz"
    pd.DataFrame(VECTORS, index=NAMES).to_csv(path)
    return path


def csv_without_header(folder):
    path = folder / "table.txt"
    _frame().to_csv(path, index=False, header=False)
    return path


def tsv_with_annotations(folder):
    path = folder / "table.tsv"
    frame = _frame()
    frame.insert(1, "full_name", ["epidermal, growth", 'a "b"', "", "c"])
    frame.to_csv(path, index=False, sep="\t")
    return path


def csv_of_decimal_commas(folder):
    path = folder / "table.csv"
    _frame().to_csv(path, index=False, sep=";", decimal=",")
    return path


def parquet_wide(folder):
    path = folder / "table.parquet"
    _frame().to_parquet(path)
    return path


def parquet_of_index(folder):
    path = folder / "table.parquet"
    frame = pd.DataFrame(VECTORS, index=NAMES)
    frame.rename(columns=str).to_parquet(path, compression="zstd")
    return path


def parquet_of_lists(folder):
    path = folder / "table.parquet"
    pd.DataFrame({"gene": NAMES, "embedding": list(VECTORS)}).to_parquet(path)
    return path


def npz(folder):
    path = folder / "gene_embeddings_ordered_brain.npz"
    np.savez(path, embeddings=VECTORS, genes=np.array(NAMES))
    return path


def npz_of_objects(folder):
    path = folder / "brain.npz"
    np.savez_compressed(path, genes=np.array(NAMES, object), vectors=VECTORS.astype(">f8"))
    return path


def npy_with_words(folder):
    path = folder / "google_news_embeddings_30k.npy"
    np.save(path, np.asfortranarray(VECTORS))
    np.save(folder / "google_news_words_30k.npy", np.array(NAMES))
    return path


def npy_with_vocabulary(folder):
    path = folder / "X.npy"
    np.save(path, VECTORS.astype(np.float16))
    (folder / "vocab.json").write_text(json.dumps({name: row for row, name in enumerate(NAMES)}))
    return path


def npy_of_dictionary(folder):
    path = folder / "genes.npy"
    np.save(path, dict(zip(NAMES, VECTORS, strict=True)), allow_pickle=True)
    return path


def safetensors(folder):
    path = folder / "weights.safetensors"
    save_file({"embeddings": VECTORS, "bias": VECTORS[0]}, path)
    (folder / "names.txt").write_text("\n".join(NAMES) + "\n")
    return path


def safetensors_with_metadata(folder):
    path = folder / "weights.safetensors"
    save_file({"embeddings": VECTORS}, path, {"genes": json.dumps(NAMES)})
    return path


def json_of_lists(folder):
    path = folder / "gene_embeddings_brain.json"
    path.write_text(json.dumps(dict(zip(NAMES, VECTORS.tolist(), strict=True))))
    return path


def json_of_entries(folder):
    path = folder / "scelmo.json.gz"
    entries = {name: {"embeddings": row} for name, row in zip(NAMES, VECTORS.tolist(), strict=True)}
    path.write_bytes(gzip.compress(json.dumps(entries, indent=1).encode(), mtime=0))
    return path


def json_of_columns(folder):
    path = folder / "columns.json"
    path.write_text(json.dumps({"genes": NAMES, "embeddings": VECTORS.tolist()}))
    return path


def json_of_records(folder):
    path = folder / "records.json"
    pd.DataFrame({"gene": NAMES, "embedding": list(VECTORS)}).to_json(path, orient="records")
    return path


def projector(folder):
    inner = folder / "projector"
    inner.mkdir()
    np.savetxt(inner / "tensors.tsv", VECTORS, delimiter="\t")
    (inner / "metadata.tsv").write_text("\n".join(NAMES) + "\n")
    return inner


def projector_with_columns(folder):
    path = folder / "brain_tensors.tsv"
    np.savetxt(path, VECTORS, delimiter="\t", fmt="%.6g")
    frame = pd.DataFrame({"count": [4, 3, 2, 1], "gene": NAMES})
    frame.to_csv(folder / "brain_metadata.tsv", sep="\t", index=False)
    return path


EXAMPLES = {
    ("table", "header"): csv_with_header,
    ("table", "index"): csv_of_pandas_index,
    ("table", "bare"): csv_without_header,
    ("table", "annotated"): tsv_with_annotations,
    ("table", "decimal-comma"): csv_of_decimal_commas,
    ("parquet", "wide"): parquet_wide,
    ("parquet", "index"): parquet_of_index,
    ("parquet", "lists"): parquet_of_lists,
    ("npz", "lab"): npz,
    ("npz", "objects"): npz_of_objects,
    ("npy", "words"): npy_with_words,
    ("npy", "vocabulary"): npy_with_vocabulary,
    ("npy", "dictionary"): npy_of_dictionary,
    ("safetensors", "beside"): safetensors,
    ("safetensors", "metadata"): safetensors_with_metadata,
    ("json", "lists"): json_of_lists,
    ("json", "entries"): json_of_entries,
    ("json", "columns"): json_of_columns,
    ("json", "records"): json_of_records,
    ("projector", "names"): projector,
    ("projector", "columns"): projector_with_columns,
}
