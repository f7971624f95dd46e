import Core
import Foundation

extension SQLiteStore {
  package func saveThumbnail(_ png: Data, unit: String, instance: String) throws {
    try database.run(
      """
      INSERT INTO thumbnail VALUES (?, ?, ?) ON CONFLICT (unit_key)
      DO UPDATE SET instance_key = excluded.instance_key, png = excluded.png
      WHERE excluded.instance_key <= instance_key
      """, [.text(unit), .text(instance), .blob(png)])
  }

  package func dropThumbnail(instance: String) throws {
    try database.run("DELETE FROM thumbnail WHERE instance_key = ?", [.text(instance)])
  }

  package func hasThumbnail(_ unitKey: String) throws -> Bool {
    try database.first("SELECT 1 FROM thumbnail WHERE unit_key = ?", [.text(unitKey)]) { _ in true }
      ?? false
  }

  package func thumbnail(_ unitKey: String) throws -> Data? {
    try database.first("SELECT png FROM thumbnail WHERE unit_key = ?", [.text(unitKey)]) {
      $0.blob("png")
    }
  }
}
