# shellcheck shell=bash
# Images reach a node as archives in a folder that k3s reads when it starts: no registry is needed.
# A <name>.sum beside each archive says what it was made from.

OURS=(app model-service shadow-report model-v1 model-v2)

have_prepared_ours() {
  for name in "${OURS[@]}"; do [ -f "$PREPARED/$ARCH/images/$name.tar" ] || return; done
}

place_prepared_images() {
  local archive sum
  for archive in "$PREPARED/$ARCH"/k3s-airgap-images.tar.zst "$PREPARED/$ARCH"/images/*.tar; do
    [ -f "$archive" ] || continue
    copy_file "$archive" "$IMAGES/$(basename "$archive")"
    sum=$(sha256sum <"$archive")
    write_file "$IMAGES/$(basename "$archive").sum" 0644 <<<"$sum"
  done
}

reference_of() {
  case $1 in
    model-v1) echo "ghcr.io/hookline/model:$MODEL_V1_VERSION" ;;
    model-v2) echo "ghcr.io/hookline/model:$MODEL_V2_VERSION" ;;
    *) echo "ghcr.io/hookline/$1:$IMAGES_VERSION" ;;
  esac
}

# Of all that an image may be made from: it is made anew when one of these files changes.
digest_sources() {
  (cd "$SOURCE" && find package.json bun.lock .dockerignore apps packages -type f \
    ! -path '*/node_modules/*' ! -name '*.test.ts' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
}

make_our_images() {
  if have_prepared_ours; then
    tell "ours are prepared"
    return
  fi
  local sources name made=0
  sources=$(digest_sources)
  mkdir -p "$STATIC"
  for name in "${OURS[@]}"; do
    if [ -f "$IMAGES/$name.tar" ] && [ "$(cat "$IMAGES/$name.tar.sum" 2>/dev/null)" = "$sources" ]; then continue; fi
    make_image "$name"
    write_file "$IMAGES/$name.tar.sum" 0644 <<<"$sources"
    made=$((made + 1))
  done
  ((made > 0)) || tell "ours are there"
  offer_our_images
}

# From the release if there is one of this version, else from the sources beside this script.
make_image() {
  local name=$1 reference file=apps/$1/Dockerfile model=() archive=$IMAGES/$1.tar
  reference=$(reference_of "$name")
  if buildah pull --quiet "$reference" >/dev/null 2>&1; then
    tell "$name: taken from the release, $reference"
  else
    [ "${name#model-v}" = "$name" ] || { file=apps/model-service/models/Dockerfile; model=(--build-arg "MODEL=${name#model-}"); }
    tell "$name: building"
    buildah bud --quiet --isolation chroot --layers --file "$SOURCE/$file" "${model[@]}" --tag "$reference" \
      --build-arg "VERSION=${reference##*:}" --build-arg "REVISION=$(cat "$HERE/revision" 2>/dev/null || echo unknown)" \
      "$SOURCE" >/dev/null || fail "the image $name could not be built"
  fi
  rm -f "$archive.part"
  buildah push --quiet "$reference" "docker-archive:$archive.part:$reference" >/dev/null
  mv "$archive.part" "$archive"
}

# As HMAC does, a hash over a hash, each with the token before it: openssl takes a key as an argument, which every user can read.
sign() {
  local inner
  inner=$(cat "$HERE/token" - | sha256sum)
  cat "$HERE/token" - <<<"$inner" | sha256sum | cut -d' ' -f1
}

# k3s serves this folder to anyone, without a login: the list is signed with the token, which only nodes have.
offer_our_images() {
  local name
  for name in "${OURS[@]}"; do
    [ "$IMAGES/$name.tar" -ef "$STATIC/$name.tar" ] || ln -f "$IMAGES/$name.tar" "$STATIC/$name.tar"
  done
  (cd "$STATIC" && sha256sum "${OURS[@]/%/.tar}") | write_file "$STATIC/SHA256SUMS" 0644
  sign <"$STATIC/SHA256SUMS" | write_file "$STATIC/SHA256SUMS.hmac" 0644
}

fetch_our_images() {
  if have_prepared_ours; then
    tell "ours are prepared"
    return
  fi
  local address=https://$CONTROL:6443/static/hookline list=$STATE/SHA256SUMS end=$((SECONDS + WAIT_SECONDS)) sum file
  tell "from the control node; waiting until it has them"
  until curl --fail --silent --insecure --output "$list" "$address/SHA256SUMS" &&
    curl --fail --silent --insecure --output "$list.hmac" "$address/SHA256SUMS.hmac"; do
    ((SECONDS < end)) || fail "$CONTROL offers no images after $WAIT_SECONDS s; is its provisioning done?"
    sleep 5
  done
  [ "$(sign <"$list")" = "$(cat "$list.hmac")" ] || fail "the list of images is not signed with this cluster's token; provision the control node first, with the same sources"
  while read -r sum file; do
    if has_checksum "$IMAGES/$file" "$sum"; then continue; fi
    curl --fail --silent --insecure --output "$IMAGES/$file.part" "$address/$file" || fail "$file could not be fetched from $CONTROL"
    has_checksum "$IMAGES/$file.part" "$sum" || fail "$file from $CONTROL has not the checksum $sum"
    mv "$IMAGES/$file.part" "$IMAGES/$file"
    write_file "$IMAGES/$file.sum" 0644 <<<"$sum"
    tell "fetched $file"
  done <"$list"
}
