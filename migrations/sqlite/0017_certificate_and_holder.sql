-- What the CLIA certificate of a site allows: waiver, microscopy or full; NULL where nobody said.
ALTER TABLE location ADD COLUMN clia_certificate TEXT;

-- What the policy holder is to the child, which decides the order of two parents' plans; NULL where nobody said.
ALTER TABLE coverage ADD COLUMN holder_relation TEXT;
