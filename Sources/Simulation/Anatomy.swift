/// What the body is made of, as far as images show it.
enum Material: Int {
  case air, lung, fat, soft, fluid, organ, vessel, bone
}

enum BodyPart: String, CaseIterable {
  case head = "HEAD"
  case neck = "NECK"
  case chest = "CHEST"
  case abdomen = "ABDOMEN"
  case pelvis = "PELVIS"
  case spine = "SPINE"
  case shoulder = "SHOULDER"
  case knee = "KNEE"
  case hand = "HAND"
  case breast = "BREAST"
}

/// An ellipse or a rounded box in a plane of −1…1; later shapes cover earlier ones.
struct Shape {
  var x: Double
  var y: Double
  var width: Double
  var height: Double
  var turn = 0.0
  var box = false
  var material: Material

  init(
    _ material: Material, _ x: Double, _ y: Double, _ width: Double, _ height: Double,
    turn: Double = 0,
    box: Bool = false
  ) {
    self.material = material
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.turn = turn
    self.box = box
  }
}

/// Sections and projections of ten body parts: not diagnostic, but each is recognizable.
enum Anatomy {
  /// An axial section (a sagittal one for the spine).
  static func section(_ part: BodyPart) -> [Shape] {
    switch part {
    case .head:
      [
        Shape(.soft, 0, 0, 0.70, 0.86), Shape(.bone, 0, 0, 0.66, 0.82),
        Shape(.organ, 0, 0, 0.60, 0.76),
        Shape(.fluid, -0.13, -0.05, 0.07, 0.26, turn: 0.25),
        Shape(.fluid, 0.13, -0.05, 0.07, 0.26, turn: -0.25),
        Shape(.soft, 0, -0.45, 0.015, 0.25, box: true), Shape(.fluid, 0, 0.32, 0.05, 0.08),
      ]
    case .neck:
      [
        Shape(.fat, 0, 0, 0.58, 0.52), Shape(.soft, 0, 0, 0.53, 0.47),
        Shape(.bone, 0, 0.16, 0.17, 0.14),
        Shape(.fluid, 0, 0.22, 0.06, 0.05), Shape(.air, 0, -0.20, 0.11, 0.10),
        Shape(.vessel, -0.28, -0.06, 0.06, 0.06), Shape(.vessel, 0.28, -0.06, 0.06, 0.06),
        Shape(.organ, -0.17, -0.20, 0.07, 0.10), Shape(.organ, 0.17, -0.20, 0.07, 0.10),
      ]
    case .chest:
      [
        Shape(.fat, 0, 0, 0.92, 0.66), Shape(.soft, 0, 0, 0.86, 0.60),
        Shape(.bone, 0, 0, 0.80, 0.54),
        Shape(.soft, 0, 0, 0.77, 0.51), Shape(.lung, -0.40, 0, 0.33, 0.44),
        Shape(.lung, 0.40, 0, 0.33, 0.44),
        Shape(.organ, 0.08, -0.12, 0.27, 0.24), Shape(.vessel, 0.10, 0.22, 0.08, 0.08),
        Shape(.bone, 0, 0.38, 0.12, 0.12), Shape(.bone, 0, -0.50, 0.14, 0.04),
      ]
    case .abdomen:
      [
        Shape(.fat, 0, 0, 0.90, 0.68), Shape(.soft, 0, 0, 0.80, 0.58),
        Shape(.fat, 0, -0.02, 0.74, 0.50),
        Shape(.organ, -0.38, -0.12, 0.34, 0.34, turn: 0.4), Shape(.organ, 0.50, 0.08, 0.14, 0.22),
        Shape(.soft, 0.16, -0.22, 0.24, 0.15), Shape(.air, 0.20, -0.26, 0.12, 0.06),
        Shape(.vessel, -0.34, 0.26, 0.11, 0.15), Shape(.vessel, 0.34, 0.26, 0.11, 0.15),
        Shape(.vessel, 0.05, 0.16, 0.06, 0.06), Shape(.bone, 0, 0.36, 0.13, 0.12),
      ]
    case .pelvis:
      [
        Shape(.fat, 0, 0, 0.94, 0.64), Shape(.soft, 0, 0.04, 0.84, 0.54),
        Shape(.fat, 0, 0, 0.40, 0.34),
        Shape(.bone, -0.58, 0, 0.15, 0.24, turn: 0.3),
        Shape(.bone, 0.58, 0, 0.15, 0.24, turn: -0.3),
        Shape(.bone, -0.70, 0.06, 0.12, 0.12), Shape(.bone, 0.70, 0.06, 0.12, 0.12),
        Shape(.fluid, 0, -0.14, 0.24, 0.19), Shape(.soft, 0, 0.20, 0.12, 0.10),
        Shape(.air, 0, 0.20, 0.05, 0.04),
        Shape(.bone, 0, 0.44, 0.20, 0.08),
      ]
    case .spine:
      [Shape(.fat, 0, 0, 0.60, 0.98, box: true), Shape(.soft, 0.05, 0, 0.50, 0.98, box: true)]
        + (-3...3).map { Shape(.bone, -0.16, Double($0) * 0.28, 0.17, 0.10, box: true) }
        + [
          Shape(.fluid, 0.10, 0, 0.07, 0.97, box: true),
          Shape(.organ, 0.10, 0, 0.03, 0.97, box: true),
        ]
        + (-3...3).map { Shape(.bone, 0.30, Double($0) * 0.28 + 0.05, 0.11, 0.05, turn: 0.5) }
    case .shoulder:
      [
        Shape(.fat, 0.10, 0.05, 0.78, 0.66), Shape(.soft, 0.10, 0.05, 0.72, 0.60),
        Shape(.bone, -0.16, -0.05, 0.24, 0.24),
        Shape(.bone, 0.32, 0.10, 0.10, 0.30, turn: 0.7), Shape(.bone, 0.10, -0.02, 0.04, 0.16),
        Shape(.fluid, 0.05, -0.02, 0.02, 0.18), Shape(.lung, 0.85, 0.35, 0.30, 0.40),
      ]
    case .knee:
      [
        Shape(.fat, 0, 0, 0.56, 0.56), Shape(.soft, 0, 0, 0.50, 0.50),
        Shape(.bone, -0.18, 0.02, 0.22, 0.24),
        Shape(.bone, 0.18, 0.02, 0.22, 0.24), Shape(.bone, 0, -0.36, 0.18, 0.09),
        Shape(.fluid, 0, -0.24, 0.16, 0.03),
        Shape(.vessel, 0.02, 0.36, 0.04, 0.04),
      ]
    case .hand:
      [Shape(.soft, 0, 0, 0.70, 0.26)]
        + (-2...2).map { Shape(.bone, Double($0) * 0.24, -0.02, 0.08, 0.09) }
        + (-1...1).map { Shape(.fluid, Double($0) * 0.18, 0.15, 0.04, 0.03) }
    case .breast:
      [
        Shape(.fat, -0.45, 0, 0.36, 0.52), Shape(.fat, 0.45, 0, 0.36, 0.52),
        Shape(.organ, -0.45, 0, 0.20, 0.30),
        Shape(.organ, 0.45, 0, 0.20, 0.30), Shape(.soft, 0, 0.72, 0.95, 0.24),
        Shape(.lung, -0.40, 0.98, 0.30, 0.20),
        Shape(.lung, 0.40, 0.98, 0.30, 0.20),
      ]
    }
  }

