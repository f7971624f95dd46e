import Core
import Foundation

/// The gradient steps of doc2vec with negative sampling, for training and for inference.
struct ParagraphLearning {
  let dimensions: Int
  /// Number of context words averaged with the text's vector; 0 for PV-DBOW.
  let context: Int
  let negatives: Int
  /// Probability that an occurrence is used, by term.
  let kept: [Float]
  /// Cumulative sums of occurrences ^ 0.75, by term: how often a term is drawn as a random word.
  let noise: [Double]

  /// vocabulary × dimensions each. Inference reads them. Training writes them from several threads without locks
  /// (Niu et al. 2011, Hogwild): an occasional lost step does no harm.
  struct Matrices {
    let outputs: UnsafeMutablePointer<Float>
    let inputs: UnsafeMutablePointer<Float>
    let isFrozen: Bool
  }

  /// One pass over a text's words.
  ///
  /// - Parameter words: the term of every occurrence.
  func learn(
    _ vector: UnsafeMutablePointer<Float>, _ words: [Int], _ matrices: Matrices, rate: Float,
    _ generator: inout SeededGenerator
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * dimensions) { room in
      let change = room.baseAddress!
      let hidden = change + dimensions
      var helpers: [Int] = []
      for word in words {
        if kept[word] < 1 && Float(generator.uniform()) > kept[word] { continue }
        helpers.removeAll(keepingCapacity: true)
        if context > 0 && words.count > 1 {
          for _ in 0..<context {
            let helper = words[Int(generator.next() % UInt64(words.count))]
            // A word must not predict itself.
            if helper != word { helpers.append(helper) }
          }
        }
        hidden.update(from: vector, count: dimensions)
        for helper in helpers {
          Self.add(1, matrices.inputs + helper * dimensions, to: hidden, dimensions)
        }
        if !helpers.isEmpty {
          let share = 1 / Float(helpers.count + 1)
          for index in 0..<dimensions { hidden[index] *= share }
        }
        change.update(repeating: 0, count: dimensions)
        for draw in 0...negatives {
          let target = draw == 0 ? word : self.draw(generator.uniform())
          if draw > 0 && target == word { continue }
          let output = matrices.outputs + target * dimensions
          let product = Self.dot(hidden, output, dimensions)
          let gradient = rate * ((draw == 0 ? 1 : 0) - 1 / (1 + exp(-product)))
          Self.add(gradient, output, to: change, dimensions)
          if !matrices.isFrozen { Self.add(gradient, hidden, to: output, dimensions) }
        }
        Self.add(1, change, to: vector, dimensions)
        if !matrices.isFrozen {
          for helper in helpers {
            Self.add(1, change, to: matrices.inputs + helper * dimensions, dimensions)
          }
        }
      }
    }
  }

  /// The term whose share of the cumulative noise contains `uniform`, 0…1.
  private func draw(_ uniform: Double) -> Int {
    let wanted = uniform * (noise.last ?? 0)
    var (low, high) = (0, noise.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if noise[middle] <= wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @inline(__always)
  private static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int)
    -> Float
  {
    var sum = SIMD8<Float>.zero
    var index = 0
    while index + 8 <= count {
      sum += lanes(a, index) * lanes(b, index)
      index += 8
    }
    var total = sum.sum()
    while index < count {
      total += a[index] * b[index]
      index += 1
    }
    return total
  }

  @inline(__always)
  private static func add(
    _ factor: Float, _ a: UnsafePointer<Float>, to b: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    var index = 0
    while index + 8 <= count {
      let sum = lanes(b, index) + factor * lanes(a, index)
      UnsafeMutableRawPointer(b + index).storeBytes(of: sum, as: SIMD8<Float>.self)
      index += 8
    }
    while index < count {
      b[index] += factor * a[index]
      index += 1
    }
  }

  @inline(__always)
  private static func lanes(_ values: UnsafePointer<Float>, _ index: Int) -> SIMD8<Float> {
    UnsafeRawPointer(values + index).loadUnaligned(as: SIMD8<Float>.self)
  }
}
