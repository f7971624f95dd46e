/// The SOP classes that are named anywhere (PS3.4 Annex B and PS3.6).
package enum SOPClass {
  package static let mediaStorageDirectory = "1.2.840.10008.1.3.10"
  package static let computedRadiography = "1.2.840.10008.5.1.4.1.1.1"
  package static let digitalXRay = "1.2.840.10008.5.1.4.1.1.1.1"
  package static let mammography = "1.2.840.10008.5.1.4.1.1.1.2"
  package static let ct = "1.2.840.10008.5.1.4.1.1.2"
  package static let mr = "1.2.840.10008.5.1.4.1.1.4"
  package static let ultrasound = "1.2.840.10008.5.1.4.1.1.6.1"
  package static let angiography = "1.2.840.10008.5.1.4.1.1.12.1"
  package static let nuclearMedicine = "1.2.840.10008.5.1.4.1.1.20"
  package static let basicTextReport = "1.2.840.10008.5.1.4.1.1.88.11"
}
