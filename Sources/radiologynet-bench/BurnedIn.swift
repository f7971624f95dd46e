import Core
import Decoding
import Foundation

/// `burned-in`: reads paths of DICOM files, one a line, and prints for each, as a line of JSON, how large its middle
/// frame is, the milliseconds that looking for text took, whether there is some, and the boxes that a mask would fill.
func benchBurnedIn() throws {
  while let path = readLine() {
    guard let header = try? InstanceDecoder.decode(path, .init(side: 32, frames: 0)),
      let frame = try? RenderedFrame(path: path, index: nil)
    else { continue }
    let (seconds, hasText) = timed {
      TextDetector.hasText(frame.pixels, rows: frame.rows, columns: frame.columns)
    }
    let boxes = TextDetector.boxes(frame.pixels, rows: frame.rows, columns: frame.columns)
    let line: JSON = [
      "file": .string(path), "modality": .string(header.instance.tags["Modality"] ?? ""),
      "rows": .int(frame.rows), "columns": .int(frame.columns),
      "milliseconds": .double(seconds * 1_000), "text": .bool(hasText),
      "boxes": .array(
        boxes.map { box in
          .array(
            [
              box.columns.lowerBound, box.rows.lowerBound, box.columns.upperBound,
              box.rows.upperBound,
            ].map(JSON.int))
        }),
    ]
    print(line.encoded)
  }
}
