"""The figures every model is compared by."""

import numpy as np
from sklearn.metrics import roc_auc_score


def tpr_at(labels: np.ndarray, scores: np.ndarray, fpr: float) -> float:
    """The largest share of phishing found by a threshold whose false alarms are at most fpr."""
    return float(np.mean(scores[labels == 1] > threshold_at(labels, scores, fpr)))


def threshold_at(labels: np.ndarray, scores: np.ndarray, fpr: float) -> float:
    """The lowest threshold t for which at most a share fpr of the legitimate rows scores above t."""
    legitimate = np.sort(scores[labels == 0])[::-1]
    return float(legitimate[int(fpr * len(legitimate))])


def measure(scores: dict[str, np.ndarray], labels: dict[str, np.ndarray], cut: float) -> dict:
    """All figures of one model; cut is its own decision limit (0.5 for a probability, 0 for an SVM).

    The names are those of the models' cards. frozenFpr and frozenTpr: false alarms and phishing found
    by the threshold that gives 1 % false alarms on val.
    """
    frozen = threshold_at(labels["val"], scores["val"], 0.01)
    out = {}
    for name in ("test", "holdout"):
        y, s = labels[name], scores[name]
        out[name] = {
            "rows": len(y),
            "accuracy": float(np.mean((s > cut) == (y == 1))),
            "auc": float(roc_auc_score(y, s)),
            "tprAtFpr1": tpr_at(y, s, 0.01),
            "tprAtFpr01": tpr_at(y, s, 0.001),
            "frozenFpr": float(np.mean(s[y == 0] > frozen)),
            "frozenTpr": float(np.mean(s[y == 1] > frozen)),
        }
    return out
