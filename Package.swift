// swift-tools-version: 6.3
// Arrows between targets point one way, from the executables down to Core; see docs/architecture.md.
import PackageDescription

let package = Package(
  name: "radiologynet",
  products: [
    .executable(name: "radiologynetd", targets: ["radiologynetd"]),
    .executable(name: "radiologynetctl", targets: ["radiologynetctl"]),
    .executable(name: "radiologynet-decode", targets: ["radiologynet-decode"]),
    .executable(name: "radiologynet-lab", targets: ["radiologynet-lab"]),
    // Loaded when first needed.
    .`library`(name: "radiologynet-torch", type: .dynamic, targets: ["CTorch"]),
  ],
  targets: [
    // MARK: C and C++ underneath

    .target(
      name: "CDCMTK",
      linkerSettings: [
        "z", "dcmjpeg", "dcmjpls", "dcmtkcharls", "ijg8", "ijg12", "ijg16",
        "dcmimage", "dcmimgle", "dcmdata", "oflog", "ofstd",
      ].map { .linkedLibrary($0) }
    ),
    .target(name: "CBLAS", linkerSettings: [.linkedLibrary("openblas")]),
    .target(name: "COpenJPEG", linkerSettings: [.linkedLibrary("openjp2")]),
    .target(name: "CQuantized"),
    .target(name: "CCharLS", linkerSettings: [.linkedLibrary("charls")]),
    .target(name: "CSandbox", linkerSettings: [.linkedLibrary("seccomp")]),
    .target(name: "CMicroHTTPD", linkerSettings: [.linkedLibrary("microhttpd")]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("z")]),
    .target(name: "CTOML"),
    .target(name: "CFiles"),
    .target(
      name: "CTorch",
      cxxSettings: [
        // torch/torch.h lies below a folder of its own; warnings in it are not ours.
        .unsafeFlags(["-isystem", "/usr/include/torch/csrc/api/include"])
      ],
      linkerSettings: ["torch", "torch_cpu", "c10", "openblas"].map { .linkedLibrary($0) } + [
        // The library has no Swift in it and wants no Swift runtime.
        .unsafeFlags(["-nostartfiles", "-static-stdlib"])
      ]),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CStemmer"),
    .systemLibrary(name: "CSystemd"),
    .systemLibrary(name: "CTorchFace"),
    .systemLibrary(name: "CXXHash"),

    // MARK: Libraries

    .target(
      name: "Clustering", dependencies: ["CBLAS", "CQuantized", "Core", "LinearAlgebra"]),
    .target(name: "Core", dependencies: ["CCrypto", "CFiles", "CTOML"]),
    .target(
      name: "Decoding",
      dependencies: [
        "CCharLS", "CDCMTK", "COpenJPEG", "CSandbox", "CXXHash", "Core",
      ]),
    .target(
      name: "Embeddings", dependencies: ["Clustering", "Core", "Features", "PNGFiles", "Store"]),
    .target(
      name: "Evaluation", dependencies: ["Clustering", "Core", "Embeddings", "Features"]),
    .target(
      name: "Export",
      dependencies: ["Core", "Decoding", "Embeddings", "Intake", "PNGFiles", "Store"]),
    .target(
      name: "Features", dependencies: ["CBLAS", "CStemmer", "CTorchFace", "Core", "LinearAlgebra"]),
    .target(name: "Intake", dependencies: ["Core"]),
    .target(name: "LinearAlgebra", dependencies: ["CBLAS", "Core"]),
    .target(name: "PNGFiles", dependencies: ["CPNG", "Core"]),
    .target(
      name: "Reclustering", dependencies: ["Clustering", "Core", "Embeddings", "Features", "Store"]),
    .target(
      name: "Review",
      dependencies: ["Clustering", "Core", "Decoding", "Features", "PNGFiles", "Store"]),
    .target(
      name: "Service",
      dependencies: [
        "Clustering", "Core", "CSystemd", "Decoding", "Embeddings", "Features", "Intake",
        "PNGFiles", "Reclustering", "Review", "Store", "StudyIntake", "Training", "Web",
      ]),
    .target(name: "Simulation", dependencies: ["Core", "Decoding"]),
    .target(name: "Store", dependencies: ["Core", "CSQLite"]),
    .target(
      name: "StudyIntake",
      dependencies: ["Core", "Decoding", "Embeddings", "Features", "Intake", "Store"]),
    .target(
      name: "Training",
      dependencies: [
        "Clustering", "Core", "Decoding", "Embeddings", "Features", "Intake", "Store",
        "StudyIntake",
      ]),
    .target(name: "Web", dependencies: ["CMicroHTTPD", "Core"]),

    // MARK: Executables

    .executableTarget(name: "radiologynetd", dependencies: ["Core", "Service"]),
    .executableTarget(
      name: "radiologynet-bench",
      dependencies: [
        "Clustering", "Core", "Decoding", "Embeddings", "Features", "Intake", "Service", "Store",
        "Training",
      ]),
    .executableTarget(name: "radiologynet-decode", dependencies: ["Core", "Decoding"]),
    .executableTarget(
      name: "radiologynet-lab",
      dependencies: [
        "Core", "Decoding", "Embeddings", "Evaluation", "Export", "Features", "Review",
        "Simulation", "Store", "Training",
      ]),
    .executableTarget(name: "radiologynetctl", dependencies: ["Core", "Store"]),

    // MARK: Tests

    .target(name: "TestSupport", dependencies: ["Core", "Decoding"], path: "Tests/TestSupport"),
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Core", "CTorchScript", "Decoding", "Embeddings", "Features", "Service", "Simulation",
        "Store",
        "TestSupport",
        "radiologynet-decode",
        "radiologynet-lab", "radiologynetctl", "radiologynetd",
      ]),
    .testTarget(
      name: "ClusteringTests", dependencies: ["Clustering", "Core", "TestSupport"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "CoreTests", dependencies: ["Core", "TestSupport"], resources: [.copy("Golden")]),
    .testTarget(
      name: "DecodingTests",
      dependencies: ["Core", "Decoding", "TestSupport", "radiologynet-decode"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["Core", "Evaluation", "Features", "TestSupport", "Training"]),
    .target(
      name: "CTorchScript", path: "Tests/CTorchScript",
      linkerSettings: ["torch", "torch_cpu", "c10"].map { .linkedLibrary($0) }),
    .testTarget(
      name: "FeaturesTests",
      dependencies: ["CBLAS", "CTorchScript", "Core", "Features", "TestSupport"],
      resources: [.copy("Golden")]),
    .testTarget(name: "IntakeTests", dependencies: ["Core", "Intake", "TestSupport"]),
    .testTarget(
      name: "EmbeddingsTests",
      dependencies: ["Clustering", "Core", "Embeddings", "PNGFiles", "Store", "TestSupport"]),
    .testTarget(name: "ExportTests", dependencies: ["Core", "Export"]),
    .testTarget(name: "PNGFilesTests", dependencies: ["Core", "PNGFiles"]),
    .testTarget(name: "RadiologynetctlTests", dependencies: ["Core", "radiologynetctl"]),
    .testTarget(
      name: "ReclusteringTests", dependencies: ["Core", "Reclustering", "TestSupport"]),
    .testTarget(name: "ReviewTests", dependencies: ["Review"]),
    .testTarget(name: "SimulationTests", dependencies: ["Core", "Simulation"]),
    .testTarget(name: "StoreTests", dependencies: ["Core", "Store", "TestSupport"]),
    .testTarget(
      name: "StudyIntakeTests",
      dependencies: ["Core", "Embeddings", "Store", "StudyIntake", "TestSupport"]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Core", "Embeddings", "Features", "Training"]),
    .testTarget(name: "WebTests", dependencies: ["Core", "TestSupport", "Web"]),
  ],
  cxxLanguageStandard: .cxx17
)

for target in package.targets where ![.system, .plugin].contains(target.type) {
  if target.name.hasPrefix("C") && target.dependencies.isEmpty {
    target.cxxSettings = (target.cxxSettings ?? []) + [.treatAllWarnings(as: .error)]
  } else {
    target.swiftSettings = [
      .treatAllWarnings(as: .error),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("MemberImportVisibility"),
    ]
  }
}
