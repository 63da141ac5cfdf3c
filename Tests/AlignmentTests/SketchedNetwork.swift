import NASCrypto
import NASMessages
import S1AP
import Trace

/// Writes the trace of one UE and its network by hand, message by message, so that a test can put one thing wrong in it. It protects
/// messages with the crypto alone and shares nothing with the rooms that implement UE and MME.
struct SketchedNetwork: ~Copyable {
  var crypto = CryptoEngine()
  var log = TraceLog()
  let subscriber: SubscriberCredentials
  let plmn = PLMN("00101") ?? PLMN(0, 0xf1, 0x10)
  var leg = S1Leg(eNB: 0, mme: 0)
  var eNBID: UInt64 = 1
  var mmeID: UInt64 = 100
  var sqn: UInt64 = 0x20
  /// Beside a millisecond for each event.
  private var passed: Duration = .zero

  // The context in use, as the right sides have it.
  var kasme = KeyMaterial([UInt8](repeating: 0, count: 32))
  var eKSI: UInt8 = 0
  var ciphering = CipheringAlgorithm.eea2
  var integrity = IntegrityAlgorithm.eia2
  var uplink: UInt32 = 0
  var downlink: UInt32 = 0
  var rand: [UInt8] = []
  var response: [UInt8] = []
  let guti: GUTI

  static let key = [UInt8](repeating: 0x11, count: 16)

  init(imsi: String = "001010000000001") throws {
    subscriber = try SubscriberCredentials(
      imsi: imsi, k: KeyMaterial(Self.key), functions: .milenage(opc: KeyMaterial([UInt8](repeating: 0x22, count: 16))))
    guti = GUTI(plmn: plmn, mmeGroupID: 2, mmeCode: 1, mTMSI: 0xc000_0001)
  }

  private var now: Duration { .milliseconds(log.count) + passed }
  mutating func pass(_ span: Duration) { passed += span }

  // MARK: S1AP

  mutating func send(_ direction: LinkDirection, _ builder: S1APBuilder) throws {
    log.append(time: now, body: .s1ap(leg, direction, stream: 1, octets: try builder.encoded()))
  }

  func builder(_ message: S1APMessage) -> S1APBuilder {
    var result = S1APBuilder(message, deviations: .missingIEs)
    if message != .initialUEMessage { result.add(.mmeUES1APID, .integer(mmeID)) }
    result.add(.eNBUES1APID, .integer(eNBID))
    return result
  }

  func tai(_ area: UInt16 = 1) throws -> TAI {
    let identity = PLMNIdentity(octets: [plmn.octets.0, plmn.octets.1, plmn.octets.2])
    return TAI(plmn: try require(identity), tac: area)
  }

  mutating func s1Setup(servedPLMN: String) throws {
    let plmn = try require(PLMNIdentity(servedPLMN))
    var response = S1APBuilder(.s1SetupResponse, deviations: .missingIEs)
    response.add(.servedGUMMEIs, .list([ServedGUMMEI(plmns: [plmn], groupIDs: [2], codes: [1]).s1apValue]))
    try send(.downlink, response)
  }

  mutating func initial(_ nas: [UInt8], sTMSI: Bool = false) throws {
    var message = builder(.initialUEMessage)
    message.add(.nasPDU, .octets(nas))
    message.add(.tai, try tai())
    if sTMSI { message.add(.sTMSI, STMSI(mmeCode: guti.mmeCode, mTMSI: guti.mTMSI)) }
    try send(.uplink, message)
  }

  mutating func up(_ nas: [UInt8]) throws {
    var message = builder(.uplinkNASTransport)
    message.add(.nasPDU, .octets(nas))
    message.add(.tai, try tai())
    try send(.uplink, message)
  }

  mutating func down(_ nas: [UInt8]) throws {
    var message = builder(.downlinkNASTransport)
    message.add(.nasPDU, .octets(nas))
    try send(.downlink, message)
  }

  mutating func initialContextSetup(key: KeyMaterial, nas: [UInt8]? = nil) throws {
    var message = builder(.initialContextSetupRequest)
    let qos = ERABLevelQoSParameters(qci: 9)
    let item = ERABToBeSetupItem(eRABID: 5, qos: qos, transportLayerAddress: [127, 0, 0, 1], gtpTEID: 1, nasPDU: nas)
    message.add(.eRABToBeSetupListCtxtSUReq, .list([.field(.eRABToBeSetupItemCtxtSUReq, item.s1apValue)]))
    message.add(.securityKey, .bits(key.withUnsafeBytes { Array($0) }, count: 256))
    try send(.downlink, message)
  }

