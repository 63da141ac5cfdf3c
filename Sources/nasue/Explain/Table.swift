/// Columns of text for people.
struct Table {
  var heads: [String]
  var rows: [[String]] = []

  init(_ heads: String...) { self.heads = heads }

  mutating func add(_ cells: String...) { rows.append(cells) }

  /// Heads, a rule, rows; each column as wide as its widest cell, the last one not padded.
  var text: String {
    let all = [heads] + rows
    let widths = heads.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      var line = ""
      for (column, cell) in cells.enumerated() {
        line += column == cells.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    return line(heads) + line(widths.map { String(repeating: "-", count: $0) }) + rows.map(line).joined()
  }
}
