-- What the CLIA certificate of a site allows: waiver, microscopy or full; NULL where nobody said.

ALTER TABLE location ADD COLUMN clia_certificate TEXT;
