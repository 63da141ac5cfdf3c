/// A breach of TS 36.413 that the transfer syntax does not show (§10.3): what ``S1APPDU/validate()`` finds.
public struct ProtocolFault: Sendable, Equatable, CustomStringConvertible {
  /// The cases of §10.3.1.
  public enum Kind: Sendable, Equatable {
    /// The procedure code, or its arm of S1AP-PDU, is not known (§10.3.4.1).
    case unknownProcedure
    /// An IE or extension that the receiver does not comprehend (§10.3.4.2); criticality as received.
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

  public init(kind: Kind, criticality: Criticality, identity: ProtocolIEID?, path: String) {
    self.kind = kind
    self.criticality = criticality
    self.identity = identity
    self.path = path
  }

  public var description: String { "\(path): \(kind), criticality \(criticality.name)" }
}
