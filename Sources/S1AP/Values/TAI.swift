/// Tracking area identity (TS 36.413 §9.2.3.16).
public struct TAI: Hashable, Sendable, CustomStringConvertible, S1APRepresentable {
  public var plmn: PLMNIdentity
  /// Tracking area code, 16 bits.
  public var tac: UInt16

  public init(plmn: PLMNIdentity, tac: UInt16) {
    self.plmn = plmn
    self.tac = tac
  }

  public init(_ node: S1APNode) throws(S1APError) {
    plmn = try PLMNIdentity(node.required("pLMNidentity"))
    tac = UInt16(truncatingIfNeeded: try node.requiredNumber("tAC"))
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("pLMNidentity") { $0.value(plmn) }
      $0.component("tAC") { $0.octets(UInt64(tac), count: 2) }
    }
  }

  public var description: String { "\(plmn)/\(tac)" }
}

/// E-UTRAN cell global identifier (TS 36.413 §9.2.1.38): `cell` has 28 bits.
public struct EUTRANCGI: Hashable, Sendable, CustomStringConvertible, S1APRepresentable {
  public var plmn: PLMNIdentity
  /// 28 bits: of a macro eNB its identity (20) and the cell's number (8).
  public var cell: UInt32

  public init(plmn: PLMNIdentity, cell: UInt32) {
    self.plmn = plmn
    self.cell = cell
  }

  public init(_ node: S1APNode) throws(S1APError) {
    plmn = try PLMNIdentity(node.required("pLMNidentity"))
    cell = UInt32(truncatingIfNeeded: try node.requiredNumber("cell-ID"))
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("pLMNidentity") { $0.value(plmn) }
      $0.component("cell-ID") { $0.bits(UInt64(cell), count: 28) }
    }
  }

  public var description: String { "\(plmn)/cell \(cell)" }
}
