"""The chaos drill: what runs, what is broken, and what must hold afterwards."""

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]

# The launcher of the embedded stack starts and stops the parts.
sys.path.insert(0, str(CHECKOUT / "stack"))
