-- The gateway reads this database and nothing else: no SOURCES (file, url, s3, remote), no temporary tables. Views read with
-- the rights of whoever asks, so the tables and dictionaries behind them are granted too; with views that have the rights of
-- their definer (README) grant the views alone.
CREATE ROLE IF NOT EXISTS playhead_reader SETTINGS PROFILE 'playhead_reader';
GRANT SELECT ON playhead.* TO playhead_reader;
GRANT dictGet ON playhead.* TO playhead_reader;

-- Name and password as in [clickhouse] of the gateway's configuration; the one that migrates is another.
CREATE USER IF NOT EXISTS playhead_gateway IDENTIFIED WITH sha256_password BY 'replace me' DEFAULT ROLE playhead_reader;
GRANT playhead_reader TO playhead_gateway;
