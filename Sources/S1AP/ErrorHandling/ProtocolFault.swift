/// A breach of TS 36.413 that the transfer syntax does not show (§10.3): what ``S1APPDU/validate()`` finds.
public struct ProtocolFault: Sendable, Equatable, CustomStringConvertible {
  /// The cases of §10.3.1.
  public enum Kind: Sendable, Equatable {
    /// The procedure code, or its arm of S1AP-PDU, is not known (§10.3.4.1).
    case unknownProcedure
    /// An IE or extension that the receiver does not comprehend, or whose logical range is violated (§10.3.1 cases 1 and 2, §10.3.4.2);
    /// criticality as received.
    case notUnderstood
    /// A mandatory IE, or a conditional one whose condition holds, is not there (§10.3.5); criticality as the grammar has it.
    case missing
    /// IEs out of order or more often than allowed (§10.3.6).
    case wrongOrderOrRepeated
    /// A conditional IE whose condition does not hold (§10.3.6); criticality as received.
    case erroneouslyPresent
  }

  /// Which case.
  public var kind: Kind
  /// Received or, of what is missing, the tables'.
  public var criticality: Criticality
  /// The IE; nil for an unknown procedure.
  public var identity: ProtocolIEID?
  /// From the message down.
  public var path: String
  /// Octet of the PDU in which what is wrong starts, or in which the container starts that lacks something; 0 in a PDU that was built.
  public var offset: Int
  /// What was found and what was expected, where that says more than ``kind``; may be empty.
  public var detail: String

  public init(kind: Kind, criticality: Criticality, identity: ProtocolIEID?, path: String, offset: Int = 0, detail: String = "") {
    self.kind = kind
    self.criticality = criticality
    self.identity = identity
    self.path = path
    self.offset = offset
    self.detail = detail
  }

  /// `INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupItem[1] / transportLayerAddress: 20 bits, expected 32, 128 or 160 (octet 88), criticality
  /// reject`.
  public var description: String {
    let what =
      switch kind {
      case .unknownProcedure: "procedure not comprehended"
      case .notUnderstood: "not comprehended"
      case .missing: "missing"
      case .wrongOrderOrRepeated: "out of order or repeated"
      case .erroneouslyPresent: "there though its condition does not hold"
      }
    return "\(path): \(detail.isEmpty ? what : detail) (octet \(offset)), criticality \(criticality.name)"
  }
}
