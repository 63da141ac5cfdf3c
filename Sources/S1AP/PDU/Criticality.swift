/// What a receiver that does not comprehend an IE or procedure must do (TS 36.413 §10.3.2).
public enum Criticality: UInt8, Sendable, CaseIterable {
  case reject = 0
  case ignore = 1
  case notify = 2

  /// The name in ASN.1: `reject`, `ignore`, `notify`.
  public var name: String {
    switch self {
    case .reject: "reject"
    case .ignore: "ignore"
    case .notify: "notify"
    }
  }
}

/// The three arms of S1AP-PDU (TS 36.413 §9.3.2).
public enum PDUKind: UInt8, Sendable, CaseIterable {
  case initiatingMessage = 0
  case successfulOutcome = 1
  case unsuccessfulOutcome = 2

  /// The name in ASN.1: `initiatingMessage`, …
  public var name: String {
    switch self {
    case .initiatingMessage: "initiatingMessage"
    case .successfulOutcome: "successfulOutcome"
    case .unsuccessfulOutcome: "unsuccessfulOutcome"
    }
  }
}
