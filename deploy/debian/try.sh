#!/usr/bin/env bash
# Installs a package of dragnet, uses what it brought as the unit would, and takes it away again. Needs root and dpkg;
# refuses where dragnet is installed already.
#   deploy/debian/try.sh target/debian/dragnet_0.1.0-1_amd64.deb
set -euo pipefail
package=$1
fail() { echo "$package: $*" >&2; exit 1; }
! dpkg -s dragnet >/dev/null 2>&1 || fail "dragnet is installed here already"
scratch=$(mktemp -d)
trap 'dpkg --purge dragnet >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT

dpkg --install "$package" >/dev/null
for file in /usr/bin/dragnet /etc/dragnet/dragnet.toml /usr/lib/systemd/system/dragnet.service \
  /usr/share/man/man1/dragnet.1.gz /usr/share/man/man5/dragnet.toml.5.gz /usr/share/bash-completion/completions/dragnet \
  /usr/share/zsh/vendor-completions/_dragnet /usr/share/fish/vendor_completions.d/dragnet.fish \
  /usr/share/doc/dragnet/operations.md /usr/share/doc/dragnet/copyright; do
  [ -e "$file" ] || fail "$file is not in it"
done
systemd-analyze verify /usr/lib/systemd/system/dragnet.service
# The line of the unit, as nobody, without a right and with nothing to write but the store's folder.
mkdir -p "$scratch/documents" "$scratch/store"
echo "nothing yet" > "$scratch/documents/page.md"
sed "s|/srv/documents|$scratch/documents|; s|/var/lib/dragnet|$scratch/store|" /etc/dragnet/dragnet.toml > "$scratch/dragnet.toml"
printf '\n[serve]\nlisten = "127.0.0.1:0"\n' >> "$scratch/dragnet.toml"
chown -R 65534:65534 "$scratch"
chmod 755 "$scratch"
as_the_unit=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all env -i)
"${as_the_unit[@]}" /usr/bin/dragnet config check --quiet --config "$scratch/dragnet.toml"
serve_and_stop() {
  "${as_the_unit[@]}" /usr/bin/dragnet serve --config "$scratch/dragnet.toml" 2> "$scratch/log" &
  local daemon=$! url
  for _ in $(seq 100); do
    grep -q "http://127.0.0.1" "$scratch/log" && break
    kill -0 "$daemon" 2>/dev/null || { cat "$scratch/log" >&2; fail "the daemon ended"; }
    sleep 0.1
  done
  url=$(grep -o "http://127.0.0.1:[0-9]*" "$scratch/log" | head -1)
  "${as_the_unit[@]}" /usr/bin/dragnet health --ready --url "$url" || { cat "$scratch/log" >&2; fail "the daemon is not well"; }
  kill -TERM "$daemon"
  wait "$daemon" || fail "the daemon did not stop as it should"
}
serve_and_stop
[ -s "$scratch/store/dragnet.db" ] || fail "there is no store"
# What root backs up and puts back belongs to whom the store's folder belongs to, and the daemon works on it.
/usr/bin/dragnet backup --config "$scratch/dragnet.toml" "$scratch/backup.db" >/dev/null
/usr/bin/dragnet restore --config "$scratch/dragnet.toml" "$scratch/backup.db" --force >/dev/null
[ "$(stat -c %u "$scratch/store/dragnet.db")" = 65534 ] || fail "what root restored is root's"
serve_and_stop

echo "# ours" >> /etc/dragnet/dragnet.toml
dpkg --remove dragnet >/dev/null
[ ! -e /usr/bin/dragnet ] || fail "the program stayed"
grep -q "# ours" /etc/dragnet/dragnet.toml || fail "the configuration went with the program"
dpkg --purge dragnet >/dev/null
[ ! -e /etc/dragnet/dragnet.toml ] || fail "the configuration stayed"
echo "$package: installed, run as its unit does, removed"
