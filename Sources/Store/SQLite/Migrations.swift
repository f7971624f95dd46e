/// The schema, one step per version. A released step is never edited; add a new one instead.
enum Migrations {
  static let steps: [String] = [
    """
    -- Facts about the store itself.
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    -- The ledger: every file that was dealt with. Paths are keys: folder names may identify patients.
    CREATE TABLE file (
      path_key TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, digest TEXT,
      outcome TEXT NOT NULL, study_key TEXT, instance_key TEXT
    ) WITHOUT ROWID;

    CREATE TABLE quarantine (
      path_key TEXT PRIMARY KEY, time TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE study (study_key TEXT PRIMARY KEY, accession_key TEXT) WITHOUT ROWID;
    CREATE INDEX study_accession ON study (accession_key);

    -- Only sampled instances keep features: those with the smallest keys, whatever order they came in.
    CREATE TABLE instance (
      instance_key TEXT PRIMARY KEY, study_key TEXT NOT NULL, series_key TEXT NOT NULL,
      digest TEXT NOT NULL, bundle TEXT NOT NULL, has_pixels INTEGER NOT NULL, frames INTEGER NOT NULL,
      image BLOB, tags TEXT, body_part TEXT, decode_path TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX instance_study ON instance (study_key);

    -- Counts of the bundle's terms; the text itself is not kept.
    CREATE TABLE report (
      report_key TEXT PRIMARY KEY, study_key TEXT NOT NULL, bundle TEXT NOT NULL, terms TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX report_study ON report (study_key);

    CREATE TABLE unit (
      unit_key TEXT PRIMARY KEY, study_key TEXT NOT NULL, revision INTEGER NOT NULL,
      last_sequence INTEGER NOT NULL, bundle TEXT NOT NULL, embedding BLOB NOT NULL, mask INTEGER NOT NULL,
      cluster INTEGER NOT NULL, window_generation INTEGER, instances INTEGER NOT NULL,
      frames INTEGER NOT NULL, modality TEXT, body_part TEXT, decode_path TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX unit_window ON unit (window_generation, cluster) WHERE window_generation IS NOT NULL;
    CREATE INDEX unit_cluster ON unit (cluster);

    -- Permanent clusters. A retired one has a successor.
    CREATE TABLE cluster (
      id INTEGER PRIMARY KEY, born INTEGER NOT NULL, retired INTEGER, successor INTEGER,
      name TEXT, trust TEXT NOT NULL DEFAULT 'unreviewed'
    );

    CREATE TABLE generation (
      number INTEGER PRIMARY KEY, time TEXT NOT NULL, bundle TEXT NOT NULL, reason TEXT NOT NULL,
      units INTEGER NOT NULL, inertia REAL NOT NULL, figures TEXT NOT NULL
    );

    -- vector and reference figures are frozen at promotion; online_vector and weights follow the stream.
    CREATE TABLE centroid (
      generation INTEGER NOT NULL, position INTEGER NOT NULL, cluster INTEGER NOT NULL,
      vector BLOB NOT NULL, occupancy INTEGER NOT NULL, radius REAL NOT NULL, novelty REAL NOT NULL,
      online_vector BLOB NOT NULL, weights BLOB NOT NULL, PRIMARY KEY (generation, position)
    ) WITHOUT ROWID;

    -- Every line of the annotation log, as it stands there.
    CREATE TABLE event (sequence INTEGER PRIMARY KEY, type TEXT NOT NULL, line TEXT NOT NULL);
    """,
    """
    -- Drift looks at units in the order in which they were annotated for the first time.
    ALTER TABLE unit ADD COLUMN first_sequence INTEGER NOT NULL DEFAULT 0;
    UPDATE unit SET first_sequence = last_sequence;
    CREATE INDEX unit_arrival ON unit (window_generation, first_sequence) WHERE window_generation IS NOT NULL;

    -- What windows of a generation are compared with, frozen; is_member: its centres were fitted on the unit.
    CREATE TABLE reference (
      generation INTEGER NOT NULL, ordinal INTEGER NOT NULL, study_key TEXT NOT NULL, embedding BLOB NOT NULL,
      mask INTEGER NOT NULL, is_member INTEGER NOT NULL, PRIMARY KEY (generation, ordinal)
    ) WITHOUT ROWID;

    -- A full fit that waits for approval: there is one at most.
    CREATE TABLE held (
      id INTEGER PRIMARY KEY CHECK (id = 1), generation INTEGER NOT NULL, time TEXT NOT NULL,
      reason TEXT NOT NULL, clustering BLOB NOT NULL, figures TEXT NOT NULL
    );

    -- One row for each window of a generation that was judged.
    CREATE TABLE drift (
      generation INTEGER NOT NULL, window INTEGER NOT NULL, time TEXT NOT NULL, is_raised INTEGER NOT NULL,
      is_alarm INTEGER NOT NULL, report TEXT NOT NULL, PRIMARY KEY (generation, window)
    ) WITHOUT ROWID;
    """,
    """
    -- What a unit looks like: a small grey PNG of its instance with the smallest key that may be shown.
    CREATE TABLE thumbnail (
      unit_key TEXT PRIMARY KEY, instance_key TEXT NOT NULL, png BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX thumbnail_instance ON thumbnail (instance_key);
    """,
    """
    -- Files by outcome: a ledger of millions is not counted whenever somebody asks.
    CREATE TABLE tally (outcome TEXT PRIMARY KEY, files INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO tally SELECT outcome, count(*) FROM file GROUP BY outcome;
    CREATE TRIGGER file_inserted AFTER INSERT ON file BEGIN
      INSERT INTO tally VALUES (new.outcome, 1) ON CONFLICT (outcome) DO UPDATE SET files = files + 1;
    END;
    CREATE TRIGGER file_deleted AFTER DELETE ON file BEGIN
      UPDATE tally SET files = files - 1 WHERE outcome = old.outcome;
    END;
    CREATE TRIGGER file_changed AFTER UPDATE OF outcome ON file WHEN old.outcome <> new.outcome BEGIN
      UPDATE tally SET files = files - 1 WHERE outcome = old.outcome;
      INSERT INTO tally VALUES (new.outcome, 1) ON CONFLICT (outcome) DO UPDATE SET files = files + 1;
    END;
    """,
    """
    -- What a start reads of every file, in a fifth of the pages that whole rows take.
    CREATE INDEX file_stamp ON file (path_key, size, modified);
    """,
    """
    -- Other content under the same path may have the same size and time. NULL where a file was noted without them.
    ALTER TABLE file ADD COLUMN inode INTEGER;
    ALTER TABLE file ADD COLUMN changed INTEGER;
    DROP INDEX file_stamp;
    CREATE INDEX file_stamp ON file (path_key, size, modified, inode, changed);
    """,
    """
    -- What a study's files call its patient by. Studies from before this step have none (has_patients = 0).
    CREATE TABLE study_patient (
      study_key TEXT NOT NULL, whole_key TEXT NOT NULL, number_key TEXT NOT NULL,
      UNIQUE (study_key, whole_key)
    );
    ALTER TABLE study ADD COLUMN has_patients INTEGER NOT NULL DEFAULT 0;

    -- Which version of a report counts; NULL for those from before this step, which any other replaces.
    ALTER TABLE report ADD COLUMN stage INTEGER;
    ALTER TABLE report ADD COLUMN time TEXT;
    ALTER TABLE report ADD COLUMN correction INTEGER;

    -- What waits: reports for their study, studies for the first models, files for their writer; since: seconds since 1970.
    CREATE TABLE waiting (
      kind TEXT NOT NULL, key TEXT NOT NULL, since REAL NOT NULL, is_announced INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;
    """,
    """
    -- Structured reports are versions of each other by title, or say so: predecessors are keys, by blanks. Whether a
    -- report counts (PS3.3 C.17.2) is known once all of its study's are looked at.
    ALTER TABLE report ADD COLUMN title TEXT;
    ALTER TABLE report ADD COLUMN predecessors TEXT NOT NULL DEFAULT '';
    ALTER TABLE report ADD COLUMN counts INTEGER NOT NULL DEFAULT 1;
    """,
    """
    -- Report files by the accession numbers through which they found a study: one that comes later may share the number.
    CREATE TABLE delivery (
      accession_key TEXT NOT NULL, path_key TEXT NOT NULL, PRIMARY KEY (accession_key, path_key)
    ) WITHOUT ROWID;
    """,
    """
    -- Units that the bundle's models were trained on say nothing about new ones: drift leaves them out. A first
    -- generation's reference was made of them; it is frozen again from the first new units.
    ALTER TABLE unit ADD COLUMN is_trained INTEGER NOT NULL DEFAULT 0;
    UPDATE unit SET is_trained = 1
      WHERE window_generation IS NULL AND (SELECT count(*) FROM generation) = 1;
    DELETE FROM reference WHERE is_member AND (SELECT count(*) FROM generation) = 1;

    -- The weights of the frozen centroids; those of the online ones follow the stream.
    ALTER TABLE centroid ADD COLUMN reference_weights BLOB NOT NULL DEFAULT x'';
    UPDATE centroid SET reference_weights = weights;
    """,
    """
    -- What a cluster held when it was judged. Reviews from before this step count for what it holds now.
    CREATE TABLE review (
      cluster INTEGER PRIMARY KEY, generation INTEGER NOT NULL, sequence INTEGER NOT NULL, time TEXT NOT NULL,
      reviewer TEXT, comment TEXT
    );
    CREATE TABLE review_mix (
      cluster INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, units INTEGER NOT NULL,
      PRIMARY KEY (cluster, kind, value)
    ) WITHOUT ROWID;
    INSERT INTO review SELECT id, (SELECT coalesce(max(number), 0) FROM generation),
      (SELECT coalesce(max(sequence), 0) FROM event), strftime('%Y-%m-%dT%H:%M:%fZ'), NULL, NULL
      FROM cluster WHERE trust <> 'unreviewed';
    INSERT INTO review_mix SELECT cluster, 'modality', coalesce(modality, ''), count(*) FROM unit
      WHERE cluster IN (SELECT cluster FROM review) GROUP BY 1, 3;
    INSERT INTO review_mix SELECT cluster, 'body_part', coalesce(body_part, ''), count(*) FROM unit
      WHERE cluster IN (SELECT cluster FROM review) GROUP BY 1, 3;

    -- Where reviewers want units: in one cluster at most (is_wanted), and not in others.
    CREATE TABLE placement (
      unit_key TEXT NOT NULL, cluster INTEGER NOT NULL, is_wanted INTEGER NOT NULL, PRIMARY KEY (unit_key, cluster)
    ) WITHOUT ROWID;

    -- What the next fit starts from. clusters: numbers, by blanks.
    CREATE TABLE proposal (number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, clusters TEXT NOT NULL);
    ALTER TABLE held ADD COLUMN proposals TEXT NOT NULL DEFAULT '';

    -- How many more clusters a generation has than configured, because of proposals.
    ALTER TABLE generation ADD COLUMN added_clusters INTEGER NOT NULL DEFAULT 0;

    -- The clusters that units were in before: an old label stands for where most of its units are.
    CREATE TABLE former (
      cluster INTEGER NOT NULL, unit_key TEXT NOT NULL, PRIMARY KEY (cluster, unit_key)
    ) WITHOUT ROWID;
    INSERT OR IGNORE INTO former
      SELECT CAST(substr(json_extract(line, '$.cluster'), 2) AS INTEGER), json_extract(line, '$.unit_key')
      FROM event WHERE type IN ('annotation', 'revision')
        AND json_extract(line, '$.unit_key') IN (SELECT unit_key FROM unit WHERE revision > 1);
    DELETE FROM former WHERE cluster = (SELECT cluster FROM unit WHERE unit_key = former.unit_key);

    -- What clusters hold is counted without reading vectors.
    DROP INDEX unit_cluster;
    CREATE INDEX unit_cluster ON unit (cluster, modality, body_part, last_sequence);
    """,
  ]

  static var current: Int { steps.count }
}
