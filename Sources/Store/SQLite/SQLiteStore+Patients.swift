import Core

extension SQLiteStore {
  package func savePatients(_ patients: Set<PatientKey>, studyKey: String) throws {
    for patient in patients.sorted(by: { $0.whole < $1.whole }) {
      try database.run(
        "INSERT OR IGNORE INTO study_patient (study_key, whole_key, number_key) VALUES (?, ?, ?)",
        [.text(studyKey), .text(patient.whole), .text(patient.number)])
    }
  }

  package func patients(ofStudy studyKey: String) throws -> Set<PatientKey> {
    var patients: Set<PatientKey> = []
    try database.run(
      "SELECT number_key, whole_key FROM study_patient WHERE study_key = ?", [.text(studyKey)]
    ) { patients.insert(PatientKey(number: $0.text("number_key"), whole: $0.text("whole_key"))) }
    return patients
  }

  package func patients(_ body: (_ studyKey: String, _ patient: PatientKey?) -> Void) throws {
    try database.run(
      """
      SELECT study.study_key, number_key, whole_key FROM study LEFT JOIN study_patient USING (study_key)
      WHERE has_patients ORDER BY study_patient.rowid
      """
    ) { row in
      let number = row.optionalText("number_key")
      body(
        row.text("study_key"), number.map { PatientKey(number: $0, whole: row.text("whole_key")) })
    }
  }
}
