import NASCrypto
import NASMessages
import NASSecurity

/// EF_EPSNSC (TS 31.102 §4.2.92, file identifier 6FE4): one record with a full native EPS security context, or marked invalid.
///
///     tag  length  content
///     A0   34      EPS NAS security context
///     80   1       KSI_ASME; 07: the record is not valid
///     81   20      KASME
///     82   4       uplink NAS COUNT, of the next message
///     83   4       downlink NAS COUNT, the largest accepted
///     84   1       NAS algorithms as in TS 24.301 §9.9.3.23
public struct EPSNASSecurityContextFile: Sendable, Equatable {
  public static let fileIdentifier: UInt16 = 0x6FE4
  public static let length = 54
  static let name = "EF_EPSNSC"

  /// A stored context; what it lacks of a context in use are the keys, which are derived.
  public struct Record: Sendable, Equatable {
    /// 0 ... 6.
    public var keySetIdentifier: UInt8
    public var kasme: KeyMaterial
    public var uplinkNASCount: NASCount
    public var downlinkNASCount: NASCount
    public var algorithms: NASAlgorithms
  }

  /// nil: marked invalid.
  public var record: Record?

  public static let invalid = EPSNASSecurityContextFile(record: nil)

  public init(record: Record?) { self.record = record }

  /// The record of a context; invalid if there is none, if it is mapped, if it is an emergency's (Annex C of TS 24.301), or
  /// if its uplink COUNT is used up.
  public init(storing context: SecurityContext?) {
    guard let context, context.type == .native, context.algorithms.integrity != .eia0, let uplink = context.uplinkNASCount else {
      record = nil
      return
    }
    record = Record(
      keySetIdentifier: context.keySetIdentifier, kasme: context.kasme, uplinkNASCount: uplink,
      downlinkNASCount: context.downlinkNASCount ?? .zero, algorithms: context.algorithms)
  }

  /// The context to go on with after power-on.
  public func context(using engine: inout CryptoEngine) -> SecurityContext? {
    record.map {
      SecurityContext(
        kasme: $0.kasme, keySetIdentifier: $0.keySetIdentifier, side: .userEquipment, algorithms: $0.algorithms,
        counts: NASCountPair(nextToSend: $0.uplinkNASCount, largestAccepted: $0.downlinkNASCount), using: &engine)
    }
  }

  /// - Throws: ``USIMFileError`` when the octets are not this file's. Octets of FF are a record never written: invalid.
  public init(decoding octets: [UInt8]) throws(USIMFileError) {
    guard octets.count >= EPSNASSecurityContextFile.length else {
      throw USIMFileError(file: Self.name, reason: "\(octets.count) octets, not \(Self.length) or more")
    }
    guard !octets.allSatisfy({ $0 == 0xFF }) else {
      record = nil
      return
    }
    var fields: [UInt8: ArraySlice<UInt8>] = [:]
    guard octets[0] == 0xA0, Int(octets[1]) <= octets.count - 2 else {
      throw USIMFileError(file: Self.name, reason: "it does not begin with tag A0 and its length")
    }
    var rest = octets[2..<(2 + Int(octets[1]))]
    while let tag = rest.popFirst() {
      guard let length = rest.popFirst(), rest.count >= length else {
        throw USIMFileError(file: Self.name, reason: "tag \(String(tag, radix: 16)) reaches beyond the record")
      }
      fields[tag] = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
    }
    func field(_ tag: UInt8, _ count: Int) throws(USIMFileError) -> ArraySlice<UInt8> {
      guard let field = fields[tag], field.count == count else {
        throw USIMFileError(file: Self.name, reason: "tag \(String(tag, radix: 16)) is missing or has not \(count) octets")
      }
      return field
    }
    let ksi = try field(0x80, 1).reduce(0) { $0 | $1 }
    guard ksi <= 7 else { throw USIMFileError(file: Self.name, reason: "KSI \(ksi)") }
    guard ksi < 7 else {
      record = nil
      return
    }
    let uplink = try field(0x82, 4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let downlink = try field(0x83, 4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard uplink <= 0xFF_FFFF, downlink <= 0xFF_FFFF else {
      throw USIMFileError(file: Self.name, reason: "a NAS COUNT of more than 24 bits")
    }
    let octet = try field(0x84, 1).reduce(0) { $0 | $1 }
    let identities = NASSecurityAlgorithms(ciphering: octet >> 4 & 0x07, integrity: octet & 0x07)
    guard let ciphering = CipheringAlgorithm(rawValue: identities.ciphering),
      let integrity = IntegrityAlgorithm(rawValue: identities.integrity), integrity != .eia0
    else { throw USIMFileError(file: Self.name, reason: "algorithms \(identities) are not ours to use") }
    record = Record(
      keySetIdentifier: ksi, kasme: KeyMaterial(try field(0x81, 32)), uplinkNASCount: NASCount(uplink),
      downlinkNASCount: NASCount(downlink), algorithms: NASAlgorithms(ciphering: ciphering, integrity: integrity))
  }

  public func encoded() -> [UInt8] {
    guard let record else {
      return [0xA0, 0x34, 0x80, 1, 7, 0x81, 32] + [UInt8](repeating: 0xFF, count: 32) + [
        0x82, 4, 0, 0, 0, 0, 0x83, 4, 0, 0, 0, 0, 0x84, 1, 0,
      ]
    }
    var octets: [UInt8] = [0xA0, 0x34, 0x80, 1, record.keySetIdentifier, 0x81, 32]
    record.kasme.withUnsafeBytes { octets += $0 }
    octets += [0x82, 4] + bigEndian(record.uplinkNASCount.value)
    octets += [0x83, 4] + bigEndian(record.downlinkNASCount.value)
    return octets + [0x84, 1, record.algorithms.ciphering.rawValue << 4 | record.algorithms.integrity.rawValue]
  }
}
