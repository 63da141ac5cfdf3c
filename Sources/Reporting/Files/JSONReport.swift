import Alignment
import NASCrypto
import Trace

extension RunReport {
  /// The whole run as one JSON document; verdicts and events are the objects of the JSON lines.
  public func json() -> String {
    var json = JSONWriter(reserving: 4096 + 512 * events.count)
    json.object { json in
      json.member("title", title)
      json.member("passed", isPassed)
      if !failure.isEmpty { json.member("failure", failure) }
      json.name("duration")
      json.decimal(EventSummary.text(of: duration))
      json.member("facts") { json in
        json.object { json in
          for fact in facts { json.member(fact.name, fact.value) }
        }
      }
      json.member("counts") { json in
        json.object { json in
          let counts = scoreboard.counts
          for outcome in Verdict.Outcome.allCases { json.member(outcome.rawValue, counts[outcome, default: 0]) }
        }
      }
      json.member("missing") { $0.array(of: scoreboard.missing.sorted()) }
      json.member("verdicts") { json in
        json.array { json in
          for verdict in verdicts { verdict.write(to: &json) }
        }
      }
      json.member("contexts") { json in
        json.array { json in
          for context in contexts { write(context, to: &json) }
        }
      }
      json.member("omittedEvents", omittedEvents)
      json.member("events") { json in
        json.array { json in
          for event in events { event.write(to: &json, names: names) }
        }
      }
    }
    json.endLine()
    return json.text
  }

  /// JSON Lines: each event, then each verdict, as `--format json` prints them.
  public func jsonLines() -> String {
    var json = JSONWriter(reserving: 4096 + 512 * events.count)
    for event in events {
      event.write(to: &json, names: names)
      json.endLine()
    }
    return json.text + verdicts.map(\.jsonLine).joined()
  }

  private func write(_ context: SecurityContextReport, to json: inout JSONWriter) {
    json.object { json in
      json.member("owner", context.owner.description)
      json.member("ue", context.imsi)
      json.member("kind", context.kind.rawValue)
      json.member("eKSI", context.eKSI)
      json.member("mapped", context.isMapped)
      if let kasme = context.kasme { json.member(showKeys ? "kasme" : "kasmeFingerprint", keyText(kasme)) }
      if let algorithm = context.cipheringAlgorithm { json.member("cipheringAlgorithm", algorithm.description) }
      if let algorithm = context.integrityAlgorithm { json.member("integrityAlgorithm", algorithm.description) }
      json.member("uplinkNASCount", context.uplinkNASCount.description)
      json.member("downlinkNASCount", context.downlinkNASCount.description)
      json.member("cause", context.cause)
    }
  }

  func keyText(_ key: KeyMaterial) -> String {
    showKeys ? key.hex() : key.fingerprint
  }
}
