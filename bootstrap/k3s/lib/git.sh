# shellcheck shell=bash
# The control node's Git: who has Vagrant's key may push, the deploy key may only read.

REPOSITORY=/srv/git/hookline.git
SHARED=/etc/hookline

make_repository() {
  if ! id git >/dev/null 2>&1; then
    useradd --system --create-home --home-dir /srv/git --shell "$(command -v git-shell)" git
    tell "made the user git"
  fi
  if [ ! -e "$REPOSITORY" ]; then
    rm -rf "$REPOSITORY.part"
    git init --quiet --bare --initial-branch=main "$REPOSITORY.part"
    # What Argo CD has deployed is never rewritten: a mistake is reverted.
    git --git-dir "$REPOSITORY.part" config receive.denyNonFastForwards true
    chown -R git:git "$REPOSITORY.part"
    mv "$REPOSITORY.part" "$REPOSITORY"
    tell "made $REPOSITORY"
  fi
  make_deploy_key
  authorize_keys
}

make_deploy_key() {
  [ -s "$SHARED/deploy-key" ] && [ -s "$SHARED/deploy-key.pub" ] && return
  mkdir -p "$SHARED"
  chmod 700 "$SHARED"
  rm -f "$SHARED/deploy-key" "$SHARED/deploy-key.pub"
  ssh-keygen -q -t ed25519 -N '' -C hookline-argo-cd -f "$SHARED/deploy-key"
  tell "drew a deploy key"
}

# Lines of others in the file are kept; a deploy key that was drawn anew takes the place of the one before.
authorize_keys() {
  local file=/srv/git/.ssh/authorized_keys wished
  install -d -o git -g git -m 700 /srv/git/.ssh
  wished=$(
    [ ! -f "$file" ] || awk '!/ hookline-argo-cd$/' "$file"
    [ ! -f /home/vagrant/.ssh/authorized_keys ] || grep -E '^(ssh|ecdsa|sk)-' /home/vagrant/.ssh/authorized_keys |
      sed 's/^/restrict /'
    echo "restrict,command=\"git-upload-pack '$REPOSITORY'\" $(cat "$SHARED/deploy-key.pub")"
  )
  awk 'NF && !seen[$0]++' <<<"$wished" | write_file "$file" 0600
  chown git:git "$file"
}

# bootstrap/k3s/host.sh brings these three to the host.
publish_to_host() {
  local host_key
  sed "s#https://127.0.0.1:6443#https://$ADDRESS:6443#" /etc/rancher/k3s/k3s.yaml | write_file "$SHARED/kubeconfig" 0600
  host_key=$(cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub)
  write_file "$SHARED/known-hosts" 0644 <<<"$ADDRESS $host_key"
  tell "$SHARED: kubeconfig, deploy-key, known-hosts"
}
