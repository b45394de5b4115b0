-- Writes the four columns before for the plays that were stored without them.
-- Why: computed at each question they would cost what the views cost before. The server does it beside its work; meanwhile
-- answers are right, and slow as they were.
-- Cost: some 20 us a play, once.
-- Undo: nothing; the columns are dropped by V0178 to V0181's.
ALTER TABLE sessions MATERIALIZE COLUMN errors, MATERIALIZE COLUMN ads, MATERIALIZE COLUMN ad_breaks, MATERIALIZE COLUMN engagement
