import Core
import Decoding
import Foundation

/// Writes the files of one study as a PACS export would: one folder per study, odd names, mixed transfer syntaxes.
struct StudyWriter {
  let side: Int
  let slices: Int
  private let output: OutputFolder
  /// Below `output`.
  private let folder: String
  private(set) var files = 0
  private(set) var bytesWritten = 0
  /// Share of the images into which the patient's name or a date is written.
  private let burnedIn: Double
  /// What was written, one line a file.
  private(set) var truth: [JSON] = []
  private var written: BurnedIn?

  init(side: Int, slices: Int, burnedIn: Double, output: OutputFolder, folder: String) {
    self.burnedIn = burnedIn
    self.side = side
    self.slices = slices
    self.output = output
    self.folder = folder
  }

  private static let syntaxes: [TransferSyntax] = [
    .implicitVRLittleEndian, .explicitVRLittleEndian, .explicitVRLittleEndian, .rleLossless,
    .jpegLosslessSV1, .jpegLSLossless,
  ]

  private static let classes = [
    "CT": SOPClass.ct, "MR": SOPClass.mr, "CR": SOPClass.computedRadiography,
    "DX": SOPClass.digitalXRay, "US": SOPClass.ultrasound, "XA": SOPClass.angiography,
    "MG": SOPClass.mammography, "NM": SOPClass.nuclearMedicine,
  ]

  mutating func write(_ plan: StudyPlan) throws {
    var plan = plan
    let series = StudyPlan.uid(&plan.generator)
    let syntax = Self.syntaxes[Int(plan.generator.next() % UInt64(Self.syntaxes.count))]
    let weighting = Rendering.Weighting.allCases[Int(plan.generator.next() % 3)]
    let images: Int =
      switch plan.modality {
      case "CT", "MR":
        slices > 0 ? slices : 3 + Int(plan.generator.next() % 5)
      case "MG": 2
      default: 1 + Int(plan.generator.next() % 2)
      }
    for index in 0..<images {
      let writer = try DICOMWriter()
      let uid = StudyPlan.uid(&plan.generator)
      try identify(
        writer, plan, series: series, uid: uid, sopClass: Self.classes[plan.modality] ?? "")
      try writer.set(.instanceNumber, String(index + 1))
      let level = images > 1 ? 2 * Double(index) / Double(images - 1) - 1 : 0
      try draw(writer, &plan, level: 0.7 * level, weighting)
      try save(writer, "IM\(1000 + index)", syntax)
      if let text = written { truth.append(text.json(file: "\(folder)/IM\(1000 + index)")) }
      written = nil
    }
    if plan.report == .structured { try writeStructuredReport(&plan) }
  }

  private func identify(
    _ writer: borrowing DICOMWriter, _ plan: StudyPlan, series: String, uid: String,
    sopClass: String
  ) throws {
    let values: [(DICOMTag, String?)] = [
      (.specificCharacterSet, "ISO_IR 100"), (.sopClassUID, sopClass), (.sopInstanceUID, uid),
      (.studyDate, plan.date),
      (.studyTime, plan.time), (.accessionNumber, plan.accession), (.modality, plan.modality),
      (.manufacturer, plan.device.manufacturer), (.institutionName, "CANARY General Hospital"),
      (.referringPhysicianName, plan.physician), (.studyDescription, plan.description),
      (.manufacturerModelName, plan.device.model), (.patientName, plan.patientName),
      (.patientID, plan.patientID),
      (.patientBirthDate, plan.birthDate), (.patientSex, plan.sex),
      (.bodyPartExamined, plan.bodyPartExamined),
      (.protocolName, plan.protocolName), (.studyInstanceUID, plan.studyUID),
      (.seriesInstanceUID, series),
      (.seriesNumber, "1"),
    ]
    for (tag, value) in values { if let value { try writer.set(tag, value) } }
  }

