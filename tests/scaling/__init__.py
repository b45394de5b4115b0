"""The parts of `tests/scale`."""
