#!/usr/bin/env bash
# Two of four stopped: nothing becomes final and the status says who is missing; one returns: the chain goes on (Shows 4).
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
up
[[ -n "$(deposit README.md)" ]] || fail "the healthy network does not finalise"
kill_hard 3
kill_hard 4
before=$(height "$(url 1)")
echo "without a quorum" >"$work/document"
"$probatum" evidence notarize "$work/document" --key "$keys/bank-a.maker-1.key" --node "$(url 1)" --yes --wait-ms 4000 >"$work/answer" 2>&1 || true
[[ "$(height "$(url 1)")" == "$before" ]] || fail "a block became final with two of four"
missing_named() { ask "$(url 1)" chain.status '{}' | grep -o '"missing":\[[^]]*\]' | grep -q 'operator-3.*operator-4\|2.*3'; }
until_true 20 missing_named || { ask "$(url 1)" chain.status '{}'; fail "the status does not say who is missing"; }
"$bin/probatumd" --config "$net/validator-2/node.toml" >"$work/third.log" 2>&1 & third=$!
goes_on() { [[ "$(height "$(url 1)")" -gt "$before" ]]; }
until_true 30 goes_on || { kill "$third"; fail "with three of four the chain does not go on"; }
kill "$third"
wait "$third" || fail "the validator does not end in order"
echo "stopped at height $before, went on with three"
