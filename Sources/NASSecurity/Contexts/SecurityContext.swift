import NASCrypto
import NASMessages

/// The NAS algorithms in use: one for ciphering, one for integrity (TS 24.301 §9.9.3.23).
public struct NASAlgorithms: Hashable, Sendable, CustomStringConvertible {
  public var ciphering: CipheringAlgorithm
  public var integrity: IntegrityAlgorithm

  public init(ciphering: CipheringAlgorithm, integrity: IntegrityAlgorithm) {
    self.ciphering = ciphering
    self.integrity = integrity
  }

  /// 128-EEA0 and 128-EIA0: for emergencies of UEs that cannot be authenticated, and RLOS.
  public static let null = NASAlgorithms(ciphering: .eea0, integrity: .eia0)

  public var description: String { "\(ciphering)/\(integrity)" }
}

/// A native context after a successful AKA and before the SMC that takes it into use: KASME and eKSI, no NAS keys
/// (TS 24.301 §4.4.2.1). Its COUNTs are zero by definition.
public struct PartialNativeSecurityContext: Sendable, Equatable {
  public let kasme: KeyMaterial
  /// 0 ... 6.
  public let keySetIdentifier: UInt8

  /// - Precondition: `keySetIdentifier` is 0 ... 6; 7 means that there is no key.
  public init(kasme: KeyMaterial, keySetIdentifier: UInt8) {
    precondition(keySetIdentifier < 7, "key set identifier 7 names no key")
    self.kasme = kasme
    self.keySetIdentifier = keySetIdentifier
  }

  /// The eKSI that names this context on the wire.
  public var eKSI: NASKeySetIdentifier { NASKeySetIdentifier(.native, value: keySetIdentifier) }
}

/// A full EPS security context: KASME, NAS algorithms and keys, both NAS COUNTs (TS 24.301 §4.4.2.1).
///
/// A value: trying an SMC on a copy and keeping the copy only if the MAC holds is the way contexts change.
public struct SecurityContext: Sendable, Equatable {
  public let kasme: KeyMaterial
  /// Native (from an EPS AKA) or mapped (from UTRAN, GERAN or N1 mode).
  public let type: NASKeySetIdentifier.TypeOfSecurityContext
  /// 0 ... 6.
  public let keySetIdentifier: UInt8
  public let side: NASSide
  public private(set) var algorithms: NASAlgorithms
  public private(set) var encryptionKey: KeyMaterial
  public private(set) var integrityKey: KeyMaterial
  public internal(set) var counts: NASCountPair

  /// Derives the NAS keys (TS 33.401 A.7).
  ///
  /// - Precondition: `keySetIdentifier` is 0 ... 6.
  public init(
    kasme: KeyMaterial, type: NASKeySetIdentifier.TypeOfSecurityContext = .native, keySetIdentifier: UInt8, side: NASSide,
    algorithms: NASAlgorithms,
    counts: NASCountPair = NASCountPair(), using engine: inout CryptoEngine
  ) {
    precondition(keySetIdentifier < 7, "key set identifier 7 names no key")
    self.kasme = kasme
    self.type = type
    self.keySetIdentifier = keySetIdentifier
    self.side = side
    self.algorithms = algorithms
    self.counts = counts
    encryptionKey = engine.deriveNASEncryptionKey(kasme: kasme, algorithms.ciphering)
    integrityKey = engine.deriveNASIntegrityKey(kasme: kasme, algorithms.integrity)
  }

  /// Takes a partial native context into use with the algorithms the MME chose; COUNTs start at zero.
  public init(
    taking partial: PartialNativeSecurityContext, side: NASSide, algorithms: NASAlgorithms, using engine: inout CryptoEngine
  ) {
    self.init(
      kasme: partial.kasme, keySetIdentifier: partial.keySetIdentifier, side: side, algorithms: algorithms, using: &engine)
  }

  /// The eKSI that names this context on the wire: computed, so that it cannot disagree with the context.
  public var eKSI: NASKeySetIdentifier { NASKeySetIdentifier(type, value: keySetIdentifier) }

  /// Changes the algorithms and derives the keys anew; the COUNTs go on (TS 24.301 §4.4.2.3).
  public mutating func select(_ new: NASAlgorithms, using engine: inout CryptoEngine) {
    guard new != algorithms else { return }
    if new.ciphering != algorithms.ciphering { encryptionKey = engine.deriveNASEncryptionKey(kasme: kasme, new.ciphering) }
    if new.integrity != algorithms.integrity { integrityKey = engine.deriveNASIntegrityKey(kasme: kasme, new.integrity) }
    algorithms = new
  }

  /// Starts the sender's COUNT at zero again: for deviations that reuse COUNTs as an exact sender never does.
  public mutating func restartUplinkCount() { counts.nextToSend = .zero }

  /// Leaves COUNTs of the sender's out, as of messages that were lost on the way; not the last one.
  public mutating func skipUplinkCounts(_ number: UInt32) {
    guard let next = counts.nextToSend else { return }
    counts.nextToSend = NASCount(next.value + min(number, NASCount.maximum.value - next.value))
  }

  /// Takes back the COUNT of an initial NAS message that was protected but never sent, since the RRC connection could not
  /// be made (TS 24.301 §4.4.3.1). Does nothing if another message was protected since.
  public mutating func takeBack(_ count: NASCount) {
    if counts.nextToSend == successor(of: count) { counts.nextToSend = count }
  }

  /// The COUNT after `count`; nil when the 24 bits are used up. Under 128-EIA0 the COUNT wraps (§4.4.3.5).
  func successor(of count: NASCount) -> NASCount? { count.next ?? (algorithms.integrity == .eia0 ? .zero : nil) }

  /// The COUNT supposed for a received sequence number; nil when it leaves the 24 bits. Under 128-EIA0 it wraps (§4.4.3.5).
  func estimatedCount(sequenceNumber: UInt8, bits: UInt32 = 8) -> NASCount? {
    NASCount.estimate(sequenceNumber: sequenceNumber, bits: bits, largestAccepted: counts.largestAccepted)
      ?? (algorithms.integrity == .eia0 ? NASCount(UInt32(sequenceNumber) & (1 << bits - 1)) : nil)
  }

  /// The uplink NAS COUNT as TS 24.301 §4.4.3.1 stores it: the value of the next uplink message; nil when used up.
  public var uplinkNASCount: NASCount? {
    switch side {
    case .userEquipment: counts.nextToSend
    case .mme: counts.largestAccepted.map(\.next) ?? .zero
    }
  }

  /// The downlink NAS COUNT as TS 24.301 §4.4.3.1 stores it: the largest used so far, nil before the first.
  ///
  /// At the UE that is the largest accepted, at the MME the last one sent.
  public var downlinkNASCount: NASCount? {
    switch side {
    case .userEquipment: counts.largestAccepted
    case .mme:
      switch counts.nextToSend {
      case .some(let next): next == .zero ? nil : NASCount(next.value - 1)
      case .none: .maximum
      }
    }
  }
}
