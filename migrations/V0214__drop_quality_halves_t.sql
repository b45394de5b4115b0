-- Two windows that follow each other are a span with a parted hour since V0212.
-- Cost: none.
-- Undo: the text of V0207
DROP VIEW IF EXISTS quality_halves_t
