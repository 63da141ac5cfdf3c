import NASCrypto
import RadioInterface
import S1AP
import Testing

@testable import RadioAccess

/// An eNB, and the hand of the MME on the other side of it.
final class Bench {
  var eNB: ENodeB
  var engine = CryptoEngine()
  var now = Duration.zero

  init(_ configure: (inout ENodeBConfiguration) -> Void = { _ in }) {
    var configuration = ENodeBConfiguration(plmn: Bench.plmn)
    configure(&configuration)
    eNB = ENodeB(configuration: configuration)
  }

  static let plmn = PLMNIdentity(mcc: "001", mnc: "01")!

  @discardableResult
  func give(_ input: ENodeB.Input) -> [ENodeB.Output] {
    var outputs: [ENodeB.Output] = []
    eNB.handle(input, at: now, using: &engine, into: &outputs)
    return outputs
  }

  @discardableResult
  func mme(_ message: S1APMessage, stream: UInt16 = 1, _ fill: (inout S1APBuilder) -> Void = { _ in }) throws -> [ENodeB.Output] {
    var builder = S1APBuilder(message, deviations: .missingIEs)
    fill(&builder)
    return give(.s1ap(try builder.encoded(), stream: stream))
  }

  func setUp() throws {
    give(.associationUp)
    try mme(.s1SetupResponse, stream: 0) {
      $0.add(.servedGUMMEIs, .list([ServedGUMMEI(plmns: [Self.plmn], groupIDs: [1], codes: [1]).s1apValue]))
      $0.add(.relativeMMECapacity, 255)
    }
    #expect(eNB.isReady)
  }

  /// Connects a UE and returns its eNB-UE-S1AP-ID.
  func connect(_ handle: UEHandle, nas: [UInt8] = [7, 0x41]) throws -> UInt32 {
    let outputs = give(.rrc(handle, .connectionSetupComplete(nas: nas, establishmentCause: .mobileOriginatingSignalling)))
    let (pdu, stream) = try #require(outputs.sent.first)
    #expect(pdu.message == .initialUEMessage)
    #expect(stream != 0)
    return try #require(pdu.integer(.eNBUES1APID))
  }

  /// Connects a UE and lets the MME send its first message.
  func connected(_ handle: UEHandle, mme: UInt32) throws -> UInt32 {
    let id = try connect(handle)
    let outputs = try self.mme(.downlinkNASTransport) {
      $0.ids(mme: mme, eNB: id)
      $0.add(.nasPDU, .octets([7, 0x52]))
    }
    #expect(outputs == [.rrc(handle, .nas([7, 0x52]))])
    return id
  }

  func setUpContext(
    mme: UInt32, eNB: UInt32, bearers: [UInt8] = [5], nas: [UInt8]? = [7, 0x42], capabilities: UESecurityCapabilities = Bench.allAlgorithms,
    key: [UInt8] = Bench.key
  ) throws -> [ENodeB.Output] {
    try self.mme(.initialContextSetupRequest) {
      $0.ids(mme: mme, eNB: eNB)
      $0.add(.ueAggregateMaximumBitrate, UEAggregateMaximumBitrate(downlink: 1000, uplink: 1000))
      let items = bearers.map {
        ERABToBeSetupItem(
          eRABID: $0, qos: ERABLevelQoSParameters(qci: 9), transportLayerAddress: [127, 0, 0, 2], gtpTEID: 7, nasPDU: nas
        ).s1apValue
      }
      $0.add(.eRABToBeSetupListCtxtSUReq, .list(items))
      $0.add(.ueSecurityCapabilities, capabilities)
      $0.add(.securityKey, .bits(key, count: 256))
    }
  }

  /// The hand of the UE at AS SECURITY MODE COMMAND: it has the same KeNB.
  func activateSecurity(_ outputs: [ENodeB.Output], key: [UInt8] = Bench.key) -> [ENodeB.Output] {
    guard let (handle, message) = outputs.radio, case .securityModeCommand(let algorithms) = message.message else { return [] }
    var security = RadioSecurity(keNB: KeyMaterial(key), algorithms: algorithms, using: &engine)
    guard security.verify(message, using: &engine) else { return [] }
    return give(.rrc(handle, .radio(security.protect(.securityModeComplete, using: &engine))))
  }

  /// INITIAL CONTEXT SETUP, with the UE's answer.
  func secured(
    mme: UInt32, eNB: UInt32, bearers: [UInt8] = [5], nas: [UInt8]? = [7, 0x42], capabilities: UESecurityCapabilities = Bench.allAlgorithms,
    key: [UInt8] = Bench.key
  ) throws -> [ENodeB.Output] {
    activateSecurity(
      try setUpContext(mme: mme, eNB: eNB, bearers: bearers, nas: nas, capabilities: capabilities, key: key), key: key)
  }

  static let key = (0..<32).map { UInt8($0) }
  static let allAlgorithms = UESecurityCapabilities(encryption: 0xE000, integrity: 0xE000)
}

extension S1APBuilder {
  mutating func ids(mme: UInt32, eNB: UInt32) {
    add(.mmeUES1APID, .integer(UInt64(mme)))
    add(.eNBUES1APID, .integer(UInt64(eNB)))
  }
}

extension [ENodeB.Output] {
  /// The S1AP PDUs among them, decoded, with their streams.
  var sent: [(pdu: S1APPDU, stream: UInt16)] {
    compactMap {
      guard case .s1ap(let octets, let stream) = $0, let pdu = try? S1APPDU(decoding: octets) else { return nil }
      return (pdu, stream)
    }
  }

  /// The first RRC message about keys among them.
  var radio: (UEHandle, ProtectedRRC<DownlinkRRCMessage>)? {
    for output in self { if case .rrc(let handle, .radio(let message)) = output { return (handle, message) } }
    return nil
  }

  var messages: [S1APMessage] { sent.map(\.pdu.message) }

  var discards: [ENodeBDiscard] {
    compactMap { if case .discarded(let discard) = $0 { discard } else { nil } }
  }

  /// Whether it is one ERROR INDICATION with this cause.
  func isErrorIndication(_ cause: Cause) -> Bool {
    sent.count == 1 && sent[0].pdu.message == .errorIndication && sent[0].pdu.cause == cause
  }

  func released(_ handle: UEHandle) -> Bool {
    contains { if case .rrc(handle, .release) = $0 { true } else { false } }
  }
}