  mutating func released() throws { try send(.uplink, builder(.ueContextReleaseComplete)) }

  // MARK: NAS

  func plain(_ type: NASMessageType, _ fill: (inout NASMessage) -> Void = { _ in }) -> [UInt8] {
    var message = NASMessage(type)
    fill(&message)
    return message.encoded()
  }

  struct Protection {
    var kasme: KeyMaterial
    var ciphering: CipheringAlgorithm
    var integrity: IntegrityAlgorithm
    var count: UInt32
  }

  mutating func protect(_ plain: [UInt8], _ header: SecurityHeaderType, _ direction: LinkDirection, _ with: Protection) -> [UInt8] {
    var payload = plain
    if header.isCiphered {
      let key = crypto.deriveNASEncryptionKey(kasme: with.kasme, with.ciphering)
      crypto.applyKeystream(with.ciphering, key: key, count: with.count, bearer: 0, direction: direction, to: &payload)
    }
    let sequenceNumber = UInt8(truncatingIfNeeded: with.count)
    let key = crypto.deriveNASIntegrityKey(kasme: with.kasme, with.integrity)
    let mac = crypto.mac(
      with.integrity, key: key, count: with.count, bearer: 0, direction: direction, message: [sequenceNumber] + payload)
    return SecurityProtectedNAS(headerType: header, mac: mac, sequenceNumber: sequenceNumber, payload: payload).octets
  }

  func protection(_ count: UInt32) -> Protection { Protection(kasme: kasme, ciphering: ciphering, integrity: integrity, count: count) }

  mutating func upProtected(_ plain: [UInt8], _ header: SecurityHeaderType = .integrityProtectedAndCiphered) -> [UInt8] {
    defer { uplink += 1 }
    return protect(plain, header, .uplink, protection(uplink))
  }

  mutating func downProtected(_ plain: [UInt8], _ header: SecurityHeaderType = .integrityProtectedAndCiphered) -> [UInt8] {
    defer { downlink += 1 }
    return protect(plain, header, .downlink, protection(downlink))
  }

  // MARK: Procedures

