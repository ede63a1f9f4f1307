#!/usr/bin/env bash
# What the container would run, without an engine: a root with the program, the libraries that it is linked with and the
# configuration, read-only but for the store's folder, entered by chroot as user 65532. Needs root.
#   deploy/container/try.sh target/dist/dragnet
set -euo pipefail
program=$1
here=$(dirname "$0")
fail() { cat "$scratch/log" >&2; echo "$0: $*" >&2; exit 1; }
scratch=$(mktemp -d)
root=$scratch/root
trap 'umount -R "$root" 2>/dev/null || true; rm -rf "$scratch"' EXIT
chmod 755 "$scratch"

mkdir -p "$root"/{usr/bin,etc/dragnet,run/secrets,documents,var/lib/dragnet,tmp}
cp "$program" "$root/usr/bin/dragnet"
ldd "$program" | grep -o '/[^ ]*' | while read -r library; do install -D "$library" "$root$library"; done
# The base image brings these.
install -D /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
# An address that is free; a container has all of its own.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed "s|0.0.0.0:8080|0.0.0.0:$port|" "$here/dragnet.toml" > "$root/etc/dragnet/dragnet.toml"
echo "nothing yet" > "$root/documents/page.md"
echo "no-token" > "$root/run/secrets/github-token"
"$program" user ada --role read > "$root/run/secrets/users" 2>/dev/null
chown -R 65532:65532 "$root/run/secrets"
# The store's folder belongs to whom the Containerfile gives it, and to root where it gives it to nobody.
owner=$(sed -n 's|^COPY .*--chown=\([0-9:]*\) .* /var/lib/dragnet$|\1|p' "$here/Containerfile")
chown "${owner:-0:0}" "$root/var/lib/dragnet"

mount --bind "$root" "$root"
mount --bind "$root/var/lib/dragnet" "$root/var/lib/dragnet"
mount -o remount,bind,ro "$root"
inside=(chroot --userspec=65532:65532 "$root" /usr/bin/dragnet)
"${inside[@]}" serve --config /etc/dragnet/dragnet.toml --log-format json > "$scratch/log" 2>&1 &
daemon=$!
for _ in $(seq 100); do
  "${inside[@]}" health --config /etc/dragnet/dragnet.toml >/dev/null 2>&1 && break
  kill -0 "$daemon" 2>/dev/null || fail "the daemon ended"
  sleep 0.1
done
"${inside[@]}" health --config /etc/dragnet/dragnet.toml || fail "the check of the container fails"
kill -TERM "$daemon"
wait "$daemon" || fail "the daemon did not stop as it should"
! grep -q "https will not work" "$scratch/log" || fail "no certificate was found"
[ -s "$root/var/lib/dragnet/dragnet.db" ] || fail "there is no store"
echo "$0: the container's root has what dragnet needs"