  /// A projection from the front, as radiography shows it.
  static func projection(_ part: BodyPart) -> [Shape] {
    switch part {
    case .head:
      [
        Shape(.soft, 0, -0.05, 0.62, 0.84), Shape(.bone, 0, -0.18, 0.58, 0.68),
        Shape(.organ, 0, -0.18, 0.53, 0.63),
        Shape(.air, -0.22, 0.16, 0.14, 0.11), Shape(.air, 0.22, 0.16, 0.14, 0.11),
        Shape(.air, 0, 0.36, 0.08, 0.14),
        Shape(.bone, 0, 0.62, 0.34, 0.10),
      ]
    case .neck:
      [Shape(.soft, 0, 0, 0.38, 1.1, box: true)]
        + (-3...3).map { Shape(.bone, 0.02, Double($0) * 0.26, 0.15, 0.10, box: true) }
        + [Shape(.air, -0.02, -0.1, 0.06, 0.8, box: true), Shape(.bone, 0, 0.95, 0.9, 0.10)]
    case .chest:
      [
        Shape(.soft, 0, 0.1, 0.94, 1.05), Shape(.lung, -0.40, 0.02, 0.33, 0.66),
        Shape(.lung, 0.40, 0.02, 0.33, 0.66),
      ]
        + (0..<6).flatMap { rib -> [Shape] in
          let y = -0.45 + Double(rib) * 0.2
          return [
            Shape(.soft, -0.42, y, 0.32, 0.035, turn: 0.25),
            Shape(.soft, 0.42, y, 0.32, 0.035, turn: -0.25),
          ]
        }
        + [
          Shape(.organ, 0.12, 0.26, 0.32, 0.28, turn: 0.5),
          Shape(.bone, 0, 0, 0.09, 1.0, box: true),
          Shape(.bone, -0.42, -0.62, 0.34, 0.05, turn: -0.2),
          Shape(.bone, 0.42, -0.62, 0.34, 0.05, turn: 0.2),
          Shape(.organ, -0.35, 0.88, 0.40, 0.26),
        ]
    case .abdomen:
      [Shape(.soft, 0, 0, 0.88, 1.1, box: true), Shape(.organ, -0.45, -0.50, 0.38, 0.36)]
        + (-3...3).map { Shape(.bone, 0, Double($0) * 0.27, 0.13, 0.10, box: true) }
        + [
          Shape(.air, 0.35, -0.30, 0.16, 0.10), Shape(.air, 0.45, 0.25, 0.10, 0.22),
          Shape(.air, -0.45, 0.35, 0.10, 0.18),
          Shape(.bone, -0.55, 0.90, 0.35, 0.25), Shape(.bone, 0.55, 0.90, 0.35, 0.25),
        ]
    case .pelvis:
      [
        Shape(.soft, 0, 0, 0.95, 1.0, box: true), Shape(.bone, -0.48, -0.25, 0.34, 0.34, turn: 0.4),
        Shape(.bone, 0.48, -0.25, 0.34, 0.34, turn: -0.4), Shape(.soft, 0, 0.05, 0.30, 0.26),
        Shape(.bone, 0, -0.35, 0.18, 0.24),
        Shape(.bone, -0.55, 0.30, 0.15, 0.15), Shape(.bone, 0.55, 0.30, 0.15, 0.15),
        Shape(.bone, -0.66, 0.72, 0.11, 0.36),
        Shape(.bone, 0.66, 0.72, 0.11, 0.36), Shape(.bone, 0, 0.36, 0.26, 0.07),
      ]
    case .spine:
      [Shape(.soft, 0, 0, 0.60, 1.1, box: true)]
        + (-4...4).flatMap { level -> [Shape] in
          let y = Double(level) * 0.22
          return [
            Shape(.bone, 0, y, 0.17, 0.085, box: true), Shape(.bone, -0.24, y, 0.10, 0.025),
            Shape(.bone, 0.24, y, 0.10, 0.025),
          ]
        }
    case .shoulder:
      [
        Shape(.soft, 0, 0.1, 0.80, 0.85), Shape(.lung, 0.62, 0.45, 0.35, 0.60),
        Shape(.bone, -0.22, -0.15, 0.22, 0.22),
        Shape(.bone, -0.36, 0.48, 0.13, 0.58, box: true),
        Shape(.bone, 0.22, 0.05, 0.13, 0.40, turn: 0.2),
        Shape(.bone, 0.30, -0.52, 0.48, 0.06, turn: -0.1),
      ]
    case .knee:
      [
        Shape(.soft, 0, 0, 0.42, 1.1, box: true), Shape(.bone, 0, -0.66, 0.17, 0.55, box: true),
        Shape(.bone, 0, -0.20, 0.32, 0.19),
        Shape(.bone, 0, 0.20, 0.32, 0.14), Shape(.bone, -0.03, 0.70, 0.15, 0.50, box: true),
        Shape(.bone, 0.30, 0.66, 0.06, 0.46, box: true), Shape(.organ, 0, -0.26, 0.14, 0.14),
      ]
    case .hand:
      [Shape(.soft, 0, 0.40, 0.42, 0.46)]
        + (-2...2).flatMap { finger -> [Shape] in
          let x = Double(finger) * 0.19
          let tip = finger == -2 ? 0.10 : -0.45 - 0.1 * Double(2 - abs(finger))
          return [
            Shape(.soft, x * 1.3, tip, 0.085, 0.48), Shape(.bone, x, 0.36, 0.045, 0.26),
            Shape(.bone, x * 1.3, tip + 0.18, 0.042, 0.18),
            Shape(.bone, x * 1.4, tip - 0.18, 0.036, 0.13),
          ]
        }
        + (-1...1).map { Shape(.bone, Double($0) * 0.16, 0.74, 0.08, 0.09) }
        + [Shape(.bone, -0.12, 1.0, 0.12, 0.16), Shape(.bone, 0.14, 1.0, 0.10, 0.16)]
    case .breast:
      [
        Shape(.fat, -0.95, 0, 1.05, 0.82), Shape(.organ, -0.75, 0, 0.55, 0.45),
        Shape(.organ, -0.42, -0.08, 0.20, 0.24),
        Shape(.soft, -1.0, -0.60, 0.35, 0.45, turn: 0.5), Shape(.bone, -0.60, 0.15, 0.02, 0.02),
      ]
    }
  }
}
