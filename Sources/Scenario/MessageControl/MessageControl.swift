import NASCrypto
import S1AP
import Trace

/// What happens to a message that a rule is for.
public enum MessageAction: Sendable, Equatable {
  /// It stays until ``MessageControl/release(_:)``, or until a message goes past that `releasedBy` is for: then it follows that one.
  case hold(releasedBy: MessageFilter? = nil)
  case delay(Duration)
  case drop
  /// It goes twice.
  case duplicate
  /// So many later messages of its leg and direction go first.
  case reorder(behind: Int)
  case alter(MessageAlteration)
}

/// What is changed in a message.
public enum MessageAlteration: Sendable, Equatable {
  /// An octet of the S1AP-PDU, counted from 0; nothing where it is shorter.
  case octet(at: Int, xor: UInt8)
  /// An octet of the NAS-PDU inside, counted from 0.
  case nasOctet(at: Int, xor: UInt8)
  /// Another NAS-PDU.
  case replaceNAS([UInt8])
  /// An IE's value; the IE is added where the message lacks it.
  case replace(ProtocolIEID, S1APValue)
  case remove(ProtocolIEID)
}

/// A rule of message control.
public struct MessageRule: Sendable, Equatable {
  /// By which held messages are released.
  public var name: String
  public var filter: MessageFilter
  public var action: MessageAction
  /// How many messages it is for; nil for all.
  public var times: Int?

  public init(_ name: String, _ filter: MessageFilter, _ action: MessageAction, times: Int? = 1) {
    self.name = name
    self.filter = filter
    self.action = action
    self.times = times
  }
}

/// An S1AP-PDU at the point between an eNB and its association.
public struct ControlledMessage: Sendable, Equatable {
  public var leg: S1Leg
  public var direction: LinkDirection
  public var stream: UInt16
  public var octets: [UInt8]
}

/// Holds, delays, drops, doubles, reorders and alters S1AP-PDUs and the NAS-PDUs in them, between our eNBs and whatever MME: this is how
/// procedures are made to overlap on an MME that nobody can command.
///
/// The log shows what is on the wire: an uplink message passes here before it is logged, a downlink one after.
public struct MessageControl: Sendable {
  public private(set) var rules: [MessageRule] = []
  /// Names of the rules that did something: a message came, and was changed where the rule changes something.
  public private(set) var effective: Set<String> = []
  private var held: [(rule: String, releasedBy: MessageFilter?, message: ControlledMessage)] = []
  private var delayed: [(due: Duration, message: ControlledMessage)] = []
  private var reordered: [(left: Int, message: ControlledMessage)] = []
  /// The UEs of an MME's ids, learned from messages that carry both ids.
  private var ueOfNetworkIdentity: [NetworkIdentity: Int] = [:]

  private struct NetworkIdentity: Hashable, Sendable {
    var mme: Int
    var identity: UInt32
  }

  public init() {}

  public mutating func add(_ rule: MessageRule) { rules.append(rule) }

  /// Takes a rule out; what it holds stays held until released.
  public mutating func remove(_ name: String) { rules.removeAll { $0.name == name } }

  public var isIdle: Bool { rules.isEmpty && held.isEmpty && delayed.isEmpty && reordered.isEmpty }

  /// The messages held by a rule, oldest first.
  public func held(by name: String) -> [ControlledMessage] { held.filter { $0.rule == name }.map(\.message) }

  /// Lets the messages that a rule holds go.
  public mutating func release(_ name: String) -> [ControlledMessage] {
    let messages = held(by: name)
    held.removeAll { $0.rule == name }
    return messages
  }

  /// When the next delayed message is due.
  public var nextDeadline: Duration? { delayed.map(\.due).min() }

  /// Takes out what is due.
  public mutating func due(at now: Duration) -> [ControlledMessage] {
    let ready = delayed.filter { $0.due <= now }.sorted { $0.due < $1.due }.map(\.message)
    delayed.removeAll { $0.due <= now }
    return ready
  }

