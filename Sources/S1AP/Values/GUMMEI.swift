/// Globally unique MME identity (TS 36.413 §9.2.3.9).
public struct GUMMEI: Hashable, Sendable, CustomStringConvertible, S1APRepresentable {
  public var plmn: PLMNIdentity
  /// MME Group ID, 16 bits.
  public var groupID: UInt16
  /// MME Code, 8 bits.
  public var code: UInt8

  public init(plmn: PLMNIdentity, groupID: UInt16, code: UInt8) {
    self.plmn = plmn
    self.groupID = groupID
    self.code = code
  }

  public init(_ node: S1APNode) throws(S1APError) {
    plmn = try PLMNIdentity(node.required("pLMN-Identity"))
    groupID = UInt16(truncatingIfNeeded: try node.requiredNumber("mME-Group-ID"))
    code = UInt8(truncatingIfNeeded: try node.requiredNumber("mME-Code"))
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("pLMN-Identity") { $0.value(plmn) }
      $0.component("mME-Group-ID") { $0.octets(UInt64(groupID), count: 2) }
      $0.component("mME-Code") { $0.octets(UInt64(code), count: 1) }
    }
  }

  public var description: String { "\(plmn)/group \(groupID)/code \(code)" }
}

/// S-TMSI (TS 36.413 §9.2.3.6).
public struct STMSI: Hashable, Sendable, CustomStringConvertible, S1APRepresentable {
  /// Of the MME that gave the M-TMSI.
  public var mmeCode: UInt8
  /// 32 bits, unique within that MME.
  public var mTMSI: UInt32

  public init(mmeCode: UInt8, mTMSI: UInt32) {
    self.mmeCode = mmeCode
    self.mTMSI = mTMSI
  }

  public init(_ node: S1APNode) throws(S1APError) {
    mmeCode = UInt8(truncatingIfNeeded: try node.requiredNumber("mMEC"))
    mTMSI = UInt32(truncatingIfNeeded: try node.requiredNumber("m-TMSI"))
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("mMEC") { $0.octets(UInt64(mmeCode), count: 1) }
      $0.component("m-TMSI") { $0.octets(UInt64(mTMSI), count: 4) }
    }
  }

  public var description: String { "\(mmeCode)/\(String(mTMSI, radix: 16))" }
}

/// One entry of SERVED GUMMEIS (TS 36.413 §9.1.8.5): every combination of its parts is served.
public struct ServedGUMMEI: Hashable, Sendable, S1APRepresentable {
  /// 1 to 32.
  public var plmns: [PLMNIdentity]
  /// MME Group IDs, 1 to 65535 of them.
  public var groupIDs: [UInt16]
  /// MME Codes, 1 to 256 of them.
  public var codes: [UInt8]

  public init(plmns: [PLMNIdentity], groupIDs: [UInt16], codes: [UInt8]) {
    self.plmns = plmns
    self.groupIDs = groupIDs
    self.codes = codes
  }

  public init(_ node: S1APNode) throws(S1APError) {
    plmns = []
    groupIDs = []
    codes = []
    for plmn in try node.required("servedPLMNs").elements { plmns.append(try PLMNIdentity(plmn)) }
    for group in try node.required("servedGroupIDs").elements {
      groupIDs.append(UInt16(truncatingIfNeeded: try group.requiredNumber()))
    }
    for code in try node.required("servedMMECs").elements { codes.append(UInt8(truncatingIfNeeded: try code.requiredNumber())) }
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("servedPLMNs") { $0.list(plmns) }
      $0.component("servedGroupIDs") { $0.list(groupIDs) { $0.octets(UInt64($1), count: 2) } }
      $0.component("servedMMECs") { $0.list(codes) { $0.octets(UInt64($1), count: 1) } }
    }
  }
}
