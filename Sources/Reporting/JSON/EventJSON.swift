import NASCrypto
public import Trace

extension EventSummary {
  /// One JSON object: `{"event":"s1ap","frame":3,"time":0.000412,…}`. Members that do not apply are left out.
  public func write(to json: inout JSONWriter, names: TraceLog.Names = TraceLog.Names()) {
    json.object { json in
      json.member("event", kind.rawValue)
      json.member("frame", index)
      json.name("time")
      json.decimal(timeText)
      if let leg {
        json.member("enb", names.eNB(leg.eNB))
        json.member("mme", names.mme(leg.mme))
      }
      if kind == .gtp, let ownerNumber, let targetNumber {
        json.member("from", names.mme(ownerNumber))
        json.member("to", names.mme(targetNumber))
      }
      if let ue { json.member("ue", ue) }
      if let direction { json.member("direction", direction.description) }
      if let stream { json.member("stream", stream) }
      if !owner.isEmpty { json.member("owner", owner) }
      json.member(isMessage ? "message" : "text", title)
      if let nas { json.member("nas") { nas.write(to: &$0) } }
      if !detail.isEmpty { json.member(isMessage ? "cause" : "detail", detail) }
      if !clause.isEmpty { json.member("clause", clause) }
      if isMessage {
        json.member("length", octetCount)
        if let octets { json.member("octets", hex: octets) }
      }
    }
  }
}

extension NASSummary {
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", name)
      if let inner { json.member("inner", inner) }
      json.member("protection", protection.rawValue)
      if let sequenceNumber { json.member("sequenceNumber", sequenceNumber) }
      if let count { json.member("count", count) }
      if let eKSI { json.member("eKSI", eKSI) }
      if let cause { json.member("cause", cause) }
      if let isVerified { json.member("verified", isVerified) }
    }
  }
}

/// Trace events as JSON lines: a fold, without I/O.
public struct EventLines: Sendable {
  /// What eNBs and MMEs are called.
  public var names: TraceLog.Names
  private var summarizer: EventSummarizer
  private var json = JSONWriter()

  public init(names: TraceLog.Names = TraceLog.Names(), showKeys: Bool = false) {
    self.names = names
    summarizer = EventSummarizer(showKeys: showKeys)
  }

  /// - Returns: the lines that can be written now, each with its line end; often one, sometimes none.
  public mutating func consume(_ event: TraceEvent, deciphered: DecipheredNAS? = nil) -> String {
    lines(summarizer.consume(event, deciphered: deciphered))
  }

  /// What was held back for a name to become known.
  public mutating func finish() -> String { lines(summarizer.finish()) }

  private mutating func lines(_ summaries: [EventSummary]) -> String {
    json.removeAll()
    for summary in summaries {
      summary.write(to: &json, names: names)
      json.endLine()
    }
    return json.text
  }
}
