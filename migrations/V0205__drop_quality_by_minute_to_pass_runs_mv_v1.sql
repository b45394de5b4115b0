-- Drops what took the newest minute that was written for the end of everything.
-- Why: V0203. With minutes left for the next pass, or one that is killed, what was written more than a quarter of an hour before would
-- have been passed over.
-- Cost: none.
-- Undo: the statement of V0019
DROP VIEW IF EXISTS quality_by_minute_to_pass_runs_mv_v1
