import Core
import Foundation

/// One synthetic study: who, what, with which device, and which of its attributes the "archive" lost.
struct StudyPlan {
  let number: Int
  let modality: String
  let part: BodyPart
  let studyUID: String
  let accession: String
  let patientName: String
  let patientID: String
  let physician: String
  let birthDate: String
  let sex: String
  let date: String
  let time: String
  let device: Device
  let description: String
  let bodyPartExamined: String?
  let protocolName: String?
  let hasWindow: Bool
  let report: Report
  /// The patient's own anatomy, the same in every image.
  let anatomy: SeededGenerator
  var generator: SeededGenerator

  /// How the report arrives, if there is one.
  enum Report { case none, byStudy, byAccession, structured }

  struct Device {
    var manufacturer: String
    var model: String
  }

  /// Root for UIDs of synthetic objects, under the UUID arc (PS3.5 B.2) made from the seed.
  private static let root = "2.25"

  init(number: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed &+ UInt64(number) &* 0x2545_f491_4f6c_dd1d)
    func pick<Element>(_ choices: [Element]) -> Element {
      choices[Int(generator.next() % UInt64(choices.count))]
    }
    func chance(_ probability: Double) -> Bool { generator.uniform() < probability }

    self.number = number
    // The first studies cover every modality; later ones are as frequent as in a hospital.
    let cycle = number < Self.modalities.count ? Self.modalities[number] : pick(Self.frequencies)
    modality = cycle
    part = pick(Self.parts[cycle] ?? BodyPart.allCases)
    studyUID = Self.uid(&generator)
    accession = "A" + String(100_000_000 + Int(generator.next() % 900_000_000))
    // Names that any search finds, should one ever leak.
    let given = pick(["ANNA", "MARKO", "IVANA", "PETER", "LUCIA", "TOMAS", "EVA", "JAKOV"])
    patientName = "CANARYNAME\(number)^\(given)"
    patientID = "CANARYID\(generator.next() % 1_000_000)"
    physician = "Canarydoctor\(generator.next() % 40)^D"
    birthDate =
      "19\(30 + generator.next() % 70)0\(1 + generator.next() % 9)1\(generator.next() % 10)"
    sex = pick(["F", "M"])
    date = "20260\(1 + generator.next() % 9)\(10 + generator.next() % 19)"
    time = "\(10 + generator.next() % 10)\(10 + generator.next() % 50)00"
    let device = pick(Self.devices[cycle] ?? [])
    self.device = device
    description = "\(cycle) \(part.rawValue.lowercased())"
    bodyPartExamined = chance(0.75) ? part.rawValue : nil
    protocolName =
      chance(0.7)
      ? "\(part.rawValue.capitalized) \(pick(["routine", "standard", "fast", "detail"]))" : nil
    hasWindow = chance(0.9)
    report = pick([
      .none, .byStudy, .byStudy, .byStudy, .byStudy, .byAccession, .byAccession, .structured,
    ])
    anatomy = SeededGenerator(seed: generator.next())
    self.generator = generator
  }

  static func uid(_ generator: inout SeededGenerator) -> String {
    "\(root).\(generator.next() >> 1)\(generator.next() % 1_000_000_000)"
  }

  static let modalities = ["CT", "MR", "CR", "DX", "US", "XA", "MG", "NM"]

  private static let frequencies =
    [String](repeating: "CT", count: 6) + [String](repeating: "MR", count: 5)
    + [String](repeating: "CR", count: 3) + [String](repeating: "DX", count: 3)
    + [String](repeating: "US", count: 3) + ["XA", "MG", "NM"]

  private static let parts: [String: [BodyPart]] = [
    "CT": [.head, .neck, .chest, .abdomen, .pelvis, .spine],
    "MR": [.head, .neck, .abdomen, .pelvis, .spine, .shoulder, .knee, .breast],
    "CR": [.head, .neck, .chest, .abdomen, .pelvis, .spine, .shoulder, .knee, .hand],
    "DX": [.chest, .pelvis, .spine, .shoulder, .knee, .hand],
    "US": [.neck, .abdomen, .pelvis, .breast],
    "XA": [.head, .chest, .abdomen], "MG": [.breast], "NM": [.chest, .abdomen, .pelvis, .spine],
  ]

  private static let devices: [String: [Device]] = [
    "CT": [
      .init(manufacturer: "SIEMENS", model: "SOMATOM Force"),
      .init(manufacturer: "GE MEDICAL SYSTEMS", model: "LightSpeed VCT"),
    ],
    "MR": [
      .init(manufacturer: "SIEMENS", model: "Aera"),
      .init(manufacturer: "Philips Medical Systems", model: "Ingenia"),
    ],
    "CR": [
      .init(manufacturer: "FUJIFILM Corporation", model: "FCR XG-1"),
      .init(manufacturer: "Agfa", model: "CR 85"),
    ],
    "DX": [
      .init(manufacturer: "Carestream", model: "DRX-Evolution"),
      .init(manufacturer: "SIEMENS", model: "Ysio Max"),
    ],
    "US": [
      .init(manufacturer: "GE Healthcare", model: "LOGIQ E9"),
      .init(manufacturer: "Philips", model: "EPIQ 7G"),
    ],
    "XA": [.init(manufacturer: "Philips Medical Systems", model: "Allura Xper")],
    "MG": [.init(manufacturer: "HOLOGIC, Inc.", model: "Selenia Dimensions")],
    "NM": [.init(manufacturer: "GE MEDICAL SYSTEMS", model: "Discovery 670")],
  ]
}
