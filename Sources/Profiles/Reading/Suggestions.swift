/// The names nearest to a mistyped one.
public enum Suggestions {
  /// At most three of `names`, the nearest first: those that contain what was typed, or are contained in it, then by edit distance. Upper and
  /// lower case are alike.
  public static func nearest(to typed: String, among names: [String]) -> [String] {
    let typed = typed.lowercased()
    let words = Set(typed.split { $0 == "-" || $0 == " " })
    let ranked = names.map { name -> (rank: Int, name: String) in
      let lower = name.lowercased()
      let shared = words.intersection(lower.split { $0 == "-" || $0 == " " }).count
      let isPart = typed.count > 2 && lower.count > 2 && (lower.contains(typed) || typed.contains(lower))
      return (isPart ? 0 : max(1, distance(typed, lower) - 4 * shared), name)
    }
    // Beyond that a name has nothing in common with what was typed, and nothing is better than it: one letter in three may be wrong.
    let limit = typed.count < 2 ? 0 : max(1, (typed.count + 2) / 3)
    let near = ranked.filter { $0.rank <= limit }.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
    return near.prefix(3).map(\.name)
  }

  /// Levenshtein's.
  static func distance(_ one: String, _ other: String) -> Int {
    let (a, b) = (Array(one.utf8), Array(other.utf8))
    // Two letters the wrong way round are one mistake.
    let wrong = zip(a, b).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
    if a.count == b.count, wrong.count == 2, wrong[1] == wrong[0] + 1, a[wrong[0]] == b[wrong[1]], a[wrong[1]] == b[wrong[0]] { return 1 }
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = x == y ? diagonal : 1 + min(diagonal, above, row[j])
        diagonal = above
      }
    }
    return row[b.count]
  }
}
