import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import Trace
import UserEquipment

extension RadioNetwork {
  mutating func feed(
    _ input: UE.Input, ue index: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    // An output may feed the UE again (access to a cell), so the buffer is taken out while it is read.
    var outputs: [UE.Output] = []
    swap(&outputs, &ueInputs)
    touchedUEs?.insert(index)
    subscribers[index].ue.handle(input, at: now, using: &engine, into: &outputs)
    for output in outputs { take(output, ofUE: index, at: now, using: &engine, into: &effects) }
    let leavesCell = outputs.contains(.event(.activeCellBarred))
    outputs.removeAll(keepingCapacity: true)
    ueInputs = outputs
    if leavesCell { leaveBarredCell(ue: index, at: now, using: &engine, into: &effects) }
  }

  private mutating func take(
    _ output: UE.Output, ofUE index: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    let label = subscribers[index].label
    switch output {
    case .establishConnection(let initial):
      if let old = subscribers[index].handle { drop(old, ofUE: index) }
      lastHandle += 1
      subscribers[index].handle = lastHandle
      stations[subscribers[index].eNB].ueOfHandle[lastHandle] = index
      if isTracing { effects.append(.trace(.nas(ue: label, .uplink, octets: initial.octets))) }
      hops.append(.toENB(eNB: subscribers[index].eNB, lastHandle, UplinkRRC(initial)))
    case .uplinkNAS(let octets):
      guard let handle = subscribers[index].handle else { return }
      if isTracing { effects.append(.trace(.nas(ue: label, .uplink, octets: octets))) }
      hops.append(.toENB(eNB: subscribers[index].eNB, handle, .nas(octets)))
    case .crafted(let initial, let isOverNewConnection):
      if isOverNewConnection {
        // Nobody is at the other end: what comes down on it is lost.
        lastHandle += 1
        hops.append(.toENB(eNB: subscribers[index].eNB, lastHandle, UplinkRRC(initial)))
      } else if let handle = subscribers[index].handle {
        hops.append(.toENB(eNB: subscribers[index].eNB, handle, .nas(initial.octets)))
      }
    case .releaseConnection:
      if let handle = subscribers[index].handle { drop(handle, ofUE: index) }
    case .startTimer(let timer, let after):
      timers.start(.ue(index, timer), at: now + after)
      if isTracing { effects.append(.trace(.timer(.ue(label), name: timer.rawValue, .started))) }
    case .stopTimer(let timer):
      if timers.stop(.ue(index, timer)), isTracing {
        effects.append(.trace(.timer(.ue(label), name: timer.rawValue, .stopped)))
      }
    case .startSessionTimer(let timer, let after):
      timers.start(.session(index, timer), at: now + after)
      if isTracing { effects.append(.trace(.timer(.ue(label), name: timer.kind.rawValue, .started))) }
    case .stopSessionTimer(let timer):
      if timers.stop(.session(index, timer)), isTracing {
        effects.append(.trace(.timer(.ue(label), name: timer.kind.rawValue, .stopped)))
      }
    case .securityContexts(let contexts, let why):
      guard isTracing else { return }
      for report in contexts.reports(owner: .ue(label), imsi: label.name, cause: why) {
        effects.append(.trace(.securityContext(report)))
      }
    case .keNB(let key, _):
      if isTracing { effects.append(.trace(.keNB(.ue(label), imsi: label.name, key: key, nextHopChainingCount: 0))) }
    case .discarded(let reason, let message):
      effects.append(.trace(.discard(by: .ue(label), reason: "\(message): \(reason)", clause: reason.clause)))
    case .state(let state):
      effects.append(.trace(.state(.ue(label), imsi: label.name, name: state.description)))
    case .event(let event):
      effects.append(.ue(index, event))
    case .radio(let action): take(action, ofUE: index, at: now, using: &engine, into: &effects)
    }
  }

  /// The UE let its RRC connection go: the eNB notices.
  mutating func drop(_ handle: UEHandle, ofUE index: Int) {
    subscribers[index].handle = nil
    stations[subscribers[index].eNB].ueOfHandle[handle] = nil
    hops.append(.toENB(eNB: subscribers[index].eNB, handle, .connectionReleased))
  }

