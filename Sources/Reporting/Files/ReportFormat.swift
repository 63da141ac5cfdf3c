/// The kinds of report files, by the names that `--report` takes.
public enum ReportFormat: String, Sendable, Hashable, CaseIterable {
  case html, junit, json
  /// JSON Lines: an object a line.
  case jsonl
}

/// One `--report FORMAT=FILE`.
public struct ReportRequest: Sendable, Hashable {
  /// What is written.
  public var format: ReportFormat
  /// Where to.
  public var path: String

  public init(format: ReportFormat, path: String) {
    self.format = format
    self.path = path
  }

  /// `html=report.html`; nil for a format that there is none of, or without a file.
  public init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), let format = ReportFormat(rawValue: String(argument[..<equals])) else { return nil }
    let path = String(argument[argument.index(after: equals)...])
    guard !path.isEmpty else { return nil }
    self.init(format: format, path: path)
  }
}
