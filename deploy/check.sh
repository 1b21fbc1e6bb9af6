#!/bin/sh
# Whether the programs that read what an operator takes from deploy/ take it: `make deploy`.
# HADOLINT is in the development environment; the others are asked where this machine has them, and
# where it has not, a line says so. tests/deploy/ holds what they say against the settings.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${HADOLINT:-hadolint}" --failure-threshold style deploy/Containerfile
echo "hadolint: deploy/Containerfile is right."

if command -v systemd-analyze >/dev/null; then
  # Koe is installed on no machine of ours: its programs are there by another name.
  cp -R deploy/systemd/. "$work"
  sed -i 's#^ExecStart=/opt/koe/src/.venv/bin/[a-z]*#ExecStart=/bin/true#' "$work"/*.service
  units=$(cd "$work" && ls ./*.timer ./*.target ./koe-[!w]*.service ./koe-web.service)
  # What it would ignore is a warning to it, and a fault to us.
  # shellcheck disable=SC2086
  (cd "$work" && SYSTEMD_UNIT_PATH="$work:" systemd-analyze verify --man=no $units "$work/koe-worker@mail.service") >"$work/said" 2>&1 ||
    { cat "$work/said"; exit 1; }
  if grep "koe" "$work/said"; then exit 1; fi
  for unit in "$work"/koe-web.service "$work"/koe-beat.service "$work"/koe-migrate.service; do
    systemd-analyze security --offline=yes --threshold=20 "$unit" >"$work/said" || { cat "$work/said"; exit 1; }
  done
  echo "systemd-analyze: the units are right, and closed to 2.0 or better."
else
  echo "SKIPPED: systemd-analyze is not here; the units are read by tests/deploy/ alone."
fi

if command -v caddy >/dev/null; then
  KOE_HOST=koe.example.com caddy validate --config deploy/Caddyfile --adapter caddyfile >"$work/said" 2>&1 ||
    { cat "$work/said"; exit 1; }
  echo "caddy: deploy/Caddyfile is right."
else
  echo "SKIPPED: caddy is not here; deploy/Caddyfile is read by tests/deploy/ alone."
fi

if docker compose version >/dev/null 2>&1; then
  cp deploy/koe.env.example "$work/koe.env"
  cp deploy/compose.yaml "$work/"
  (cd "$work" && KOE_HOST=koe.example.com POSTGRES_PASSWORD=x docker compose --file compose.yaml config --quiet)
  echo "docker compose: deploy/compose.yaml is right."
else
  echo "SKIPPED: docker compose is not here; deploy/compose.yaml is read by tests/deploy/ alone."
fi
