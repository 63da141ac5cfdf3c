import S1AP
import TestNetwork
import Trace
import UserEquipment

/// The steps after the attach, UE by UE.
extension AttachRun {
  func takeSteps() throws(Abort) {
    for group in options.steps {
      // A UE whose attach went well takes them even if the network has detached it since: what comes before the first step counts for it.
      for ue in results.indices where results[ue].failure == nil && results[ue].stepFailure == nil {
        try take(group, ue)
      }
    }
  }

  private func take(_ group: RunSteps, _ ue: Int) throws(Abort) {
    for round in 0..<group.times {
      for step in group.steps {
        let name = group.times == 1 ? "\(step)" : "\(step), round \(round + 1) of \(group.times)"
        if let why = try take(step, ue) {
          results[ue].stepFailure = "step \(name): \(why)"
          return observe(log.append(time: driver.now, body: .note("UE \(results[ue].imsi): step \(name) failed: \(why)")))
        }
        results[ue].stepsTaken += 1
      }
    }
  }

  /// - Returns: why it failed, in words; nil when it did not.
  private func take(_ step: RunStep, _ ue: Int) throws(Abort) -> String? {
    // In process what is on its way arrives first, as it does at the speed of light: an order would overtake it.
    if driver.quietPeriod == .zero { try settle() }
    switch step {
    case .attach: return try attachAgain(ue)
    case .detach(let switchOff): return try leave(ue, switchOff: switchOff)
    case .release: return try release(ue)
    case .serviceRequest: return try requestService(ue)
    case .update(let isActive): return try update(ue, isActive: isActive)
    case .wait(let duration):
      let end = driver.now + duration
      while driver.now < end { if try !advance(until: end) { break } }
      return nil
    case .await(let occurrence): return try awaitOccurrence(occurrence, ue)
    case .network(let command, _):
      guard driver.order(command, imsi: results[ue].imsi, atOnce: false) else { return "the MME takes no orders from this process" }
      try settle()
      return nil
    }
  }

  private var lateness: String { "nothing came of it within \(options.procedureLimit)" }

  private func attachAgain(_ ue: Int) throws(Abort) -> String? {
    guard !driver.ue(ue).isRegistered else { return "the UE is registered" }
    recent[ue] = []
    results[ue].attached = false
    results[ue].detached = nil
    driver.command(.powerOn, ue: ue)
    driver.command(.attach, ue: ue)
    try awaitAttach(ue)
    return results[ue].failure
  }

  private func leave(_ ue: Int, switchOff: Bool) throws(Abort) -> String? {
    guard driver.ue(ue).isRegistered else { return "the UE is not registered" }
    recent[ue] = []
    results[ue].detached = nil
    try detach(ue, switchOff: switchOff)
    return results[ue].detached == true ? nil : "the detach was not acknowledged"
  }

  private func release(_ ue: Int) throws(Abort) -> String? {
    recent[ue] = []
    guard driver.ue(ue).isConnected else { return nil }
    driver.requestRelease(ue: ue, cause: .userInactivity)
    try wait(options.procedureLimit) { !self.driver.ue(ue).isConnected }
    return driver.ue(ue).isConnected ? "UE CONTEXT RELEASE REQUEST: \(lateness)" : nil
  }

  private func requestService(_ ue: Int) throws(Abort) -> String? {
    guard driver.ue(ue).isRegistered else { return "the UE is not registered" }
    if let why = try release(ue) { return why }
    driver.command(.requestService, ue: ue)
    return try result(ue) {
      switch $0 {
      case .serviceEstablished: .success
      case .serviceFailed(let failure): .failure(failure.description)
      default: nil
      }
    }
  }

  private func update(_ ue: Int, isActive: Bool) throws(Abort) -> String? {
    guard driver.ue(ue).isRegistered else { return "the UE is not registered" }
    recent[ue] = []
    driver.command(.updateTrackingArea(isActive: isActive), ue: ue)
    return try result(ue) {
      switch $0 {
      case .trackingAreaUpdated: .success
      case .trackingAreaUpdateFailed(let failure): .failure(failure.description)
      default: nil
      }
    }
  }

  private func awaitOccurrence(_ occurrence: RunStep.Occurrence, _ ue: Int) throws(Abort) -> String? {
    switch occurrence {
    case .idle:
      try wait(options.procedureLimit) { !self.driver.ue(ue).isConnected }
      return driver.ue(ue).isConnected ? lateness : nil
    case .attach:
      try wait(options.procedureLimit) { self.driver.ue(ue).isRegistered || self.results[ue].failure != nil }
      return results[ue].failure ?? (driver.ue(ue).isRegistered ? nil : lateness)
    case .service: return try result(ue) { if case .serviceEstablished = $0 { .success } else { nil } }
    case .detach:
      if let why = try result(ue, { if case .detached(.byNetwork) = $0 { .success } else { nil } }) { return why }
      // It was expected; a re-attach may have followed already.
      results[ue].lostRegistration = false
      results[ue].attached = true
      if !driver.ue(ue).isRegistered { results[ue].detached = true }
      return nil
    }
  }

  private enum Result {
    case success
    case failure(String)
  }

  /// Waits for the event that decides; what came before it, and it, are forgotten.
  private func result(_ ue: Int, _ judge: (UE.Event) -> Result?) throws(Abort) -> String? {
    try wait(options.procedureLimit) { self.recent[ue].contains { judge($0) != nil } }
    guard let place = recent[ue].firstIndex(where: { judge($0) != nil }), let result = judge(recent[ue][place]) else { return lateness }
    recent[ue].removeFirst(place + 1)
    switch result {
    case .success: return nil
    case .failure(let why): return why
    }
  }
}

extension UE {
  /// Whether it is in EMM-REGISTERED, or in a procedure inside it.
  var isRegistered: Bool {
    switch state {
    case .registered, .registeredSubstate, .trackingAreaUpdatingInitiated, .serviceRequestInitiated: true
    case .null, .deregistered, .registeredInitiated, .deregisteredInitiated: false
    }
  }
}
