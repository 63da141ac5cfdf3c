/// One S1 association: the eNB end and the MME end, by number.
///
/// The numbers are the driver's (or the capture reader's) own; their names are in `TraceLog.names`.
public struct S1Leg: Hashable, Sendable, CustomStringConvertible {
  public var eNB: Int
  public var mme: Int

  public init(eNB: Int, mme: Int) {
    self.eNB = eNB
    self.mme = mme
  }

  public var description: String { "eNB \(eNB) – MME \(mme)" }
}

/// The name a driver gives a UE; where the IMSI is known it is the IMSI.
public struct UELabel: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public var name: String

  public init(_ name: String) { self.name = name }
  public init(stringLiteral value: String) { name = value }

  public var description: String { name }
}

/// The entity whose word, timer or discard an event is.
public enum TraceEntity: Hashable, Sendable, CustomStringConvertible {
  case ue(UELabel)
  case eNB(Int)
  case mme(Int)

  public var description: String {
    switch self {
    case .ue(let label): "UE \(label)"
    case .eNB(let number): "eNB \(number)"
    case .mme(let number): "MME \(number)"
    }
  }
}
