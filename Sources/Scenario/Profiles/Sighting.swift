import GTPv2C
import NASCrypto
import NASMessages
import Observer
import Profiles
import S1AP
import Trace
import UserEquipment

/// Something that happened in a run, as `wait` and `expect` look at it.
struct Sighting {
  enum Body {
    /// An S1AP message, with what the holder of the keys reads in it.
    case message(SeenMessage)
    /// Between MMEs, by number.
    case s10(GTPv2CMessageType, from: Int, to: Int)
    case event(ue: Int, UE.Event)
    /// The UE has a NAS signalling connection, or none any more.
    case connection(ue: Int, isConnected: Bool)
    /// A rule of message control was released.
    case released(String)
  }

  /// Of the trace event.
  var frame: Int
  var time: Duration
  var body: Body
}

/// An S1AP message and the NAS messages in it.
struct SeenMessage {
  var leg: S1Leg
  var direction: LinkDirection
  var pdu: S1APPDU
  /// The UE's number; nil where the message is nobody's, or it cannot be told whose.
  var ue: Int?
  var nas: [NASObservation]

  /// - Returns: nil where the pattern does not fit; else the reasons why its predicates fail, none if they hold.
  func fit(_ pattern: MessagePattern, ue wanted: Int?, eNB: Int?) -> [String]? {
    if let direction = pattern.direction, direction != self.direction { return nil }
    if let wanted, let ue, wanted != ue { return nil }
    if let eNB, eNB != leg.eNB { return nil }
    switch pattern.message.kind {
    case .s1ap(let message):
      guard pdu.message == message else { return nil }
      return pattern.predicates.compactMap { $0.failure(in: fields) }
    case .nas(let types):
      let named = nas.filter { SeenMessage.fits($0, types) }
      let found = named.filter { pattern.protection.fits($0.header) }
      if let other = named.first, found.isEmpty, let wanted = pattern.protection {
        return ["\(other.header), expected \(wanted.rawValue)"]
      }
      return failures(of: pattern.predicates, in: found)
    case .s10: return nil
    case .serviceRequest:
      return failures(of: pattern.predicates, in: nas.filter { $0.serviceRequest != nil })
    }
  }

  // Optimised, it ends Swift 6.3.1 ("outside of lifetime use" in CopyPropagation).
  @_optimize(none)
  private static func fits(_ nas: NASObservation, _ types: [NASMessageType]) -> Bool { nas.type.map { types.contains($0) } == true }

  private func failures(of predicates: [MessagePattern.Predicate], in found: [NASObservation]) -> [String]? {
    guard !found.isEmpty else { return nil }
    let failures = found.map { nas in predicates.compactMap { $0.failure(in: nas.fields) } }
    return failures.first { $0.isEmpty } ?? failures[0]
  }

  /// What predicates on S1AP messages can name.
  private var fields: [(name: String, value: String)] {
    var fields: [(String, String)] = []
    if let cause = pdu[.cause].flatMap({ try? Cause($0) }) { fields.append(("cause", cause.description)) }
    if let context = pdu[.securityContext].flatMap({ try? SecurityContext($0) }) {
      fields.append(("ncc", "\(context.nextHopChainingCount)"))
    }
    if let capabilities = pdu[.ueSecurityCapabilities].flatMap({ try? UESecurityCapabilities($0) }) {
      fields.append(("eea", "0x" + String(capabilities.encryption, radix: 16)))
      fields.append(("eia", "0x" + String(capabilities.integrity, radix: 16)))
    }
    fields.append(("security key", pdu[.securityKey] == nil ? "absent" : "present"))
    return fields
  }
}

extension NASObservation {
  /// What predicates on NAS messages can name: the elements by the names of TS 24.301, COUNT, eKSI, MAC.
  var fields: [(name: String, value: String)] {
    var fields: [(String, String)] = []
    if let count = integrity.count { fields.append(("count", "\(count)")) }
    if let context { fields.append(("eksi", "\(context.eKSI)")) }
    let mac =
      switch integrity {
      case .plain: "none"
      case .verified: "verified"
      case .stale: "stale"
      case .failed: "failed"
      case .unverifiable: "unverifiable"
      }
    fields.append(("mac", mac))
    for element in (message?.header ?? []) + (message?.informationElements ?? []) {
      fields.append((element.name.lowercased(), element.value.lowercased()))
    }
    return fields
  }
}

extension MessagePattern.Predicate {
  /// Why it does not hold, in words; nil where it does. `present` and `absent` ask for the field itself.
  func failure(in fields: [(name: String, value: String)]) -> String? {
    let found = fields.filter { $0.name == field && $0.value != "absent" }
    switch value {
    case "absent": return found.isEmpty ? nil : "\(field) is there: \(found[0].value)"
    case "present": return found.isEmpty ? "there is no \(field)" : nil
    default: break
    }
    guard !found.isEmpty else {
      let near = Suggestions.nearest(to: field, among: fields.map(\.name))
      return "there is no \(field) in it" + (near.isEmpty ? "" : "; there is \(near.joined(separator: ", "))")
    }
    let wanted = value.lowercased()
    let isNumber = wanted.allSatisfy(\.isNumber)
    let holds = found.contains { _, text in
      guard isNumber else { return text.contains(wanted) }
      return text.split(whereSeparator: { !$0.isNumber && !$0.isLetter }).contains { $0 == wanted }
    }
    return holds ? nil : "\(field) is \(found.map(\.value).joined(separator: ", ")), expected \(value)"
  }
}

extension MessagePattern.Protection? {
  func fits(_ header: SecurityHeaderType) -> Bool {
    switch self {
    case nil: true
    case .plain: header == .plain
    case .integrity: header == .integrityProtected || header == .integrityProtectedNewContext
    case .ciphered: header == .integrityProtectedAndCiphered || header == .integrityProtectedAndCipheredNewContext
    case .newContext: header == .integrityProtectedNewContext || header == .integrityProtectedAndCipheredNewContext
    }
  }
}
