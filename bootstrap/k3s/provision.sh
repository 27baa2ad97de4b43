#!/usr/bin/env bash
# Makes this machine a node of the cluster: provision.sh control|worker <its address> <the control node's address>
# As root. Can be run at any time: what is done already is left as it is, what a broken run left out is made up for.
# shellcheck source-path=SCRIPTDIR
set -Eeuo pipefail
trap 'echo "Cannot provision: a command failed at ${BASH_SOURCE[0]}:$LINENO; see above, then run this again" >&2' ERR

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOURCE=$(cd "$HERE/../.." && pwd)
PREPARED=$HERE/prepared
IMAGES=/var/lib/rancher/k3s/agent/images
STATIC=/var/lib/rancher/k3s/server/static/hookline
STATE=/var/lib/hookline
WAIT_SECONDS=${WAIT_SECONDS:-1200}

# shellcheck source=lib/say.sh
. "$HERE/lib/say.sh"
# shellcheck source=lib/files.sh
. "$HERE/lib/files.sh"
# shellcheck source=/dev/null
. "$HERE/versions.env"
# shellcheck source=lib/packages.sh
. "$HERE/lib/packages.sh"
# shellcheck source=lib/k3s.sh
. "$HERE/lib/k3s.sh"
# shellcheck source=lib/images.sh
. "$HERE/lib/images.sh"
# shellcheck source=lib/charts.sh
. "$HERE/lib/charts.sh"
# shellcheck source=lib/git.sh
. "$HERE/lib/git.sh"

[ $# = 3 ] || fail "three arguments are wished: control|worker, this node's address, the control node's address"
ROLE=$1 ADDRESS=$2 CONTROL=$3
[ "$ROLE" = control ] || [ "$ROLE" = worker ] || fail "the role is \"$ROLE\", must be control or worker"
[ "$(id -u)" = 0 ] || fail "only root can do this: sudo $0 $*"
case "$(uname -m)" in
  x86_64) ARCH=amd64 ;;
  aarch64) ARCH=arm64 ;;
  *) fail "k3s is pinned for x86_64 and aarch64, this is $(uname -m)" ;;
esac
mkdir -p "$STATE" "$IMAGES"

step "what is prepared"
check_prepared
step "packages"
install_packages
step "k3s $K3S_VERSION"
install_k3s
step "images"
place_prepared_images
if [ "$ROLE" = control ]; then
  make_our_images
  offer_charts
else
  fetch_our_images
fi
step "configuration"
configure_k3s
step "the service"
start_k3s
wait_for_node
if [ "$ROLE" = control ]; then
  step "the Git repository"
  make_repository
  step "what the host needs"
  publish_to_host
fi
step "done: $(hostname) is a $ROLE node at $ADDRESS"
