import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import RadioInterface
import S1AP
import TestNetwork
import Trace
import UserEquipment

/// How UEs move between the cells of the radio network.
extension RadioNetwork {
  /// Lets the serving eNB start a handover to another eNB's cell.
  public mutating func handover(
    ue: Int, toENB target: Int, kind: HandoverKind, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    guard let handle = subscribers[ue].handle else { return }
    let destination = HandoverTarget(stations[target].eNB.configuration)
    feed(.handover(handle, to: destination, kind), eNB: subscribers[ue].eNB, at: now, using: &engine, into: &effects)
  }

  /// Lets the serving eNB start a handover to a cell of UTRAN or GERAN.
  public mutating func handover(
    ue: Int, to target: OtherSystemTarget, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    guard let handle = subscribers[ue].handle else { return }
    feed(.handover(handle, to: HandoverTarget(target), .s1), eNB: subscribers[ue].eNB, at: now, using: &engine, into: &effects)
  }

  /// A UE in UTRAN or GERAN is told to go to E-UTRAN.
  ///
  /// - Parameter container: of the target eNB, for the source.
  mutating func arrive(
    _ imsi: String, container: [UInt8], at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    guard let index = subscribers.firstIndex(where: { $0.label.name == imsi }), subscribers[index].handle == nil,
      let umts = subscribers[index].umts
    else { return }
    guard let command = HandoverFromOtherSystem(container: container), command.nasParameters.count >= NASSecurityParametersToEUTRA.shortest
    else {
      if isTracing { effects.append(.trace(.note("UE \(imsi): the handover to E-UTRAN cannot be carried out"))) }
      return returns.append(imsi)
    }
    feed(
      .commandedToEUTRAN(.fromUTRAN(umts, NASSecurityParametersToEUTRA(octets: command.nasParameters)), command.control), ue: index,
      at: now, using: &engine, into: &effects)
  }

  /// The cell of an eNB as other nodes name it.
  public func cell(ofENB index: Int) -> EUTRANCell {
    let configuration = stations[index].eNB.configuration
    return EUTRANCell(
      plmn: PLMN(configuration.plmn), enbID: configuration.enbID, cellIdentifier: configuration.cell.identifier,
      trackingAreaCode: configuration.trackingAreaCode)
  }

  /// The keys under which a UE is in UTRAN or GERAN, after a handover; nil while it is not.
  public func umtsSecurity(ofUE ue: Int) -> UMTSSecurityContext? { subscribers[ue].umts }

  /// Gives the eNB that serves a UE an input about it; nothing while it has no connection.
  public mutating func serving(
    ue: Int, _ input: (UEHandle) -> ENodeB.Input, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    guard let handle = subscribers[ue].handle else { return }
    feed(input(handle), eNB: subscribers[ue].eNB, at: now, using: &engine, into: &effects)
  }

  /// Whether UEs can get into the cell of an eNB: without, a handover to it fails when T304 expires.
  public mutating func setReachable(eNB: Int, _ isReachable: Bool) { stations[eNB].isReachable = isReachable }

  /// The eNB by number.
  public func eNB(_ index: Int) -> ENodeB { stations[index].eNB }

  /// AS keys of a connected UE as it holds them and as its eNB does; nil without AS security at either side.
  public func radioSecurity(ofUE ue: Int) -> (ue: RadioSecurity?, eNB: RadioSecurity?) {
    let subscriber = subscribers[ue]
    return (subscriber.ue.accessStratum?.security, subscriber.handle.flatMap { stations[subscriber.eNB].eNB.radioSecurity(of: $0) })
  }

  /// Whether RRC or a handover is under way for a UE at the eNB that serves it.
  public func isBusy(ue: Int) -> Bool {
    subscribers[ue].handle.map { stations[subscribers[ue].eNB].eNB.isBusy(with: $0) } ?? false
  }

  /// The UE of a connection at an eNB.
  public func ue(eNB: Int, eNBUES1APID: UInt32?, mmeUES1APID: UInt32?) -> Int? {
    guard stations.indices.contains(eNB) else { return nil }
    return stations[eNB].eNB.handle(eNB: eNBUES1APID, mme: mmeUES1APID).flatMap { stations[eNB].ueOfHandle[$0] }
  }

  // MARK: What UEs and eNBs do

