"""HTTP front of the embedded ClickHouse engine, for development and tests only.

Run it with ``python -m clickhouse --help`` from the ``stack`` folder, inside the
virtual environment that ``stack/stack fetch`` prepares.
"""
