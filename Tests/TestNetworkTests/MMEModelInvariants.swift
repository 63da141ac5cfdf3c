import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// What must hold after every step.
extension MMEModelTests.Run {
  func check(_ step: MMEModelTests.Step, _ before: [UEContext], _ outputs: [MME.Output]) throws -> String? {
    let mme = bench.mme
    if step != .victim {
      if outputs.pdus.contains(where: { $0.association == 0 && $0.pdu.message != .paging }) { return "an answer to somebody else's eNB" }
      var expected = before[0]
      // Which eKSI comes next is nobody's context: a forged request may have had one given out.
      expected.lastKeySetIdentifier = mme.ues[0].lastKeySetIdentifier
      if mme.ues[0] != expected { return "the victim's record changed: \(mme.ues[0])" }
    }
    try victim.expectSame(mme.ues[0].security.current)
    if isForgery(step) {
      // A detach that the network has begun is its own to finish, whatever comes in between.
      for (index, ue) in mme.ues.enumerated().prefix(3)
      where before[index].state != .deregisteredInitiated
        && (ue.security != before[index].security || ue.guti != before[index].guti)
      {
        return "a forged message changed the contexts or the GUTI of UE \(index)"
      }
    }
    if let why = bounds(mme) ?? supervision(mme) { return why }
    for ue in mme.ues.prefix(3) {
      if let why = countsRise(ue.security) { return why }
      if ue.state == .deregistered, !ue.bearers.isEmpty { return "bearers in EMM-DEREGISTERED" }
      if ue.state == .deregistered, ue.security.current?.type == .mapped { return "a mapped context in EMM-DEREGISTERED" }
      if Set(ue.bearers.map(\.identity)).count != ue.bearers.count { return "one bearer identity twice" }
    }
    return nil
  }

  func isForgery(_ step: MMEModelTests.Step) -> Bool {
    switch step {
    // A replay may be of a message that was not taken where it first came: its COUNT may be taken now, once.
    case .forgeInitial, .forgeUplink, .noise: true
    default: false
    }
  }

  func bounds(_ mme: MME) -> String? {
    if mme.connections.count > 24 { return "\(mme.connections.count) connections" }
    if mme.connectionOfENB.count != mme.connections.count { return "eNB ids and connections differ in number" }
    if mme.associations.count > 2 { return "\(mme.associations.count) associations" }
    if mme.ues.count > 6 { return "\(mme.ues.count) UEs" }
    if mme.ueOfTMSI.count > 2 * mme.ues.count { return "\(mme.ueOfTMSI.count) M-TMSIs for \(mme.ues.count) UEs" }
    for ue in mme.ues {
      if ue.queue.count > mme.configuration.maximumQueuedCommands { return "\(ue.queue.count) commands wait" }
      if ue.bearers.count > 11 { return "\(ue.bearers.count) bearers" }
    }
    for connection in mme.connections.values {
      if connection.commons.count > 4 { return "\(connection.commons.count) common procedures" }
      if connection.bearerProcedures.count > 11 { return "\(connection.bearerProcedures.count) bearer procedures" }
    }
    return nil
  }

  /// Nothing waits for ever: what is outstanding has a timer, and a connection without anything outstanding is a registered UE's.
  func supervision(_ mme: MME) -> String? {
    for (id, connection) in mme.connections {
      func runs(_ kind: MMETimer.Kind, _ instance: UInt8 = 0) -> Bool {
        bench.timers[MMETimer(kind, owner: id, instance: instance)] != nil
      }
      if connection.isReleasing {
        if !runs(.s1Guard) { return "connection \(id): a release without a timer" }
        continue
      }
      for common in connection.commons where !runs(common.timer.kind, common.timer.instance) {
        return "connection \(id): \(common.name) without a timer"
      }
      if connection.reallocation != nil, !runs(.t3450, MMETimer.reallocation) { return "GUTI reallocation without a timer" }
      for procedure in connection.bearerProcedures where !runs(procedure.kind.timer, procedure.bearer.identity) {
        return "\(procedure.kind.name) without a timer"
      }
      var isWaiting = !connection.commons.isEmpty || connection.reallocation != nil || !connection.bearerProcedures.isEmpty
      switch connection.contextSetup {
      case .requested, .changingKey:
        if !runs(.s1Guard) { return "connection \(id): the eNB owes an answer and no timer runs" }
        isWaiting = true
      case .none, .done: break
      }
      switch connection.specific {
      case .attach(let attach):
        if case .accepting = attach.stage {
          if !runs(.t3450) { return "ATTACH ACCEPT without T3450" }
        } else if !isWaiting {
          return "connection \(id): an attach that waits for nothing"
        }
      case .trackingAreaUpdate(let update):
        if case .accepting = update.stage {
          if !runs(.t3450) { return "TRACKING AREA UPDATE ACCEPT without T3450" }
        } else if !isWaiting {
          return "connection \(id): an update that waits for nothing"
        }
      case .networkDetach: if !runs(.t3422) { return "DETACH REQUEST without T3422" }
      case .serviceRequest, .detachByUE:
        if !isWaiting { return "connection \(id): \(connection.specific?.name ?? "") waits for nothing" }
      case nil:
        if !isWaiting, connection.subject.verified.map({ mme.ues[$0].state == .deregistered }) ?? true {
          return "connection \(id) leads nowhere: \(connection)"
        }
      }
    }
    for (index, ue) in mme.ues.enumerated() {
      guard let id = ue.connection else { continue }
      if mme.connections[id]?.subject != .verified(index) { return "UE \(index) has connection \(id), which is not its own" }
    }
    return nil
  }

  /// COUNTs of one KASME only rise, on either side.
  func countsRise(_ contexts: SecurityContexts) -> String? {
    guard let context = contexts.current, context.algorithms.integrity != .eia0 else { return nil }
    let id = context.kasme.id
    if let now = context.counts.largestAccepted {
      if let last = uplink[id], now < last { return "the largest accepted COUNT fell from \(last) to \(now)" }
      uplink[id] = now
    }
    if let now = context.counts.nextToSend {
      if let last = downlink[id], now < last { return "the next downlink COUNT fell from \(last) to \(now)" }
      downlink[id] = now
    }
    return nil
  }
}
