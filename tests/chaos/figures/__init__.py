"""Measurements of durability: what each mode costs, and what an outage of Kafka does."""

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]

# The launcher of the embedded stack starts and stops the parts.
sys.path.insert(0, str(CHECKOUT / "stack"))
