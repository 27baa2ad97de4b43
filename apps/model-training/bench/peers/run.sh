#!/usr/bin/env bash
# Trains the peers one after another on one thread: ./run.sh <folder of train.tsv.gz …> [minutes] [peer …]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=${1:?"usage: ./run.sh <data folder> [minutes of the CNN] [svm|gbdt|cnn …]"}
minutes=${2:-60}
peers=("${@:3}")
venv=$here/../../../../.cache/peers
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
export OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
[ ${#peers[@]} -gt 0 ] || peers=(gbdt svm cnn)
for peer in "${peers[@]}"; do
  nice -n 10 "$venv/bin/python" "$here/run.py" --peer "$peer" --data "$data" --minutes "$minutes"
done
