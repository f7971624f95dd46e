import Core
import Foundation

/// The metrics of a recluster as text. docs/drift.md explains how to read them.
enum MetricsText {
  static func line(_ figures: JSON) -> String {
    "psi=\(number(figures["occupancy_psi"])) displacement=\(number(figures["displacement_mean"])) "
      + "churn=\(number(figures["churn"]))"
  }

  static func table(_ figures: JSON) -> String {
    // After a change of bundle, centroids and distances can't be compared.
    let compared = figures["inertia_ratio"]?.double != nil
    let rows: [(String, String)] = [
      (
        "units",
        "\(number(figures["units"])), \(number(figures["window_units"])) of them since the last promotion"
      ),
      (
        "occupancy PSI",
        "\(number(figures["occupancy_psi"]))  (\(number(figures["occupancy_psi_expected"])) expected without drift)"
      ),
      (
        "displacement",
        "mean \(number(figures["displacement_mean"])), largest \(number(figures["displacement_max"])) (in cluster radii)"
      ),
      (
        "churn",
        "\(number(figures["churn"])) of the units changed their cluster  (\(number(figures["seed_churn"])) between two seeds)"
      ),
      (
        "audit panel",
        "ARI \(number(figures["audit_ari"])), NMI \(number(figures["audit_nmi"])) over \(number(figures["audit_units"])) units  (\(number(figures["seed_ari"])), \(number(figures["seed_nmi"])) between two seeds)"
      ),
      (
        "inertia ratio",
        "\(number(figures["inertia_ratio"])) of the inertia under the old centres  (\(number(figures["held_out_inertia_ratio"])) for units left out of the fit)"
      ),
      (
        "clusters",
        ["survived", "split", "merged", "died", "born"].map { "\(number(figures[$0])) \($0)" }
          .joined(separator: ", ")
      ),
      ("modality", agreement(figures["modality"])), ("body part", agreement(figures["body_part"])),
    ]
    return rows.filter { compared || !["displacement", "inertia ratio"].contains($0.0) }
      .map { "  \($0.0.padding(to: 15))\($0.1)" }.joined(separator: "\n")
  }

  private static func agreement(_ figures: JSON?) -> String {
    guard let figures, figures["homogeneity"] != nil else { return "not known for any unit" }
    return "homogeneity \(number(figures["homogeneity"])), mutual information "
      + "\(number(figures["mutual_information"])) nats, NMI \(number(figures["nmi"])) "
      + "over \(number(figures["units"])) units"
  }

  private static func number(_ json: JSON?) -> String {
    switch json {
    case .int(let number): String(number)
    case .double(let number) where number == number.rounded() && abs(number) < 1e9:
      String(Int(number))
    case .double(let number): String(format: "%.3f", number)
    default: "-"
    }
  }
}
