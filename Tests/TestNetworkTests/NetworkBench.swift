import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// An MME with a few subscribers, and the hands of eNBs on the other side of it.
final class NetworkBench {
  static let plmn = PLMN("00101")!
  static let imsi = "001010123456780"

  var mme: MME
  var engine = CryptoEngine()
  var now = Duration.zero
  /// Timers that run, as a driver would keep them.
  var timers: [MMETimer: Duration] = [:]
  private var nextENB: UInt32 = 1

  init(imsis: [String] = [NetworkBench.imsi, "001010123456781"], _ configure: (inout MMEConfiguration) -> Void = { _ in }) {
    var configuration = MMEConfiguration(plmns: [Self.plmn])
    configure(&configuration)
    mme = MME(configuration: configuration, subscribers: imsis.map { Self.subscriber($0) }, seed: 1)
  }

  static func subscriber(_ imsi: String) -> SubscriberCredentials {
    let opc = KeyMaterial(hex: "63bfa50ee6523365ff14c1f45f88737d")!
    // Nobody's K is another's.
    let k = imsi == NetworkBench.imsi ? "00112233445566778899aabbccddeeff" : "00112233445566778899aabbccdd00\(imsi.suffix(2))"
    return try! SubscriberCredentials(imsi: imsi, k: KeyMaterial(hex: k)!, functions: .milenage(opc: opc))
  }

  @discardableResult
  func give(_ input: MME.Input) -> [MME.Output] {
    var outputs: [MME.Output] = []
    mme.handle(input, at: now, using: &engine, into: &outputs)
    for output in outputs {
      switch output {
      case .startTimer(let timer, let after): timers[timer] = now + after
      case .stopTimer(let timer): timers[timer] = nil
      default: break
      }
    }
    return outputs
  }

  /// Lets the earliest timer of this kind expire.
  @discardableResult
  func expire(_ kind: MMETimer.Kind) throws -> [MME.Output] {
    let timer = try #require(timers.keys.first { $0.kind == kind }, "\(kind.rawValue) does not run")
    now = timers.removeValue(forKey: timer)!
    return give(.timer(timer))
  }

  func runs(_ kind: MMETimer.Kind) -> Bool { timers.keys.contains { $0.kind == kind } }

  @discardableResult
  func eNB(
    _ message: S1APMessage, on association: Int = 0, stream: UInt16 = 1, _ fill: (inout S1APBuilder) -> Void = { _ in }
  ) throws
    -> [MME.Output]
  {
    var builder = S1APBuilder(message, deviations: .missingIEs)
    fill(&builder)
    return give(.s1ap(try builder.encoded(), association: association, stream: stream))
  }

  func setUp(_ association: Int = 0, plmn: String = "00101") throws -> [MME.Output] {
    give(.associationUp(association))
    let identity = PLMNIdentity(plmn)!
    return try eNB(.s1SetupRequest, on: association, stream: 0) {
      $0.add(.globalENBID, GlobalENBID(plmn: identity, eNBID: .macro(0x101 + UInt32(association))))
      $0.add(.supportedTAs, .list([SupportedTA(tac: 1, plmns: [identity]).s1apValue]))
      $0.add(.defaultPagingDRX, .enumerated("v128"))
    }
  }

  /// INITIAL UE MESSAGE with a fresh eNB-UE-S1AP-ID.
  func initial(_ nas: [UInt8], sTMSI: STMSI? = nil, on association: Int = 0, eNBID: UInt32? = nil) throws -> (Line, [MME.Output]) {
    let eNBID = eNBID ?? nextENB
    nextENB += 1
    let outputs = try eNB(.initialUEMessage, on: association) {
      $0.add(.eNBUES1APID, .integer(UInt64(eNBID)))
      $0.add(.nasPDU, .octets(nas))
      $0.add(.tai, TAI(plmn: PLMNIdentity("00101")!, tac: 1))
      $0.add(.eutranCGI, EUTRANCGI(plmn: PLMNIdentity("00101")!, cell: 0x10101))
      $0.add(.rrcEstablishmentCause, .enumerated("mo-Signalling"))
      $0.add(.sTMSI, sTMSI)
    }
    let mmeID = outputs.pdus.lazy.compactMap { $0.pdu.integer(.mmeUES1APID) ?? $0.pdu.releasedMME }.first
    return (Line(association: association, eNB: eNBID, mme: mmeID ?? 0), outputs)
  }

