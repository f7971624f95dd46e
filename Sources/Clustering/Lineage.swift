import Core

/// How the clusters of one generation continue in the next: matched by overlap (MONIC, Spiliopoulou et al. 2006), one
/// to one by the Hungarian method, with centroid distance as the tie-break.
package struct Lineage: Sendable, Equatable {
  package enum Fate: String, Sendable, CaseIterable { case survived, split, merged, died }

  /// A cluster of the old generation.
  package struct Ending: Sendable, Equatable {
    package var fate: Fate
    /// Indices of the new clusters that hold its members: itself when it survived, the pieces of a split.
    package var heirs: [Int]
    /// The new cluster that its label resolves to.
    package var successor: Int
    /// Share of its members that went to the successor.
    package var overlap: Double
  }

  /// By old index.
  package var endings: [Ending]
  /// By new index: the old cluster whose identity it keeps.
  package var identity: [Int?]
  /// By new index: old clusters that each contributed at least 30 % of its members. Empty: it was born.
  package var parents: [[Int]]

  /// Share of a cluster's members that must stay together for it to survive, or be absorbed.
  package static let survival = 0.7
  /// Share that makes a piece of a split.
  package static let piece = 0.3

  /// - Parameters:
  ///   - old, new: labels of the same units in both generations.
  ///   - distances: old × new distances between the centroids.
  package init(old: [Int], new: [Int], distances: [[Double]]) {
    precondition(old.count == new.count)
    let oldCount = distances.count
    let newCount = distances.first?.count ?? 0
    var overlap = [[Double]](repeating: [Double](repeating: 0, count: newCount), count: oldCount)
    for (before, after) in zip(old, new) { overlap[before][after] += 1 }
    let oldSizes = overlap.map { $0.reduce(0, +) }
    let newSizes = (0..<newCount).map { column in overlap.reduce(0) { $0 + $1[column] } }
    let match = Self.match(overlap, distances)

    var identity = [Int?](repeating: nil, count: newCount)
    endings = (0..<oldCount).map { before in
      func share(_ after: Int) -> Double {
        oldSizes[before] > 0 ? overlap[before][after] / oldSizes[before] : 0
      }
      func nearer(_ left: Int, _ right: Int) -> Bool {
        (overlap[before][left], -distances[before][left], right)
          < (overlap[before][right], -distances[before][right], left)
      }
      if let after = match[before], share(after) >= Self.survival {
        identity[after] = before
        return Ending(fate: .survived, heirs: [after], successor: after, overlap: share(after))
      }
      let pieces = (0..<newCount).filter { share($0) >= Self.piece }
      let largest = (0..<newCount).max(by: nearer) ?? 0
      let fate: Fate =
        if share(largest) >= Self.survival {
          .merged
        } else if pieces.count > 1 && pieces.reduce(0, { $0 + share($1) }) >= Self.survival {
          .split
        } else {
          .died
        }
      return Ending(
        fate: fate, heirs: fate == .split ? pieces : [largest], successor: largest,
        overlap: share(largest))
    }
    self.identity = identity
    parents = (0..<newCount).map { after in
      (0..<oldCount).filter {
        newSizes[after] > 0 && overlap[$0][after] / newSizes[after] >= Self.piece
      }
    }
  }

  /// Gives the new clusters known permanent identities instead of those from overlap: a rollback restores clusters as
  /// they were.
  ///
  /// - Parameters:
  ///   - old: permanent cluster of each old index.
  ///   - new: permanent cluster of each new index.
  package mutating func keep(_ old: [Int], as new: [Int]) {
    let places = Dictionary(uniqueKeysWithValues: zip(new, 0...))
    let before = Dictionary(uniqueKeysWithValues: zip(old, 0...))
    for (index, cluster) in old.enumerated() {
      if let place = places[cluster] {
        endings[index].fate = .survived
        endings[index].successor = place
        endings[index].heirs = [place]
      } else if endings[index].fate == .survived {
        endings[index].fate = .merged
      }
    }
    identity = new.map { before[$0] }
  }

  /// One to one, keeping most members together; nearer centroids break ties.
  private static func match(_ overlap: [[Double]], _ distances: [[Double]]) -> [Int?] {
    let rows = overlap.count
    let columns = max(rows, overlap.first?.count ?? 0)
    let longest = distances.joined().max() ?? 0
    let cost = (0..<rows).map { row in
      (0..<columns).map { column in
        guard column < overlap[row].count else { return 0.0 }
        let nearness = longest > 0 ? distances[row][column] / longest : 0
        return -overlap[row][column] + 1e-3 * nearness / Double(max(1, rows))
      }
    }
    return Hungarian.match(cost).enumerated().map { $1 < overlap[$0].count ? $1 : nil }
  }
}
