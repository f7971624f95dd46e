/// Turns identifiers into keys that may be stored and printed.
package struct Keys: Sendable {
  package let siteKey: SiteKey
  package let identifiers: Configuration.Identifiers
  package let bodyParts: BodyPartRules

  package init(siteKey: SiteKey, identifiers: Configuration.Identifiers, bodyParts: BodyPartRules) {
    self.siteKey = siteKey
    self.identifiers = identifiers
    self.bodyParts = bodyParts
  }

  /// - Throws: `FileError` or `ConfigurationError` when the site key or the body-part rules can't be read.
  package init(_ configuration: Configuration) throws {
    self.init(
      siteKey: try SiteKey.load(
        stateDirectory: configuration.state.directory, file: configuration.siteKey),
      identifiers: configuration.identifiers,
      bodyParts: configuration.bodyParts.isEmpty
        ? .none : try BodyPartRules(contentsOf: configuration.bodyParts))
  }

  /// A study's key; the StudyInstanceUID itself if the site configured that.
  package func study(_ uid: Redacted<String>) -> String { uidKey(uid, purpose: "study") }

  private func series(_ uid: Redacted<String>, study: String) -> String {
    uid.revealed.isEmpty ? study + "-" : uidKey(uid, purpose: "series")
  }

  /// An instance's key within its study. The keys' order is effectively random, whatever `identifiers` is set to.
  private func instance(_ uid: Redacted<String>, digest: String, study: String) -> String {
    siteKey.key(
      study + "\u{0}" + (uid.revealed.isEmpty ? digest : uid.revealed), purpose: "instance")
  }

  /// The keys of an instance, of its series and of its study.
  package func keys(of instance: DecodedInstance) -> InstanceKeys {
    let study = study(instance.studyUID)
    return InstanceKeys(
      study: study, series: series(instance.seriesUID, study: study),
      instance: self.instance(instance.instanceUID, digest: instance.digest, study: study))
  }

  /// `nil` for an empty accession number: empty numbers of different studies don't match.
  package func accession(_ number: Redacted<String>) -> String? {
    let number = number.revealed.withoutPadding
    return number.isEmpty ? nil : siteKey.key(number, purpose: "accession")
  }

  /// Keys of a file's patient identifiers.
  package func patients(_ patients: Redacted<[PatientIdentifier]>) -> [PatientKey] {
    patients.revealed.map { patient in
      func key(_ issuer: String) -> String {
        siteKey.key(patient.number + "\u{0}" + issuer, purpose: "patient")
      }
      return PatientKey(number: key(""), whole: key(patient.issuer))
    }
  }

  /// The key for a patient of whom only the study is known.
  package func group(study: String) -> String { siteKey.key(study, purpose: "patient of a study") }

  /// What marks a study in the bundle that was trained on it; another site's keys give other marks.
  package func trainingMark(study: String) -> UInt64 {
    Self.short(siteKey.key(study, purpose: "training study"))
  }

  /// The key of a report's observation in one study; all its versions share it. A text file is identified by its path.
  package func report(_ identity: Redacted<String>, path: String, study: String) -> String {
    let identity = identity.revealed.isEmpty ? path : identity.revealed
    return siteKey.key(study + "\u{0}" + identity, purpose: "report")
  }

  /// A structured report's version within its study. Documents without a title are versions of one another.
  package func version(of report: StructuredReport, study: String) -> ReportVersion {
    ReportVersion(
      rank: report.rank,
      title: siteKey.key(study + "\u{0}" + report.title.revealed, purpose: "document title"),
      predecessors: report.predecessors.revealed.map {
        instance(Redacted($0), digest: "", study: study)
      })
  }

  package func path(_ path: FilePath) -> String { siteKey.key(path) }

  /// Replaces values that may identify a person by keys; the others stay.
  package func tags(_ tags: TagValues) -> TagValues {
    var tags = tags
    for attribute in AcquisitionTag.all where attribute.kind == .keyed {
      tags[attribute.keyword] = tags[attribute.keyword].map {
        siteKey.key($0, purpose: attribute.keyword)
      }
    }
    return tags
  }

  private func uidKey(_ uid: Redacted<String>, purpose: String) -> String {
    identifiers == .plain ? uid.revealed : siteKey.key(uid.revealed, purpose: purpose)
  }

  /// The first 64 bits of a key: enough to tell paths apart in memory.
  package static func short(_ key: String) -> UInt64 {
    var key = key
    return key.withUTF8 { short(UnsafeRawBufferPointer($0)) }
  }

  /// The same for a key's hexadecimal digits.
  package static func short(_ digits: UnsafeRawBufferPointer) -> UInt64 {
    digits.prefix(16).reduce(0) { number, digit in
      number << 4 | UInt64(digit < UInt8(ascii: "a") ? digit & 15 : digit - UInt8(ascii: "a") + 10)
    }
  }
}

/// The keys of an instance, of its series and of its study.
package struct InstanceKeys: Sendable {
  package var study: String
  package var series: String
  package var instance: String

  package init(study: String, series: String, instance: String) {
    self.study = study
    self.series = series
    self.instance = instance
  }
}
