#!/usr/bin/env bash
# What has to happen on the host, around the machines; Vagrant's triggers run it.
#   host.sh prepare   before: the token of the cluster, and which revision the images are made from
#   host.sh collect   after:  kubeconfig, deploy key and host key from the control node, for this user only
#   host.sh images    when wished: our images from the control node into prepared/, for a cluster without the internet
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077

# from_control <command> <file>: whole or not at all
from_control() {
  vagrant ssh control --no-tty --command "$1" >"$2.part"
  [ -s "$2.part" ] || { echo "Cannot bring $2: the control node has none; vagrant provision control" >&2; exit 1; }
  mv "$2.part" "$2"
}

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
    for file in kubeconfig deploy-key known-hosts; do from_control "sudo cat /etc/hookline/$file" "$file"; done
    echo "The cluster is at $(sed -n 's/^ *server: //p' kubeconfig): export KUBECONFIG=$PWD/kubeconfig"
    ;;
  images)
    arch=$(vagrant ssh control --no-tty --command "dpkg --print-architecture" | tr -d '\r\n')
    mkdir -p "prepared/$arch/images"
    for name in app model-service shadow-report model-v1 model-v2; do
      from_control "sudo cat /var/lib/rancher/k3s/agent/images/$name.tar" "prepared/$arch/images/$name.tar"
    done
    echo "Brought our images to bootstrap/k3s/prepared/$arch/images; bun run bootstrap download lists them"
    ;;
  *)
    echo "Usage: host.sh prepare|collect|images" >&2
    exit 2
    ;;
esac
