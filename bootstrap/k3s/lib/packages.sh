# shellcheck shell=bash
# The few programs a node needs beside k3s: from Debian, or from the prepared folder.

install_packages() {
  local missing wanted=(curl iproute2)
  if [ "$ROLE" = control ]; then
    wanted+=(git openssh-server)
    have_prepared_ours || wanted+=(buildah)
  fi
  mapfile -t missing < <(list_absent "${wanted[@]}")
  if ((${#missing[@]} == 0)); then
    tell "nothing is missing"
    return
  fi
  install_prepared
  mapfile -t missing < <(list_absent "${wanted[@]}")
  ((${#missing[@]} > 0)) || return 0
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null ||
    fail "Debian's packages ${missing[*]} could not be installed"
  tell "installed ${missing[*]}"
}

list_absent() {
  local package
  for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || echo "$package"
  done
}

# What the box has stays, it may be newer. A package's file begins with its name.
install_prepared() {
  local file name absent=()
  for file in "$PREPARED/$ARCH/packages/"*.deb; do
    name=$(basename "$file")
    [ ! -f "$file" ] || [ -z "$(list_absent "${name%%_*}")" ] || absent+=("$file")
  done
  ((${#absent[@]} > 0)) || return 0
  dpkg --install "${absent[@]}" >/dev/null || fail "the prepared packages could not be installed"
  tell "installed $(amount "${#absent[@]}" "prepared package")"
}
