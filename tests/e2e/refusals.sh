#!/usr/bin/env bash
# Each wrong thing gets its own number, and the state stays as it was; refusals by a rule stand in blocks, the others leave no
# trace there (Shows 5).
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
up
maker="$keys/bank-a.maker-1.key" checker="$keys/bank-a.checker-1.key" borrower="$keys/trader-b.cfo-1.key"
contract=HDSF-2025-LD-0317 pdf=docs/samples/loan-contract.pdf

ok() { "$probatum" "$@" --yes >"$work/answer" 2>&1 || { cat "$work/answer"; fail "should have been accepted: $*"; }; }
# recorded NUMBER WORDS...: refused by a rule, in a block of its own.
recorded() {
  local number=$1 before after code=0
  shift
  before=$(height "$(url 1)")
  "$probatum" "$@" --yes >"$work/answer" 2>&1 || code=$?
  after=$(height "$(url 1)")
  [[ $code -eq 1 ]] && grep -q "refused $number " "$work/answer" || { cat "$work/answer"; fail "expected refusal $number: $*"; }
  [[ $after -gt $before ]] || fail "refusal $number was not recorded"
}
# answered NUMBER METHOD PARAMS: an error at the door; the chain does not move.
answered() {
  local number=$1 before
  before=$(height "$(url 1)")
  ask "$(url 1)" "$2" "$3" >"$work/answer"
  grep -q "\"number\":$number" "$work/answer" || { cat "$work/answer"; fail "expected error $number of $2"; }
  [[ "$(height "$(url 1)")" == "$before" ]] || fail "error $number left a trace in a block"
}
pay() { echo fund disburse "$contract" --bank bank-s --key "$maker" --amount "$1" --bank-ref "$2"; }

ok contract register docs/samples/loan-terms.json --document "$pdf" --key "$maker"
recorded 305 contract register docs/samples/loan-terms.json --document "$pdf" --key "$maker"
recorded 301 $(pay 1000.00 EARLY)
recorded 201 contract approve "$contract" --as checker --key "$maker"
recorded 301 contract activate "$contract" --key "$maker"
ok contract sign "$contract" --document "$pdf" --key "$borrower"
recorded 308 contract sign "$contract" --document "$pdf" --key "$borrower"
ok contract sign "$contract" --document "$pdf" --key "$maker"
ok contract approve "$contract" --key "$maker"
recorded 302 contract activate "$contract" --key "$maker"
ok contract approve "$contract" --key "$checker"
ok contract activate "$contract" --key "$maker"
recorded 300 $(pay 1000000.01 TOO-MUCH)
ok $(pay 500000.00 FT-1)
recorded 304 $(pay 1000.00 FT-1)
recorded 200 fund repay "$contract" --amount 1.00 --bank bank-s --bank-ref X-1 --key "$keys/core-c.treasurer-1.key"
recorded 313 contract settle "$contract" --key "$checker"

key=000102030405060708090a0b0c0d0e0f
echo one >"$work/one"
echo two >"$work/two"
ok evidence notarize "$work/one" --key "$maker" --idempotency-key $key
recorded 204 evidence notarize "$work/two" --key "$maker" --idempotency-key $key

# The identical transaction again gets the original receipt, never an error.
"$probatum" evidence notarize "$work/two" --key "$maker" --yes --json >"$work/receipt" 2>/dev/null
id=$(value transaction <"$work/receipt")
wire=$(ask "$(url 1)" tx.get "{\"id\":\"$id\"}" | value wire)
before=$(height "$(url 1)")
ask "$(url 2)" tx.submit "{\"transaction\":\"$wire\",\"wait_ms\":10000}" | grep -q '"already_recorded":true' || fail "a replay does not get its receipt"
[[ "$(height "$(url 1)")" == "$before" ]] || fail "a replay was recorded twice"

answered 100 tx.submit '{"transaction":"ff00"}'
# The last byte of the signature changed: the same bytes otherwise.
statement_end=$((${#wire} - 2))
digit=${wire:$((statement_end - 1)):1}
[[ $digit == 0 ]] && other=1 || other=0
answered 104 tx.submit "{\"transaction\":\"${wire:0:$((statement_end - 1))}$other${wire:$statement_end}\"}"

passphrase=$(cat "$keys/passphrase")
answered 105 tx.submit "{\"transaction\":\"$("$bin/forge" high-s "$wire")\"}"
answered 109 tx.submit "{\"transaction\":\"$("$bin/forge" expired "$wire" "$maker" "$passphrase")\"}"
answered 110 tx.submit "{\"transaction\":\"$("$bin/forge" distant "$wire" "$maker" "$passphrase")\"}"

# Made for another chain: signed with a key of this one, for the genesis of that one.
net2="$work/other"
"$probatum" testnet up --dir "$net2" --validators 1 --detach >/dev/null 2>&1
"$probatum" evidence notarize "$work/one" --key "$net2/keys/bank-a.maker-1.key" --yes --json >"$work/receipt" 2>/dev/null
foreign=$(ask "$(head -n 1 "$net2/nodes.txt")" tx.get "{\"id\":\"$(value transaction <"$work/receipt")\"}" | value wire)
"$probatum" testnet down --dir "$net2" >/dev/null 2>&1
answered 107 tx.submit "{\"transaction\":\"$foreign\"}"

until_true 20 same_everywhere || fail "the validators differ"
echo "every refusal has its number; the validators agree"