  func attachRequest(_ identity: EPSMobileIdentity, keySet: UInt8 = 7) -> [UInt8] {
    plain(.attachRequest) {
      $0.set(AttachRequest.epsAttachType, EPSAttachType(rawValue: 1))
      $0.set(AttachRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: keySet))
      $0.set(AttachRequest.epsMobileIdentity, identity)
      $0.set(AttachRequest.ueNetworkCapability, UENetworkCapability(eea: 0xf0, eia: 0x70))
      $0.set(AttachRequest.esmMessageContainer, ESMMessageContainer([0x02, 0x01, 0xd0, 0x11]))
    }
  }

  /// TRACKING AREA UPDATE REQUEST with active flag.
  func update() -> [UInt8] {
    plain(.trackingAreaUpdateRequest) {
      $0.set(TrackingAreaUpdateRequest.epsUpdateType, EPSUpdateType(.taUpdating, isActive: true))
      $0.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: eKSI))
      $0.set(TrackingAreaUpdateRequest.oldGUTI, .guti(guti))
    }
  }

  func attachAccept() -> [UInt8] {
    plain(.attachAccept) {
      $0.set(AttachAccept.epsAttachResult, EPSAttachResult(rawValue: 1))
      $0.set(AttachAccept.t3412Value, GPRSTimer(octet: 0x21))
      $0.set(AttachAccept.taiList, TAIList(areas: [TrackingAreaIdentity(plmn: plmn, tac: 1)]))
      $0.set(AttachAccept.esmMessageContainer, ESMMessageContainer([0x52, 0x01, 0xc1, 0x01, 0x09]))
      $0.set(AttachAccept.guti, .guti(guti))
    }
  }

  /// AUTHENTICATION REQUEST and RESPONSE; the KASME becomes the one to use at the next SMC.
  mutating func authenticate(keySet: UInt8, isProtected: Bool = false) throws -> KeyMaterial {
    sqn += 0x20
    let vector = crypto.authenticationVector(
      for: subscriber, sqn: sqn, rand: (0..<16).map { UInt8($0) &+ UInt8(truncatingIfNeeded: sqn) })
    let request = plain(.authenticationRequest) {
      $0.set(AuthenticationRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: keySet))
      $0.set(AuthenticationRequest.authenticationParameterRAND, AuthenticationParameterRAND(vector.rand))
      $0.set(AuthenticationRequest.authenticationParameterAUTN, AuthenticationParameterAUTN(vector.autn))
    }
    let response = plain(.authenticationResponse) {
      $0.set(AuthenticationResponse.authenticationResponseParameter, AuthenticationResponseParameter(vector.xres))
    }
    try down(isProtected ? downProtected(request) : request)
    try up(isProtected ? upProtected(response) : response)
    return crypto.deriveKASME(
      ck: vector.ck, ik: vector.ik, servingNetwork: [plmn.octets.0, plmn.octets.1, plmn.octets.2], sqnXorAK: vector.sqnXorAK)
  }

  func securityModeCommand(keySet: UInt8? = nil) -> [UInt8] {
    plain(.securityModeCommand) {
      $0.set(
        SecurityModeCommand.selectedNASSecurityAlgorithms,
        NASSecurityAlgorithms(ciphering: ciphering.rawValue, integrity: integrity.rawValue))
      $0.set(SecurityModeCommand.nasKeySetIdentifier, NASKeySetIdentifier(value: keySet ?? eKSI))
      $0.set(SecurityModeCommand.replayedUESecurityCapabilities, UESecurityCapability(octets: [0xf0, 0x70]))
    }
  }

  /// AKA and SMC to a new context.
  mutating func secure(keySet: UInt8, commandKeySet: UInt8? = nil) throws {
    kasme = try authenticate(keySet: keySet)
    eKSI = keySet
    uplink = 0
    downlink = 0
    try down(downProtected(securityModeCommand(keySet: commandKeySet), .integrityProtectedNewContext))
    try up(upProtected(plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
  }

  func imsi() -> EPSMobileIdentity { .imsi(subscriber.imsi) }

  /// A whole attach; `key` replaces the KeNB.
  mutating func attach(keySet: UInt8 = 0, key: ((inout SketchedNetwork) -> KeyMaterial)? = nil) throws {
    try initial(attachRequest(imsi()))
    try secure(keySet: keySet)
    try finishAttach(key: key)
  }

  mutating func finishAttach(key: ((inout SketchedNetwork) -> KeyMaterial)? = nil) throws {
    let right = crypto.deriveKeNB(kasme: kasme, uplinkNASCount: uplink - 1)
    try initialContextSetup(key: key?(&self) ?? right, nas: downProtected(attachAccept()))
    try up(upProtected(plain(.attachComplete) { $0.set(AttachComplete.esmMessageContainer, ESMMessageContainer([0x52, 0, 0xc2])) }))
  }

  /// Goes idle and comes back with a SERVICE REQUEST on a new connection.
  mutating func serviceRequest() throws {
    try released()
    eNBID += 1
    mmeID += 1
    let count = uplink
    uplink += 1
    let head: [UInt8] = [0xc7, eKSI << 5 | UInt8(count & 31)]
    let mac = crypto.mac(
      integrity, key: crypto.deriveNASIntegrityKey(kasme: kasme, integrity), count: count, bearer: 0, direction: .uplink, message: head)
    try initial(head + [UInt8(truncatingIfNeeded: mac >> 8), UInt8(truncatingIfNeeded: mac)], sTMSI: true)
  }

  mutating func keNB(_ count: UInt32) -> KeyMaterial { crypto.deriveKeNB(kasme: kasme, uplinkNASCount: count) }

  // MARK: Reports

  mutating func report(_ owner: TraceEntity, _ change: (inout SecurityContextReport) -> Void = { _ in }) {
    let isUE = if case .ue = owner { true } else { false }
    var report = SecurityContextReport(
      owner: owner, imsi: subscriber.imsi, eKSI: eKSI, kasme: kasme, cipheringAlgorithm: ciphering, integrityAlgorithm: integrity,
      uplinkNASCount: .next(uplink),
      downlinkNASCount: isUE ? (downlink == 0 ? .unused : .largestAccepted(downlink - 1)) : .next(downlink), cause: "test")
    change(&report)
    log.append(time: now, body: .securityContext(report))
  }

  mutating func note(_ body: TraceEvent.Body) { log.append(time: now, body: body) }
}

struct MissingValue: Error {}

func require<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw MissingValue() }
  return value
}
