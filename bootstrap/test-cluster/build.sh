#!/usr/bin/env bash
# Puts into .cache/kube-apiserver, from the Go module proxy:
#   (first)    an API server, etcd and the CRDs of our platform, for `bun test`
#   argo-cd    also Argo CD's programs, kustomize and helm, for `bun run test:cluster`
# Versions and sums are those of the go.mod and go.sum beside this file; modules that are only
# read, or are installed by version, are checked by Go's checksum database. Twice does nothing
# the second time.
set -euo pipefail
cd "$(dirname "$0")"

KUBERNETES=v1.36.4
ARGO_CD=github.com/argoproj/argo-cd/v3@v3.5.1
CACHE=$(cd ../.. && pwd)/.cache
OUT=$CACHE/kube-apiserver
# The CRDs that our charts bring, of the versions that the tree is held to.
READ_UPSTREAM=../../.ci/read-upstream
# Kustomize and Helm as Argo CD 3.5.1 renders with them.
INSTALL_JUDGES=../../.ci/install-judges
export CGO_ENABLED=0

module_dir() {
  go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}

build() {
  nice go build -mod=readonly -p "${BUILD_JOBS:-2}" -trimpath "$@"
}

build_api_server() {
  local from upstream version=k8s.io/component-base/version
  echo "test-cluster: reading CRDs"
  from=$(module_dir "$ARGO_CD")
  mkdir -p "$OUT"
  install -m 644 "$from/manifests/install.yaml" "$OUT/argo-cd-install.yaml"
  "$READ_UPSTREAM"
  upstream=../../$("$READ_UPSTREAM" --folder)
  [ -d "$upstream" ] || { echo "Cannot build the test cluster: there are no CRDs, see above" >&2; exit 1; }
  rm -rf "$OUT/crds"
  mkdir "$OUT/crds"
  cp "$upstream"/crds/{istio,prometheus-operator,sealed-secrets}/*.yaml "$OUT/crds/"
  echo "test-cluster: building kube-apiserver $KUBERNETES and etcd (five minutes on two cores)"
  build -ldflags "-s -w -X $version.gitVersion=$KUBERNETES -X $version.gitMajor=1 -X $version.gitMinor=36 -X $version.gitTreeState=clean" \
    -o "$OUT/" k8s.io/kubernetes/cmd/kube-apiserver go.etcd.io/etcd/server/v3
  mv "$OUT/server" "$OUT/etcd"
}

build_argo_cd() {
  local from
  echo "test-cluster: building Argo CD, Kustomize and Helm (ten minutes on two cores)"
  from=$(module_dir "$ARGO_CD")
  install -m 755 "$from/hack/git-verify-wrapper.sh" "$OUT/git-verify-wrapper.sh"
  (cd argo-cd && build -ldflags "-s -w" -o "$OUT/argocd" github.com/argoproj/argo-cd/v3/cmd)
  "$INSTALL_JUDGES"
  install -m 755 "$CACHE"/judges/bin/{kustomize,helm} "$OUT/"
  # One program under many names.
  for name in application-controller applicationset-controller repo-server git-ask-pass; do
    ln -sf argocd "$OUT/argocd-$name"
  done
}

# $1: the function; $2: the mark that it left; $3…: all that decides what is built.
once() {
  local mark=$OUT/$2 wanted
  wanted=$(cat "${@:3}" | sha256sum | cut -d' ' -f1)
  if [ "$(cat "$mark" 2>/dev/null)" = "$wanted" ]; then
    echo "test-cluster: $2: nothing changed"
    return
  fi
  "$1"
  echo "$wanted" >"$mark"
}

command -v go >/dev/null || { echo "Cannot build the test cluster: Go is not installed" >&2; exit 1; }
once build_api_server built build.sh go.mod go.sum "$READ_UPSTREAM"
if [ "${1:-}" = argo-cd ]; then
  once build_argo_cd built-argo-cd build.sh argo-cd/go.mod argo-cd/go.sum "$INSTALL_JUDGES"
fi
