import NASCrypto
import NASMessages
import S1AP
import Trace

/// Handover and path switch, written by hand.
extension SketchedNetwork {
  /// The chain of {NH, NCC} over the KeNB of one COUNT, as the right MME has it.
  struct Chain {
    var kasme: KeyMaterial
    var keNB: KeyMaterial
    var index: UInt32 = 1
    var nextHop: KeyMaterial
  }

  mutating func chain(kasme: KeyMaterial, keNB: KeyMaterial) -> Chain {
    Chain(kasme: kasme, keNB: keNB, nextHop: crypto.deriveNextHop(kasme: kasme, syncInput: keNB))
  }

  mutating func step(_ chain: inout Chain) {
    chain.nextHop = crypto.deriveNextHop(kasme: chain.kasme, syncInput: chain.nextHop)
    chain.index += 1
  }

  static func pair(_ chain: Chain) -> S1AP.SecurityContext { pair(chain.nextHop, UInt8(chain.index % 8)) }
  static func pair(_ key: KeyMaterial, _ chainingCount: UInt8) -> S1AP.SecurityContext {
    S1AP.SecurityContext(nextHopChainingCount: chainingCount, nextHop: key.withUnsafeBytes { Array($0) })
  }

  /// An attach with the answer of the eNB; the chain it starts.
  mutating func attachedChain(keySet: UInt8 = 0) throws -> Chain {
    try attach(keySet: keySet)
    try send(.uplink, builder(.initialContextSetupResponse))
    return chain(kasme: kasme, keNB: keNB(0))
  }

  mutating func answer(_ message: S1APMessage, _ direction: LinkDirection = .uplink) throws { try send(direction, builder(message)) }

  /// UE CONTEXT MODIFICATION REQUEST with a Security Key.
  mutating func modification(key: KeyMaterial) throws {
    var message = builder(.ueContextModificationRequest)
    message.add(.securityKey, .bits(key.withUnsafeBytes { Array($0) }, count: 256))
    try send(.downlink, message)
  }

  mutating func handoverRequired(_ container: [UInt8]) throws {
    var message = builder(.handoverRequired)
    message.add(.sourceToTargetTransparentContainer, .octets(container))
    try send(.uplink, message)
  }

  /// HANDOVER REQUEST on the leg of the target, where the UE has another MME UE S1AP ID and no eNB UE S1AP ID yet.
  mutating func handoverRequest(_ pair: S1AP.SecurityContext, _ container: [UInt8], on target: S1Leg, mmeID: UInt64) throws {
    var message = S1APBuilder(.handoverRequest, deviations: .missingIEs)
    message.add(.mmeUES1APID, .integer(mmeID))
    message.add(.sourceToTargetTransparentContainer, .octets(container))
    message.add(.securityContext, pair)
    message.add(.ueSecurityCapabilities, UESecurityCapabilities(encryption: 0xe000, integrity: 0xe000))
    let source = leg
    leg = target
    try send(.downlink, message)
    leg = source
  }

  /// From HANDOVER REQUIRED to the release of the source; the UE is on the target then, with the MME's identity kept or another.
  mutating func handover(_ pair: S1AP.SecurityContext, to target: S1Leg? = nil, keepingIdentity: Bool = false) throws {
    let container = [UInt8](repeating: UInt8(truncatingIfNeeded: log.count), count: 8)
    let (source, sourceENB, sourceMME) = (leg, eNBID, mmeID)
    let target = target ?? S1Leg(eNB: leg.eNB == 0 ? 1 : 0, mme: leg.mme)
    try handoverRequired(container)
    let identity = keepingIdentity ? mmeID : mmeID + 1
    try handoverRequest(pair, container, on: target, mmeID: identity)
    (leg, eNBID, mmeID) = (target, eNBID + 1, identity)
    try answer(.handoverRequestAcknowledge)
    let (targetENB, targetMME) = (eNBID, mmeID)
    (leg, eNBID, mmeID) = (source, sourceENB, sourceMME)
    try answer(.handoverCommand, .downlink)
    (leg, eNBID, mmeID) = (target, targetENB, targetMME)
    try handoverNotify()
    (leg, eNBID, mmeID) = (source, sourceENB, sourceMME)
    try released()
    (leg, eNBID, mmeID) = (target, targetENB, targetMME)
  }

  mutating func handoverNotify(area: UInt16 = 1) throws {
    var message = builder(.handoverNotify)
    message.add(.tai, try tai(area))
    try send(.uplink, message)
  }

  mutating func pathSwitchRequest(area: UInt16 = 1) throws {
    leg = S1Leg(eNB: leg.eNB == 0 ? 1 : 0, mme: leg.mme)
    eNBID += 1
    var request = S1APBuilder(.pathSwitchRequest, deviations: .missingIEs)
    request.add(.eNBUES1APID, .integer(eNBID))
    request.add(.sourceMMEUES1APID, .integer(mmeID))
    request.add(.tai, try tai(area))
    try send(.uplink, request)
  }

  mutating func pathSwitch(_ pair: S1AP.SecurityContext, area: UInt16 = 1) throws {
    try pathSwitchRequest(area: area)
    var acknowledge = builder(.pathSwitchRequestAcknowledge)
    acknowledge.add(.securityContext, pair)
    try send(.downlink, acknowledge)
  }

  mutating func nonDelivery(_ nas: [UInt8], cause: Cause? = nil) throws {
    var message = builder(.nasNonDeliveryIndication)
    if let cause { message.add(.cause, cause) }
    message.add(.nasPDU, .octets(nas))
    try send(.uplink, message)
  }

  /// AKA on the secured connection, and the SECURITY MODE COMMAND that takes it into use, as octets; the network goes on under the old one.
  mutating func commandNewKASME(keySet: UInt8) throws -> (command: [UInt8], kasme: KeyMaterial) {
    let fresh = try authenticate(keySet: keySet, isProtected: true)
    let old = (kasme, eKSI, uplink, downlink)
    (kasme, eKSI, uplink, downlink) = (fresh, keySet, 0, 0)
    let command = downProtected(securityModeCommand(), .integrityProtectedNewContext)
    (kasme, eKSI, uplink, downlink) = old
    return (command, fresh)
  }

  /// The UE takes it.
  mutating func completeNewKASME(_ fresh: KeyMaterial, keySet: UInt8) throws {
    (kasme, eKSI, uplink, downlink) = (fresh, keySet, 0, 1)
    try up(upProtected(plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
  }
}
