import Core
import Decoding
import Embeddings
import Foundation
import PNGFiles

/// What batches of studies come to before they are written, one after the other: drafts worked out and thumbnails made
/// on all cores, those of the next batch while the store takes one.
final class BatchPreparation {
  struct Batch: Sendable {
    var drafts: [StudyDraft]
    /// PNG files by unit.
    var thumbnails: [String: Data]
  }

  private let begun = BlockingQueue<[StudyDraft]>(capacity: 1)
  private let done = BlockingQueue<Result<Batch, any Error>>(capacity: 2)
  private let work: ([StudyDraft]) -> Void

  /// - Parameter isAlone: there is one batch only, for which no thread is made.
  init(_ encoder: UnitEncoder, _ configuration: Configuration, isAlone: Bool) {
    guard !isAlone else {
      work = { [done] in done.post(Self.prepared($0, encoder, configuration)) }
      return
    }
    work = { [begun] in begun.send($0) }
    Thread.detachNewThread { [begun, done] in
      while let drafts = begun.receive() {
        guard done.send(Self.prepared(drafts, encoder, configuration)) else { return }
      }
    }
  }

  /// Takes drafts on; waits while the batch before last is worked on.
  func begin(_ drafts: [StudyDraft]) { work(drafts) }

  /// The batch that was begun first of those that are left.
  ///
  /// - Throws: `FeatureError` when libtorch fails.
  func next() throws -> Batch { try done.receive()?.get() ?? Batch(drafts: [], thumbnails: [:]) }

  func stop() {
    begun.close()
    done.close()
  }

  private static func prepared(
    _ drafts: [StudyDraft], _ encoder: UnitEncoder, _ configuration: Configuration
  ) -> Result<Batch, any Error> {
    Result {
      Batch(
        drafts: try StudyDraft.workOut(drafts, encoder, configuration),
        thumbnails: thumbnails(drafts, side: configuration.thumbnailSide))
    }
  }

  private static func thumbnails(_ drafts: [StudyDraft], side: Int) -> [String: Data] {
    let pictures = drafts.flatMap { $0.study.pictures.mapValues(\.image) }
    let files = mapInParallel(pictures) { picture in
      let small = picture.value.resampled(to: side)
      return PNG.encode(small.pixels, rows: side, columns: side, quickly: true)
    }
    return Dictionary(zip(pictures.map(\.key), files)) { $1 }
  }
}
