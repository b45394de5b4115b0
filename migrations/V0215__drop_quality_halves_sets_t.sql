-- Two windows that follow each other are a span with a parted hour since V0213.
-- Cost: none.
-- Undo: the text of V0208
DROP VIEW IF EXISTS quality_halves_sets_t
