/// One IE of PRIVATE MESSAGE (TS 36.413 §9.1.17): what only sender and receiver know.
public struct S1APPrivateIE: Sendable, Equatable {
  /// PrivateIE-ID (TS 36.413 §9.3.5).
  public enum Identity: Sendable, Equatable {
    case local(UInt16)
    /// An object identifier, as BER encodes its contents.
    case global([UInt8])
  }

  public var identity: Identity
  /// What who does not know it must do.
  public var criticality: Criticality
  /// What the open type contains.
  public var octets: [UInt8]

  public init(_ identity: Identity, criticality: Criticality, octets: [UInt8]) {
    self.identity = identity
    self.criticality = criticality
    self.octets = octets
  }
}

extension S1APPrivateIE: S1APRepresentable {
  public init(_ node: S1APNode) throws(S1APError) {
    let choice = try node.required("id")
    switch choice.choice?.name {
    case "local": identity = .local(UInt16(truncatingIfNeeded: try choice.choice?.value.requiredNumber() ?? 0))
    case "global": identity = .global(try choice.choice?.value.requiredOctets() ?? [])
    default: throw choice.wrongKind("a local or global identity")
    }
    criticality = Criticality(rawValue: UInt8(truncatingIfNeeded: try node.required("criticality").enumerated ?? 0)) ?? .reject
    octets = try node.requiredOctets("value")
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("id") {
        switch identity {
        case .local(let number): $0.choice("local") { $0.number(UInt64(number)) }
        case .global(let octets): $0.choice("global") { $0.octets(octets) }
        }
      }
      $0.component("criticality") { $0.position(Int(criticality.rawValue)) }
      $0.component("value") { $0.octets(octets) }
    }
  }
}
