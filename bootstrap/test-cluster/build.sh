#!/usr/bin/env bash
# Puts an API server, etcd and the CRDs of our platform into .cache/kube-apiserver, from the Go
# module proxy. Versions and sums are those of go.mod and go.sum beside this file; modules that
# are only read are checked by Go's checksum database. Twice does nothing the second time.
set -euo pipefail
cd "$(dirname "$0")"

KUBERNETES=v1.36.4
ARGO_CD=github.com/argoproj/argo-cd/v3@v3.5.1
ISTIO=istio.io/api@v1.30.3
PROMETHEUS_OPERATOR=github.com/prometheus-operator/prometheus-operator@v0.93.1
SEALED_SECRETS=github.com/bitnami-labs/sealed-secrets@v0.36.6
OUT=$(cd ../.. && pwd)/.cache/kube-apiserver

# All that decides what is built, so that a half run or an old one is seen.
wanted=$(cat build.sh go.mod go.sum | sha256sum | cut -d' ' -f1)
if [ "$(cat "$OUT/built" 2>/dev/null)" = "$wanted" ]; then
  echo "test-cluster: nothing changed"
  exit 0
fi
command -v go >/dev/null || { echo "Cannot build the API server: Go is not installed" >&2; exit 1; }

module_dir() {
  go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}

mkdir -p "$OUT/crds"
echo "test-cluster: reading CRDs"
from=$(module_dir "$ARGO_CD")
install -m 644 "$from/manifests/install.yaml" "$OUT/argo-cd-install.yaml"
from=$(module_dir "$ISTIO")
install -m 644 "$from/kubernetes/customresourcedefinitions.gen.yaml" "$OUT/crds/istio.yaml"
from=$(module_dir "$PROMETHEUS_OPERATOR")
install -m 644 "$from"/example/prometheus-operator-crd/*.yaml "$OUT/crds/"
from=$(module_dir "$SEALED_SECRETS")
install -m 644 "$from/helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml" "$OUT/crds/"

echo "test-cluster: building kube-apiserver $KUBERNETES and etcd (five minutes on two cores)"
version=k8s.io/component-base/version
CGO_ENABLED=0 nice go build -mod=readonly -p "${BUILD_JOBS:-2}" -trimpath \
  -ldflags "-s -w -X $version.gitVersion=$KUBERNETES -X $version.gitMajor=1 -X $version.gitMinor=36 -X $version.gitTreeState=clean" \
  -o "$OUT/" k8s.io/kubernetes/cmd/kube-apiserver go.etcd.io/etcd/server/v3
mv "$OUT/server" "$OUT/etcd"

echo "$wanted" >"$OUT/built"
echo "test-cluster: built"