  func uplink(_ nas: [UInt8], _ line: Line) throws -> [MME.Output] {
    try eNB(.uplinkNASTransport, on: line.association) {
      $0.ids(line)
      $0.add(.nasPDU, .octets(nas))
      $0.add(.tai, TAI(plmn: PLMNIdentity("00101")!, tac: 1))
      $0.add(.eutranCGI, EUTRANCGI(plmn: PLMNIdentity("00101")!, cell: 0x10101))
    }
  }

  func contextSetUp(_ line: Line) throws -> [MME.Output] {
    try eNB(.initialContextSetupResponse, on: line.association) {
      $0.ids(line)
      $0.add(.eRABSetupListCtxtSURes, .list([ERABSetupItem(eRABID: 5, transportLayerAddress: [127, 0, 0, 1], gtpTEID: 1).s1apValue]))
    }
  }

  func releaseComplete(_ line: Line) throws -> [MME.Output] { try eNB(.ueContextReleaseComplete, on: line.association) { $0.ids(line) } }
}

/// One UE-associated S1 connection.
struct Line: Equatable {
  var association: Int
  var eNB: UInt32
  var mme: UInt32
}

extension S1APBuilder {
  mutating func ids(_ line: Line) {
    add(.mmeUES1APID, .integer(UInt64(line.mme)))
    add(.eNBUES1APID, .integer(UInt64(line.eNB)))
  }
}

extension S1APPDU {
  /// The MME's id in UE CONTEXT RELEASE COMMAND.
  var releasedMME: UInt32? {
    guard let ids = try? value(.ueS1APIDs, as: UES1APIDs.self) else { return nil }
    switch ids {
    case .pair(let mme, _), .mme(let mme): return mme
    }
  }

  var nas: [UInt8]? {
    if let nas = octets(.nasPDU) { return nas }
    for list in [ProtocolIEID.eRABToBeSetupListCtxtSUReq, .eRABToBeSetupListBearerSUReq] {
      if let item = self[list]?.elements[0] { return (try? ERABToBeSetupItem(item.value))?.nasPDU }
    }
    return self[.eRABToBeModifiedListBearerModReq]?.elements[0]?.value["nAS-PDU"]?.octets.map { Array($0) }
  }

  var keNB: KeyMaterial? { self[.securityKey]?.bits.map { KeyMaterial($0.octets) } }
}

extension [MME.Output] {
  var pdus: [(pdu: S1APPDU, association: Int, stream: UInt16)] {
    compactMap {
      guard case .s1ap(let octets, let association, let stream) = $0, let pdu = try? S1APPDU(decoding: octets) else { return nil }
      return (pdu, association, stream)
    }
  }

  var messages: [S1APMessage] { pdus.map(\.pdu.message) }

  /// Downlink NAS PDUs, in order.
  var nas: [[UInt8]] { pdus.compactMap(\.pdu.nas) }

  var discards: [MMEDiscard] { compactMap { if case .discarded(let discard) = $0 { discard } else { nil } } }

  var states: [String] { compactMap { if case .state(_, let name) = $0 { name } else { nil } } }

  var procedures: [String] { compactMap { if case .procedure(_, let words) = $0 { words } else { nil } } }

  /// The only downlink NAS message, plain.
  func plainNAS() throws -> NASMessage {
    try #require(nas.count == 1, "\(self)")
    return try NASMessage(decoding: nas[0], direction: .downlink)
  }

  func isErrorIndication(_ cause: Cause) -> Bool {
    pdus.count == 1 && pdus[0].pdu.message == .errorIndication && pdus[0].pdu.cause == cause
  }
}
