import GTPv2C
import NASCrypto
import NASMessages
import S1AP
public import Trace

/// Turns trace events into what is shown of them: a fold, without I/O.
///
/// A ciphered NAS message is known by name only once the Observer has seen it in S1AP, which for an uplink message is after it was
/// seen between UE and eNB. So such an event is held back (with what follows it) until the S1AP message with the same octets has come,
/// eight events at most; ``finish()`` lets go of the rest.
public struct EventSummarizer: Sendable {
  /// Keys themselves instead of their fingerprints.
  public var showKeys: Bool
  /// Recent NAS-PDUs that could be named, by their octets.
  private var known: [(octets: [UInt8], summary: NASSummary)] = []
  private var held: [EventSummary] = []
  private var heldOctets: [UInt8] = []

  private static let memory = 32
  private static let patience = 8

  public init(showKeys: Bool = false) {
    self.showKeys = showKeys
  }

  /// - Parameter deciphered: the Observer's word on the NAS message in `event`, if it has one.
  /// - Returns: what can be shown now, in order; often one, sometimes none or several.
  public mutating func consume(_ event: TraceEvent, deciphered: DecipheredNAS? = nil) -> [EventSummary] {
    var nasOctets: [UInt8] = []
    var summary = summarize(event, &nasOctets)
    if var nas = summary.nas {
      if let deciphered {
        nas.add(deciphered)
      } else if nas.isVerified == nil, let before = known.last(where: { $0.octets == nasOctets }) {
        nas = before.summary
      }
      summary.nas = nas
      if summary.kind == .nas { summary.title = nas.name }
      if !nas.isCiphered { remember(nasOctets, nas) }
    }
    return pass(summary, nasOctets)
  }

  /// What was held back. Call it at the end, and before the terminal is left alone for long.
  public mutating func finish() -> [EventSummary] {
    defer { held.removeAll() }
    return held
  }

  private mutating func pass(_ summary: EventSummary, _ nasOctets: [UInt8]) -> [EventSummary] {
    if held.isEmpty {
      guard summary.kind == .nas, summary.direction == .uplink, summary.nas?.isCiphered == true else { return [summary] }
      held = [summary]
      heldOctets = nasOctets
      return []
    }
    held.append(summary)
    let isAnswer = summary.kind == .s1ap && nasOctets == heldOctets
    if isAnswer, let nas = summary.nas {
      held[0].nas = nas
      held[0].title = nas.name
    }
    return isAnswer || held.count > Self.patience ? finish() : []
  }

  private mutating func remember(_ octets: [UInt8], _ summary: NASSummary) {
    // Plain messages can be read again at any time.
    guard summary.protection != .plain else { return }
    if known.count == Self.memory { known.removeFirst() }
    known.append((octets, summary))
  }

  private func summarize(_ event: TraceEvent, _ nasOctets: inout [UInt8]) -> EventSummary {
    switch event.body {
    case .s1ap(let leg, let direction, let stream, let octets):
      return message(event, leg, direction, stream, octets, &nasOctets)
    case .nas(let ue, let direction, let octets):
      nasOctets = octets
      let nas = NASSummary(of: octets, direction: direction == .uplink ? .uplink : .downlink)
      var summary = EventSummary(event, kind: .nas, title: nas.name)
      summary.nas = nas
      summary.lane = direction == .uplink ? .ue : .eNB
      summary.direction = direction
      summary.ue = ue.name
      summary.octets = octets
      summary.octetCount = octets.count
      return summary
    case .association(let leg, let change):
      var summary = EventSummary(event, kind: .association, title: "S1 association up")
      if case .down(let reason) = change {
        summary.title = "S1 association down"
        summary.detail = reason
      }
      summary.leg = leg
      summary.lane = .eNB
      return summary
    case .discard(let entity, let reason, let clause):
      var summary = spoken(event, .discard, by: entity, "discards: \(reason)")
      summary.detail = reason
      summary.clause = clause
      return summary
    case .timer(let entity, let name, let change):
      return spoken(event, .timer, by: entity, "\(name) \(change.rawValue)")
    case .securityContext(let report):
      return spoken(event, .securityContext, by: report.owner, imsi: report.imsi, words(of: report))
    case .keNB(let entity, let imsi, let key, let chaining):
      return spoken(event, .keNB, by: entity, imsi: imsi, "KeNB \(text(of: key)), NCC \(chaining)")
    case .state(let entity, let imsi, let name):
      return spoken(event, .state, by: entity, imsi: imsi, name)
    case .gtp(let source, let target, let octets): return gtp(event, source, target, octets)
    case .note(let text):
      return EventSummary(event, kind: .note, title: text)
    }
  }

