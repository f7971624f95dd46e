/// Coded values as they may be shown: an attribute with defined terms in the standard is shown if its value is one of
/// them. Anything else may be a person's name in the wrong field.
package enum StandardCode {
  package static let other = "other"

  /// A value, with each of its parts, as the log and the pages may show it.
  ///
  /// - Parameter keyword: a value of an attribute without defined terms is shown as it is.
  package static func shown(_ value: String, of keyword: String) -> String {
    guard let terms = terms[keyword] else { return value }
    return value.split(separator: "\\", omittingEmptySubsequences: false).map { part in
      part.isEmpty || terms.contains(String(part)) ? String(part) : other
    }.joined(separator: "\\")
  }

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map { String($0).replacing("~", with: " ") })
  }

  /// A tilde stands for a space inside a term.
  private static let terms: [String: Set<String>] = [
    // PS3.3 C.7.3.1.1.1, with the retired ones that archives still hold.
    "Modality": words(
      """
      ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT
      IVUS KER KO LEN LS M3D MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG
      RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA
      VIDEO XA XAPROTOCOL XC AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPR RTPLAN ST VF
      """),
    // PS3.16 annex L.
    "BodyPartExamined": words(
      """
      ABDOMEN ABDOMENPELVIS ADRENAL ANKLE ANUS AORTA AORTICARCH ARM AXILLA BACK BILEDUCT BLADDER BRAIN BREAST BRONCHUS
      BUTTOCK CALCANEUS CALF CAROTID CEREBELLUM CERVIX CHEEK CHEST CHESTABDOMEN CHESTABDPELVIS CIRCLEOFWILLIS CLAVICLE
      COCCYX COLON CORNEA CORONARYARTERY CSPINE CTSPINE DUODENUM EAR ELBOW ENDOARTERIAL ESOPHAGUS EXTREMITY EYE EYELID
      FACE FEMUR FIBULA FINGER FOOT FOREARM GALLBLADDER HAND HEAD HEADNECK HEART HIP HUMERUS IAC ILEUM ILIUM JAW JEJUNUM
      KIDNEY KNEE LARYNX LEG LIVER LSPINE LSSPINE LUNG MANDIBLE MAXILLA MEDIASTINUM MOUTH NECK NECKCHEST
      NECKCHESTABDOMEN NECKCHESTABDPELV NOSE ORBIT OVARY PANCREAS PAROTID PATELLA PELVIS PENIS PHARYNX PROSTATE RADIUS
      RADIUSULNA RECTUM RIB SCALP SCAPULA SCLERA SCROTUM SHOULDER SINUS SKULL SPINE SPLEEN SSPINE STERNUM STOMACH
      SUBMANDIBULAR TESTIS THIGH THUMB THYMUS THYROID TIBIA TIBIAFIBULA TLSPINE TMJ TOE TONGUE TRACHEA TSPINE ULNA URETER
      URETHRA UTERUS VAGINA VULVA WHOLEBODY WRIST ZYGOMA
      """),
    "PresentationIntentType": words("FOR~PRESENTATION FOR~PROCESSING"),
    "PatientPosition": words(
      "HFP HFS HFDR HFDL FFP FFS FFDR FFDL LFP LFS RFP RFS AFDR AFDL PFDR PFDL SITTING"),
    "ViewPosition": words("AP PA LL RL RLD LLD RLO LLO ML MLO LM LMO CC FB SIO ISO XCC XCCL XCCM"),
    "Laterality": words("R L"),
    "MRAcquisitionType": words("1D 2D 3D"),
    "ScanningSequence": words("SE IR GR EP RM"),
    "SequenceVariant": words("SK MTC SS TRSS SP MP OSP TOF NONE"),
    "ScanOptions": words("PER RG CG PPG FC PFF PFP SP FS"),
    "RotationDirection": words("CW CC"),
    "PhotometricInterpretation": words(
      """
      MONOCHROME1 MONOCHROME2 PALETTE~COLOR RGB HSV ARGB CMYK YBR_FULL YBR_FULL_422 YBR_PARTIAL_422 YBR_PARTIAL_420 YBR_ICT
      YBR_RCT XYB
      """),
    "BurnedInAnnotation": words("YES NO"),
    "LossyImageCompression": words("00 01"),
    "RescaleType": words("OD HU US MGML Z_EFF ED EDW HU_MOD PCT"),
    "ImageType": words(
      """
      ORIGINAL DERIVED PRIMARY SECONDARY AXIAL LOCALIZER MPR PROJECTION~IMAGE REFORMATTED VOLUME BIPLANE~A BIPLANE~B
      SINGLE~PLANE SINGLE~A SINGLE~B STATIC DYNAMIC GATED WHOLE~BODY TOMO RECON~TOMO M P R I OTHER NONE ADD SUBTRACT AVERAGE
      MIN_IP MAX_IP MEDIAN~RESAMPLED
      """),
  ]
}
