"""TF-IDF of character n-grams and a linear support vector machine: the classic of the field."""

import numpy as np
from rows import Rows
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

CUT = 0.0
VERSIONS_OF = ("scikit-learn", "scipy", "numpy")


def train(splits: dict[str, Rows], _minutes: float) -> tuple[dict[str, np.ndarray], dict]:
    """Fits on all training rows; the C of three that does best on val is kept."""
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(2, 5), min_df=3, sublinear_tf=True, dtype=np.float32
    )
    inputs = {"train": vectorizer.fit_transform(splits["train"].urls)}
    for name in ("val", "test", "holdout"):
        inputs[name] = vectorizer.transform(splits[name].urls)
    tried: dict[float, float] = {}
    best: LinearSVC | None = None
    for c in (0.3, 1.0, 3.0):
        model = LinearSVC(C=c, random_state=1).fit(inputs["train"], splits["train"].labels)
        tried[c] = float(model.score(inputs["val"], splits["val"].labels))
        print(f"svm: C {c}, accuracy on val {tried[c]:.4f}", flush=True)
        if tried[c] == max(tried.values()):
            best = model
    assert best is not None
    scores = {name: best.decision_function(inputs[name]) for name in ("val", "test", "holdout")}
    return scores, {
        "rows": len(splits["train"].urls),
        "features": len(vectorizer.vocabulary_),
        "c": best.C,
    }
