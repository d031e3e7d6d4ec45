#!/usr/bin/env bash
# The demo itself: a loan from contract to offline verification, one validator killed on the way (Shows 1).
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/../../tools/demo" --bin "$1"
