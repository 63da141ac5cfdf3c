/// How UE CONTEXT RELEASE COMMAND names the UE (TS 36.413 §9.1.4.6).
public enum UES1APIDs: Hashable, Sendable, S1APRepresentable {
  case pair(mme: UInt32, eNB: UInt32)
  case mme(UInt32)

  public init(_ node: S1APNode) throws(S1APError) {
    guard let choice = node.choice else { throw node.wrongKind("a choice of UE identities") }
    switch choice.name {
    case "uE-S1AP-ID-pair":
      self = .pair(
        mme: UInt32(truncatingIfNeeded: try choice.value.requiredNumber("mME-UE-S1AP-ID")),
        eNB: UInt32(truncatingIfNeeded: try choice.value.requiredNumber("eNB-UE-S1AP-ID")))
    case "mME-UE-S1AP-ID": self = .mme(UInt32(truncatingIfNeeded: try choice.value.requiredNumber()))
    default: throw node.wrongKind("a known kind of UE identities")
    }
  }

  public func write(to writer: inout S1APWriter) {
    switch self {
    case .pair(let mme, let eNB):
      writer.choice("uE-S1AP-ID-pair") {
        $0.sequence {
          $0.component("mME-UE-S1AP-ID") { $0.number(UInt64(mme)) }
          $0.component("eNB-UE-S1AP-ID") { $0.number(UInt64(eNB)) }
        }
      }
    case .mme(let mme): writer.choice("mME-UE-S1AP-ID") { $0.number(UInt64(mme)) }
    }
  }
}

/// One entry of the list in RESET and RESET ACKNOWLEDGE (TS 36.413 §9.2.3.19): either identity may be missing.
public struct UEAssociatedLogicalS1Connection: Hashable, Sendable, S1APRepresentable {
  /// 32 bits.
  public var mmeUES1APID: UInt32?
  /// 24 bits.
  public var eNBUES1APID: UInt32?

  public init(mmeUES1APID: UInt32?, eNBUES1APID: UInt32?) {
    self.mmeUES1APID = mmeUES1APID
    self.eNBUES1APID = eNBUES1APID
  }

  public init(_ node: S1APNode) throws(S1APError) {
    mmeUES1APID = node["mME-UE-S1AP-ID"]?.unsigned.map { UInt32(truncatingIfNeeded: $0) }
    eNBUES1APID = node["eNB-UE-S1AP-ID"]?.unsigned.map { UInt32(truncatingIfNeeded: $0) }
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      if let mmeUES1APID { $0.component("mME-UE-S1AP-ID") { $0.number(UInt64(mmeUES1APID)) } }
      if let eNBUES1APID { $0.component("eNB-UE-S1AP-ID") { $0.number(UInt64(eNBUES1APID)) } }
    }
  }
}
