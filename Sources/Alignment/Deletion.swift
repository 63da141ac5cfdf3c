import NASCrypto
import NASMessages
import Observer
import Trace

/// What a side says to have deleted, and whether what passed on the wire entitles it to that (TS 24.301 §4.4.2.1, §5.4.2, §5.5).
struct Deletion: Sendable {
  enum Standing: Sendable, Equatable {
    /// Nothing seen lets it delete the context.
    case without
    /// A message that anyone may have sent, or time, may have let it.
    case perhaps(String)
    case entitled(String)
  }

  var message: String
  var frame: Int
  var standing: Standing
  /// Whether no NAS message has passed since: the one that entitles it is written down after the report of its sender.
  var isLatest = true

  /// What it says on an attribute.
  func comparison(_ attribute: NASContextAttribute, _ context: ObservedContext) -> Comparison {
    let note =
      switch standing {
      case .without: "the network says that it has no context, and neither a detach nor a reject made it delete this one"
      case .perhaps(let words): "the network says that it has no context: \(words)"
      case .entitled(let words): "deleted by the network after \(words), as it may"
      }
    return Comparison(
      expected: attribute == .eKSI ? .eKSI(context.eKSI) : .key(context.kasme), observed: .words("none"), message: message, frame: frame,
      note: note)
  }

  /// The next NAS message of the UE after the report.
  mutating func follow(_ nas: NASObservation) {
    if isLatest, standing == .without, let name = PartingLedger.parting(nas), nas.direction == .downlink || nas.integrity.count != nil {
      standing = .entitled(name)
    }
    isLatest = false
  }
}

/// Detach, rejects and long silence: what lets a side delete the context in use.
struct PartingLedger: Sendable {
  /// The mobile reachable timer runs 4 minutes longer than T3412 (TS 24.301 §5.3.5); then comes implicit detach.
  private static let reachable: Duration = .seconds(240)

  private var latest: Deletion.Standing = .without
  private var idleSince: Duration?
  private var isAttaching = false

  static func isParting(_ type: NASMessageType) -> Bool {
    switch type {
    case .detachRequestFromUE, .detachRequestFromNetwork, .detachAccept, .attachReject, .trackingAreaUpdateReject, .serviceReject,
      .authenticationReject:
      true
    default: false
    }
  }

  static func parting(_ nas: NASObservation) -> String? { nas.type.map(isParting) == true ? nas.name : nil }

  mutating func consume(_ nas: NASObservation) {
    idleSince = nil
    switch nas.type {
    case NASMessageType.attachRequest: isAttaching = true
    case NASMessageType.attachComplete: isAttaching = false
    default: break
    }
    if let name = Self.parting(nas) {
      // Downlink it is the MME's own word. Uplink anyone can write it who does not prove to be the UE.
      let isProven = nas.direction == .downlink || nas.integrity.count != nil
      if isProven { latest = .entitled(name) } else if latest == .without { latest = .perhaps(name) }
    } else if nas.direction == .downlink, case .verified = nas.integrity {
      // Who protects a message has the context.
      latest = .without
    }
  }

  var isIdle: Bool { idleSince != nil }
  mutating func take() { latest = .without }
  mutating func idle(since time: Duration) { idleSince = time }

  func standing(of role: ReportComparison.Role, in context: ObservedContext, at time: Duration) -> Deletion.Standing {
    if latest != .without { return latest }
    switch role {
    case .network:
      if let idleSince, time - idleSince >= Self.reachable { return .perhaps("the UE was idle so long that it may have been detached") }
    case .ue:
      // The fifth failed attempt deletes the eKSI (§5.5.1.2.6), so does an uplink COUNT that is used up (§4.4.3.5).
      if isAttaching { return .entitled("ATTACH REQUEST without an answer") }
      if context.nextUplinkCount > 0xff_ff00 { return .entitled("uplink NAS COUNT used up") }
    }
    return .without
  }
}
