public import GTPv2C
public import NASMessages
public import S1AP

/// A message by the name that TS 24.301, TS 36.413 or TS 29.274 gives it: `SECURITY MODE COMMAND`, `HANDOVER REQUEST`, `FORWARD RELOCATION REQUEST`.
///
/// UPLINK and DOWNLINK NAS TRANSPORT are S1AP's.
public struct MessageName: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// More than one type where uplink and downlink share the name.
    case nas([NASMessageType])
    case serviceRequest
    case s1ap(S1APMessage)
    /// Between MMEs: seen on the test network alone.
    case s10(GTPv2CMessageType)
  }

  public let title: String
  public let kind: Kind

  public var description: String { title }

  /// Every name, in alphabetical order.
  public static let all: [MessageName] = byTitle.values.sorted { $0.title < $1.title }

  /// Every name in upper and in lower case, for the schema.
  public static let spellings: [String] = all.map(\.title) + all.map { $0.title.lowercased() }

  private static let byTitle: [String: MessageName] = {
    var names: [String: MessageName] = [:]
    for table in MessageTable.all {
      let title = table.type.name
      if case .nas(let types)? = names[title]?.kind {
        names[title] = MessageName(title: title, kind: .nas(types + [table.type]))
      } else {
        names[title] = MessageName(title: title, kind: .nas([table.type]))
      }
    }
    names["SERVICE REQUEST"] = MessageName(title: "SERVICE REQUEST", kind: .serviceRequest)
    for number in UInt8(128)...160 {
      let type = GTPv2CMessageType(rawValue: number)
      if !type.name.hasSuffix(" \(number)") { names[type.title] = MessageName(title: type.title, kind: .s10(type)) }
    }
    for message in S1APMessage.known { names[message.title] = MessageName(title: message.title, kind: .s1ap(message)) }
    return names
  }()

  init(title: String, kind: Kind) {
    self.title = title
    self.kind = kind
  }

  /// - Parameter title: in upper or lower case.
  public init?(_ title: String) {
    guard let found = Self.byTitle[title.uppercased()] else { return nil }
    self = found
  }
}
