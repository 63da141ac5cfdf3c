/// UE security capabilities (TS 36.413 §9.2.1.40): two maps of 16 bits, most significant bit = algorithm 1 (EEA0 / EIA0 have no bit).
public struct UESecurityCapabilities: Hashable, Sendable, S1APRepresentable {
  /// Bit 15 = 128-EEA1, bit 14 = 128-EEA2, bit 13 = 128-EEA3.
  public var encryption: UInt16
  /// Bit 15 = 128-EIA1, bit 14 = 128-EIA2, bit 13 = 128-EIA3.
  public var integrity: UInt16

  public init(encryption: UInt16, integrity: UInt16) {
    self.encryption = encryption
    self.integrity = integrity
  }

  public init(_ node: S1APNode) throws(S1APError) {
    // Maps longer than 16 bits (behind the extension marker) are cut to what Rel-16 gives a meaning.
    encryption = try Self.map(node.required("encryptionAlgorithms"))
    integrity = try Self.map(node.required("integrityProtectionAlgorithms"))
  }

  private static func map(_ node: S1APNode) throws(S1APError) -> UInt16 {
    // Without a copy of its octets, where it is as long as nearly all are.
    if node.bitCount == 16, let map = node.bigEndian { return UInt16(truncatingIfNeeded: map) }
    guard let octets = node.bits?.padded, octets.count >= 2 else { throw node.wrongKind("a map of 16 bits") }
    return UInt16(octets[0]) << 8 | UInt16(octets[1])
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("encryptionAlgorithms") { $0.bits(UInt64(encryption), count: 16) }
      $0.component("integrityProtectionAlgorithms") { $0.bits(UInt64(integrity), count: 16) }
    }
  }
}

/// Security context (TS 36.413 §9.2.1.26): {NH, NCC} for handover and path switch.
public struct SecurityContext: Hashable, Sendable, S1APRepresentable {
  /// 0 to 7.
  public var nextHopChainingCount: UInt8
  /// 32 octets.
  public var nextHop: [UInt8]

  public init(nextHopChainingCount: UInt8, nextHop: [UInt8]) {
    self.nextHopChainingCount = nextHopChainingCount
    self.nextHop = nextHop
  }

  public init(_ node: S1APNode) throws(S1APError) {
    nextHopChainingCount = UInt8(truncatingIfNeeded: try node.requiredNumber("nextHopChainingCount"))
    let parameter = try node.required("nextHopParameter")
    guard let bits = parameter.bits else { throw parameter.wrongKind("a key") }
    nextHop = bits.padded
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("nextHopChainingCount") { $0.number(UInt64(nextHopChainingCount)) }
      $0.component("nextHopParameter") { $0.bits(nextHop, count: nextHop.count * 8) }
    }
  }
}
