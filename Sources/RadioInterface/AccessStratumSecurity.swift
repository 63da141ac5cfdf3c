import NASCrypto

/// The algorithms of the access stratum (TS 36.331, SecurityAlgorithmConfig).
public struct AccessStratumAlgorithms: Sendable, Hashable, CustomStringConvertible {
  public var ciphering: CipheringAlgorithm
  public var integrity: IntegrityAlgorithm

  public init(ciphering: CipheringAlgorithm, integrity: IntegrityAlgorithm) {
    self.ciphering = ciphering
    self.integrity = integrity
  }

  public var description: String { "EEA\(ciphering.rawValue), EIA\(integrity.rawValue)" }
}

/// What of a cell goes into KeNB* (TS 33.401 Annex A.5).
public struct RadioCell: Sendable, Hashable, CustomStringConvertible {
  /// 0-503.
  public var physicalCellIdentity: UInt16
  public var downlinkEARFCN: UInt32

  public init(physicalCellIdentity: UInt16, downlinkEARFCN: UInt32) {
    self.physicalCellIdentity = physicalCellIdentity
    self.downlinkEARFCN = downlinkEARFCN
  }

  public var description: String { "PCI \(physicalCellIdentity), EARFCN \(downlinkEARFCN)" }
}

/// The keys of one radio connection as one side holds them, with its counters: each side derives its own and none crosses the radio.
public struct RadioSecurity: Sendable, Equatable {
  public let keNB: KeyMaterial
  public let algorithms: AccessStratumAlgorithms
  public let rrcIntegrityKey: KeyMaterial
  public let rrcEncryptionKey: KeyMaterial
  public let userPlaneEncryptionKey: KeyMaterial
  /// PDCP COUNT of the next message each way; a new KeNB starts them anew.
  var nextUplink: UInt32 = 0
  var nextDownlink: UInt32 = 0

  /// TS 33.401 Annex A.7.
  public init(keNB: KeyMaterial, algorithms: AccessStratumAlgorithms, using engine: inout CryptoEngine) {
    self.keNB = keNB
    self.algorithms = algorithms
    rrcIntegrityKey = engine.deriveRRCIntegrityKey(keNB: keNB, algorithms.integrity)
    rrcEncryptionKey = engine.deriveRRCEncryptionKey(keNB: keNB, algorithms.ciphering)
    userPlaneEncryptionKey = engine.deriveUPEncryptionKey(keNB: keNB, algorithms.ciphering)
  }

  /// A message with its COUNT and MAC-I.
  public mutating func protect<Message: RRCMessage>(_ message: Message, using engine: inout CryptoEngine) -> ProtectedRRC<Message> {
    let count = next(Message.direction)
    return ProtectedRRC(message, protection: .init(count: count, mac: mac(message.octets, count, Message.direction, using: &engine)))
  }

  /// Whether the MAC-I of a message is the one that this side's KRRCint gives, and its COUNT no old one.
  public mutating func verify<Message: RRCMessage>(_ received: ProtectedRRC<Message>, using engine: inout CryptoEngine) -> Bool {
    guard let protection = received.protection, protection.count >= peek(Message.direction), protection.count < .max,
      protection.mac == mac(received.message.octets, protection.count, Message.direction, using: &engine)
    else { return false }
    set(Message.direction, protection.count + 1)
    return true
  }

  /// shortMAC-I of RRC CONNECTION REESTABLISHMENT REQUEST: COUNT, BEARER and DIRECTION all ones (TS 36.331 §5.3.7.4).
  public func shortMAC(
    physicalCellIdentity: UInt16, temporaryIdentity: UInt16, target: RadioCell, using engine: inout CryptoEngine
  ) -> UInt16 {
    let input = octets(UInt32(physicalCellIdentity), 2) + octets(UInt32(temporaryIdentity), 2) + target.octets
    let mac = input.withUnsafeBytes {
      engine.mac(algorithms.integrity, key: rrcIntegrityKey, count: .max, bearer: 31, direction: .downlink, message: $0)
    }
    return UInt16(truncatingIfNeeded: mac)
  }

  private func mac(_ message: [UInt8], _ count: UInt32, _ direction: LinkDirection, using engine: inout CryptoEngine) -> UInt32 {
    // SRB1 is bearer 0 here (TS 36.323 §5.7: RB identity - 1).
    message.withUnsafeBytes {
      engine.mac(algorithms.integrity, key: rrcIntegrityKey, count: count, bearer: 0, direction: direction, message: $0)
    }
  }

  private func peek(_ direction: LinkDirection) -> UInt32 { direction == .uplink ? nextUplink : nextDownlink }

  private mutating func next(_ direction: LinkDirection) -> UInt32 {
    let count = peek(direction)
    set(direction, count &+ 1)
    return count
  }

  private mutating func set(_ direction: LinkDirection, _ count: UInt32) {
    if direction == .uplink { nextUplink = count } else { nextDownlink = count }
  }
}

func octets(_ value: UInt32, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * (count - 1 - $0))) }
}

extension RadioCell {
  var octets: [UInt8] { RadioInterface.octets(UInt32(physicalCellIdentity), 2) + RadioInterface.octets(downlinkEARFCN, 3) }
}
