#!/usr/bin/env bash
# Three of four validators are lost for good, keys and disks. Two of three recovery authorities of genesis name who goes
# on; the chain goes on from its last final block, bundles from before verify as ever, those from after show what happened.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pids=()
stop_all() {
  for one in "${pids[@]}"; do kill "$one" 2>/dev/null || true; done
  for one in "${pids[@]}"; do wait "$one" 2>/dev/null || true; done
}
trap 'stop_all; kill_hard 4; finish' EXIT
up
digest=$(cat "$net/genesis.digest")
survivor=$(url 4)
for number in 1 2 3; do
  echo "document $number" >"$work/document-$number"
  [[ -n "$(deposit "$work/document-$number")" ]] || fail "the network does not finalise"
done
"$probatum" evidence bundle "$work/document-2" --out "$work/before.evidence" --node "$survivor" >/dev/null
until_true 30 same_everywhere || fail "the validators do not come to the same state"
last=$(height "$survivor")

# One of the lost ones will turn up again much later, disk and all.
for lost in 1 2 3; do kill_hard "$lost"; done
mkdir "$work/attic"
mv "$net/validator-0" "$work/attic/"
rm -rf "$net/validator-1" "$net/validator-2"
echo "never final" >"$work/stuck"
if "$probatum" evidence notarize "$work/stuck" --key "$keys/bank-a.maker-1.key" --node "$survivor" --yes --wait-ms 3000 >/dev/null 2>&1; then fail "one of four makes blocks final"; fi
"$probatum" status --node "$survivor" >"$work/status" && fail "the status calls this well"
grep -q "MISSING" "$work/status" && grep -q "NO QUORUM" "$work/status" || { cat "$work/status"; fail "the status does not say who is missing"; }

# New machines, new keys. The list of peers has their new addresses.
cp "$net/peers.txt" "$work/peers.txt"
successors=(--identity-key "$net/validator-3/identity.key")
for number in 1 2 3; do
  home="$work/new/operator-$number"
  mkdir -p "$home"
  (umask 077; echo "passphrase of operator-$number" >"$home/passphrase")
  "$probatum" key new --out "$home/identity.key" --organisation "operator-$number" --name identity --passphrase-file "$home/passphrase" >/dev/null
  mapfile -t ports < <(free_ports 2)
  echo "${ports[0]}" >"$home/peer.port"
  echo "${ports[1]}" >"$home/rpc.port"
  sed -i "s/^\([0-9]*\) operator-$number .*/\1 operator-$number 127.0.0.1:${ports[0]}/" "$work/peers.txt"
  successors+=(--identity-key "$home/identity.key")
done
for number in 1 2 3; do
  home="$work/new/operator-$number"
  "$probatum" genesis configure --genesis "$net/genesis.cbor" --peers "$work/peers.txt" --key "$home/identity.key" --out "$home/node" \
    --listen "127.0.0.1:$(cat "$home/peer.port")" --rpc "127.0.0.1:$(cat "$home/rpc.port")" >/dev/null
done
rpc_of() { echo "http://127.0.0.1:$(cat "$work/new/operator-$1/rpc.port")"; }

# The recovery authorities, each on a machine of its own.
"$probatum" gov succession new --node "$survivor" "${successors[@]}" --reason "three data centres burnt" --out "$work/draft" >/dev/null
for authority in 1 3; do
  "$probatum" gov succession sign --draft "$work/draft" --genesis "$net/genesis.cbor" --key "$keys/recovery-$authority.key" --yes \
    --out "$work/recovery-$authority.succession" >/dev/null
done
if "$probatum" gov succession join --genesis "$net/genesis.cbor" --statement "$work/recovery-1.succession" --out "$work/too-few" >/dev/null 2>&1; then
  fail "one authority is enough"
fi
"$probatum" gov succession join --genesis "$net/genesis.cbor" --statement "$work/recovery-1.succession" --statement "$work/recovery-3.succession" \
  --out "$work/succession.cbor" >/dev/null

# A file that was tampered with begins nothing.
stop_gently 4
{ head -c 200 "$work/succession.cbor"; printf 'x'; tail -c +202 "$work/succession.cbor"; } >"$work/tampered"
if "$bin/probatumd" --config "$net/validator-3/node.toml" --succession "$work/tampered" >"$work/refusal" 2>&1; then fail "a tampered succession is taken up"; fi