  mutating func feed(
    _ input: ENodeB.Input, eNB index: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    eNBInputs.removeAll(keepingCapacity: true)
    stations[index].eNB.handle(input, at: now, using: &engine, into: &eNBInputs)
    // A paging feeds UEs, not eNBs, so the buffer is not touched meanwhile.
    for output in eNBInputs { take(output, ofENB: index, at: now, using: &engine, into: &effects) }
  }

  private mutating func take(
    _ output: ENodeB.Output, ofENB index: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    switch output {
    case .s1ap(let octets, let stream):
      outgoing.append(OutgoingS1AP(eNB: index, octets: octets, stream: stream))
    case .rrc(let handle, let message):
      guard let ue = stations[index].ueOfHandle[handle] else { return }
      hops.append(.toUE(ue: ue, handle, message))
    case .paging(let identity):
      if isTracing { effects.append(.trace(.note("eNB \(index): paging \(identity)"))) }
      page(PagedIdentity(identity), eNB: index, at: now, using: &engine, into: &effects)
    case .startTimer(let timer, let after):
      timers.start(.eNB(index, timer), at: now + after)
    case .stopTimer(let timer):
      timers.stop(.eNB(index, timer))
    case .s1SetupComplete(let name, _):
      effects.append(.s1SetupComplete(eNB: index, mmeName: name))
    case .s1SetupFailed(let cause, let willRetry):
      effects.append(
        .s1SetupFailed(eNB: index, cause: cause.map { "\($0)" } ?? "no answer", willRetry: willRetry))
    case .keNB(let handle, let key, let chainingCount):
      guard isTracing, let ue = stations[index].ueOfHandle[handle] else { return }
      effects.append(
        .trace(.keNB(.eNB(index), imsi: subscribers[ue].label.name, key: key, nextHopChainingCount: chainingCount)))
    case .chainedKey(let handle, let key, let chainingCount, let why):
      guard isTracing else { return }
      note(.eNB(index), stations[index].ueOfHandle[handle], key, chainingCount, why, into: &effects)
    case .handover(let handle, let progress):
      guard isTracing else { return }
      let ue = stations[index].ueOfHandle[handle].map { ", UE \(subscribers[$0].label)" } ?? ""
      effects.append(.trace(.note("eNB \(index)\(ue): \(progress)")))
    case .x2(let message, let enbID):
      send(message, from: index, to: enbID, into: &effects)
    case .resetDone(let handles):
      if isTracing { effects.append(.trace(.note("eNB \(index): RESET done for \(handles.count) UEs"))) }
    case .discarded(let discard):
      effects.append(.trace(.discard(by: .eNB(index), reason: discard.reason, clause: discard.clause)))
    }
  }
}

extension UplinkRRC {
  /// RRC CONNECTION SETUP COMPLETE for an initial NAS message.
  init(_ initial: InitialNASMessage) {
    let cause: RRCEstablishmentCause =
      switch initial.establishmentCause {
      case .mobileOriginatedSignalling: .mobileOriginatingSignalling
      case .mobileOriginatedData: .mobileOriginatingData
      case .mobileTerminatedAccess: .mobileTerminatingAccess
      case .emergency: .emergency
      }
    self = .connectionSetupComplete(
      nas: initial.octets, establishmentCause: cause,
      sTMSI: initial.temporaryIdentity.map { STMSI(mmeCode: $0.mmeCode, mTMSI: $0.mTMSI) },
      registeredMME: initial.registeredMME.map {
        RegisteredMME(
          gummei: GUMMEI($0),
          origin: initial.isRegisteredMMEMapped ? .mapped : initial.isRegisteredMMEMappedFrom5GS ? .mappedFrom5G : .native)
      })
  }
}

extension GUMMEI {
  init(_ guti: GUTI) {
    self.init(plmn: PLMNIdentity(guti.plmn), groupID: guti.mmeGroupID, code: guti.mmeCode)
  }
}

extension PLMNIdentity {
  /// The same three octets, as S1AP has them (TS 36.413 §9.2.3.8).
  public init(_ plmn: PLMN) {
    guard let identity = PLMNIdentity(octets: plmn.wireOctets) else { preconditionFailure("a PLMN has three octets") }
    self = identity
  }
}
