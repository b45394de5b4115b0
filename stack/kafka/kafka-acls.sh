#!/usr/bin/env bash
# Stands in for Kafka's tool of this name, with the part of its arguments that `playhead topics --acls` prints.
set -euo pipefail
cd_to="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$cd_to" exec python3 -c 'from launcher.acls import main; main()' "$@"
