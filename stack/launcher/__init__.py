"""The launcher of the embedded stack; only Python's standard library."""