run() { "$bin/probatumd" --config "$1" "${@:3}" >"$2" 2>&1 & pids+=($!); }
run "$net/validator-3/node.toml" "$work/out-4" --succession "$work/succession.cbor"
for number in 1 2 3; do run "$work/new/operator-$number/node/node.toml" "$work/out-$number" --succession "$work/succession.cbor"; done
agreed() { [[ "$(ask "$1" chain.status '{}' | value epoch)" == 1 && "$(ask "$1" chain.status '{}' | value mode)" == validator ]]; }
show_logs() { tail -n 20 "$work"/out-* "$work"/new/*/node/node.log "$net/validator-3/node.log"; }
for address in "$survivor" "$(rpc_of 1)" "$(rpc_of 2)" "$(rpc_of 3)"; do
  until_true 60 agreed "$address" || { show_logs; fail "$address does not begin the epoch"; }
done
# The record of it is a block of its own and waits for nobody's transaction.
for address in "$survivor" "$(rpc_of 3)"; do
  until_true 60 taller_than "$address" "$last" || { show_logs; fail "the succession is not recorded"; }
done
echo "signed by the successors" >"$work/later"
[[ -n "$(deposit "$work/later" "$(rpc_of 2)")" ]] || { show_logs; fail "the successors do not finalise"; }
"$probatum" evidence bundle "$work/document-1" --out "$work/after.evidence" --node "$(rpc_of 1)" >/dev/null
"$probatum" verify "$work/before.evidence" --genesis-digest "$digest" --document "$work/document-2" >"$work/report" || fail "the bundle from before does not verify"
if grep -q "SUCCESSION" "$work/report"; then fail "the bundle from before speaks of a succession"; fi
"$probatum" verify "$work/after.evidence" --genesis-digest "$digest" --document "$work/document-1" >"$work/report" || { cat "$work/report"; fail "the bundle from after does not verify"; }
grep -q "SUCCESSION" "$work/report" || { cat "$work/report"; fail "the report does not show the succession"; }
grep -q "three data centres burnt" "$work/report" || fail "the report does not give the reason"

# All lights out; what was taken up is remembered without being told again.
for one in "${pids[@]}"; do kill -9 "$one"; wait "$one" 2>/dev/null || true; done
pids=()
run "$net/validator-3/node.toml" "$work/out-4"
for number in 1 2 3; do run "$work/new/operator-$number/node/node.toml" "$work/out-$number"; done
echo "after the lights were out" >"$work/latest"
again() { [[ -n "$(deposit "$work/latest" "$survivor")" ]]; }
until_true 60 again || { show_logs; fail "after a restart the successors do not finalise"; }

# One of the lost ones turns up. It follows and has no vote any more.
sed -i "s#$net/validator-0#$work/attic/validator-0#g" "$work/attic/validator-0/node.toml"
# Its ports may be somebody else's by now; it dials the others.
mapfile -t ports < <(free_ports 2)
sed -i "s/^listen = \"127.0.0.1:$(sed -n 's/^0 .*:\([0-9]*\)$/\1/p' "$net/peers.txt")\"/listen = \"127.0.0.1:${ports[0]}\"/; s/^listen = \"$(url 1 | sed 's#http://##')\"/listen = \"127.0.0.1:${ports[1]}\"/" \
  "$work/attic/validator-0/node.toml"
run "$work/attic/validator-0/node.toml" "$work/out-5"
lost="http://127.0.0.1:${ports[1]}"
followed() { [[ "$(ask "$lost" chain.status '{}' | value mode)" == follower && "$(state_root "$lost")" == "$(state_root "$survivor")" ]]; }
# It hears of the new epoch with the next block.
knows() { [[ "$("$probatum" status --node "$lost" 2>/dev/null || true)" == *"operator-4  connected"* ]]; }
until_true 60 knows || { show_logs; tail -n 20 "$work/attic/validator-0/node.log"; fail "a lost validator finds nobody"; }
echo "with a guest" >"$work/latest"
again || fail "the successors do not finalise"
until_true 60 followed || { show_logs; tail -n 20 "$work/attic/validator-0/node.log"; fail "a lost validator that turns up does not follow"; }
echo "the chain went on from height $last to $(height "$survivor"); old and new bundles verify"
