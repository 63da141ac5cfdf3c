public import Alignment

/// What a run of many profiles came to, for report files. No I/O: the files' texts are returned.
public struct SuiteReport: Sendable {
  /// One run of one profile.
  public struct Entry: Sendable {
    public enum Outcome: Sendable, Equatable {
      case passed
      case failed(String)
      /// Not applicable, or a failure that the baseline knows: why.
      case skipped(String)

      /// `passed`, `failed`, `skipped`.
      public var word: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .skipped: "skipped"
        }
      }

      /// Empty for what passed.
      public var reason: String {
        switch self {
        case .passed: ""
        case .failed(let why), .skipped(let why): why
        }
      }
    }

    /// A step.
    public struct Check: Sendable {
      public var text: String
      public var place: String
      public var outcome: Outcome

      public init(text: String, place: String, outcome: Outcome) {
        self.text = text
        self.place = place
        self.outcome = outcome
      }
    }

    public var file: String
    public var title: String
    public var clause: String
    public var outcome: Outcome
    public var checks: [Check]
    public var verdicts: [Verdict]
    /// On the network's clock.
    public var duration: Duration
    /// All that passed, for the HTML report.
    public var run: RunReport?

    public init(
      file: String, title: String, clause: String, outcome: Outcome, checks: [Check], verdicts: [Verdict], duration: Duration,
      run: RunReport? = nil
    ) {
      self.run = run
      self.file = file
      self.title = title
      self.clause = clause
      self.outcome = outcome
      self.checks = checks
      self.verdicts = verdicts
      self.duration = duration
    }
  }

  /// `nasue run`.
  public var title: String
  public var entries: [Entry] = []

  public init(title: String) { self.title = title }

  /// How many entries ended with that word.
  public func count(_ word: String) -> Int { entries.count { $0.outcome.word == word } }

  /// The whole file.
  public func text(as format: ReportFormat) -> String {
    switch format {
    case .html: html()
    case .junit: junit()
    case .json: json()
    case .jsonl: jsonLines()
    }
  }

  /// JUnit XML: a testsuite for each profile file, a testcase for each run of it.
  public func junit() -> String {
    var suites = ""
    var files: [String] = []
    for entry in entries where !files.contains(entry.file) { files.append(entry.file) }
    for file in files {
      let cases = entries.filter { $0.file == file }
      suites += "  <testsuite name=\"\(Markup.escape(file))\" \(Self.counts(cases))>\n"
      suites += cases.map(Self.testcase).joined()
      suites += "  </testsuite>\n"
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="\(Markup.escape(title))" \(Self.counts(entries))>
      \(suites)</testsuites>

      """
  }

  private static func counts(_ entries: [Entry]) -> String {
    let failures = entries.count { $0.outcome.word == "failed" }
    let skipped = entries.count { $0.outcome.word == "skipped" }
    let time = EventSummary.text(of: entries.reduce(.zero) { $0 + $1.duration })
    return "tests=\"\(entries.count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\" time=\"\(time)\""
  }

  private static func testcase(_ entry: Entry) -> String {
    var text = "    <testcase name=\"\(Markup.escape(entry.title))\" classname=\"\(Markup.escape(entry.file))\""
    text += " time=\"\(EventSummary.text(of: entry.duration))\">\n"
    let steps = entry.checks.map { "\($0.outcome.word): \($0.text) (\($0.place))" }.joined(separator: "\n")
    switch entry.outcome {
    case .passed: break
    case .failed(let why):
      let evidence = entry.verdicts.filter { $0.verdict == .misaligned }.map { verdict in
        verdict.slug + "\n" + verdict.evidenceRows.map { "  \($0.name): \($0.value)" }.joined(separator: "\n")
      }
      let body = ([steps] + evidence).joined(separator: "\n")
      text += "      <failure message=\"\(Markup.escape(why))\">\(Markup.escape(body))</failure>\n"
    case .skipped(let why): text += "      <skipped message=\"\(Markup.escape(why))\"/>\n"
    }
    if entry.outcome.word != "failed" { text += "      <system-out>\(Markup.escape(entry.clause + "\n" + steps))</system-out>\n" }
    return text + "    </testcase>\n"
  }

  /// JSON Lines: an object for each run of a profile.
  public func jsonLines() -> String { entries.map(\.jsonLine).joined() }

  /// One JSON object.
  public func json() -> String {
    var json = JSONWriter()
    json.object { json in
      json.member("title", title)
      json.member("passed", count("failed") == 0)
      json.member("counts") { json in
        json.object { json in
          for word in ["passed", "failed", "skipped"] { json.member(word, count(word)) }
        }
      }
      json.member("profiles") { json in
        json.array { json in
          for entry in entries { entry.write(to: &json) }
        }
      }
    }
    json.endLine()
    return json.text
  }
}

extension SuiteReport.Entry {
  /// `{"file","profile","clause","outcome","reason","duration","checks":[{"step","place","outcome","reason"}],"verdicts":[…]}`
  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("file", file)
      json.member("profile", title)
      json.member("clause", clause)
      json.member("outcome", outcome.word)
      json.member("reason", outcome.reason)
      json.name("duration")
      json.decimal(EventSummary.text(of: duration))
      json.member("checks") { json in
        json.array { json in
          for check in checks {
            json.object { json in
              json.member("step", check.text)
              json.member("place", check.place)
              json.member("outcome", check.outcome.word)
              json.member("reason", check.outcome.reason)
            }
          }
        }
      }
      json.member("verdicts") { json in
        json.array { json in
          for verdict in verdicts { verdict.write(to: &json) }
        }
      }
    }
  }

  /// The object as one line, with its line end.
  public var jsonLine: String {
    var json = JSONWriter(reserving: 1_024)
    write(to: &json)
    json.endLine()
    return json.text
  }
}
