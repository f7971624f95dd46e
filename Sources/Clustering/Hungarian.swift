/// The assignment problem by the Hungarian method with potentials (Kuhn 1955; Jonker and Volgenant 1987).
enum Hungarian {
  /// - Parameter cost: rows × columns, rows ≤ columns.
  /// - Returns: a distinct column for each row, with least total cost. O(rows² · columns).
  static func match(_ cost: Matrix) -> [Int] {
    let rows = cost.count
    let columns = cost.first?.count ?? 0
    precondition(rows <= columns)
    // Index 0 of the columns stands for "none"; rows and columns count from 1.
    var rowPotential = [Double](repeating: 0, count: rows + 1)
    var columnPotential = [Double](repeating: 0, count: columns + 1)
    var rowOfColumn = [Int](repeating: 0, count: columns + 1)
    for row in stride(from: 1, through: rows, by: 1) {
      var least = [Double](repeating: .infinity, count: columns + 1)
      var previous = [Int](repeating: 0, count: columns + 1)
      var visited = [Bool](repeating: false, count: columns + 1)
      rowOfColumn[0] = row
      var column = 0
      repeat {
        visited[column] = true
        let current = rowOfColumn[column]
        var delta = Double.infinity
        var next = 0
        for candidate in 1...columns where !visited[candidate] {
          let reduced =
            cost[current - 1][candidate - 1] - rowPotential[current] - columnPotential[candidate]
          if reduced < least[candidate] {
            least[candidate] = reduced
            previous[candidate] = column
          }
          if least[candidate] < delta {
            delta = least[candidate]
            next = candidate
          }
        }
        for candidate in 0...columns {
          if visited[candidate] {
            rowPotential[rowOfColumn[candidate]] += delta
            columnPotential[candidate] -= delta
          } else {
            least[candidate] -= delta
          }
        }
        column = next
      } while rowOfColumn[column] != 0
      while column != 0 {
        rowOfColumn[column] = rowOfColumn[previous[column]]
        column = previous[column]
      }
    }
    var columnOfRow = [Int](repeating: 0, count: rows)
    for column in stride(from: 1, through: columns, by: 1) where rowOfColumn[column] > 0 {
      columnOfRow[rowOfColumn[column] - 1] = column - 1
    }
    return columnOfRow
  }

  typealias Matrix = [[Double]]
}
