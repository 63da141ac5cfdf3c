/// Failures that are known and have a reason: what a core's CI compares with, so that only new ones fail it.
///
/// ```yaml
/// known:
///   - {profile: concurrency/smc-then-handover.yaml, reason: "open5gs #4497"}
///   - {profile: basics/algorithms.yaml, parameters: "eia 3, eea 3", reason: no ZUC}
/// ```
public struct ProfileBaseline: Sendable {
  public struct Entry: Sendable {
    /// The end of the profile's path.
    public var profile: String
    /// As the run's title has them; nil: every run of the profile.
    public var parameters: String?
    public var reason: String
    public var place: ProfilePlace
  }

  public var entries: [Entry] = []

  public init() {}

  static let shape = Shape.map(
    [
      .init(
        "known",
        .list(
          of: .map(
            [
              .init("profile", .text("the end of a profile's path"), required: true),
              .init("parameters", .text("the parameters of one run, such as eia 3, eea 3")),
              .init("reason", .text("why it fails"), required: true),
            ], "a known failure"), atLeast: 0, "known failures"), required: true)
    ], "baseline")

  /// - Parameter file: its name, for errors.
  public init(parsing text: String, file: String) throws(ProfileError) {
    var reader = ProfileReader(file: file) { _, _ in nil }
    let value = try reader.read(try ProfileParser.compose(text, file: file), as: Self.shape)
    entries = (value["known"]?.elements ?? []).map {
      Entry(
        profile: $0["profile"]?.text ?? "", parameters: $0["parameters"]?.text, reason: $0["reason"]?.text ?? "", place: $0.place)
    }
  }

  /// The entry that a run of a profile has; nil: it is expected to pass.
  public func entry(for profile: Profile) -> Entry? {
    entries.first { entry in
      (profile.file == entry.profile || profile.file.hasSuffix("/" + entry.profile))
        && (entry.parameters.map { $0 == profile.parameters.description } ?? true)
    }
  }
}
