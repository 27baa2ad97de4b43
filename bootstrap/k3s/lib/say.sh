# shellcheck shell=bash
# What a run tells: each step, and what changed in it.
step() { printf '==> %s\n' "$*"; }
tell() { printf '    %s\n' "$*"; }
# Of one thing there is no s: "1 chart", "2 charts".
amount() {
  local s=s
  [ "$1" != 1 ] || s=
  printf '%d %s%s' "$1" "$2" "$s"
}
fail() {
  printf 'Cannot provision: %s\n' "$*" >&2
  exit 1
}
