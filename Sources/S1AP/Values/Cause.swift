/// Cause (TS 36.413 §9.2.1.3): a group and a value of it.
public struct Cause: Hashable, Sendable, CustomStringConvertible, S1APRepresentable {
  /// The alternatives of Cause, as ASN.1 names them.
  public enum Group: String, Sendable, CaseIterable {
    case radioNetwork, transport, nas, `protocol`, misc
  }

  /// Which list the value is of.
  public var group: Group
  /// Position in the group's list, values behind the extension marker counted on.
  public var value: Int

  /// By position; ``name`` tells whether the tables have it.
  public init(_ group: Group, _ value: Int) {
    self.group = group
    self.value = value
  }

  /// By the value's name in ASN.1, `Cause(.nas, "detach")`; nil for a name that the group does not have.
  public init?(_ group: Group, _ name: String) {
    guard let position = Self.names(group).firstIndex(of: name) else { return nil }
    self.init(group, position)
  }

  /// The value's name in ASN.1, nil for a number that the group does not have.
  public var name: String? {
    let names = Self.names(group)
    return names.indices.contains(value) ? names[value] : nil
  }

  /// Every value that the tables have, group by group.
  public static var all: [Cause] { Group.allCases.flatMap { group in names(group).indices.map { Cause(group, $0) } } }

  /// `nas: detach`.
  public var description: String { "\(group.rawValue): \(name ?? String(value))" }

  public init(_ node: S1APNode) throws(S1APError) {
    guard let choice = node.choice, let group = Group(rawValue: choice.name), let value = choice.value.enumerated else {
      throw node.wrongKind("a cause of a known group")
    }
    self.init(group, value)
  }

  public func write(to writer: inout S1APWriter) {
    switch group {
    case .radioNetwork: writer.choice("radioNetwork") { $0.position(value) }
    case .transport: writer.choice("transport") { $0.position(value) }
    case .nas: writer.choice("nas") { $0.position(value) }
    case .protocol: writer.choice("protocol") { $0.position(value) }
    case .misc: writer.choice("misc") { $0.position(value) }
    }
  }

  private static func names(_ group: Group) -> [String] {
    let type =
      switch group {
      case .radioNetwork: "CauseRadioNetwork"
      case .transport: "CauseTransport"
      case .nas: "CauseNas"
      case .protocol: "CauseProtocol"
      case .misc: "CauseMisc"
      }
    return Grammar.shared.names(ofType: type)
  }
}

extension Cause {
  public static let normalRelease = Cause(.nas, 0)
  public static let authenticationFailure = Cause(.nas, 1)
  public static let detach = Cause(.nas, 2)
  public static let unspecifiedNAS = Cause(.nas, 3)
  public static let successfulHandover = Cause(.radioNetwork, 2)
  public static let userInactivity = Cause(.radioNetwork, 20)
  public static let radioConnectionWithUELost = Cause(.radioNetwork, 21)
  public static let unspecifiedRadioNetwork = Cause(.radioNetwork, 0)
  public static let unknownMMEUES1APID = Cause(.radioNetwork, 13)
  public static let unknownENBUES1APID = Cause(.radioNetwork, 14)
  public static let unknownPairUES1APID = Cause(.radioNetwork, 15)
  public static let transferSyntaxError = Cause(.protocol, 0)
  public static let abstractSyntaxErrorReject = Cause(.protocol, 1)
  public static let abstractSyntaxErrorIgnoreAndNotify = Cause(.protocol, 2)
  public static let messageNotCompatibleWithReceiverState = Cause(.protocol, 3)
  public static let semanticError = Cause(.protocol, 4)
  public static let abstractSyntaxErrorFalselyConstructed = Cause(.protocol, 5)
  public static let unknownPLMN = Cause(.misc, 5)
}
