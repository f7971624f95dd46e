import Core

extension Store {
  /// Notes what the files of a study call its patient by.
  package func savePatients(_ patients: Set<PatientKey>, studyKey: String) throws {
    for patient in patients.sorted(by: { $0.whole < $1.whole }) {
      try database.run(
        "INSERT OR IGNORE INTO study_patient (study_key, whole_key, number_key) VALUES (?, ?, ?)",
        [.text(studyKey), .text(patient.whole), .text(patient.number)])
    }
  }

  /// What the files of a study call its patient by.
  package func patients(ofStudy studyKey: String) throws -> Set<PatientKey> {
    var patients: Set<PatientKey> = []
    try database.run(
      "SELECT number_key, whole_key FROM study_patient WHERE study_key = ?", [.text(studyKey)]
    ) { patients.insert(PatientKey(number: $0.text(0), whole: $0.text(1))) }
    return patients
  }

  /// Every study with every key of its patient, in the order in which they came; `nil` for a study whose files have
  /// none. Studies that were annotated before keys were kept are left out.
  package func patients(_ body: (_ studyKey: String, _ patient: PatientKey?) -> Void) throws {
    try database.run(
      """
      SELECT study.study_key, number_key, whole_key FROM study LEFT JOIN study_patient USING (study_key)
      WHERE has_patients ORDER BY study_patient.rowid
      """
    ) { row in
      let number = row.optionalText(1)
      body(row.text(0), number.map { PatientKey(number: $0, whole: row.text(2)) })
    }
  }
}
