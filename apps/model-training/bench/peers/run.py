"""Trains one peer and puts its figures into the result file: python run.py --peer svm --data DIR."""

import argparse
import json
import platform
import time
from datetime import datetime, timezone
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from figures import measure
from rows import read_splits

PEERS = {"svm": "TF-IDF + linear SVM", "gbdt": "LightGBM, lexical", "cnn": "the original's CNN"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains a peer of Hookline's model on the same rows.")
    parser.add_argument("--peer", choices=PEERS, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of train.tsv.gz and the rest")
    parser.add_argument("--minutes", type=float, default=60, help="processor minutes the CNN trains")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("results.json"))
    options = parser.parse_args()

    splits = read_splits(options.data)
    labels = {name: rows.labels for name, rows in splits.items()}
    peer = import_module(options.peer)
    start, cpu = time.monotonic(), time.process_time()
    scores, notes = peer.train(splits, options.minutes)
    result = {
        "name": PEERS[options.peer],
        "date": datetime.now(timezone.utc).date().isoformat(),
        "minutes": round((time.monotonic() - start) / 60, 1),
        "cpuMinutes": round((time.process_time() - cpu) / 60, 1),
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in peer.VERSIONS_OF},
        "training": notes,
        "data": {n: {"rows": len(r.urls), "sha256": r.sha256} for n, r in splits.items()},
        "figures": measure(scores, labels, peer.CUT),
    }
    # Read only now: another peer may have finished meanwhile.
    results = json.loads(options.out.read_text()) if options.out.exists() else {}
    results[options.peer] = result
    options.out.write_text(json.dumps(dict(sorted(results.items())), indent=2) + "\n")
    print(json.dumps(result["figures"], indent=2))


if __name__ == "__main__":
    main()
