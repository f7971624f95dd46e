import Core
import Testing

/// The value of a coded attribute is shown if it is a code.
@Suite struct StandardCodeTests {
  @Test(
    arguments: [
      ("Modality", "CT", "CT"), ("Modality", "HORVAT", "other"), ("Modality", "ct", "other"),
      ("Modality", "", ""), ("Modality", "other", "other"), ("PatientPosition", "HFS", "HFS"),
      ("PatientPosition", "IVANA", "other"),
      ("ImageType", "ORIGINAL\\PRIMARY\\AXIAL", "ORIGINAL\\PRIMARY\\AXIAL"),
      ("ImageType", "ORIGINAL\\PRIMARY\\IVANA", "ORIGINAL\\PRIMARY\\other"),
      ("PresentationIntentType", "FOR PROCESSING", "FOR PROCESSING"),
      ("Manufacturer", "ACME", "ACME"),
    ])
  func `a value that is not a code of the standard is "other"`(
    _ keyword: String, _ value: String, _ shown: String
  ) { #expect(StandardCode.shown(value, of: keyword) == shown) }

  @Test func `without a table a body part is a standard term`() {
    #expect(BodyPartRules.none.bodyPart(examined: "thumb", descriptions: []) == "THUMB")
    #expect(BodyPartRules.none.bodyPart(examined: "Horvat", descriptions: []) == "other")
  }
}
