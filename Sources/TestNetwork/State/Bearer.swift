import NASCrypto
import NASMessages

/// An EPS bearer context as the MME has it (TS 24.301 §6.1.3).
struct Bearer: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    /// The default bearer of a PDN connection.
    case standard(accessPointName: AccessPointName, address: PDNAddress)
    /// Beside the default bearer `linked`.
    case dedicated(linked: UInt8)
  }

  /// EPS bearer identity, 5 ... 15; also the E-RAB ID.
  let identity: UInt8
  var kind: Kind
  var qci: UInt8
  /// Where the (not emulated) SGW wants uplink packets.
  var tunnelEndpoint: UInt32

  static let identities: ClosedRange<UInt8> = 5...15

  /// The default bearer of its PDN connection: itself, or the one it is linked to.
  var linkedIdentity: UInt8 {
    switch kind {
    case .standard: identity
    case .dedicated(let linked): linked
    }
  }

  var isDefault: Bool { linkedIdentity == identity }

  /// Of a default bearer.
  var accessPointName: AccessPointName? { if case .standard(let name, _) = kind { name } else { nil } }
}

extension UEContext {
  /// The default bearer of the UE's first PDN connection.
  var bearer: Bearer? { bearers.first { $0.isDefault } }

  var bearerIdentities: Set<UInt8> { Set(bearers.map(\.identity)) }

  func bearer(_ identity: UInt8) -> Bearer? { bearers.first { $0.identity == identity } }

  /// The lowest identity that no bearer has; nil where all eleven are taken.
  func freeBearerIdentity(besides taken: Set<UInt8> = []) -> UInt8? {
    Bearer.identities.first { !bearerIdentities.contains($0) && !taken.contains($0) }
  }

  /// A bearer goes, and with a default bearer the dedicated ones of its PDN connection (TS 24.301 §6.4.4.1).
  mutating func removeBearer(_ identity: UInt8) {
    bearers.removeAll { $0.identity == identity || $0.linkedIdentity == identity }
  }
}

extension MME {
  /// EPS bearer context status: what the UE does not have ends here without a message (TS 24.301 §5.5.3.2.4, §5.6.1.4).
  mutating func synchroniseBearers(of index: Int, with status: EPSBearerContextStatus) {
    let active = status.active
    for identity in ues[index].bearerIdentities.sorted() where !active.contains(identity) {
      ues[index].removeBearer(identity)
      sink.append(.procedure(imsi: name(of: index), "EPS bearer \(identity) ended: the UE does not have it"))
    }
  }
}