  mutating func take(
    _ action: UE.RadioAction, ofUE index: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    let label = subscribers[index].label
    switch action {
    case .send(let message):
      guard let handle = subscribers[index].handle else { return }
      hops.append(.toENB(eNB: subscribers[index].eNB, handle, .radio(message)))
    case .access(let place, let complete):
      access(place, complete, ofUE: index, at: now, using: &engine, into: &effects)
    case .reestablish(let request, let cell):
      // Without the cell T301 expires.
      guard let handle = subscribers[index].handle, station(of: cell, near: subscribers[index].eNB) == subscribers[index].eNB else {
        return
      }
      hops.append(.toENB(eNB: subscribers[index].eNB, handle, .reestablishmentRequest(request)))
    case .leave(let umts):
      // Its eNB hears no more of it, and waits for the release.
      guard let handle = subscribers[index].handle else { return }
      subscribers[index].handle = nil
      stations[subscribers[index].eNB].ueOfHandle[handle] = nil
      let lost = takeUplinkUnderWay(of: handle)
      if isTracing, !lost.isEmpty { effects.append(.trace(.note("UE \(label.name): the radio lost \(lost.count) NAS messages"))) }
      subscribers[index].umts = umts
      if isTracing {
        let keys = "CK' \(umts.ck.fingerprint), IK' \(umts.ik.fingerprint), KSI \(umts.keySetIdentifier)"
        effects.append(.trace(.note("UE \(label.name): in UTRAN or GERAN with \(keys)")))
      }
      departures.append(Departure(imsi: label.name, umts: umts))
    case .returnToSource:
      if isTracing { effects.append(.trace(.note("UE \(label.name): back in UTRAN or GERAN, the handover to E-UTRAN failed"))) }
      returns.append(label.name)
    case .startTimer(let timer, let after):
      timers.start(.radio(index, timer), at: now + after)
      if isTracing { effects.append(.trace(.timer(.ue(label), name: timer.rawValue, .started))) }
    case .stopTimer(let timer):
      if timers.stop(.radio(index, timer)), isTracing {
        effects.append(.trace(.timer(.ue(label), name: timer.rawValue, .stopped)))
      }
    case .keys(let key, let chainingCount, let why):
      if isTracing { note(.ue(label), index, key, chainingCount, why, into: &effects) }
    case .discarded(let reason, let clause):
      effects.append(.trace(.discard(by: .ue(label), reason: reason, clause: clause)))
    }
  }

  /// Random access in the target cell: at once, or not at all.
  private mutating func access(
    _ place: RadioPlace, _ complete: ProtectedRRC<UplinkRRCMessage>, ofUE index: Int, at now: Duration,
    using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    let source = subscribers[index].eNB
    guard let target = station(of: place.cell, near: source) else { return }
    guard let old = subscribers[index].handle else {
      return arrive(index, at: target, place, complete, at: now, using: &engine, into: &effects)
    }
    if target != source {
      stations[source].ueOfHandle[old] = nil
      lastHandle += 1
      subscribers[index].handle = lastHandle
      subscribers[index].eNB = target
      stations[target].ueOfHandle[lastHandle] = index
    }
    guard let handle = subscribers[index].handle else { return }
    let lost = takeUplinkUnderWay(of: old)
    hops.append(.toENB(eNB: target, handle, .arrival(temporaryIdentity: place.temporaryIdentity, complete)))
    feed(.radio(.accessed), ue: index, at: now, using: &engine, into: &effects)
    report(
      lost, lostBy: index, movedTo: target == source ? nil : trackingArea(ofENB: target), at: now, using: &engine, into: &effects)
    if target != source { feed(.campedOn(trackingArea(ofENB: target)), ue: index, at: now, using: &engine, into: &effects) }
  }

  /// The same for a UE that comes from UTRAN or GERAN.
  private mutating func arrive(
    _ index: Int, at target: Int, _ place: RadioPlace, _ complete: ProtectedRRC<UplinkRRCMessage>, at now: Duration,
    using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    lastHandle += 1
    subscribers[index].umts = nil
    subscribers[index].handle = lastHandle
    subscribers[index].eNB = target
    stations[target].ueOfHandle[lastHandle] = index
    hops.append(.toENB(eNB: target, lastHandle, .arrival(temporaryIdentity: place.temporaryIdentity, complete)))
    feed(.radio(.accessed), ue: index, at: now, using: &engine, into: &effects)
  }

  /// The eNB whose cell it is, another one before the serving one where several have the same PCI and frequency; nil where nobody has, or
  /// it cannot be reached.
  private func station(of cell: RadioCell, near serving: Int) -> Int? {
    let found = stations.indices.filter { stations[$0].isReachable && stations[$0].eNB.configuration.cell.radio == cell }
    return found.first { $0 == serving } ?? found.first
  }

  mutating func send(_ message: X2Message, from source: Int, to enbID: UInt32, into effects: inout [Effect]) {
    guard let target = stations.firstIndex(where: { $0.eNB.configuration.enbID == enbID }) else { return }
    if isTracing { effects.append(.trace(.note("X2 eNB \(source) to eNB \(target): \(message.title)"))) }
    hops.append(.x2(from: source, to: target, message))
  }

  /// KeNB* in an entity's own word. The log has no event of its own for it: `keNB` is for keys that come from KASME.
  func note(
    _ entity: TraceEntity, _ ue: Int?, _ key: KeyMaterial, _ chainingCount: UInt8, _ why: String, into effects: inout [Effect]
  ) {
    let subscriber = ue.map { ", UE \(subscribers[$0].label)" } ?? ""
    effects.append(.trace(.note("\(entity)\(subscriber): KeNB* \(key.fingerprint), NCC \(chainingCount): \(why)")))
  }
}
