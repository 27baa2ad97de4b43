"""The character CNN of the system that Hookline replaces, trained for a given number of minutes.

Seven convolutions of 128 (tanh; kernels 3, 7, 5, 3, 5, 3, 3), four poolings by 3, seven dropouts of
0.2, embedding 50, the last 200 characters, one sigmoid. The vocabulary is frozen from train, where
the original fitted it again at every start.
"""

import os
import time
from collections import Counter

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from rows import Rows

CUT = 0.5
VERSIONS_OF = ("keras", "tensorflow-cpu", "numpy")
LENGTH = 200
BATCH = 256
# (kernel, padding, pooled): where the original pools by 3.
LAYERS = (
    (3, "valid", True),
    (7, "same", False),
    (5, "same", False),
    (3, "same", True),
    (5, "same", False),
    (3, "same", True),
    (3, "same", True),
)
UNKNOWN = 1


def encode(urls: list[str], index: dict[str, int]) -> np.ndarray:
    """Lower-cased characters as numbers, the last 200, filled with 0 on the left as Keras pads."""
    out = np.zeros((len(urls), LENGTH), dtype=np.int16)
    for row, url in enumerate(urls):
        codes = [index.get(c, UNKNOWN) for c in url.lower()[-LENGTH:]]
        out[row, LENGTH - len(codes) :] = codes
    return out


def build(vocabulary: int) -> keras.Model:
    layers: list[keras.Layer] = [keras.Input((LENGTH,), dtype="int16")]
    layers.append(keras.layers.Embedding(vocabulary, 50))
    for kernel, padding, pooled in LAYERS:
        layers.append(keras.layers.Conv1D(128, kernel, activation="tanh", padding=padding))
        if pooled:
            layers.append(keras.layers.MaxPooling1D(3))
        layers.append(keras.layers.Dropout(0.2))
    layers += [keras.layers.Flatten(), keras.layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential(layers)
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


def train(splits: dict[str, Rows], minutes: float) -> tuple[dict[str, np.ndarray], dict]:
    """Passes over shuffled training rows until the minutes of one core are used up.

    Minutes are processor time: what else the machine does at the time costs the network no rows.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(1)
    characters = Counter(c for url in splits["train"].urls for c in url.lower())
    index = {c: i for i, (c, _) in enumerate(characters.most_common(), start=UNKNOWN + 1)}
    inputs = {name: encode(rows.urls, index) for name, rows in splits.items()}
    labels = splits["train"].labels.astype(np.float32)
    model = build(len(index) + 2)
    random = np.random.default_rng(1)
    end = time.process_time() + minutes * 60
    seen, losses = 0, []
    while time.process_time() < end:
        order = random.permutation(len(labels))
        for start in range(0, len(order), BATCH):
            if time.process_time() >= end:
                break
            batch = np.sort(order[start : start + BATCH])
            losses.append(float(model.train_on_batch(inputs["train"][batch], labels[batch])))
            seen += len(batch)
            if len(losses) % 200 == 0:
                left = max(0.0, end - time.process_time()) / 60
                print(f"cnn: {seen} rows, loss {losses[-1]:.3f}, {left:.1f} min left", flush=True)
    scores = {
        name: model.predict(inputs[name], batch_size=1024, verbose=0)[:, 0].astype(np.float64)
        for name in ("val", "test", "holdout")
    }
    return scores, {
        "rows": min(seen, len(labels)),
        "trainMinutes": minutes,
        "rowsSeen": seen,
        "passes": round(seen / len(labels), 2),
        "parameters": model.count_params(),
    }
