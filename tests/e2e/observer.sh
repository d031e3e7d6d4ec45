#!/usr/bin/env bash
# An observer follows live, checks everything, never votes and serves bundles. A validator whose journal is gone, or is an
# older copy, never votes with its old key again. TLS keys expire and are renewed while the chain goes on.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
observer=
stop_observer() { [[ -z "$observer" ]] || { kill "$observer" 2>/dev/null || true; wait "$observer" 2>/dev/null || true; }; }
trap 'stop_observer; finish' EXIT
up
digest=$(cat "$net/genesis.digest")

echo "== observer"
mapfile -t ports < <(free_ports 1)
view="http://127.0.0.1:${ports[0]}"
"$probatum" genesis configure --observer --genesis "$net/genesis.cbor" --peers "$net/peers.txt" --out "$work/observer" --rpc "127.0.0.1:${ports[0]}" >/dev/null
watch() { "$bin/probatumd" --config "$work/observer/node.toml" >"$work/observer.out" 2>&1 & observer=$!; }
watch
sees() { [[ "$(state_root "$view")" == "$(state_root "$(url 1)")" ]]; }
: >"$work/final"
urls >"$work/targets"
keep_loading a &
until_true 30 more_than 5 || fail "nothing becomes final"
until_true 30 taller_than "$view" 3 || { cat "$work/observer.out"; fail "the observer does not follow"; }
kill -9 "$observer"; wait "$observer" 2>/dev/null || true
until_true 30 more_than $(($(count) + 5)) || fail "without the observer nothing becomes final"
watch
until_true 30 more_than $(($(count) + 5)) || fail "nothing becomes final"
touch "$work/stop"; wait $(jobs -p | grep -v "^$observer\$") || true
until_true 30 sees || fail "the observer has another state"
[[ "$(ask "$view" chain.status '{}' | value mode)" == observer ]] || fail "it does not say that it is an observer"
if "$probatum" evidence notarize README.md --key "$keys/bank-a.maker-1.key" --node "$view" --yes >"$work/refused" 2>&1; then fail "an observer takes transactions"; fi
grep -q "read_only" "$work/refused" || { cat "$work/refused"; fail "the refusal has no reason"; }
echo "for the court" >"$work/document"
[[ -n "$(deposit "$work/document")" ]] || fail "the network does not finalise"
until_true 30 sees || fail "the observer does not follow live"
"$probatum" evidence bundle "$work/document" --out "$work/court.evidence" --node "$view" >/dev/null
"$probatum" verify "$work/court.evidence" --genesis-digest "$digest" --document "$work/document" >/dev/null || fail "the observer's bundle does not verify"
"$probatum" status --node "$view" >"$work/status" || { cat "$work/status"; fail "the observer is not well"; }
stop_observer; observer=
"$bin/own_votes" "$work/observer/data/journal" "$digest" | grep -q "^0 votes" || fail "the observer voted"

echo "== TLS keys that expire"
# All four have keys for a few seconds, then they are past their end; the chain must not notice.
for validator in 0 1 2 3; do "$probatum" tls renew --config "$net/validator-$validator/node.toml" --seconds 8 >/dev/null; done
expiry=$(($(now_ms) + 8000))
for validator in 1 2 3 4; do stop_gently "$validator"; done
up
before_expiry() { [[ $(now_ms) -lt $expiry ]]; }
number=0
past=0
while before_expiry || [[ $past -lt 3 ]]; do
  before_expiry || past=$((past + 1))
  number=$((number + 1))
  echo "tls $number" >"$work/tls"
  [[ -n "$(deposit "$work/tls")" ]] || fail "the chain stopped when the TLS keys expired"
done
# Connections made after the end hold as well; the doctor says what is wrong and one renews with no vote.
kill_hard 4
up
echo "reconnected" >"$work/tls"
[[ -n "$(deposit "$work/tls" "$(url 4)")" ]] || fail "a validator with an expired TLS key is not let in"
code=0; "$probatum" doctor --config "$net/validator-3/node.toml" >"$work/doctor" 2>&1 || code=$?
[[ $code -eq 2 ]] && grep -qi "expired" "$work/doctor" || { cat "$work/doctor"; fail "the doctor does not call an expired key a problem"; }
"$probatum" tls renew --config "$net/validator-3/node.toml" >/dev/null
stop_gently 4
up
code=0; "$probatum" doctor --config "$net/validator-3/node.toml" >"$work/doctor" 2>&1 || code=$?
[[ $code -lt 2 ]] || { cat "$work/doctor"; fail "the doctor is not content with a renewed key"; }

echo "== journals"
all_here() { [[ "$(ask "$(url 1)" chain.status '{}' | value reachable)" == "$1" ]]; }
refuses() {
  local refused=0
  timeout 60 "$bin/probatumd" --config "$net/validator-3/node.toml" >"$work/start" 2>&1 || refused=$?
  [[ $refused -ne 0 && $refused -ne 124 ]] && cat "$work/start" "$net/validator-3/node.log" | grep -q "journal_missing"
}
stop_gently 4
cp -a "$net/validator-3/data" "$work/copy"
up
# With one of the others stopped every certificate needs the vote of this one: the chain can testify.
stop_gently 3
for number in 1 2 3; do
  echo "after the copy $number" >"$work/document"
  [[ -n "$(deposit "$work/document" "$(url 1)")" ]] || fail "the network does not finalise"
done
stop_gently 4
start_one 3
until_true 60 all_here 3 || fail "the third does not come back"
mv "$net/validator-3/data" "$work/real"
refuses || { cat "$work/start"; fail "a validator starts without its journal"; }
# The refused start has left a folder behind.
rm -rf "$net/validator-3/data"
cp -a "$work/copy" "$net/validator-3/data"
: >"$net/validator-3/node.log"
refuses || { cat "$work/start"; tail -n 20 "$net/validator-3/node.log"; fail "a validator goes on with an older copy of its journal"; }
"$bin/own_votes" "$net/validator-3/data/journal" "$digest" >"$work/copied"
"$bin/own_votes" "$work/copy/journal" "$digest" >"$work/original"
diff "$work/copied" "$work/original" >/dev/null || fail "it voted with an older copy of its journal"
# The chain does not miss it, and it comes back under a new key.
echo "three go on" >"$work/document"
[[ -n "$(deposit "$work/document")" ]] || fail "three of four do not finalise"
echo "observer, TLS and journals: as they should be"
