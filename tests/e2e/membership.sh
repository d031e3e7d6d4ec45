#!/usr/bin/env bash
# Members come and go under load (Shows 3): a fifth validator is added, a dead one removed, a key rotated, again and
# again; the chain goes on all the time, and a bundle from before is proven by the genesis digest alone.
# PROBATUM_E2E_ROUNDS: how often (3).
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${PROBATUM_E2E_ROUNDS:-3}
up
digest=$(cat "$net/genesis.digest")
node() { url "$(($1 + 1))"; }
first() { node "${voters[0]}"; }
addresses() { for one in "$@"; do node "$one"; done; }

# Who votes, by folder number, and which organisation runs what.
voters=(0 1 2 3)
organisation=(operator-1 operator-2 operator-3 operator-4)
spare=operator-5
now_voting() { addresses "${voters[@]}" >"$work/targets"; }
joins() { [[ "$(ask "$1" chain.status '{}' | value mode)" == validator ]]; }
follows_up_to() { [[ "$(height "$1")" -ge $2 ]] 2>/dev/null; }
not_seen() {
  "$probatum" validator list --node "$1" | grep "  $2  " | grep -q "NOT SEEN"
}
# add ORGANISATION: one more node, following; its number.
add() {
  local at
  "$probatum" testnet add --dir "$net" --organisation "$1" --json >"$work/added" || fail "cannot add a node"
  fresh=$(value index <"$work/added")
  organisation[fresh]=$1
  at=$(height "$(first)")
  until_true 30 follows_up_to "$(node "$fresh")" "$at" || fail "the newcomer does not follow"
}
ready() {
  "$probatum" validator ready --identity-key "$net/validator-$1/identity.key" --key "$keys/${organisation[$1]}.ops-1.key" \
    --node "$2" --yes >"$work/ready" 2>&1 || { cat "$work/ready"; fail "readiness is refused"; }
}

echo "signed before the changes" >"$work/old-document"
[[ -n "$(deposit "$work/old-document")" ]] || fail "the network does not finalise"
"$probatum" evidence bundle "$work/old-document" --out "$work/before.evidence" --node "$(first)" >/dev/null
: >"$work/final"
now_voting
keep_loading a & keep_loading b &
until_true 30 more_than 5 || fail "nothing becomes final"

for ((round = 1; round <= rounds; ++round)); do
  dead=${voters[3]}
  voters=("${voters[@]:0:3}")
  now_voting
  kill_hard "$((dead + 1))"

  add "$spare"
  if [[ $round -eq 1 ]]; then
    # The dead one is still a member: with the newcomer five, and a quorum of four needs it.
    until_true 60 not_seen "$(first)" "${organisation[dead]}" || fail "the dead one counts as live"
    id=$(propose "$(first)" add-validator --identity-key "$net/validator-$fresh/identity.key")
    accept "$(first)" "$id"
    if enact "$(first)" "$id" >"$work/refused" 2>&1; then fail "a change that loses the live quorum was enacted"; fi
    grep -q "loses_live_quorum" "$work/refused" || { cat "$work/refused"; fail "the refusal does not give its reason"; }
    "$probatum" gov show "$id" --node "$(first)" >"$work/shown" || true
    grep -q "loses_live_quorum" "$work/shown" || { cat "$work/shown"; fail "the proposal does not show that it would be refused"; }
    # The voters know better: it runs, only its operator has not said so.
    decide "$(first)" add-validator --identity-key "$net/validator-$fresh/identity.key" --override-liveness
  else
    ready "$fresh" "$(first)"
    decide "$(first)" add-validator --identity-key "$net/validator-$fresh/identity.key"
  fi
  until_true 30 joins "$(node "$fresh")" || fail "the newcomer does not vote"
  voters+=("$fresh")
  now_voting
  until_true 30 more_than "$(($(count) + 5))" || fail "with the newcomer nothing becomes final"

  decide "$(first)" remove-validator --validator "${organisation[dead]}"
  spare=${organisation[dead]}
  until_true 30 more_than "$(($(count) + 5))" || fail "without the dead one nothing becomes final"

  # Another key for one that goes on: a second node follows under it until the change.
  place=$((round % 3))
  old=${voters[place]}
  add "${organisation[old]}"
  ready "$fresh" "$(node "${voters[3]}")"
  decide "$(node "${voters[3]}")" rotate-key --validator "${organisation[old]}" --identity-key "$net/validator-$fresh/identity.key"
  until_true 30 joins "$(node "$fresh")" || fail "the new key does not vote"
  voters[place]=$fresh
  now_voting
  until_true 30 more_than "$(($(count) + 8))" || fail "under the new key nothing becomes final"
  stop_gently "$((old + 1))"
done

touch "$work/stop"
wait $(jobs -p) || true
mapfile -t all < <(addresses "${voters[@]}")
until_true 30 same_at "${all[@]}" || fail "the validators do not come to the same state"
while read -r _ id; do
  ask "${all[3]}" tx.get "{\"id\":\"$id\"}" | grep -q '"status":"final"' || fail "$id was reported final and is missing"
done <"$work/final"

echo "signed after the changes" >"$work/new-document"
[[ -n "$(deposit "$work/new-document" "${all[1]}")" ]] || fail "the network does not finalise"
"$probatum" evidence bundle "$work/new-document" --out "$work/after.evidence" --node "${all[3]}" >/dev/null
"$probatum" verify "$work/before.evidence" --genesis-digest "$digest" --document "$work/old-document" >/dev/null || fail "the bundle from before does not verify"
"$probatum" verify "$work/after.evidence" --genesis-digest "$digest" --document "$work/new-document" --json >"$work/report" || fail "the bundle from after does not verify"
epoch=$(ask "${all[0]}" chain.status '{}' | value epoch)
[[ $epoch -eq $((3 * rounds)) ]] || fail "epoch $epoch after $rounds rounds of three changes"
for voter in "${voters[@]}"; do stop_gently "$((voter + 1))"; done
for voter in "${voters[@]}"; do
  "$bin/own_votes" "$net/validator-$voter/data/journal" "$digest" || fail "validator $voter contradicted itself"
done
echo "$rounds rounds of three changes, $(count) transactions reported final, none missing; longest time without one $(longest_gap) ms"
