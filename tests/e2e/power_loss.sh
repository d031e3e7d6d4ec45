#!/usr/bin/env bash
# kill -9 of one validator under load, then of all four, in a loop: nothing that was reported final is missing, and all
# come back to the same state root (Shows 3).
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${PROBATUM_E2E_ROUNDS:-3}
up

# Deposits one after another until the file `stop` appears; each id is written down only after it was reported final.
load() {
  local number=0
  while [[ ! -e "$work/stop" ]]; do
    number=$((number + 1))
    echo "document $1 $number" >"$work/document-$1"
    local id
    id=$(deposit "$work/document-$1" "$(url "$2")") || true
    [[ -z "$id" ]] || echo "$id" >>"$work/final"
  done
}
count() { wc -l <"$work/final"; }
more_than() { [[ $(count) -gt $1 ]]; }
check_all() {
  until_true 30 same_everywhere || fail "the validators do not come to the same state"
  while read -r id; do
    ask "$(url 2)" tx.get "{\"id\":\"$id\"}" | grep -q '"status":"final"' || fail "$id was reported final and is missing"
  done <"$work/final"
}
: >"$work/final"

for ((round = 1; round <= rounds; ++round)); do
  rm -f "$work/stop"
  load "$round-a" 1 & first=$!
  load "$round-b" 2 & second=$!
  until_true 30 more_than "$(($(count) + 5))" || fail "nothing becomes final"
  kill_hard 4
  until_true 30 more_than "$(($(count) + 5))" || fail "three of four do not go on"
  up
  until_true 30 more_than "$(($(count) + 5))" || fail "after the return of the fourth nothing becomes final"
  for validator in 1 2 3 4; do kill_hard "$validator"; done
  touch "$work/stop"
  wait "$first" "$second" || true
  up
  check_all
  [[ -n "$(deposit README.md)" || $round -gt 1 ]] || fail "after the restart of all four nothing becomes final"
done

# No vote contradicts another, before, between or after the losses of power.
"$probatum" testnet down --dir "$net" >/dev/null
for validator in 0 1 2 3; do
  "$bin/own_votes" "$net/validator-$validator/data/journal" "$(cat "$net/genesis.digest")" || fail "validator $validator contradicted itself"
done
echo "$rounds rounds, $(count) transactions reported final, none missing"
