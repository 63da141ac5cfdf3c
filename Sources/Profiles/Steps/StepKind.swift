/// A kind of step: what parses it, and what the schema and the manual say of it. One file each; a new kind is its file, a line in `all` and
/// a case of ``ProfileStep/Action``.
public struct StepKind: Sendable {
  public let name: String
  /// One line for the manual.
  public let summary: String
  /// As it stands in a profile, behind `- `.
  public let example: String
  /// nil: it takes none.
  public let arguments: Shape?
  /// It cannot stand without.
  public let needsArguments: Bool
  let make: @Sendable (ProfileValue?, ProfilePlace) throws(ProfileError) -> ProfileStep.Action

  init(
    _ name: String, _ summary: String, example: String, arguments: Shape? = nil, needsArguments: Bool = false,
    make: @escaping @Sendable (ProfileValue?, ProfilePlace) throws(ProfileError) -> ProfileStep.Action
  ) {
    self.name = name
    self.summary = summary
    self.example = example
    self.arguments = arguments
    self.needsArguments = needsArguments
    self.make = make
  }

  /// In the order of the manual.
  public static let all: [StepKind] = [
    powerOn, attach, detach, idle, reselect, forgetContext, serviceRequest, update, paging, handover, cancelHandover, interSystemHandover,
    returnHandover, radio, hold, delay,
    drop, duplicate, reorder, alter, release, reauthenticate, network, send, wait, expect, assert, parallel, barrier, repeated, include,
  ]

  static func named(_ name: String) -> StepKind? { all.first { $0.name == name } }

  /// Whose step it is.
  static let ue = Shape.Field("ue", .reference(.ue, "whose step it is; the first UE's where it is left out"))
  static let within = Shape.Field("within", .duration("how long it may take; 30s where it is left out"))
}

/// What a procedure is expected to come to.
public enum ExpectedEnd: Sendable, Equatable {
  case success
  /// With this EMM cause, or any.
  case failure(cause: Int?)

  static let fields: [Shape.Field] = [
    .init("fails", .boolean("whether it is to fail")),
    .init("cause", .integer(0...255, "the EMM cause with which it is to be rejected")),
  ]

  /// - Throws: where it is to succeed with a cause, or what it comes to is not waited for.
  init(_ value: ProfileValue?) throws(ProfileError) {
    if value?["fails"]?.boolean == false { try value?.allowOne(of: [["fails"], ["cause"]]) }
    if value?["waits"]?.boolean == false { try value?.allowOne(of: [["waits"], ["fails", "cause"]]) }
    if let cause = value?["cause"]?.integer {
      self = .failure(cause: cause)
    } else {
      self = value?["fails"]?.boolean == true ? .failure(cause: nil) : .success
    }
  }
}
