/// A clustering method of the experiment.
enum Grouping: String, CaseIterable, Sendable {
  case kMeans = "k-means"
  case kMedoids = "k-medoids"
}