  private mutating func draw(
    _ writer: borrowing DICOMWriter, _ plan: inout StudyPlan, level: Double,
    _ weighting: Rendering.Weighting
  ) throws {
    let shapes =
      ["CT", "MR", "US"].contains(plan.modality) && plan.modality != "CR"
      ? Anatomy.section(plan.part) : Anatomy.projection(plan.part)
    let side = plan.modality == "NM" ? max(64, self.side / 2) : self.side
    let materials = Phantom(shapes, level: level, patient: plan.anatomy).materials(side: side)
    let seed = plan.generator.next()
    var rendering = Rendering(side: side, generator: SeededGenerator(seed: seed))
    var lettering = SeededGenerator(seed: seed ^ 0x6275_726e)
    let planned = plan
    /// Writes text into values that are shown from black to white.
    func burn(_ values: [UInt16], black: Int, white: Int) -> [UInt16] {
      guard burnedIn > 0, lettering.uniform() < burnedIn else { return values }
      let range = Double(max(1, white - black))
      var grey = values.map {
        min(255, max(0, Int((Double(Int($0) - black) * 255 / range).rounded())))
      }
      let before = grey
      written = BurnedIn(into: &grey, side: side, plan: planned, &lettering)
      return zip(values, zip(before, grey)).map { value, levels in
        levels.0 == levels.1 ? value : UInt16(max(0, black + Int(Double(levels.1) * range / 255)))
      }
    }
    let window = plan.hasWindow
    switch plan.modality {
    case "CT":
      let values = rendering.ct(materials, contrast: plan.number % 3 == 0).map {
        UInt16(max(0, $0 + 1024))
      }
      try set(
        writer,
        [
          (.imageType, "ORIGINAL\\PRIMARY\\AXIAL"), (.sliceThickness, "5"), (.kvp, "120"),
          (.exposureTime, "500"),
          (.xRayTubeCurrent, String(180 + plan.number % 7 * 20)),
          (.convolutionKernel, plan.part == .chest ? "B60f" : "B30f"),
          (.pixelSpacing, "0.7\\0.7"), (.windowCenter, window ? "40" : nil),
          (.windowWidth, window ? "400" : nil),
          (.rescaleIntercept, "-1024"), (.rescaleSlope, "1"),
        ])
      try frame(writer, burn(values, black: 864, white: 1_264), side: side, stored: 12)
    case "MR":
      let values = rendering.mr(materials, weighting).map { UInt16($0) }
      let times = [
        Rendering.Weighting.t1: ("500", "12"), .t2: ("4200", "98"), .flair: ("9000", "120"),
      ]
      try set(
        writer,
        [
          (.imageType, "ORIGINAL\\PRIMARY\\M"), (.scanningSequence, "SE"),
          (.mrAcquisitionType, "2D"),
          (.sliceThickness, "4"),
          (.repetitionTime, times[weighting]?.0), (.echoTime, times[weighting]?.1),
          (.magneticFieldStrength, plan.number % 2 == 0 ? "1.5" : "3"),
          (.flipAngle, "90"), (.pixelSpacing, "0.5\\0.5"), (.windowCenter, window ? "450" : nil),
          (.windowWidth, window ? "900" : nil),
        ])
      try frame(writer, burn(values, black: 0, white: 900), side: side, stored: 12)
    case "CR", "DX", "MG":
      let bits = plan.modality == "CR" ? 10 : 12
      let values =
        (plan.modality == "MG"
        ? rendering.mammogram(materials) : rendering.radiograph(materials, bits: bits))
        .map { UInt16($0) }
      let inverted = plan.modality == "CR" && plan.number % 2 == 0
      try set(
        writer,
        [
          (.imageType, "ORIGINAL\\PRIMARY"), (.kvp, plan.modality == "MG" ? "28" : "80"),
          (.exposure, "4"),
          (.viewPosition, plan.modality == "MG" ? "CC" : "AP"),
          (.windowCenter, window ? String(1 << (bits - 1)) : nil),
          (.windowWidth, window ? String(1 << bits) : nil),
        ])
      let top = UInt16((1 << bits) - 1)
      let shown = burn(values, black: 0, white: Int(top))
      try frame(
        writer, inverted ? shown.map { top - $0 } : shown, side: side, stored: bits,
        photometric: inverted ? "MONOCHROME1" : "MONOCHROME2")
    case "US":
      let grey = burn(rendering.ultrasound(materials).map { UInt16($0) }, black: 0, white: 255)
        .map { UInt8(min(255, $0)) }
      try set(
        writer,
        [
          (.imageType, "ORIGINAL\\PRIMARY\\\\0001"), (.transducerType, "CURVED LINEAR"),
          (.samplesPerPixel, "3"), (.planarConfiguration, "0"),
        ])
      try layout(writer, side: side, allocated: 8, stored: 8, photometric: "RGB")
      try writer.setPixels(grey.flatMap { [$0, $0, UInt8(min(255, Int($0) + 6))] })
    case "XA":
      let frames = 8
      let tree = SeededGenerator(seed: plan.generator.next())
      var values: [UInt16] = []
      for index in 0..<frames {
        values += rendering.angiogram(
          materials, phase: Double(index + 1) / Double(frames), tree: tree
        ).map { UInt16($0) }
      }
      try set(
        writer,
        [
          (.imageType, "ORIGINAL\\PRIMARY\\SINGLE PLANE"), (.cineRate, "15"),
          (.kvp, "75"), (.numberOfFrames, String(frames)),
          (.windowCenter, window ? "512" : nil), (.windowWidth, window ? "1024" : nil),
        ])
      try frame(writer, values, side: side, stored: 10)
    default:
      let values = rendering.scintigram(materials).map { UInt16($0) }
      try set(
        writer, [(.imageType, "ORIGINAL\\PRIMARY\\WHOLE BODY\\EMISSION"), (.numberOfFrames, "1")])
      let white = Int(values.max() ?? 1)
      try frame(writer, burn(values, black: 0, white: white), side: side, stored: 16)
    }
  }

