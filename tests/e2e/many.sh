#!/usr/bin/env bash
# Thirty-one validators on one machine make progress (Shows 5). PROBATUM_E2E_VALIDATORS: how many.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
many=${PROBATUM_E2E_VALIDATORS:-31}
begun=$(now_ms)
up "$many"
echo "$many validators are connected after $(($(now_ms) - begun)) ms"
[[ "$(ask "$(url 1)" chain.status '{}' | value reachable)" == "$many" ]] || fail "not all of them find one another"
for number in 1 2 3 4 5; do
  echo "document $number" >"$work/document"
  [[ -n "$(deposit "$work/document" "$(url $((number * many / 6 + 1)))")" ]] || fail "the network does not finalise"
done
# As many as it bears.
for ((number = 0; number < (many - 1) / 3; ++number)); do kill_hard $((many - number)); done
for number in 6 7; do
  echo "document $number" >"$work/document"
  [[ -n "$(deposit "$work/document" "$(url 1)")" ]] || fail "with $(((many - 1) / 3)) of $many dead the network does not finalise"
done
mapfile -t left < <(urls | head -n $((many - (many - 1) / 3)))
until_true 60 same_at "${left[@]}" || fail "the validators do not come to the same state"
memory=$(for ((n = 1; n <= ${#left[@]}; ++n)); do awk '/VmRSS/ {print $2}' "/proc/$(pid "$n")/status"; done | awk '{ sum += $1 } END { printf "%d", sum / NR / 1024 }')
echo "$many validators, $(height "$(url 1)") blocks, $memory MiB each"
