"""The tables that are printed."""

from .warehouse import Warehouse

_STORED = [
    ("raw", "beacons_raw"), ("states", "session_states"), ("sessions", "sessions"), ("minutes of sessions", "session_minutes"),
    ("marks", "session_marks"), ("seconds", "quality_by_second"), ("tens of seconds", "quality_by_ten_seconds"),
    ("minutes", "quality_by_minute"), ("totals of minutes", "quality_totals_by_minute"), ("hours", "quality_by_hour"),
    ("days", "quality_by_day"), ("curve", "concurrent_viewers_by_second"), ("impressions", "impressions"),
]  # fmt: skip


def print_steps(steps: list, beacons: int) -> None:
    """Wall and CPU time of the steps of a load."""
    print(f"\n{'step':<40} {'wall s':>9} {'CPU s':>9} {'us of CPU a beacon':>20}")
    for name, stretch in steps:
        print(f"{name:<40} {stretch.wall_s:>9.1f} {stretch.cpu_s:>9.1f} {stretch.cpu_s * 1e6 / beacons:>20.2f}")
    wall, cpu = sum(stretch.wall_s for _, stretch in steps), sum(stretch.cpu_s for _, stretch in steps)
    print(f"{'together':<40} {wall:>9.1f} {cpu:>9.1f} {cpu * 1e6 / beacons:>20.2f}")


def print_sizes(warehouse: Warehouse, beacons: int) -> None:
    """Bytes on disk, by table, once merged."""
    found = warehouse.rows(
        "SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS parts"
        " FROM system.parts WHERE database = currentDatabase() AND active GROUP BY table"
    )
    by_table = {row["table"]: row for row in found}
    print(f"\n{'table':<24} {'rows':>14} {'MB':>10} {'parts':>6} {'bytes a row':>12} {'bytes a beacon':>15}")
    whole = 0
    for _, table in _STORED:
        row = by_table.get(table)
        if row is None:
            continue
        whole += row["bytes"]
        print(
            f"{table:<24} {row['rows']:>14,} {row['bytes'] / 1e6:>10.1f} {row['parts']:>6} "
            f"{row['bytes'] / max(row['rows'], 1):>12.1f} {row['bytes'] / beacons:>15.2f}"
        )
    print(f"{'together':<24} {'':>14} {whole / 1e6:>10.1f} {'':>6} {'':>12} {whole / beacons:>15.2f}")


def merge(warehouse: Warehouse) -> None:
    """Merges every table to one part a partition, as time would have."""
    for _, table in _STORED:
        warehouse.ask(f"OPTIMIZE TABLE {table} FINAL")


def print_timings(timings: list) -> None:
    """Every query, the slow ones marked."""
    width = max([len(timing.query) for timing in timings], default=0)
    print(f"\n{'query':<{width}} {'window':<12} {'p50 ms':>9} {'p95 ms':>9} {'CPU ms':>8} {'rows':>6} {'rows read':>12} {'MB read':>9}")
    for timing in timings:
        if timing.failure:
            print(f"{timing.query:<{width}} {timing.window:<12} {timing.failure}")
            continue
        mark = "  above 100 ms" if timing.at(0.5) > 100 else ""
        print(
            f"{timing.query:<{width}} {timing.window:<12} {timing.at(0.5):>9.1f} {timing.at(0.95):>9.1f} {timing.cpu_ms:>8.1f} {timing.rows:>6} "
            f"{timing.read_rows:>12,} {timing.read_mb:>9.1f}{mark}"
        )
    every = sorted(ms for timing in timings for ms in timing.times_ms)
    if every:
        fast = sum(ms <= 100 for ms in every)
        print(
            f"together: p50 {every[len(every) // 2]:.0f} ms, p95 {every[int(len(every) * 0.95)]:.0f} ms,"
            f" {fast * 100 / len(every):.0f} % within 100 ms"
        )


def print_lateness(name: str, cost: dict) -> None:
    """One line of what late beacons cost."""
    each_ms = cost["cpu_s"] * 1000 / max(cost["beacons"], 1)
    print(
        f"{name}: {cost['beacons']:,} late beacons, right again after {cost['seconds']:.1f} s, {cost['minutes']} minutes "
        f"computed anew, {cost['cpu_s']:.2f} s of engine CPU beyond the idle passes, {each_ms:.2f} ms a beacon"
    )
