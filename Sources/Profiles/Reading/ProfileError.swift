/// A place in a profile, as editors count: from 1.
public struct ProfilePlace: Sendable, Hashable, CustomStringConvertible {
  /// The file, as its user named it.
  public var file: String
  public var line: Int
  /// In characters.
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `Profiles/basics/attach.yaml:7:5`.
  public var description: String { "\(file):\(line):\(column)" }
}

/// What is wrong with a profile: where, what was expected there, and the nearest valid word.
public struct ProfileError: Error, Sendable, Equatable, CustomStringConvertible {
  public var place: ProfilePlace
  public var message: String

  public init(_ place: ProfilePlace, _ message: String) {
    self.place = place
    self.message = message
  }

  public var description: String { "\(place): \(message)" }

  /// `'atach': expected …; did you mean attach?`
  static func unknown(
    _ typed: String, at place: ProfilePlace, expected what: String, among names: [String], listing limit: Int = 12
  ) -> ProfileError {
    let hint = Suggestions.nearest(to: typed, among: names).first.map { "; did you mean '\($0)'?" } ?? ""
    let list = names.count <= limit ? ": \(names.joined(separator: ", "))" : ""
    return ProfileError(place, "'\(typed)': expected \(what)\(names.isEmpty ? "" : list)\(hint)")
  }
}
