import Core

extension SQLiteStore {
  package func attaching<Value>(_ other: StoreLocation?, _ body: () throws -> Value) throws -> Value
  {
    guard let other else { return try body() }
    try database.run("ATTACH DATABASE ? AS other", [.text(other.path)])
    let result = Result { try body() }
    try database.execute("DETACH DATABASE other")
    return try result.get()
  }

  package func adopt(bundle: String, through: Int) throws -> (forgotten: [String], waiting: Int) {
    try database.run(
      """
      UPDATE unit SET bundle = theirs.bundle, embedding = theirs.embedding, mask = theirs.mask,
        is_trained = theirs.is_trained
      FROM other.unit AS theirs
      WHERE theirs.unit_key = unit.unit_key AND theirs.bundle = ? AND unit.last_sequence <= ?
      """, [.text(bundle), .int(through)])
    // The instances of a unit that isn't replaced aren't either: with a known digest they would not be read again.
    let behind = "SELECT study_key FROM unit WHERE bundle <> ?"
    try database.run(
      """
      UPDATE instance SET bundle = theirs.bundle, image = theirs.image FROM other.instance AS theirs
      WHERE theirs.instance_key = instance.instance_key AND theirs.digest = instance.digest
        AND theirs.bundle = ? AND instance.study_key NOT IN (\(behind))
      """, [.text(bundle), .text(bundle)])
    try database.run(
      """
      INSERT OR REPLACE INTO report SELECT theirs.* FROM other.report AS theirs
      WHERE theirs.bundle = ? AND theirs.study_key IN (SELECT study_key FROM study)
      """, [.text(bundle)])

    var forgotten: [String] = []
    try database.run(
      "SELECT path_key FROM file WHERE study_key IN (\(behind))", [.text(bundle)]
    ) { forgotten.append($0.text("path_key")) }
    try database.run("DELETE FROM file WHERE study_key IN (\(behind))", [.text(bundle)])
    // No file has an empty digest, so the instance counts as a new version when it is read again.
    try database.run(
      """
      UPDATE instance SET digest = '', image = NULL WHERE bundle <> ? AND study_key IN (\(behind))
      """, [.text(bundle), .text(bundle)])
    let waiting = try database.first(
      "SELECT count(*) AS units FROM unit WHERE bundle <> ?", [.text(bundle)]
    ) {
      $0.int("units")
    }
    return (forgotten, waiting ?? 0)
  }
}
