-- The operator's licensed and downloaded code files: CPT, HCPCS, next year's ICD-10-CM, texts of reason codes, NCCI pairs and limits. Every
-- practice of the database uses them. The rows of an edition are written first; it counts from the moment in which its state is current.

CREATE TABLE code_edition (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    effective_to TEXT,
    state TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    loaded_ms INTEGER NOT NULL,
    loaded_by TEXT NOT NULL
);
CREATE UNIQUE INDEX code_edition_current ON code_edition (kind, effective_from) WHERE state = 'current';

-- code2: of a pair the code that is not paid, else empty. valid_from: the row's own first day, else empty. number: of a code 1 where it may be
-- billed, of a pair its modifier indicator, of a limit the units. text: of a code its label, of a limit what it counts.
CREATE TABLE code_row (
    edition_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    code2 TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    number INTEGER NOT NULL,
    text TEXT,
    PRIMARY KEY (edition_id, code, code2, valid_from)
) WITHOUT ROWID;
