import Core
import Foundation
import Store

extension Report {
  /// Writes all pages and pictures, one at a time, and removes those that are gone.
  ///
  /// - Parameter progress: receives what is being written.
  /// - Throws: `FileError`, `StoreError`.
  package func write(to folder: OutputFolder, progress: (String) -> Void = { _ in }) throws {
    var written: Set<String> = []
    func write(_ data: Data, _ path: String) throws {
      guard written.insert(path).inserted else { return }
      try folder.write(data, path)
    }
    func writePage(_ path: String) throws {
      if let page = try page(path) { try write(Data(page.html.utf8), path) }
    }
    func writePicture(_ path: String) throws {
      if let picture = try picture(path) { try write(picture, path) }
    }
    for section in Page.sections { try writePage(section.path) }
    for (path, file) in Self.files { try write(Data(file.text.utf8), path) }
    try write(Data(mapData.utf8), Script.dataPath)
    for (index, cluster) in archive.clusters.enumerated() {
      progress("cluster \(index + 1) of \(archive.clusters.count)")
      for path in [PagePath.sheet(cluster.label), PagePath.medoid(cluster.label)] {
        try writePicture(path)
      }
      for number in 1...max(1, pages(of: cluster)) {
        try writePage(PagePath.cluster(cluster.label, page: number))
      }
      for key in cluster.keys where hasPage(key) {
        try writePicture(PagePath.picture(key))
        try writePage(PagePath.study(key))
        // Pages show the nearest studies, which may have no page of their own.
        for neighbour in try nearestWithPictures(key) {
          try writePicture(PagePath.picture(neighbour))
        }
      }
    }
    for record in archive.ended {
      try writePage(PagePath.cluster(ClusterRecord.label(record.id)))
    }
    try folder.keepOnly(written)
    folder.sync()
  }
}
