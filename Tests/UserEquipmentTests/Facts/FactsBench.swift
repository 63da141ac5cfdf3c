import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Ways to the situations that `ue-context-facts.md` speaks of.
extension Bench {
  /// EMM-REGISTERED-INITIATED, the challenge answered: a SECURITY MODE COMMAND is due.
  static func authenticated(_ change: (inout UEConfiguration) -> Void = { _ in }) -> Bench {
    let bench = Bench(configuration: change)
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    return bench
  }

  /// EMM-REGISTERED on a secured connection.
  static func registered(eKSI: UInt8 = 0) throws -> Bench {
    let bench = Bench()
    try bench.attach(eKSI: eKSI)
    return bench
  }

  /// The same UE, switched off and, so much later, on again; its memory has been through the file. In EMM-NULL.
  ///
  /// - Parameters:
  ///   - imsi: of the card that is found at switch-on.
  ///   - change: something else than what was kept.
  func restarted(
    after time: Duration = .zero, imsi: String = Bench.imsi, _ change: (inout MobileEquipmentState) -> Void = { _ in }
  ) throws -> Bench {
    var state = ue.mobileEquipmentState(at: .zero)
    change(&state)
    let memory = MobileEquipmentMemory(written: .seconds(1_000), state: state)
    let read = try MobileEquipmentMemory(decoding: memory.encoded(imsi: Bench.imsi), imsi: imsi)
    #expect(read == memory)
    let next = Bench(powersOn: false)
    next.ue = UE(
      configuration: ue.configuration, usim: ue.usim, files: ue.usimFiles, memory: read.state(at: .seconds(1_000) + time),
      using: &next.engine)
    next.network = network
    return next
  }

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
