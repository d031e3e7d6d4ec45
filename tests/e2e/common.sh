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
up() { "$probatum" testnet up --dir "$net" --validators "${1:-4}" --detach >/dev/null; }
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
# free_ports N: that many, one a line.
free_ports() { "$bin/free_ports" "$1"; }
now_ms() { date +%s%3N; }
# taller_than URL HEIGHT
taller_than() { [[ "$(height "$1")" -gt $2 ]] 2>/dev/null; }
# same_at URL...: these nodes hold one state.
same_at() {
  local first
  first=$(state_root "$1")
  [[ -n "$first" ]] || return 1
  for address in "$@"; do
    [[ "$(state_root "$address")" == "$first" ]] || return 1
  done
}
# stop_gently N: SIGTERM to one validator, and waits for its end.
stop_gently() {
  local process
  process=$(pid "$1")
  kill "$process" 2>/dev/null || return 0
  until_true 30 gone "$process" || fail "validator $1 does not stop"
}
# start_one N: one validator alone; `testnet down` knows it by the same file as those that `up` starts.
start_one() {
  local home="$net/validator-$(($1 - 1))"
  "$bin/probatumd" --config "$home/node.toml" >"$home/out.log" 2>&1 &
  echo "$! $(sed 's/.*) //' "/proc/$!/stat" | cut -d' ' -f20)" >"$home/node.pid"
}
gone() { ! kill -0 "$1" 2>/dev/null; }

# What four people do, each with the key of an organisation: one proposes, two others accept, anybody enacts.
# propose URL ARGUMENTS...: prints the proposal's id. accept URL ID. enact URL ID: prints the answer.
governor() { echo "$keys/operator-$1.governor-1.key"; }
propose() { "$probatum" gov propose "${@:2}" --key "$(governor 1)" --node "$1" --yes --json | value transaction; }
accept() {
  for elector in 2 3; do
    "$probatum" gov vote "$2" accept --key "$(governor $elector)" --node "$1" --yes >/dev/null || return 1
  done
}
enact() { "$probatum" gov enact "$2" --key "$(governor 1)" --node "$1" --yes; }
decide() {
  local id
  id=$(propose "$@") || fail "cannot propose: ${*:2}"
  accept "$1" "$id" || fail "cannot vote on: ${*:2}"
  enact "$1" "$id" >"$work/enacted" 2>&1 || { cat "$work/enacted"; fail "cannot enact: ${*:2}"; }
}

# Deposits one after another on the nodes of $work/targets in turn until the file `stop` appears; a line "time id" for
# each that was reported final.
keep_loading() {
  local number=0
  while [[ ! -e "$work/stop" ]]; do
    for target in $(cat "$work/targets"); do
      number=$((number + 1))
      echo "document $1 $number" >"$work/load-$1"
      local id
      id=$(deposit "$work/load-$1" "$target") || true
      [[ -z "$id" ]] || echo "$(now_ms) $id" >>"$work/final"
    done
  done
}
count() { wc -l <"$work/final"; }
more_than() { [[ $(count) -gt $1 ]]; }
# The longest time in which nothing was reported final, in ms.
longest_gap() { sort -n "$work/final" | awk 'NR > 1 && $1 - last > most { most = $1 - last } { last = $1 } END { print most + 0 }'; }

# deposit FILE [NODE]: prints the transaction id once it is final.
deposit() {
  "$probatum" evidence notarize "$1" --key "$keys/bank-a.maker-1.key" --node "${2:-$(url 1)}" --yes --json 2>/dev/null | value transaction
}
