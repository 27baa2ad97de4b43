# shellcheck shell=bash
# k3s itself: the binary, its configuration, and the service, which is restarted only when one of them changed.

K3S=/usr/local/bin/k3s

install_k3s() {
  local sum=K3S_SHA256_${ARCH^^} asset=k3s
  [ "$ARCH" = amd64 ] || asset=k3s-$ARCH
  if has_checksum "$K3S" "${!sum}"; then
    tell "is there"
  else
    if [ -f "$PREPARED/$ARCH/k3s" ]; then
      cp "$PREPARED/$ARCH/k3s" "$K3S.part"
    else
      download "https://github.com/k3s-io/k3s/releases/download/${K3S_VERSION/+/%2B}/$asset" "$K3S.part" "${!sum}"
    fi
    has_checksum "$K3S.part" "${!sum}" || fail "the prepared k3s has not the checksum ${!sum}"
    chmod 755 "$K3S.part"
    mv "$K3S.part" "$K3S"
    tell "installed $K3S"
  fi
  for name in kubectl crictl ctr; do
    [ -e "/usr/local/bin/$name" ] || ln -s k3s "/usr/local/bin/$name"
  done
}

# The interface that has this node's address: Vagrant's first one is its own, and has the same address in each machine.
find_interface() {
  ip -o -4 addr show | awk -v address="$ADDRESS" '{split($4, part, "/"); if (part[1] == address) print $2}' | head -n 1
}

configure_k3s() {
  local interface
  interface=$(find_interface)
  [ -n "$interface" ] || fail "no interface has the address $ADDRESS"
  [ -s "$HERE/token" ] || fail "$HERE/token is missing: bootstrap/k3s/host.sh prepare makes it, on the host"
  write_file /etc/rancher/k3s/token 0600 <"$HERE/token"
  {
    echo "node-ip: $ADDRESS"
    echo "flannel-iface: $interface"
    echo "token-file: /etc/rancher/k3s/token"
    if [ "$ROLE" = control ]; then echo "tls-san: [\"$ADDRESS\"]"; else echo "server: https://$CONTROL:6443"; fi
  } | write_file /etc/rancher/k3s/config.yaml.d/node.yaml 0600
  if [ "$ROLE" = control ]; then write_file /etc/rancher/k3s/config.yaml 0600 <"$HERE/config.yaml"; fi
  write_unit | write_file /etc/systemd/system/k3s.service 0644
}

write_unit() {
  local command=server
  [ "$ROLE" = control ] || command=agent
  cat <<UNIT
[Unit]
Description=k3s $command
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=$K3S $command
KillMode=process
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s

[Install]
WantedBy=multi-user.target
UNIT
}

# What the running service was started with is noted after the start, so that a run broken before it starts again.
start_k3s() {
  local wished
  # A worker has no config.yaml.
  wished=$(find "$K3S" /etc/rancher/k3s/token /etc/rancher/k3s/config.yaml* /etc/systemd/system/k3s.service "$IMAGES" \
    \( -path "$IMAGES/*.tar*" ! -name '*.sum' \) -o -type f -print0 | LC_ALL=C sort -z | xargs -0 cat | sha256sum)
  if [ "$(cat "$STATE/started" 2>/dev/null)" = "$wished" ] && systemctl is-active --quiet k3s; then
    tell "runs, with what is wished"
    return
  fi
  systemctl daemon-reload
  systemctl enable --quiet k3s
  tell "starting; a first start takes a minute or two"
  systemctl restart k3s
  write_file "$STATE/started" 0644 <<<"$wished"
}

wait_for_node() {
  local config=/etc/rancher/k3s/k3s.yaml end=$((SECONDS + WAIT_SECONDS)) name
  [ "$ROLE" = control ] || config=/var/lib/rancher/k3s/agent/kubelet.kubeconfig
  name=$(hostname | tr '[:upper:]' '[:lower:]')
  until "$K3S" kubectl --kubeconfig "$config" get node "$name" 2>/dev/null | grep -q ' Ready '; do
    ((SECONDS < end)) || fail "the node is not ready after $WAIT_SECONDS s; journalctl -u k3s tells why"
    sleep 2
  done
  tell "the node is ready"
}
