#!/usr/bin/env bash
# A bad network between real processes (Shows 4): every connection takes 100 ms ± 20 ms each way and loses 1 % of its
# segments; the chain makes progress and finality is reported. Then two are parted from two: it stops; they find each
# other again: it goes on in under two view time-outs. PROBATUM_E2E_SECONDS: length of the load (10);
# PROBATUM_E2E_ROUNDS: how many partitions (2).
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
seconds=${PROBATUM_E2E_SECONDS:-10}
rounds=${PROBATUM_E2E_ROUNDS:-2}
up
"$probatum" testnet down --dir "$net" >/dev/null

# Of two validators the first dials: its address of the second becomes that of a relay.
mapfile -t relays < <(free_ports 6)
links=()
port_of() { sed -n "$(($1 + 1))s/.*:\([0-9]*\)$/\1/p" "$net/peers.txt"; }
for from in 0 1 2; do
  for ((to = from + 1; to < 4; ++to)); do
    relay=${relays[${#links[@]}]}
    links+=("$relay:$from:$to:$(port_of "$to")")
    sed -i "s/^address = \"127.0.0.1:$(port_of "$to")\"/address = \"127.0.0.1:$relay\"/" "$net/validator-$from/node.toml"
  done
done
mkfifo "$work/orders"
"$bin/rough_wire" 100 20 1 "${PROBATUM_E2E_SEED:-7}" "${links[@]}" <"$work/orders" >"$work/wire" &
wire=$!
exec 3>"$work/orders"
trap 'kill $wire 2>/dev/null || true; finish' EXIT
until_true 10 grep -q ready "$work/wire" || fail "the relay does not start"
answers() { [[ $(grep -c "^$1\$" "$work/wire") -ge $2 ]]; }
up

"$bin/probatum-bench" load --net "$net" --rate 20 --seconds "$seconds" --connections 64 >"$work/paced" || fail "no load"
"$bin/probatum-bench" load --net "$net" --seconds "$seconds" --connections 16 --batch 16 >"$work/full" || fail "no load"
figure() { echo "$(value committed_per_second <"$1") a second, p50 $(value p50_ms <"$1") ms, p99 $(value p99_ms <"$1") ms"; }
echo "20 a second: $(figure "$work/paced")"
echo "as much as it takes: $(figure "$work/full")"
[[ $(value final <"$work/paced") -ge $((20 * seconds * 9 / 10)) ]] || { cat "$work/paced"; fail "no progress on the bad network"; }

timeout_ms() { ask "$(url 1)" chain.status '{}' | value view_timeout_ms; }
highest() { for address in $(urls); do height "$address"; done | sort -n | tail -n 1; }
for ((round = 1; round <= rounds; ++round)); do
  echo "cut 0,1" >&3
  until_true 10 answers cut "$round" || fail "the relay does not cut"
  # What was nearly final on one side may still become so.
  stands() { local before; before=$(highest); sleep 2; [[ "$(highest)" == "$before" ]]; }
  until_true 20 stands || fail "blocks become final without a quorum"
  before=$(highest)
  echo "document of round $round" >"$work/split"
  deposit "$work/split" "$(url 1)" >"$work/split.id" & depositor=$!
  for _ in 1 2 3 4; do
    sleep 1
    [[ "$(highest)" == "$before" ]] || fail "a block became final without a quorum"
  done
  limit=$((2 * $(timeout_ms)))
  echo heal >&3
  until_true 10 answers heal "$round" || fail "the relay does not heal"
  healed=$(now_ms)
  until taller_than "$(url 1)" "$before"; do
    [[ $(now_ms) -lt $((healed + 60000)) ]] || fail "nothing becomes final after the partition"
    sleep 0.02
  done
  took=$(($(now_ms) - healed))
  echo "partition $round: the next final block $took ms after it healed; two view time-outs are $limit ms"
  [[ $took -lt $limit ]] || fail "more than two view time-outs"
  wait "$depositor"
  [[ -s "$work/split.id" ]] || fail "what was sent during the partition is lost"
done
until_true 30 same_everywhere || fail "the validators do not come to the same state"