  /// What goes on when a message comes: itself, nothing, or several.
  ///
  /// - Parameter ue: tells the UE of the ids at an eNB.
  public mutating func pass(
    _ message: ControlledMessage, at now: Duration, ue: (_ eNB: Int, _ eNBIdentity: UInt32?, _ mmeIdentity: UInt32?) -> Int?
  ) -> [ControlledMessage] {
    if isIdle { return [message] }
    var described = DescribedMessage(message.octets, leg: message.leg, direction: message.direction)
    described.ue = ue(message.leg.eNB, described.eNBUES1APID, described.mmeUES1APID)
    if let identity = described.mmeUES1APID {
      let key = NetworkIdentity(mme: message.leg.mme, identity: identity)
      if let known = described.ue { ueOfNetworkIdentity[key] = known } else { described.ue = ueOfNetworkIdentity[key] }
    }
    var passing = apply(to: message, described, at: now)
    guard !passing.isEmpty else { return [] }
    // What this message releases follows it.
    for index in held.indices.reversed() where held[index].releasedBy?.matches(described) == true {
      passing.insert(held.remove(at: index).message, at: min(1, passing.count))
    }
    for index in reordered.indices
    where reordered[index].message.leg == message.leg && reordered[index].message.direction == message.direction {
      reordered[index].left -= 1
    }
    passing += reordered.filter { $0.left <= 0 }.map(\.message)
    reordered.removeAll { $0.left <= 0 }
    return passing
  }

  private mutating func apply(to message: ControlledMessage, _ described: DescribedMessage, at now: Duration) -> [ControlledMessage] {
    guard let place = rules.firstIndex(where: { $0.times != 0 && $0.filter.matches(described) }) else { return [message] }
    let rule = rules[place]
    if let times = rule.times {
      rules[place].times = times - 1
      if times <= 1 { rules.remove(at: place) }
    }
    if case .alter = rule.action {} else { effective.insert(rule.name) }
    switch rule.action {
    case .hold(let releasedBy):
      held.append((rule.name, releasedBy, message))
      return []
    case .delay(let duration):
      delayed.append((now + duration, message))
      return []
    case .drop: return []
    case .duplicate: return [message, message]
    case .reorder(let count):
      guard count > 0 else { return [message] }
      reordered.append((count, message))
      return []
    case .alter(let alteration):
      let altered = alteration.applied(to: message)
      if altered.octets != message.octets { effective.insert(rule.name) }
      return [altered]
    }
  }
}

extension MessageAlteration {
  /// The message altered; as it was where the alteration cannot be made.
  func applied(to message: ControlledMessage) -> ControlledMessage {
    var altered = message
    switch self {
    case .octet(let at, let mask):
      guard altered.octets.indices.contains(at) else { return message }
      altered.octets[at] ^= mask
    case .nasOctet(let at, let mask):
      guard let pdu = try? S1APPDU(decoding: message.octets), var nas = pdu[.nasPDU]?.octets.map({ Array($0) }), nas.indices.contains(at)
      else {
        return message
      }
      nas[at] ^= mask
      altered.octets = Self.rebuilt(pdu, .nasPDU, .octets(nas)) ?? message.octets
    case .replaceNAS(let nas):
      guard let pdu = try? S1APPDU(decoding: message.octets) else { return message }
      altered.octets = Self.rebuilt(pdu, .nasPDU, .octets(nas)) ?? message.octets
    case .replace(let id, let value):
      guard let pdu = try? S1APPDU(decoding: message.octets) else { return message }
      altered.octets = Self.rebuilt(pdu, id, value) ?? message.octets
    case .remove(let id):
      guard let pdu = try? S1APPDU(decoding: message.octets) else { return message }
      altered.octets = Self.rebuilt(pdu, id, nil) ?? message.octets
    }
    return altered
  }

  private static func rebuilt(_ pdu: S1APPDU, _ id: ProtocolIEID, _ value: S1APValue?) -> [UInt8]? {
    var builder = S1APBuilder(pdu, deviations: [.missingIEs, .unknownIEs, .repeatedIEs])
    builder.remove(id)
    if let value { builder.add(id, value) }
    return try? builder.encoded()
  }
}
