import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// What became of each UE's security contexts, COUNTs and AS keys, event by event: a fold over the trace and what an onlooker with K says of it.
struct Timeline: Sendable {
  /// A context as a row names it.
  struct Mark: Sendable, Equatable {
    /// 0-6, 7 where there is none.
    var eKSI: UInt8
    /// KASME, or its fingerprint; empty where there is none.
    var kasme: String
    var algorithms: String
  }

  /// A key for the eNB, as the network sent it.
  struct ASKey: Sendable, Equatable {
    /// `KeNB`, or `NH, NCC 2`.
    var name: String
    var key: String
  }

  struct Row: Sendable {
    var frame: Int
    var time: Duration
    /// Of the observer's UEs, where it is one of them.
    var ueIndex: Int?
    var imsi: String?
    var title: String
    /// The context that a message verified under, or that it offers.
    var mark: Mark?
    var isOffer = false
    /// The COUNT of a message, and why it does not count.
    var uplink: UInt32?
    var downlink: UInt32?
    var doubt = ""
    /// What the UE or the MME says of its contexts.
    var told: (isUE: Bool, mark: Mark?, words: String)?
    var key: ASKey?
  }

  /// Rows kept beyond this are only counted.
  static let maximum = 20_000

  private(set) var rows: [Row] = []
  private(set) var omitted = 0
  /// The last names of the observer's UEs.
  private var labels: [Int: String] = [:]
  private let showKeys: Bool

  init(showKeys: Bool) { self.showKeys = showKeys }

  /// By what verdicts call them.
  func name(of row: Row) -> String { row.imsi ?? row.ueIndex.flatMap { labels[$0] } ?? "" }

  mutating func consume(_ event: TraceEvent, _ observations: [Observation]) {
    if case .securityContext(let report) = event.body { add(report, event) }
    for observation in observations where observation.event == event.index { add(observation) }
  }

  private mutating func add(_ row: Row) {
    if rows.count < Self.maximum { rows.append(row) } else { omitted += 1 }
  }

  private func text(_ key: KeyMaterial) -> String { showKeys ? key.hex() : key.fingerprint }

  private mutating func add(_ report: SecurityContextReport, _ event: TraceEvent) {
    let isUE: Bool
    switch report.owner {
    case .ue: isUE = true
    case .mme: isUE = false
    case .eNB: return
    }
    // Partial contexts have no COUNTs yet; what is told of them is in the ladder.
    guard report.kind == .current || report.kind == .deleted else { return }
    let algorithms = [report.cipheringAlgorithm?.description, report.integrityAlgorithm?.description].compactMap { $0 }
    let mark =
      report.kind == .deleted
      ? nil : Mark(eKSI: report.eKSI, kasme: report.kasme.map(text) ?? "", algorithms: algorithms.joined(separator: ", "))
    let words = report.kind == .deleted ? "deleted" : "uplink \(report.uplinkNASCount), downlink \(report.downlinkNASCount)"
    add(
      Row(
        frame: event.index, time: event.time, imsi: report.imsi, title: "\(report.owner): \(report.cause)", told: (isUE, mark, words)))
  }

  private mutating func add(_ observation: Observation) {
    guard let ue = observation.ue else { return }
    labels[ue.index] = ue.label
    var row = Row(frame: observation.event, time: observation.time, ueIndex: ue.index, title: "")
    switch observation.body {
    case .nas(let nas):
      row.title = nas.name
      switch nas.integrity {
      case .plain, .unverifiable: return
      case .verified: break
      case .stale: row.doubt = "used before"
      case .failed: row.doubt = "the MAC does not verify"
      }
      if nas.direction == .uplink { row.uplink = nas.integrity.count } else { row.downlink = nas.integrity.count }
      row.mark = nas.context.map(mark)
      row.isOffer = nas.header == .integrityProtectedNewContext
    case .keNB(let key):
      row.title = key.carrier.rawValue
      row.key = ASKey(name: "KeNB", key: text(key.key))
    case .procedure(let procedure):
      guard let hop = procedure.nextHop else { return }
      row.title = procedure.message.title
      row.key = ASKey(name: "NH, NCC \(hop.chainingCount)", key: text(hop.key))
    default: return
    }
    add(row)
  }

  private func mark(_ context: ObservedContext) -> Mark {
    Mark(
      eKSI: context.eKSI, kasme: text(context.kasme),
      algorithms: context.algorithms.map { "\($0.ciphering), \($0.integrity)" } ?? "")
  }
}
