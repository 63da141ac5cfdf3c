import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Ways to the situations that `ue-context-facts.md` speaks of.
extension Bench {
  static func container(ksi: UInt8 = 6, ciphering: UInt8 = 2, integrity: UInt8 = 2, nonce: UInt32 = 0xABCD) -> NASSecurityParametersToEUTRA
  {
    NASSecurityParametersToEUTRA(
      nonceMME: nonce, ciphering: ciphering, integrity: integrity, keySetIdentifier: NASKeySetIdentifier(.mapped, value: ksi))
  }

  /// From EMM-REGISTERED in EMM-IDLE: a handover from UTRAN, the network following.
  @discardableResult
  func handOver(ksi: UInt8 = 6, nonce: UInt32 = 0xABCD) -> [UE.Output] {
    network.pending = nil
    network.current = SecurityContext(
      handover: InterSystemTests.umts, nonceMME: nonce, keySetIdentifier: ksi, side: .mme, algorithms: InterSystemTests.algorithms,
      using: &engine)
    return give(.handedOver(.fromUTRAN(InterSystemTests.umts, Bench.container(ksi: ksi, nonce: nonce))))
  }

  /// Registered and connected under a mapped context, the native one of the attach aside.
  ///
  /// - Returns: the native one.
  @discardableResult
  func attachAndHandOver() throws -> SecurityContext {
    try attachAndRelease()
    let native = try #require(ue.contexts.current)
    _ = try opened(handOver())
    deliver(Bench.updateAccept(), .ciphered)
    try #require(ue.contexts.current?.type == .mapped && ue.state == .registered)
    return native
  }

  /// In EMM-DEREGISTERED with a context, so that the next attach is protected.
  static func withStoredContext() throws -> Bench {
    let bench = Bench()
    try bench.attach()
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    return bench
  }

  /// The MME's twin of the UE's current context becomes the network's.
  func synchroniseNetwork() throws {
    network.current = nativeTwin(of: try #require(ue.contexts.current))
  }

  var current: SecurityContext? { ue.contexts.current }
  var fullNative: SecurityContext? { if case .fullNative(let native) = ue.contexts.nonCurrent { native.context } else { nil } }
}

/// Raw octets of a NAS-PDU.
extension [UInt8] {
  var headerType: SecurityHeaderType { SecurityHeaderType(rawValue: first.map { $0 >> 4 } ?? 0) }
}
