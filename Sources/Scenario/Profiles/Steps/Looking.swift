import Profiles
import S1AP
import UserEquipment

extension WaitStep {
  func begin(_ run: ProfileRun, _ branch: Branch) -> StepActivity { run.await(occasion, limit, branch) }
}

extension ProfileRun {
  /// Looks from where the branch's last step began, and on; what is found lies behind what the next one looks at.
  func await(_ occasion: Occasion, _ given: Duration?, _ branch: Branch) -> StepActivity {
    if let why = invisibility(of: occasion) { return .ended(.notApplicable(why)) }
    let limit = given ?? settings.limit
    var near: [String] = []
    var looked = branch.cursor
    return .until(
      limit, else: near.isEmpty ? "it did not come within \(limit.profileText)" : "it came, but " + near.joined(separator: "; ")
    ) {
      while looked < self.sightings.count {
        let found = self.failures(of: occasion, in: self.sightings[looked])
        looked += 1
        if let found, found.isEmpty {
          branch.cursor = looked
          return .passed
        }
        near = found ?? near
      }
      return nil
    }
  }
}

extension ProfileRun {
  /// Why something could pass unseen on this network, in words.
  func invisibility(of occasion: Occasion) -> String? {
    guard settings.isLive, case .message(let pattern) = occasion, case .s10 = pattern.message.kind else { return nil }
    return "\(pattern.message) passes between MMEs, unseen from here"
  }
}

extension ExpectStep {
  func begin(_ run: ProfileRun, _ branch: Branch, of step: ProfileStep) -> StepActivity {
    switch expectation {
    case .present(let occasion): return run.await(occasion, limit, branch)
    case .order(let occasions):
      let limit = limit ?? run.settings.limit
      var place = branch.cursor
      var found = 0
      return .until(limit, else: "\(occasions[found]) did not come" + (found == 0 ? "" : " behind \(occasions[found - 1])")) {
        while found < occasions.count {
          guard let next = run.first(occasions[found], from: place) else { return nil }
          place = next + 1
          found += 1
        }
        branch.cursor = place
        return .passed
      }
    case .absent(let occasion, let until, let span):
      if let why = run.invisibility(of: occasion) { return .ended(.notApplicable(why)) }
      if let place = run.first(occasion, from: branch.cursor) {
        let end = until.flatMap { run.first($0, from: branch.cursor) } ?? Int.max
        if place < end { return .ended(.failed("it came (frame \(run.sightings[place].frame))")) }
      }
      var watch: Int?
      if until.flatMap({ run.first($0, from: branch.cursor) }) == nil {
        watch = run.watch(Watch(step: step, occasion: occasion, until: until))
      }
      if let until, let limit {
        let start = branch.cursor
        let begun = run.now
        let isOver = { run.first(until, from: start) != nil && run.now >= begun + (span ?? .zero) }
        return StepActivity(
          limit: max(limit, span ?? .zero), poll: { isOver() ? .passed : nil },
          late: { isOver() ? .passed : .failed("\(until) did not come within \(limit.profileText)") })
      }
      guard let span else { return .ended() }
      return StepActivity(
        limit: span, poll: { nil },
        late: {
          if let watch, until == nil { run.disarm(watch) }
          return .passed
        })
    }
  }
}

extension Occasion.Event {
  func isSeen(in sighting: Sighting, ue wanted: Int?) -> Bool {
    switch sighting.body {
    case .event(let ue, let event):
      guard wanted == nil || wanted == ue else { return false }
      return switch (self, event) {
      case (.attached, .attached), (.attachFailed, .attachFailed), (.detached, .detached), (.serviceEstablished, .serviceEstablished),
        (.serviceFailed, .serviceFailed), (.updated, .trackingAreaUpdated), (.updateFailed, .trackingAreaUpdateFailed):
        true
      default: false
      }
    case .connection(let ue, let isConnected):
      guard wanted == nil || wanted == ue else { return false }
      return self == (isConnected ? .connected : .idle)
    case .message(let message):
      if let wanted, let ue = message.ue, wanted != ue { return false }
      return switch self {
      case .handoverComplete: [.handoverNotify, .pathSwitchRequestAcknowledge].contains(message.pdu.message)
      case .handoverFailed:
        [.handoverPreparationFailure, .handoverCancel, .pathSwitchRequestFailure].contains(message.pdu.message)
      case .rekeyed: message.pdu.message == .ueContextModificationResponse
      case .pagingHeard: message.pdu.message == .paging
      default: false
      }
    case .released, .s10: return false
    }
  }
}