  private func set(_ writer: borrowing DICOMWriter, _ values: [(DICOMTag, String?)]) throws {
    for (tag, value) in values { if let value { try writer.set(tag, value) } }
  }

  private func frame(
    _ writer: borrowing DICOMWriter, _ values: [UInt16], side: Int, stored: Int,
    photometric: String = "MONOCHROME2"
  ) throws {
    try writer.set(.samplesPerPixel, "1")
    try layout(writer, side: side, allocated: 16, stored: stored, photometric: photometric)
    try writer.setPixels(values)
  }

  private func layout(
    _ writer: borrowing DICOMWriter, side: Int, allocated: Int, stored: Int, photometric: String
  ) throws {
    try set(
      writer,
      [
        (.photometricInterpretation, photometric), (.rows, String(side)), (.columns, String(side)),
        (.bitsAllocated, String(allocated)), (.bitsStored, String(stored)),
        (.highBit, String(stored - 1)),
        (.pixelRepresentation, "0"),
      ])
  }

  private mutating func writeStructuredReport(_ plan: inout StudyPlan) throws {
    let writer = try DICOMWriter()
    var document = plan
    document.generator = plan.generator
    let uid = StudyPlan.uid(&document.generator)
    try identify(
      writer, plan, series: StudyPlan.uid(&document.generator), uid: uid,
      sopClass: SOPClass.basicTextReport)
    try writer.set(.modality, "SR")
    try writer.set(.valueType, "CONTAINER")
    let text = ReportText.make(plan.modality, plan.part, &document.generator)
    try writer.appendText(text, concept: "Findings")
    try save(writer, "SR1", .explicitVRLittleEndian)
  }

  /// Under a temporary name first, as careful exporters do.
  private mutating func save(
    _ writer: borrowing DICOMWriter, _ name: String, _ syntax: TransferSyntax
  )
    throws
  {
    var size = stat()
    try output.write("\(folder)/\(name)") { descriptor in
      try writer.save("/proc/self/fd/\(descriptor)", transferSyntax: syntax)
      fstat(descriptor, &size)
    }
    files += 1
    bytesWritten += Int(size.st_size)
  }
}
