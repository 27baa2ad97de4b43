# shellcheck shell=bash
# What a run tells: each step, and what changed in it.
step() { printf '==> %s\n' "$*"; }
tell() { printf '    %s\n' "$*"; }
fail() {
  printf 'Cannot provision: %s\n' "$*" >&2
  exit 1
}
