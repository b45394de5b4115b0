-- Limits of everything that reads for others; MAX is what a request may not exceed.
-- The gateway sets its own limits in each request ([sql] in its configuration): these are the last word.
CREATE SETTINGS PROFILE IF NOT EXISTS playhead_reader SETTINGS
    max_execution_time = 10 MAX 60,
    max_memory_usage = 1073741824 MAX 4294967296,
    max_threads = 2 MAX 8,
    max_rows_to_read = 200000000 MAX 2000000000,
    max_bytes_to_read = 10737418240 MAX 107374182400,
    max_result_rows = 100000 MAX 1000000,
    allow_ddl = 0 CONST,
    allow_introspection_functions = 0 CONST;
