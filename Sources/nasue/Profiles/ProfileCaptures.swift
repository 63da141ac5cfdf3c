import Alignment
import Profiles
import Trace

/// What passed while profiles ran, as captures: one file for one profile, else one each.
final class ProfileCaptures {
  private let path: String
  /// Opened before the run, so that a path that cannot be written is told at once.
  private var only: OutputFile?
  private let isOne: Bool
  private var number = 0
  private var capture: TraceCapture?
  private var failure: (any Error)?

  init(_ path: String, count: Int) throws {
    self.path = path
    isOne = count <= 1
    if isOne { only = try OutputFile(path) }
  }

  /// `run.pcapng` is `run-03-re-authentication.pcapng` for the third.
  static func path(_ path: String, number: Int, profile: String) -> String {
    let slash = path.lastIndex(of: "/")
    let name = path[(slash.map { path.index(after: $0) } ?? path.startIndex)...]
    let dot = name.lastIndex(of: ".") ?? path.endIndex
    let letters = profile.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let words = String(letters).split(separator: "-").joined(separator: "-").prefix(60)
    let digits = number < 10 ? "0\(number)" : String(number)
    return path[..<dot] + "-\(digits)-\(words)" + path[dot...]
  }

  func begin(_ profile: Profile, names: TraceLog.Names) {
    number += 1
    do {
      let file = try isOne ? only : OutputFile(Self.path(path, number: number, profile: profile.title))
      guard let file else { return }
      only = nil
      capture = TraceCapture(file, names: names)
    } catch { failure = error }
  }

  func show(_ event: TraceEvent) { capture?.show(event) }

  func end(_ verdicts: [Verdict]) throws {
    if let failure { throw failure }
    try capture?.finish(verdicts)
    capture = nil
  }
}
