import Core

/// Text written into a picture, and where: the truth by which a detector is measured.
struct BurnedIn {
  enum Place: String, CaseIterable { case corner, edge, middle }
  enum Style: String, CaseIterable {
    /// White, or black on a white bar, or with a black outline, or a little brighter than what is behind it.
    case bright, dark, outlined, faint
    /// A device's screen: name bar, settings, depth scale.
    case screen
  }

  struct Box {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
  }

  private(set) var style: Style
  private(set) var place = Place.corner
  private(set) var face: Lettering.Face
  /// Rows of a capital letter.
  private(set) var height: Int
  private(set) var boxes: [Box] = []

  private static let heights = [8, 9, 10, 12, 14, 16, 20, 24, 32, 40, 48]

  /// Writes the patient's name and a date, or a whole screen for ultrasound.
  ///
  /// - Parameters:
  ///   - grey: `side` × `side` grey values, 0 dark and 255 bright.
  init(
    into grey: inout [Int], side: Int, plan: StudyPlan, _ generator: inout SeededGenerator
  ) {
    func pick<Value>(_ values: [Value]) -> Value {
      values[Int(generator.next() % UInt64(values.count))]
    }
    let name = plan.patientName.filter { !$0.isNumber }.replacing("CANARYNAME", with: "CANARY")
    let date = "\(plan.date.suffix(2)).\(plan.date.dropFirst(4).prefix(2)).\(plan.date.prefix(4))"
    face = pick(Lettering.Face.allCases)
    if plan.modality == "US" {
      (style, height) = (.screen, pick([8, 10, 12, 14]))
      screen(name, date, &grey, side)
      return
    }
    style = pick([.bright, .dark, .outlined, .faint])
    place = pick(Place.allCases)
    height = pick(Self.heights)
    let text = pick([name, date, "\(name) \(date)", "ID: \(plan.patientID.filter(\.isNumber))"])
    var lettering = Lettering(text, height: height, face: face)
    while lettering.columns > side - 8, height > 8 {
      height -= 1
      lettering = Lettering(text, height: height, face: face)
    }
    let (down, across) = (max(1, side - lettering.rows - 6), max(1, side - lettering.columns - 6))
    let anywhere = (
      3 + Int(generator.next() % UInt64(down)), 3 + Int(generator.next() % UInt64(across))
    )
    let (top, left): (Int, Int) =
      switch place {
      case .corner: (pick([3, down]), pick([3, across]))
      case .edge:
        pick([(3, anywhere.1), (down, anywhere.1), (anywhere.0, 3), (anywhere.0, across)])
      case .middle: (side / 4 + anywhere.0 / 2, anywhere.1)
      }
    write(lettering, top, left, &grey, side)
  }

  private mutating func screen(_ name: String, _ date: String, _ grey: inout [Int], _ side: Int) {
    let line = 2 * height
    for row in 0..<line { for column in 0..<side { grey[row * side + column] = 40 } }
    write(Lettering(name, height: height, face: face), height / 2, 4, &grey, side)
    let right = Lettering(date, height: height, face: face)
    write(right, height / 2, max(4, side - right.columns - 4), &grey, side)
    for (index, text) in ["S5-1", "40HZ", "15.0 CM", "GAIN: 50", "C 55"].enumerated() {
      write(
        Lettering(text, height: height, face: face), 2 * line + index * line * 3 / 4, 4, &grey, side
      )
    }
    for tick in 1..<10 {
      for column in side - 8..<side { grey[(tick * side / 10) * side + column] = 255 }
    }
  }

  private mutating func write(
    _ text: Lettering, _ top: Int, _ left: Int, _ grey: inout [Int], _ side: Int
  ) {
    let bottom = min(side, top + text.rows)
    let right = min(side, left + text.columns)
    let behind = (top..<bottom).flatMap { row in (left..<right).map { grey[row * side + $0] } }
    let usual = behind.sorted()[behind.count / 2]
    let around = 3
    func eachPixel(_ body: (_ pixel: Int, _ ink: Double) -> Void) {
      for row in max(0, top - around)..<min(side, bottom + around) {
        for column in max(0, left - around)..<min(side, right + around) {
          let isInside = (top..<bottom).contains(row) && (left..<right).contains(column)
          body(
            row * side + column,
            isInside ? text.ink[(row - top) * text.columns + column - left] : 0)
        }
      }
    }
    func mix(_ pixel: Int, _ level: Int, _ ink: Double) {
      grey[pixel] = Int((Double(grey[pixel]) * (1 - ink) + Double(level) * ink).rounded())
    }
    switch style {
    case .dark:
      eachPixel { pixel, _ in grey[pixel] = 235 }
      eachPixel { mix($0, 10, $1) }
    case .outlined:
      eachPixel { pixel, _ in grey[pixel] = min(grey[pixel], 20) }
      eachPixel { mix($0, 255, $1) }
    case .faint: eachPixel { mix($0, usual > 200 ? usual - 45 : usual + 45, $1) }
    case .bright, .screen:
      // White on white is no text.
      if usual > 150 { eachPixel { pixel, _ in grey[pixel] = min(grey[pixel], 120) } }
      eachPixel { mix($0, 255, $1) }
    }
    boxes.append(Box(left: left, top: top, right: right, bottom: bottom))
  }

  /// One line of the file of truths.
  func json(file: String) -> JSON {
    [
      "file": .string(file), "style": .string(style.rawValue), "place": .string(place.rawValue),
      "face": .string(face.rawValue), "height": .int(height),
      "boxes": .array(
        boxes.map {
          .array([.int($0.left), .int($0.top), .int($0.right), .int($0.bottom)])
        }),
    ]
  }
}
