#!/usr/bin/env bash
# What leaves the network is read by tools of others: OpenSSL checks every signature of a bundle, an npm COSE library checks a
# statement with its receipt. No network of ours is needed: the golden files are what is read.
# Usage: standards.sh BIN      The npm part is skipped, and says so, where node or the packages cannot be had.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
probatum="$1/probatum"
vectors=tests/vectors/bundles
work=$(mktemp -d "${TMPDIR:-/tmp}/probatum-standards-XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
genesis=$(cat $vectors/genesis-digest.txt)

for name in loan record standing; do
  "$probatum" evidence extract "$vectors/$name.evidence" --out "$work/$name" >/dev/null
  signatures=0
  while read -r message signature key; do
    openssl dgst -sha256 -verify "$work/$name/$key" -keyform DER -signature "$work/$name/$signature" "$work/$name/$message" \
      >/dev/null || fail "openssl refuses $name/$signature"
    signatures=$((signatures + 1))
  done < <(sed -n 's/.*"message": "\(.*\)",/\1/p' "$work/$name/index.json" | paste -d' ' - \
    <(sed -n 's/.*"signature": "\(.*\)",/\1/p' "$work/$name/index.json") \
    <(sed -n 's/.*"key": "\(.*\)"/\1/p' "$work/$name/index.json"))
  [[ $signatures -ge 3 ]] || fail "only $signatures signatures in $name"
  echo "openssl: $signatures signatures of $name.evidence hold"
done

# The worksheet: every hash of it again, with another tool.
"$probatum" verify "$vectors/record.evidence" --genesis-digest "$genesis" --trace > "$work/trace"
hashes=0
while read -r input && read -r output; do
  [[ "$(printf '%s' "$input" | xxd -r -p | sha256sum | cut -d' ' -f1)" == "$output" ]] || fail "a hash of the worksheet"
  hashes=$((hashes + 1))
done < <(sed -n 's/^  in  //p; s/^  out //p' "$work/trace")
[[ $hashes -gt 5 ]] || fail "only $hashes hashes in the worksheet"
echo "sha256sum: $hashes hashes of the worksheet are right"

"$probatum" evidence check-receipt "$vectors/record.cose" --bundle "$vectors/record.evidence" --genesis-digest "$genesis" \
  >/dev/null || fail "our own check of the receipt"

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "npm: SKIPPED, node is not installed"
  exit 0
fi
cp tests/e2e/standards/* "$work"
if ! (cd "$work" && npm install --ignore-scripts --no-audit --no-fund >npm.log 2>&1); then
  echo "npm: SKIPPED, the packages cannot be had here"
  exit 0
fi
signer=$(awk -F'"' '/"signature":/ {of = $4} /"key":/ {if (of == "record.signature.der") print $4}' "$work/record/index.json")
validator=$(cat $vectors/record-receipt-key.txt)
node "$work/verify_receipt.mjs" "$vectors/record.cose" "$work/record/$signer" "$work/record/key-${validator:0:16}.spki.der" ||
  fail "the npm library refuses the receipt"
# A byte of the signature changed: it must not hold.
cp "$vectors/record.cose" "$work/forged.cose"
printf '\xff' | dd of="$work/forged.cose" bs=1 seek=$(($(stat -c %s "$work/forged.cose") - 3)) conv=notrunc 2>/dev/null
! node "$work/verify_receipt.mjs" "$work/forged.cose" "$work/record/$signer" "$work/record/key-${validator:0:16}.spki.der" \
  >/dev/null 2>&1 || fail "a forged statement passes"
echo "npm: statement and receipt hold, a forged one does not"
