# shellcheck shell=bash
# Files are put in place whole or not at all, so that a broken run leaves nothing half written.

# write_file <path> <mode>: takes stdin; says so if anything changed
write_file() {
  local path=$1 mode=$2 new
  mkdir -p "$(dirname "$path")"
  new=$(mktemp "$path.XXXXXX")
  cat >"$new"
  chmod "$mode" "$new"
  if [ -e "$path" ] && cmp -s "$new" "$path" && [ "$(stat -c %a "$path")" = "${mode#0}" ]; then
    rm "$new"
  else
    mv "$new" "$path"
    tell "wrote $path"
  fi
}

# has_checksum <path> <sha256>
has_checksum() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d' ' -f1)" = "$2" ]; }

# copy_file <from> <to>: only what differs
copy_file() {
  cmp -s "$1" "$2" && return
  cp "$1" "$2.part"
  mv "$2.part" "$2"
  tell "copied $(basename "$2")"
}

# download <address> <path> <sha256>
download() {
  curl --fail --silent --show-error --location --retry 3 --output "$2.part" "$1" ||
    fail "$1 could not be fetched; without the internet fill $PREPARED: bun run bootstrap download"
  has_checksum "$2.part" "$3" || fail "$1 has not the checksum $3"
  mv "$2.part" "$2"
}

# Every prepared file has to be listed, with its checksum.
check_prepared() {
  [ -d "$PREPARED" ] || { tell "nothing: what is missing comes from the internet"; return; }
  [ -f "$PREPARED/SHA256SUMS" ] || fail "$PREPARED has no SHA256SUMS: bun run bootstrap download"
  local unlisted
  (cd "$PREPARED" && sha256sum --check --quiet SHA256SUMS) || fail "$PREPARED is not what SHA256SUMS says"
  unlisted=$(cd "$PREPARED" && find . -type f ! -name SHA256SUMS ! -name '*.part' -printf '%P\n' |
    while read -r file; do grep -q "  $file\$" SHA256SUMS || echo "$file"; done)
  [ -z "$unlisted" ] || fail "$PREPARED has files that SHA256SUMS does not list: $unlisted"
  tell "$(amount "$(wc -l <"$PREPARED/SHA256SUMS")" file), with the right checksums"
}
