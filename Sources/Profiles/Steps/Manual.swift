/// Tables of the manual (`Profiles/README.md`), made of the tables that parse.
public enum ProfileManual {
  /// A row for each kind of step.
  public static var steps: String {
    StepKind.all.map { "| `\($0.name)` | `- \($0.example)` | \($0.summary) |\n" }.joined()
  }

  /// A row for each event that has a name.
  public static var events: String {
    Occasion.Event.allCases.map { "| `\($0.rawValue)` | \($0.meaning) |\n" }.joined()
  }

  /// What `with` can name in a message, where it is looked for and where it is sent, one a line; nil: there is no such message.
  public static func fields(of name: String) -> [String]? { MessageName(name).map { FieldNames.names(in: $0) } }

  /// The names nearest to one that is no message's.
  public static func messages(near name: String) -> [String] { Suggestions.nearest(to: name, among: MessageName.all.map(\.title)) }
}
