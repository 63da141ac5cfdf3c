import NASMessages
public import TestNetwork

/// A profile as it is to be run: one combination of its parameters.
public struct Profile: Sendable {
  /// As its user named it.
  public var file: String
  public var name: String
  /// What it is about in the specification: `TS 33.401 §7.2.10`.
  public var clause: String
  /// What it proves, in a sentence or two.
  public var about: String
  public var tags: [String]
  /// Defects of the test network that it exists to catch.
  public var catches: [Defect]
  /// What its parameters are in this run; empty where it has none.
  public var parameters = ParameterValues()
  /// In the order of the profile; at least one.
  public var ues: [UEDescription]
  /// In the order of the profile; at least one.
  public var cells: [CellDescription]
  /// In the order in which cells name them; at least one.
  public var mmes: [MMEDescription]
  public var network: NetworkDescription
  /// Assertions that may stay unobserved though they are required.
  public var allowedUnobserved: [String]
  public var steps: [ProfileStep]

  /// Name, and parameters where there are any.
  public var title: String { parameters.values.isEmpty ? name : "\(name) [\(parameters)]" }

  /// How it is put together at the top; in this order, so that names are defined before they are used.
  public static let fields: [Shape.Field] = [
    .init("name", .text("the profile's name"), required: true),
    .init("clause", .text("what it is about in the specification, such as TS 33.401 §7.2.10")),
    .init("proves", .text("what it proves, in a sentence or two")),
    .init("tags", .list(of: .text("a tag, such as slow"), atLeast: 1, "tags")),
    .init(
      "catches",
      .list(
        of: .word(Defect.allCases.map(\.rawValue), "a defect (`nasue mme --list-defects`)"), atLeast: 1, "defects that it exists to catch")
    ),
    .init("parameters", .pairs("names and lists of values: each combination is a run of its own")),
    .init("ue", UEDescription.shape),
    .init("ues", .named(.ue, UEDescription.shape, "the UEs by name")),
    .init("mmes", .named(.mme, MMEDescription.shape, "the MMEs by name, where they are more than names")),
    .init("cells", .named(.cell, CellDescription.shape, "the cells by name, each of an eNB of its own")),
    .init("test network", NetworkDescription.shape),
    .init(
      "allow",
      .map(
        [
          .init(
            "unobserved",
            .list(of: .word(AssertionSlugs.all, "an assertion"), atLeast: 1, "assertions that may stay unobserved"))
        ], "allow")),
    .init("steps", .steps("what happens"), required: true),
  ]

  init(_ value: ProfileValue, file: String) throws(ProfileError) {
    self.file = file
    name = value["name"]?.text ?? ""
    clause = value["clause"]?.text ?? ""
    about = value["proves"]?.text ?? ""
    tags = value["tags"]?.texts ?? []
    catches = (value["catches"]?.texts ?? []).compactMap { Defect(rawValue: $0) }
    var ues: [UEDescription] = []
    for entry in value["ues"]?.entries ?? [] { ues.append(try UEDescription(entry.value, name: entry.key)) }
    if ues.isEmpty {
      if let only = value["ue"] { ues = [try UEDescription(only, name: UEDescription.onlyName)] } else { ues = [UEDescription()] }
    }
    self.ues = ues
    let cells = value["cells"]?.entries.enumerated().map { CellDescription($1.value, name: $1.key, index: $0) } ?? []
    self.cells = cells.isEmpty ? [CellDescription(name: "a", index: 0)] : cells
    var mmes = value["mmes"]?.entries.map { MMEDescription($0.value, name: $0.key) } ?? []
    for cell in self.cells where !mmes.contains(where: { $0.name == cell.mme }) { mmes.append(MMEDescription(name: cell.mme)) }
    self.mmes = mmes
    try Self.checkNodes(value, self.cells, mmes)
    if let plmn = value["test network"]?["plmn"], PLMN(plmn.text ?? "") == nil {
      throw ProfileError(plmn.place, "'\(plmn.text ?? "")': expected a PLMN, MCC and MNC, 5 or 6 digits")
    }
    network = NetworkDescription(value["test network"])
    allowedUnobserved = value["allow"]?["unobserved"]?.texts ?? []
    steps = value["steps"]?.steps ?? []
  }

  /// All steps, those in groups too.
  public var everyStep: [ProfileStep] { steps.flatMap(\.withNested) }
}

extension ProfileStep {
  /// The step, and those inside it.
  var withNested: [ProfileStep] {
    switch action {
    case .parallel(let step): [self] + step.branches.flatMap { $0.flatMap(\.withNested) }
    case .repeated(let step): [self] + step.steps.flatMap(\.withNested)
    default: [self]
    }
  }
}
