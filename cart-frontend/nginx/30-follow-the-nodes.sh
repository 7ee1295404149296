#!/bin/sh
# Writes the upstream `nodes` from DNS, before nginx starts and whenever the answer changes. Open-source nginx itself does so only from 1.27.3 on
# (`server NAME resolve`); this works with every version, and keeps the upstream's keep-alive and its memory of failures
# (docs/adr/007-nginx-front-end.md). Run by the image's entry point from /docker-entrypoint.d.
set -eu

: "${DYNAMOKV_NODES:?is not set: the DNS names of the nodes' ready addresses, for example demo-ready.default.svc.cluster.local}"
port=${DYNAMOKV_NODES_PORT:-8080}
every=${DYNAMOKV_RESOLVE_SECONDS:-1}
file=${DYNAMOKV_UPSTREAM_FILE:-/etc/nginx/conf.d/nodes.conf}
pid_file=${DYNAMOKV_NGINX_PID_FILE:-/tmp/nginx.pid}

case $port in '' | *[!0-9]*) echo "DYNAMOKV_NODES_PORT must be a port, was '$port'" >&2; exit 78 ;; esac
case $every in '' | *[!0-9.]* | *.*.* | . | 0 | 0.0) echo "DYNAMOKV_RESOLVE_SECONDS must be a number above 0, was '$every'" >&2; exit 78 ;; esac

say() {
  printf '{"time":"%s","message":"%s"}\n' "$(date -u +%Y-%m-%dT%H:%M:%S+00:00)" "$*" >&2
}

# The nodes' addresses, one a line, sorted; nothing if DNS has none.
addresses() {
  for name in $DYNAMOKV_NODES; do
    getent ahosts "$name" || true # 2: no such name, which is what a service without ready nodes looks like
  done | while read -r address _; do
    case $address in
      *[!0-9a-fA-F.:]* | '') ;;
      *:*) echo "[$address]" ;;
      *) echo "$address" ;;
    esac
  done | sort -u
}

# A node that failed once is left out for two seconds; then one request tries it again. The zone shares that knowledge between the workers.
upstream() {
  echo 'upstream nodes {'
  echo '    zone nodes 256k;'
  echo '    least_conn;'
  # Nothing listens there: an upstream needs a server before it has one.
  [ -n "$1" ] || echo '    server 127.0.0.1:1 down;'
  for address in $1; do
    echo "    server $address:$port max_fails=1 fail_timeout=2s;"
  done
  echo '    keepalive 64;'
  echo '    keepalive_timeout 30s;'
  echo '}'
}

write_upstream() {
  upstream "$1" >"$file.new"
  mv "$file.new" "$file"
}

# DNS that falls silent takes no node away: the last addresses known to be good stay until there are others.
follow() {
  known=$1
  while :; do
    sleep "$every"
    [ -s "$pid_file" ] || continue
    kill -0 "$(cat "$pid_file")" 2>/dev/null || exit 0
    now=$(addresses)
    if [ -z "$now" ] || [ "$now" = "$known" ]; then
      continue
    fi
    write_upstream "$now"
    kill -HUP "$(cat "$pid_file")"
    known=$now
    say "nodes:" $now
  done
}

# A container that is started again finds what the one before left in its volumes: with that number the loop would tell a process that is no nginx, or not yet.
rm -f "$pid_file"

first=$(addresses)
write_upstream "$first"
say "nodes:" "${first:-none yet}"
# If the loop itself ever failed, nginx would serve on with old addresses: better it ends and is started again.
(
  trap 'code=$?; [ "$code" -eq 0 ] || kill -QUIT "$(cat "$pid_file")"' EXIT
  follow "$first"
) </dev/null &
