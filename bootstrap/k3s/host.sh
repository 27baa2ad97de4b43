#!/usr/bin/env bash
# What has to happen on the host, around the machines; Vagrant's triggers run it.
#   host.sh prepare   before: the token of the cluster, and which revision the images are made from
#   host.sh collect   after:  kubeconfig, deploy key and host key from the control node, for this user only
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077

case "${1:-}" in
  prepare)
    if [ ! -s token ]; then
      head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >token.part
      mv token.part token
      echo "Drew the cluster's token: bootstrap/k3s/token"
    fi
    git describe --always --dirty --abbrev=40 --exclude='*' >revision 2>/dev/null || echo unknown >revision
    ;;
  collect)
    for file in kubeconfig deploy-key known-hosts; do
      vagrant ssh control --no-tty --command "sudo cat /etc/hookline/$file" >"$file.part"
      [ -s "$file.part" ] || { echo "Cannot collect $file: the control node has none; vagrant provision control" >&2; exit 1; }
      mv "$file.part" "$file"
    done
    echo "The cluster is at $(sed -n 's/^ *server: //p' kubeconfig): export KUBECONFIG=$PWD/kubeconfig"
    ;;
  *)
    echo "Usage: host.sh prepare|collect" >&2
    exit 2
    ;;
esac
