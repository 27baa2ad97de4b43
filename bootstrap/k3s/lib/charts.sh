# shellcheck shell=bash
# Charts for an Argo CD without the internet: a Helm repository that k3s hands out at /static/hookline/charts.

offer_charts() {
  local from=$PREPARED/charts to=$STATIC/charts chart
  [ -f "$from/index.yaml" ] || return 0
  mkdir -p "$to"
  for chart in "$from"/*.tgz; do copy_file "$chart" "$to/$(basename "$chart")"; done
  copy_file "$from/index.yaml" "$to/index.yaml"
  for chart in "$to"/*.tgz; do
    [ -e "$from/$(basename "$chart")" ] || { rm "$chart"; tell "took away $(basename "$chart")"; }
  done
  tell "offers $(amount "$(find "$to" -name '*.tgz' | wc -l)" chart) at https://$CONTROL:6443/static/hookline/charts"
}
