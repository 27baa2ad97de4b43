"""LightGBM on lexical features: lengths, counts, shares, entropy, words and the ending of the host."""

import math
import re
from collections import Counter

import lightgbm
import numpy as np
from rows import Rows

CUT = 0.5
VERSIONS_OF = ("lightgbm", "numpy")
COUNTED = ".-_/?=&%@~+,;:!*#"
WORDS = (
    "login signin account secure verify update bank pay wallet support service webscr mail confirm "
    "password free bonus gift claim crypto index php html admin wp-content wp-includes cgi"
).split()
IP_HOST = re.compile(r"^\d{1,3}(\.\d{1,3}){3}(:\d+)?$")
ENDINGS = 256


def entropy(text: str) -> float:
    """Shannon entropy in bits a character; 0 for an empty text."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0


def longest(pattern: str, text: str) -> int:
    return max((len(run) for run in re.findall(pattern, text)), default=0)


def describe_part(text: str) -> list[float]:
    digits = sum(c.isdigit() for c in text)
    letters = sum(c.isalpha() for c in text)
    vowels = sum(c in "aeiouAEIOU" for c in text)
    return [
        len(text),
        digits,
        digits / max(1, len(text)),
        vowels / max(1, letters),
        entropy(text),
        longest(r"\d+", text),
        longest(r"[A-Za-z]+", text),
        longest(r"[bcdfghjklmnpqrstvwxz]+", text),
    ]


def describe(url: str, endings: dict[str, int]) -> list[float]:
    """The features of one canonical URL; the last is a category, the ending of the host."""
    head, _, query = url.partition("?")
    host, _, path = head.partition("/")
    labels = host.split(".")
    low = url.lower()
    return [
        *describe_part(host),
        *describe_part(path),
        *describe_part(query),
        *(url.count(c) for c in COUNTED),
        host.count("."),
        host.count("-"),
        *(float(word in low) for word in WORDS),
        len(labels),
        max(len(label) for label in labels),
        len(labels[-1]),
        path.count("/"),
        sum(c.isupper() for c in url),
        float("xn--" in host),
        float(IP_HOST.match(host) is not None),
        float(":" in host),
        endings.get(labels[-1], ENDINGS),
    ]


def train(splits: dict[str, Rows], _minutes: float) -> tuple[dict[str, np.ndarray], dict]:
    """Fits on all training rows and stops when val no longer improves."""
    common = Counter(u.split("/", 1)[0].rsplit(".", 1)[-1] for u in splits["train"].urls)
    endings = {name: i for i, (name, _) in enumerate(common.most_common(ENDINGS))}
    inputs = {
        name: np.array([describe(u, endings) for u in rows.urls], dtype=np.float32)
        for name, rows in splits.items()
    }
    model = lightgbm.LGBMClassifier(
        n_estimators=3000, learning_rate=0.1, num_leaves=255, n_jobs=1, random_state=1, verbose=-1
    )
    last = inputs["train"].shape[1] - 1
    model.fit(
        inputs["train"],
        splits["train"].labels,
        eval_X=inputs["val"],
        eval_y=splits["val"].labels,
        categorical_feature=[last],
        callbacks=[lightgbm.early_stopping(50), lightgbm.log_evaluation(100)],
    )
    scores = {n: model.predict_proba(inputs[n])[:, 1] for n in ("val", "test", "holdout")}
    return scores, {
        "rows": len(splits["train"].urls),
        "features": last + 1,
        "trees": model.best_iteration_,
    }
