-- What an edit found tells its values and the one right correction; the scrubber asks for a practice's visits by date and
-- for a child's claims.

ALTER TABLE finding ADD COLUMN edit_version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE finding ADD COLUMN found TEXT COLLATE "C";
ALTER TABLE finding ADD COLUMN expected TEXT COLLATE "C";
ALTER TABLE finding ADD COLUMN suggestion TEXT COLLATE "C";
CREATE INDEX encounter_by_date ON encounter (practice_id, service_date, id);
CREATE INDEX claim_of_child ON claim (practice_id, child_id, service_date);
