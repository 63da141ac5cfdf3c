/// Failures that are known and have a reason: what a core's CI compares with, so that only new ones fail it.
///
/// ```yaml
/// known:
///   - {profile: concurrency/smc-then-handover.yaml, reason: "open5gs #4497"}
///   - {profile: basics/algorithms.yaml, parameters: "eia 3, eea 3", step: attach, reason: no ZUC}
///   - {profile: key-chain/handovers.yaml, misaligned: [nh-genealogy], reason: "issue 12"}
/// ```
public struct ProfileBaseline: Sendable {
  public struct Entry: Sendable {
    /// The end of the profile's path.
    public var profile: String
    /// As the run's title has them; nil: every run of the profile.
    public var parameters: String?
    /// How the steps begin that are known to fail; empty: any may.
    public var steps: [String] = []
    /// The assertions that are known to be misaligned, no others; nil: any may be.
    public var misaligned: [String]?
    public var reason: String
    public var place: ProfilePlace
    /// Where each of the steps stands.
    var stepPlaces: [ProfilePlace] = []
    var parametersPlace: ProfilePlace?
  }

  /// How a run failed, as far as a baseline looks at it.
  public struct Failure: Sendable, Equatable {
    /// The text of each step that failed.
    public var steps: [String]
    /// Slugs that no step of the profile asked for.
    public var misaligned: [String]

    public init(steps: [String], misaligned: [String]) {
      self.steps = steps
      self.misaligned = misaligned
    }
  }

  public var entries: [Entry] = []

  public init() {}

  private static func several(_ one: Shape, _ words: String) -> Shape { .either([one, .list(of: one, atLeast: 1, words)], words) }

  static let shape = Shape.map(
    [
      .init(
        "known",
        .list(
          of: .map(
            [
              .init("profile", .text("the end of a profile's path"), required: true),
              .init("parameters", .text("the parameters of one run, such as eia 3, eea 3")),
              .init("step", several(.text("how a step begins that fails"), "how the steps begin that fail")),
              .init("misaligned", several(.word(AssertionSlugs.all, "an assertion"), "the assertions that are misaligned, and no others")),
              .init("reason", .text("why it fails"), required: true),
            ], "a known failure"), atLeast: 0, "known failures"), required: true)
    ], "baseline")

  /// - Parameter file: its name, for errors.
  public init(parsing text: String, file: String) throws(ProfileError) {
    var reader = ProfileReader(file: file) { _, _ in nil }
    let value = try reader.read(try ProfileParser.compose(text, file: file, as: "known failures"), as: Self.shape)
    entries = (value["known"]?.elements ?? []).map {
      let steps = $0["step"].map { $0.text == nil ? $0.elements : [$0] } ?? []
      return Entry(
        profile: $0["profile"]?.text ?? "", parameters: $0["parameters"]?.text, steps: steps.compactMap(\.text),
        misaligned: $0["misaligned"]?.texts, reason: $0["reason"]?.text ?? "", place: $0["profile"]?.place ?? $0.place,
        stepPlaces: steps.map(\.place), parametersPlace: $0["parameters"]?.place)
    }
  }

  /// The entries that a run of a profile has, by number; none: it is expected to pass.
  public func entries(for profile: Profile) -> [Int] { entries.indices.filter { entries[$0].names(profile) } }

  /// The first of them that knows this failure, by number. Each stands for itself: what one run has, one entry must name all of.
  public func entry(for profile: Profile, _ failure: Failure) -> Int? { entries(for: profile).first { entries[$0].covers(failure) } }

  /// What is wrong with an entry given the profiles that are to be run: a run or a step that its profile does not have, or a profile that is
  /// nowhere. One that is not among those to be run is no fault, so that one baseline does for parts of a library.
  ///
  /// - Parameters:
  ///   - profiles: all that the paths name.
  ///   - exists: whether there is such a file, for paths beside those.
  /// - Throws: for the first entry that is wrong.
  public func check(against profiles: [Profile], exists: (String) -> Bool) throws(ProfileError) {
    for entry in entries {
      let runs = profiles.filter { entry.namesFile($0.file) }
      guard !runs.isEmpty else {
        let places = profiles.reduce(into: Set<String>()) { $0.formUnion(Self.folders(of: $1.file)) }
        guard !places.contains(where: { exists($0 + entry.profile) }) else { continue }
        throw .unknown(
          entry.profile, at: entry.place, expected: "the end of a profile's path",
          among: profiles.map { Self.end(of: $0.file, like: entry.profile) }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
      }
      if let parameters = entry.parameters, !runs.contains(where: { $0.parameters.description == parameters }) {
        throw .unknown(
          parameters, at: entry.parametersPlace ?? entry.place, expected: "the parameters of a run of \(entry.profile)",
          among: runs.map(\.parameters.description))
      }
      let texts = runs.flatMap { $0.everyStep.map(\.text) }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      for (step, place) in zip(entry.steps, entry.stepPlaces) where !texts.contains(where: { $0.hasPrefix(step) }) {
        throw .unknown(step, at: place, expected: "how a step of \(entry.profile) begins", among: texts)
      }
    }
  }

  /// As many parts of a path, from its end, as another has.
  private static func end(of file: String, like other: String) -> String {
    file.split(separator: "/").suffix(1 + other.count { $0 == "/" }).joined(separator: "/")
  }

  /// `a/b/c.yaml`: `a/b/`, `a/`, and where one is.
  private static func folders(of file: String) -> [String] {
    file.indices.filter { file[$0] == "/" }.map { String(file[...$0]) } + [""]
  }
}

extension ProfileBaseline.Entry {
  fileprivate func namesFile(_ file: String) -> Bool { file == profile || file.hasSuffix("/" + profile) }

  fileprivate func names(_ run: Profile) -> Bool {
    namesFile(run.file) && (parameters.map { $0 == run.parameters.description } ?? true)
  }

  fileprivate func covers(_ failure: ProfileBaseline.Failure) -> Bool {
    if let misaligned, !failure.misaligned.allSatisfy({ misaligned.names($0) }) { return false }
    guard !steps.isEmpty else { return true }
    return !failure.steps.isEmpty && failure.steps.allSatisfy { failed in steps.contains { failed.hasPrefix($0) } }
  }

  /// What of a failure it does not know, in words.
  public func difference(from failure: ProfileBaseline.Failure) -> String {
    let slugs = failure.misaligned.filter { misaligned?.names($0) == false }
    if !slugs.isEmpty { return "\(slugs.joined(separator: ", ")) misaligned is new" }
    return steps.isEmpty ? "" : "the step that is known to fail is \(steps.joined(separator: ", or "))"
  }
}

extension [String] {
  /// Whether a slug is among these, or an attribute of one.
  fileprivate func names(_ slug: String) -> Bool { contains { $0 == slug || slug.hasPrefix($0 + "/") } }
}
