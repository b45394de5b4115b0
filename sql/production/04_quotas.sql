-- For each user: what one hour may cost.
CREATE QUOTA IF NOT EXISTS playhead_analyst KEYED BY user_name
    FOR INTERVAL 1 hour MAX queries = 2000, read_rows = 50000000000, execution_time = 3600
    TO playhead_analyst;
