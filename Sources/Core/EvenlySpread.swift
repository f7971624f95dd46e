extension Array {
  /// All elements, or `limit` of them spread evenly over the array.
  package func evenlySpread(atMost limit: Int) -> [Element] {
    count > limit ? (0..<limit).map { self[$0 * count / limit] } : self
  }
}
