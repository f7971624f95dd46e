import Core
import Decoding
import Foundation
import Synchronization

/// Makes the thumbnails of one batch of studies after the other, on all cores: they take as long as all else of an
/// annotation, so that those of the next batch are made while the store takes one.
struct ThumbnailMaking {
  typealias Pictures = [(key: String, value: GrayImage)]
  private let made = BlockingQueue<[String: Data]>(capacity: 1)

  /// - Parameters:
  ///   - batches: pictures by unit.
  ///   - side: of the thumbnails, pixels.
  init(_ batches: [Pictures], side: Int) {
    let made = made
    guard batches.count > 1 else {
      for batch in batches { made.post(Self.files(batch, side)) }
      return
    }
    Thread.detachNewThread {
      for batch in batches {
        let isWanted = made.send(Self.files(batch, side))
        guard isWanted else { return }
      }
    }
  }

  /// PNG files by unit of the next batch.
  func next() -> [String: Data] { made.receive() ?? [:] }

  func stop() { made.close() }

  private static func files(_ pictures: Pictures, _ side: Int) -> [String: Data] {
    let files = Mutex<[String: Data]>([:])
    inParallel(pictures.count) { index in
      let small = pictures[index].value.resampled(to: side)
      let file = PNG.encode(small.pixels, rows: side, columns: side, quickly: true)
      files.withLock { $0[pictures[index].key] = file }
    }
    return files.withLock { $0 }
  }
}
