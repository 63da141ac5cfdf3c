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
}
