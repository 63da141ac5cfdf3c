/// What must come, must not come, or must come in this order.
public struct ExpectStep: Sendable {
  public enum Expectation: Sendable {
    case present(Occasion)
    /// Not while `span` goes by, and not until something has happened.
    case absent(Occasion, until: Occasion?, span: Duration?)
    case order([Occasion])
  }

  public var expectation: Expectation
  public var limit: Duration?
}

extension StepKind {
  static let expect = StepKind(
    "expect", "a message must come (as `wait`, with its fields), must not come, or several must come in order",
    example:
      "expect: {no: HANDOVER REQUEST, until: {released: answer}, for: 1s}",
    arguments: Occasion.shape(
      "what is expected",
      and: [
        .init("no", Occasion.shape("what must not happen")),
        .init("until", Occasion.shape("until when it must not happen")),
        .init("for", .duration("how long it must not happen; that time is waited")),
        .init("order", .list(of: Occasion.shape("a message or an event"), atLeast: 2, "what must happen in this order")),
        within,
      ]), needsArguments: true
  ) { value, place throws(ProfileError) in
    guard let value else { throw ProfileError(place, "expected what is expected") }
    let limit = value["within"]?.duration
    let occasion = Occasion.fields.map(\.name)
    try value.allowOne(of: [["no"], ["order"], occasion])
    for key in ["until", "for"] { try value.demand(key, beside: ["no"]) }
    if let absent = value["no"] {
      var until: Occasion?
      if let end = value["until"] { until = try Occasion(end) }
      if until == nil { try value.allowOne(of: [["no"], ["within"]]) }
      guard until != nil || value["for"] != nil else { throw ProfileError(value.place, "no: expected until or for beside it") }
      return .expect(
        ExpectStep(expectation: .absent(try Occasion(absent), until: until, span: value["for"]?.duration), limit: limit))
    }
    if let list = value["order"] {
      var occasions: [Occasion] = []
      for element in list.elements { occasions.append(try Occasion(element)) }
      return .expect(ExpectStep(expectation: .order(occasions), limit: limit))
    }
    return .expect(ExpectStep(expectation: .present(try Occasion(value)), limit: limit))
  }
}
