#!/usr/bin/env bash
# Four organisations, each with a folder and keys of its own, begin a network; a validator starts only when all have approved.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
pids=()
stop_all() {
  for one in "${pids[@]}"; do kill "$one" 2>/dev/null || true; done
  for one in "${pids[@]}"; do wait "$one" 2>/dev/null || true; done
}
trap 'stop_all; finish' EXIT
free_port() { free_ports 1; }

cd "$work"
"$probatum" genesis new --chain-name trade --threshold 3 --out genesis.plan >/dev/null
requests=()
for bank in bank-a bank-b bank-c bank-d; do
  mkdir "$bank"
  (umask 077; echo "passphrase of $bank" >"$bank/passphrase")
  for name in identity governor maker; do
    "$probatum" key new --out "$bank/$name.key" --organisation "$bank" --name "$name" --passphrase-file "$bank/passphrase" >/dev/null
  done
  "$probatum" genesis join-request --plan genesis.plan --organisation "$bank" --name "Bank $bank" --key "$bank/identity.key" \
    --peer-address "127.0.0.1:$(free_port)" --member "governor-1:$bank/governor.key:consortium-governor" \
    --member "maker-1:$bank/maker.key:lender-maker" --out "$bank.join" >/dev/null
  requests+=(--request "$bank.join")
done
"$probatum" genesis assemble --plan genesis.plan "${requests[@]}" --out net >/dev/null
digest=$(cat net/genesis.digest)
for bank in bank-a bank-b bank-c bank-d; do
  free_port >"$bank/rpc.port"
  "$probatum" genesis configure --genesis net/genesis.cbor --peers net/peers.txt --key "$bank/identity.key" --out "$bank/node" \
    --rpc "127.0.0.1:$(cat "$bank/rpc.port")" >/dev/null
done
for bank in bank-a bank-b bank-c; do
  "$probatum" genesis approve --genesis net/genesis.cbor --request "$bank.join" --key "$bank/identity.key" --yes --out "net/approvals/$bank.approval" >/dev/null
done
if "$bin/probatumd" --config bank-a/node/node.toml >early.log 2>&1; then fail "a validator started without all approvals"; fi
grep -q "bank-d" early.log bank-a/node/node.log 2>/dev/null || { cat early.log; fail "the missing approval is not named"; }
"$probatum" genesis approve --genesis net/genesis.cbor --request bank-d.join --key bank-d/identity.key --yes --out net/approvals/bank-d.approval >/dev/null

for bank in bank-a bank-b bank-c bank-d; do
  "$bin/probatumd" --config "$bank/node/node.toml" >"$bank/out.log" 2>&1 &
  pids+=($!)
done
address="http://127.0.0.1:$(cat bank-a/rpc.port)"
ready() { [[ "$(ask "$address" chain.status '{}' | value reachable)" == 4 ]]; }
until_true 60 ready || { ask "$address" chain.status '{}'; cat bank-*/out.log; fail "the four do not find one another"; }
echo "a document" >document
"$probatum" evidence notarize document --key bank-b/maker.key --node "$address" --genesis-digest "$digest" --yes >answer || { cat answer; fail "the network does not finalise"; }
"$probatum" doctor --config bank-c/node/node.toml >doctor.txt || [[ $? -eq 1 ]] || { cat doctor.txt; fail "the doctor finds a problem"; }
"$probatum" tls renew --config bank-d/node/node.toml >/dev/null
kill "${pids[3]}"; wait "${pids[3]}" || true
"$bin/probatumd" --config bank-d/node/node.toml >bank-d/out.log 2>&1 & pids[3]=$!
until_true 60 ready || { cat bank-d/out.log; fail "a validator with a renewed TLS key is not let in"; }
echo "four organisations began $digest; height $(height "$address")"
