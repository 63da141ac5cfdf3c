import Alignment

extension Verdict {
  /// The verdict as a comment of the packet that shows it.
  var comment: String {
    var text = "\(verdict.rawValue): \(slug)"
    if !ue.isEmpty { text += ", UE \(ue)" }
    if !expected.isEmpty { text += "; expected \(expected)" }
    if !observed.isEmpty { text += "; observed \(observed)" }
    if !note.isEmpty { text += "; \(note)" }
    if !clause.isEmpty { text += " (\(clause))" }
    return deviations.isEmpty ? text : text + "; the UE deviates: " + deviations.joined(separator: ", ")
  }
}
