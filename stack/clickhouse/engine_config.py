"""Writes the engine's configuration file.

The embedded engine reads a server's configuration file (`config-file` in its
connection string), so server settings and librdkafka's come from here. User
profiles in it are ignored: defaults for queries are in `engine.py`.
"""

from pathlib import Path
from typing import Optional
from xml.sax.saxutils import escape

_TEMPLATE = """<clickhouse>
    <!-- Written at every start: change stack/clickhouse/engine_config.py instead. -->
    <logger>
        <level>warning</level>
        <size>20M</size>
        <count>2</count>
    </logger>
    <timezone>UTC</timezone>
    <max_server_memory_usage>{memory_bytes}</max_server_memory_usage>
    <mark_cache_size>268435456</mark_cache_size>
    <uncompressed_cache_size>0</uncompressed_cache_size>
    <index_mark_cache_size>67108864</index_mark_cache_size>
    <background_pool_size>4</background_pool_size>
    <os_threads_nice_value_merge_mutate>10</os_threads_nice_value_merge_mutate>
    <background_schedule_pool_size>16</background_schedule_pool_size>
    <background_message_broker_schedule_pool_size>16</background_message_broker_schedule_pool_size>
    <kafka>
        <session_timeout_ms>{session_timeout_ms}</session_timeout_ms>
        <heartbeat_interval_ms>{heartbeat_ms}</heartbeat_interval_ms>{login}
    </kafka>
    <merge_tree>
        <non_replicated_deduplication_window>0</non_replicated_deduplication_window>
    </merge_tree>
</clickhouse>
"""


# As in production, the login is the server's configuration, and no statement ever names it. Unlike a server's, this
# engine's librdkafka is built without TLS and SCRAM.
_LOGIN = """
        <security_protocol>sasl_plaintext</security_protocol>
        <sasl_mechanism>PLAIN</sasl_mechanism>
        <sasl_username>clickhouse</sasl_username>
        <sasl_password>{password}</sasl_password>"""


def write(path: Path, memory_bytes: int, session_timeout_ms: int, kafka_secrets: Optional[Path]) -> None:
    """Writes the file: a memory bound for the engine, how long a dead consumer is missed, and a login for Kafka."""
    login = ""
    if kafka_secrets:
        password = (kafka_secrets / "clickhouse.password").read_text(encoding="ascii").strip()
        login = _LOGIN.format(password=escape(password))
    path.touch(mode=0o600)
    path.write_text(
        _TEMPLATE.format(
            memory_bytes=memory_bytes,
            session_timeout_ms=session_timeout_ms,
            heartbeat_ms=max(500, session_timeout_ms // 4),
            login=login,
        ),
        encoding="utf-8",
    )
