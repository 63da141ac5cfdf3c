/// One entry of SUPPORTED TAS (TS 36.413 §9.1.8.4).
public struct SupportedTA: Hashable, Sendable, S1APRepresentable {
  /// Tracking area code, 16 bits.
  public var tac: UInt16
  /// Broadcast PLMNs, 1 to 6.
  public var plmns: [PLMNIdentity]

  public init(tac: UInt16, plmns: [PLMNIdentity]) {
    self.tac = tac
    self.plmns = plmns
  }

  public init(_ node: S1APNode) throws(S1APError) {
    tac = UInt16(truncatingIfNeeded: try node.requiredNumber("tAC"))
    plmns = []
    for plmn in try node.required("broadcastPLMNs").elements { plmns.append(try PLMNIdentity(plmn)) }
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("tAC") { $0.octets(UInt64(tac), count: 2) }
      $0.component("broadcastPLMNs") { $0.list(plmns) }
    }
  }
}

/// Global eNB identity (TS 36.413 §9.2.1.37).
public struct GlobalENBID: Hashable, Sendable, CustomStringConvertible, S1APRepresentable {
  /// eNB ID, whose length tells the kind of eNB.
  public enum ENBID: Hashable, Sendable {
    /// 20 bits.
    case macro(UInt32)
    /// 28 bits.
    case home(UInt32)
    /// 18 bits.
    case shortMacro(UInt32)
    /// 21 bits.
    case longMacro(UInt32)
  }

  public var plmn: PLMNIdentity
  public var eNBID: ENBID

  public init(plmn: PLMNIdentity, eNBID: ENBID) {
    self.plmn = plmn
    self.eNBID = eNBID
  }

  public init(_ node: S1APNode) throws(S1APError) {
    plmn = try PLMNIdentity(node.required("pLMNidentity"))
    let identity = try node.required("eNB-ID")
    guard let choice = identity.choice, let number = choice.value.bigEndian else { throw identity.wrongKind("an eNB identity") }
    let value = UInt32(truncatingIfNeeded: number)
    switch choice.name {
    case "macroENB-ID": eNBID = .macro(value)
    case "homeENB-ID": eNBID = .home(value)
    case "short-macroENB-ID": eNBID = .shortMacro(value)
    case "long-macroENB-ID": eNBID = .longMacro(value)
    default: throw identity.wrongKind("a known kind of eNB identity")
    }
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("pLMNidentity") { $0.value(plmn) }
      $0.component("eNB-ID") {
        switch eNBID {
        case .macro(let value): $0.choice("macroENB-ID") { $0.bits(UInt64(value), count: 20) }
        case .home(let value): $0.choice("homeENB-ID") { $0.bits(UInt64(value), count: 28) }
        case .shortMacro(let value): $0.choice("short-macroENB-ID") { $0.bits(UInt64(value), count: 18) }
        case .longMacro(let value): $0.choice("long-macroENB-ID") { $0.bits(UInt64(value), count: 21) }
        }
      }
    }
  }

  public var description: String { "\(plmn)/\(eNBID)" }
}
