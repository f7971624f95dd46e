import Core

/// English reports in the words that radiologists use, one for each study.
enum ReportText {
  static func make(_ modality: String, _ part: BodyPart, _ generator: inout SeededGenerator)
    -> String
  {
    func pick(_ choices: [String]) -> String {
      choices[Int(generator.next() % UInt64(choices.count))]
    }
    let region = regions[part] ?? ""
    let lines = [
      "EXAMINATION: "
        + pick(["\(names[modality] ?? modality) of the \(region).", "\(modality) \(region)."]),
      "CLINICAL HISTORY: " + pick(histories[part] ?? []),
      pick(techniques[modality] ?? []),
      "FINDINGS: " + pick(normal[part] ?? []),
      pick(findings[part] ?? []),
      "IMPRESSION: " + pick(findings[part] ?? []) + " "
        + pick(["Clinical correlation is recommended.", "Follow-up as indicated.", ""]),
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let names = [
    "CT": "Computed tomography", "MR": "Magnetic resonance imaging", "CR": "Radiograph",
    "DX": "Radiograph",
    "US": "Ultrasound", "XA": "Angiography", "MG": "Mammography", "NM": "Scintigraphy",
  ]

  private static let regions: [BodyPart: String] = [
    .head: "head", .neck: "neck", .chest: "chest", .abdomen: "abdomen", .pelvis: "pelvis",
    .spine: "lumbar spine", .shoulder: "shoulder", .knee: "knee", .hand: "hand", .breast: "breasts",
  ]

  private static let techniques = [
    "CT": [
      "Axial images were obtained after intravenous contrast.",
      "Helical acquisition without contrast.",
    ],
    "MR": [
      "Multiplanar T1 and T2 weighted sequences were acquired.",
      "FLAIR and diffusion sequences included.",
    ],
    "CR": ["Frontal and lateral views.", "Portable frontal view."],
    "DX": ["Two digital views.", "Upright digital projection."],
    "US": [
      "Real-time grey-scale and Doppler sonography.", "Transducer examination with colour Doppler.",
    ],
    "XA": ["Selective catheter angiography with contrast runs.", "Digital subtraction series."],
    "MG": ["Craniocaudal and mediolateral oblique views.", "Bilateral screening views."],
    "NM": [
      "Planar images three hours after tracer injection.",
      "Whole body scintigraphy with technetium.",
    ],
  ]

  private static let histories: [BodyPart: [String]] = [
    .head: ["Headache and vertigo.", "Seizure, rule out haemorrhage.", "Acute stroke symptoms."],
    .neck: ["Palpable neck mass.", "Dysphagia.", "Thyroid nodule follow-up."],
    .chest: ["Cough and fever.", "Shortness of breath.", "Smoker, suspected lung nodule."],
    .abdomen: [
      "Right upper quadrant pain.", "Elevated liver enzymes.", "Flank pain, suspected stone.",
    ],
    .pelvis: ["Hip pain after a fall.", "Haematuria.", "Pelvic pain."],
    .spine: ["Low back pain with sciatica.", "Suspected disc herniation.", "Trauma to the spine."],
    .shoulder: ["Rotator cuff injury.", "Shoulder dislocation.", "Chronic shoulder pain."],
    .knee: ["Knee swelling.", "Suspected meniscal tear.", "Osteoarthritis follow-up."],
    .hand: ["Fall on the outstretched hand.", "Rheumatoid arthritis.", "Finger injury."],
    .breast: ["Screening.", "Palpable breast lump.", "Follow-up of calcifications."],
  ]

  private static let normal: [BodyPart: [String]] = [
    .head: [
      "The ventricles and sulci are normal in size.",
      "Grey and white matter differentiation is preserved.",
    ],
    .neck: ["The larynx and trachea are unremarkable.", "No enlarged cervical lymph nodes."],
    .chest: [
      "The heart size is normal, the lungs are expanded.", "No pleural effusion or pneumothorax.",
    ],
    .abdomen: ["Liver, spleen and pancreas are homogeneous.", "Both kidneys are of normal size."],
    .pelvis: ["The urinary bladder is well distended.", "The hip joints are congruent."],
    .spine: ["Vertebral body heights are maintained.", "Normal lordosis, the conus ends at L1."],
    .shoulder: ["The glenohumeral joint is aligned.", "The acromioclavicular joint is intact."],
    .knee: ["The cruciate and collateral ligaments are intact.", "The patella is centred."],
    .hand: ["The carpal bones are aligned.", "Metacarpal and phalangeal bones are intact."],
    .breast: ["Scattered fibroglandular tissue.", "Heterogeneously dense breast parenchyma."],
  ]

  private static let findings: [BodyPart: [String]] = [
    .head: [
      "Hypodense lesion in the left cerebral artery territory.",
      "Subdural haematoma along the convexity.", "No intracranial haemorrhage.",
    ],
    .neck: [
      "Hypoechoic nodule in the right thyroid lobe.", "Carotid plaque without stenosis.",
      "Enlarged jugular lymph node.",
    ],
    .chest: [
      "Consolidation in the right lower lobe, pneumonia.",
      "Pulmonary nodule in the left upper lobe.", "Cardiomegaly with pleural effusion.",
    ],
    .abdomen: [
      "Gallstones without cholecystitis.", "Hepatic steatosis.",
      "Ureteral calculus with hydronephrosis.",
    ],
    .pelvis: ["Femoral neck fracture.", "Enlarged prostate.", "Osteoarthritis of the hip."],
    .spine: [
      "Disc herniation at L4/L5 with nerve root compression.",
      "Compression fracture of a vertebral body.", "Spinal canal stenosis.",
    ],
    .shoulder: [
      "Supraspinatus tendon tear.", "Hill-Sachs deformity of the humeral head.",
      "Calcific tendinitis.",
    ],
    .knee: [
      "Tear of the medial meniscus.", "Joint effusion with Baker cyst.",
      "Anterior cruciate ligament rupture.",
    ],
    .hand: ["Scaphoid fracture.", "Periarticular erosions.", "Fracture of the fifth metacarpal."],
    .breast: [
      "Spiculated mass, BI-RADS 5.", "Clustered microcalcifications.", "Simple cyst, BI-RADS 2.",
    ],
  ]
}
