import Core
import Decoding
import Embeddings
import Foundation
import PNGFiles

/// Prepares batches of studies for writing, one after the other: computes drafts and thumbnails on all cores, for the
/// next batch while the store writes the current one.
final class BatchPreparation {
  struct Batch: Sendable {
    var drafts: [StudyDraft]
    /// PNG files by unit.
    var thumbnails: [String: Data]
  }

  private let begun = BlockingQueue<[StudyDraft]>(capacity: 1)
  private let done = BlockingQueue<Result<Batch, any Error>>(capacity: 2)
  private let work: ([StudyDraft]) -> Void

  /// - Parameter isAlone: there is only one batch, so no thread is started.
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

  /// Queues drafts. Blocks while the batch before the previous one is in progress.
  func begin(_ drafts: [StudyDraft]) { work(drafts) }

  /// The next prepared batch, in the order in which they were begun.
  ///
  /// - Throws: `FeatureError` when libtorch or libstemmer fails.
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
        thumbnails: thumbnails(drafts))
    }
  }

  private static func thumbnails(_ drafts: [StudyDraft]) -> [String: Data] {
    let pictures = drafts.flatMap { $0.study.pictures.mapValues(\.image) }
    let files = mapInParallel(pictures) { picture in
      let (image, side) = (picture.value, picture.value.side)
      return PNG.encode(image.pixels, rows: side, columns: side, quickly: true)
    }
    return Dictionary(zip(pictures.map(\.key), files)) { $1 }
  }
}
