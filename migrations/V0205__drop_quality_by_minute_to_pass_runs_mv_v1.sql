-- Drops what remembered the newest minute as the end of the pass.
-- Why: V0203. With minutes asked for in turns, a killed pass would have counted as done, and what was written during one of more than
-- a quarter of an hour would have been passed over.
-- Cost: none.
-- Undo: the statement of V0019
DROP VIEW IF EXISTS quality_by_minute_to_pass_runs_mv_v1
