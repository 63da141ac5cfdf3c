/// Nodes that cannot stand in one network.
extension Profile {
  /// - Throws: where two cells have one eNB ID, or an MME is nobody's.
  static func checkNodes(_ value: ProfileValue, _ cells: [CellDescription], _ mmes: [MMEDescription]) throws(ProfileError) {
    var owners: [UInt32: String] = [:]
    for (entry, cell) in zip(value["cells"]?.entries ?? [], cells) {
      if let other = owners[cell.enbID] {
        throw ProfileError(
          entry.value["enb"]?.place ?? entry.place,
          "the cells '\(other)' and '\(cell.name)' have one eNB ID, 0x\(String(cell.enbID, radix: 16)): expected one of its own for each")
      }
      owners[cell.enbID] = cell.name
    }
    let named = cells.map(\.mme)
    for entry in value["mmes"]?.entries ?? [] where !named.contains(entry.key) {
      throw .unknown(
        entry.key, at: entry.place, expected: "an MME that a cell names",
        among: named.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    }
  }
}
