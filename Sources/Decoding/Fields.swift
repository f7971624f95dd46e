import Core

/// Writes texts and numbers one after another, each text after its length: the format of a worker's answer.
/// Foundation's coders take longer over an answer than DCMTK over the file's header.
struct FieldWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ number: Int) {
    withUnsafeBytes(of: UInt32(number).littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ text: String) { write(text.utf8) }

  mutating func write(_ content: some Collection<UInt8>) {
    write(content.count)
    bytes.append(contentsOf: content)
  }

  mutating func write(_ texts: [String]) {
    write(texts.count)
    for text in texts { write(text) }
  }
}

/// Reads what `FieldWriter` wrote.
struct FieldReader {
  struct Malformed: Error {}

  private let bytes: [UInt8]
  private var place: Int

  init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    place = start
  }

  mutating func number() throws(Malformed) -> Int {
    guard bytes.count - place >= 4 else { throw Malformed() }
    defer { place += 4 }
    return bytes.withUnsafeBytes {
      Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
    }
  }

  mutating func text() throws(Malformed) -> String {
    String(decoding: try content(), as: UTF8.self)
  }

  mutating func content() throws(Malformed) -> ArraySlice<UInt8> {
    let length = try number()
    guard bytes.count - place >= length else { throw Malformed() }
    defer { place += length }
    return bytes[place..<place + length]
  }

  mutating func texts() throws(Malformed) -> [String] {
    var texts: [String] = []
    for _ in 0..<(try number()) { texts.append(try text()) }
    return texts
  }
}

extension DecodedInstance: FieldMessage {
  func write(to fields: inout FieldWriter) {
    for text in [studyUID, seriesUID, instanceUID, accession] { fields.write(text.revealed) }
    fields.write(patients.revealed.flatMap { [$0.number, $0.issuer] })
    fields.write(names.revealed)
    fields.write(tags.flatMap { [$0.key, $0.value] })
    fields.write(descriptions.revealed)
    fields.write(report == nil ? 0 : 1)
    report?.write(to: &fields)
    fields.write((hasPixels ? 1 : 0) + (isBurnedIn ? 2 : 0))
    fields.write(maskedImages)
    fields.write(rows)
    fields.write(columns)
    fields.write(decodePath)
    fields.write(digest)
    fields.write(imageCount)
  }

  init(reading fields: inout FieldReader) throws(FieldReader.Malformed) {
    let identifiers = try [
      fields.text(), fields.text(), fields.text(), fields.text(),
    ]
    let patients = try fields.texts()
    let names = try fields.texts()
    let tags = try fields.texts()
    guard tags.count % 2 == 0, patients.count % 2 == 0 else { throw FieldReader.Malformed() }
    let descriptions = try fields.texts()
    let report = try fields.number() == 0 ? nil : StructuredReport(reading: &fields)
    let flags = try fields.number()
    let masked = try fields.number()
    self.init(
      studyUID: identifiers[0], seriesUID: identifiers[1], instanceUID: identifiers[2],
      accession: identifiers[3],
      patients: stride(from: 0, to: patients.count, by: 2).compactMap {
        PatientIdentifier(number: patients[$0], issuer: patients[$0 + 1])
      },
      names: names,
      tags: Dictionary(
        stride(from: 0, to: tags.count, by: 2).map { (tags[$0], tags[$0 + 1]) },
        uniquingKeysWith: { first, _ in first }),
      descriptions: descriptions, report: report, hasPixels: flags & 1 != 0,
      rows: try fields.number(), columns: try fields.number(), isBurnedIn: flags & 2 != 0,
      maskedImages: masked, decodePath: try fields.text(), digest: try fields.text(),
      imageCount: try fields.number())
  }
}

extension StructuredReport: FieldMessage {
  func write(to fields: inout FieldWriter) {
    fields.write(text.revealed)
    fields.write(title.revealed)
    fields.write(rank.stage.rawValue)
    fields.write(rank.time)
    fields.write(predecessors.revealed)
  }

  init(reading fields: inout FieldReader) throws(FieldReader.Malformed) {
    let (text, title) = (try fields.text(), try fields.text())
    guard let stage = ReportRank.Stage(rawValue: try fields.number()) else {
      throw FieldReader.Malformed()
    }
    self.init(
      text: text, title: title, rank: ReportRank(stage: stage, time: try fields.text()),
      predecessors: try fields.texts())
  }
}
