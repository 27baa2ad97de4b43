# shellcheck shell=bash
# The few programs a node needs beside k3s: from Debian, or from the prepared folder.

install_packages() {
  local wanted=(curl openssl iproute2) missing=()
  if [ "$ROLE" = control ]; then
    wanted+=(git openssh-server)
    have_prepared_ours || wanted+=(buildah)
  fi
  for package in "${wanted[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then
    tell "nothing is missing"
  elif compgen -G "$PREPARED/$ARCH/packages/*.deb" >/dev/null; then
    dpkg --install "$PREPARED/$ARCH/packages/"*.deb >/dev/null
    tell "installed what is prepared, for ${missing[*]}"
  else
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null ||
      fail "Debian's packages ${missing[*]} could not be installed"
    tell "installed ${missing[*]}"
  fi
}