  private func gtp(_ event: TraceEvent, _ source: Int, _ target: Int, _ octets: [UInt8]) -> EventSummary {
    var summary = EventSummary(event, kind: .gtp, title: "not a GTPv2-C message")
    summary.lane = .mme
    summary.ownerNumber = source
    summary.targetNumber = target
    summary.octetCount = octets.count
    var carriesKeys = true
    do throws(GTPv2CError) {
      let message = try GTPv2CMessage(decoding: octets)
      summary.title = message.type.title
      carriesKeys = message.carriesKeys
      if let cause = try? message[Acknowledgement.cause] { summary.detail = cause.description }
      if let imsi = try? message[ForwardRelocationRequest.imsi] { summary.ue = imsi.digits }
    } catch {
      summary.detail = error.description
    }
    if showKeys || !carriesKeys { summary.octets = octets }
    return summary
  }

  private func spoken(
    _ event: TraceEvent, _ kind: EventSummary.Kind, by entity: TraceEntity, imsi: String? = nil, _ words: String
  ) -> EventSummary {
    var summary = EventSummary(event, kind: kind, title: words)
    summary.owner = entity.description
    summary.ue = imsi
    switch entity {
    case .ue(let label):
      summary.lane = .ue
      summary.ue = label.name
    case .eNB(let number):
      summary.lane = .eNB
      summary.ownerNumber = number
    case .mme(let number):
      summary.lane = .mme
      summary.ownerNumber = number
    }
    return summary
  }

  private func text(of key: KeyMaterial) -> String {
    showKeys ? key.hex() : key.fingerprint
  }

  private func words(of report: SecurityContextReport) -> String {
    var parts = ["\(report.kind.rawValue) context eKSI \(report.eKSI)\(report.isMapped ? " (mapped)" : "")"]
    if report.kind != .deleted {
      if let algorithm = report.cipheringAlgorithm { parts.append(algorithm.description) }
      if let algorithm = report.integrityAlgorithm { parts.append(algorithm.description) }
      if let kasme = report.kasme { parts.append("KASME \(text(of: kasme))") }
      parts.append("uplink COUNT \(report.uplinkNASCount)")
      parts.append("downlink COUNT \(report.downlinkNASCount)")
    }
    return parts.joined(separator: ", ") + (report.cause.isEmpty ? "" : " (\(report.cause))")
  }

  private func message(
    _ event: TraceEvent, _ leg: S1Leg, _ direction: LinkDirection, _ stream: UInt16, _ octets: [UInt8], _ nasOctets: inout [UInt8]
  ) -> EventSummary {
    var summary = EventSummary(event, kind: .s1ap, title: "not an S1AP-PDU")
    summary.lane = direction == .uplink ? .eNB : .mme
    summary.direction = direction
    summary.leg = leg
    summary.stream = stream
    summary.octetCount = octets.count
    do throws(S1APError) {
      let pdu = try S1APPDU(decoding: octets)
      summary.title = pdu.message.title
      if let cause = try? pdu.value(.cause, as: Cause.self) { summary.detail = cause.description }
      if let found = pdu.firstNASPDU {
        nasOctets = found
        summary.nas = NASSummary(of: found, direction: direction == .uplink ? .uplink : .downlink)
      }
      if showKeys || !pdu.carriesKeys { summary.octets = octets }
    } catch {
      summary.detail = error.description
      if showKeys { summary.octets = octets }
    }
    return summary
  }
}
