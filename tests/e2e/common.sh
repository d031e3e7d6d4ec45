# Sourced by the end-to-end scripts: a test net of real processes in a folder of its own, stopped and removed at the end.
# Usage of every script: SCRIPT BIN   BIN is the folder with probatum, probatumd and the helpers that are built here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=$1
probatum="$bin/probatum"
work=$(mktemp -d "${TMPDIR:-/tmp}/probatum-e2e-XXXXXX")
net="$work/net"
keys="$net/keys"

finish() {
  local code=$?
  [[ ! -d "$net" ]] || "$probatum" testnet down --dir "$net" >/dev/null 2>&1 || true
  if [[ $code -ne 0 ]]; then
    for log in "$net"/validator-*/*.log; do
      [[ ! -f "$log" ]] || { echo "--- ${log#"$work"/}"; tail -n 15 "$log"; }
    done
  fi
  rm -rf "$work"
}
trap finish EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }
up() { "$probatum" testnet up --dir "$net" --validators 4 --detach >/dev/null; }
urls() { cat "$net/nodes.txt"; }
url() { sed -n "$1p" "$net/nodes.txt"; }
# Validators are counted from 1 here, as the lines of nodes.txt; their folders from 0.
pid() { awk '{print $1}' "$net/validator-$(($1 - 1))/node.pid"; }
kill_hard() { kill -9 "$(pid "$1")" 2>/dev/null || true; }

# ask URL METHOD PARAMS: the answer's text.
ask() {
  curl -s -m 20 -H 'content-type: application/json' -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$2\",\"params\":$3}" "$1"
}
# value NAME: the first "NAME":value of the text on standard input.
value() { grep -o "\"$1\":[^,}]*" | head -n 1 | cut -d: -f2- | tr -d '" '; }
height() { ask "$1" chain.status '{}' | value height; }
state_root() { ask "$1" chain.status '{}' | value state_root; }

# until_true SECONDS WORDS...: polls until the command succeeds.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [[ $SECONDS -lt $end ]] || return 1
    sleep 0.2
  done
}
same_everywhere() {
  local first
  first=$(state_root "$(url 1)")
  [[ -n "$first" ]] || return 1
  for address in $(urls); do
    [[ "$(state_root "$address")" == "$first" ]] || return 1
  done
}
# deposit FILE [NODE]: prints the transaction id once it is final.
deposit() {
  "$probatum" evidence notarize "$1" --key "$keys/bank-a.maker-1.key" --node "${2:-$(url 1)}" --yes --json 2>/dev/null | value transaction
}
