"""Reads the labelled rows that every model is trained and measured on."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LABELS = {"legitimate": 0, "phishing": 1, "0": 0, "1": 1}
SPLITS = ("train", "val", "test", "holdout")


@dataclass(frozen=True)
class Rows:
    """URLs in canonical form (no scheme, no "www.") and their labels, 1 for phishing."""

    urls: list[str]
    labels: np.ndarray
    sha256: str


def read_rows(path: Path) -> Rows:
    """Reads a gzipped file of lines label<TAB>url<TAB>source; a line of another shape is an error."""
    packed = path.read_bytes()
    urls: list[str] = []
    labels: list[int] = []
    for number, line in enumerate(gzip.decompress(packed).decode().splitlines(), start=1):
        parts = line.split("\t")
        if len(parts) != 3 or parts[0] not in LABELS:
            raise ValueError(f"{path}:{number}: not label<TAB>url<TAB>source")
        labels.append(LABELS[parts[0]])
        urls.append(parts[1])
    return Rows(urls, np.array(labels, dtype=np.int8), hashlib.sha256(packed).hexdigest())


def read_splits(folder: Path) -> dict[str, Rows]:
    """Reads train, val, test and holdout of a data folder."""
    return {name: read_rows(folder / f"{name}.tsv.gz") for name in SPLITS}
