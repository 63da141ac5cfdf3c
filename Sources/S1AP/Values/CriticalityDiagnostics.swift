/// Criticality Diagnostics (TS 36.413 §9.2.1.21): which message was wrong, and which of its IEs.
public struct CriticalityDiagnostics: Hashable, Sendable, S1APRepresentable {
  /// One IE that was not understood or missing. Criticality `ignore` is never reported.
  public struct Item: Hashable, Sendable, S1APRepresentable {
    /// Type of Error.
    public enum TypeOfError: Int, Hashable, Sendable {
      case notUnderstood = 0
      case missing = 1
    }

    /// Of the IE: as received, or the tables' if it is missing. Never ignore.
    public var criticality: Criticality
    /// Which IE.
    public var identity: ProtocolIEID
    /// What is wrong with it.
    public var error: TypeOfError

    public init(criticality: Criticality, identity: ProtocolIEID, error: TypeOfError) {
      self.criticality = criticality
      self.identity = identity
      self.error = error
    }

    public init(_ node: S1APNode) throws(S1APError) {
      let criticality = try node.required("iECriticality")
      let error = try node.required("typeOfError")
      guard let known = criticality.enumerated.flatMap({ Criticality(rawValue: UInt8(truncatingIfNeeded: $0)) }) else {
        throw criticality.wrongKind("a criticality")
      }
      guard let type = error.enumerated.flatMap({ TypeOfError(rawValue: $0) }) else { throw error.wrongKind("a known type of error") }
      self.criticality = known
      self.error = type
      identity = ProtocolIEID(UInt16(truncatingIfNeeded: try node.requiredNumber("iE-ID")))
    }

    public func write(to writer: inout S1APWriter) {
      writer.sequence {
        $0.component("iECriticality") { $0.position(Int(criticality.rawValue)) }
        $0.component("iE-ID") { $0.number(UInt64(identity.rawValue)) }
        $0.component("typeOfError") { $0.position(error.rawValue) }
      }
    }
  }

  /// The message that was wrong: only in ERROR INDICATION, all three.
  public var procedure: ProcedureCode?
  /// Which arm of S1AP-PDU it came in.
  public var triggeringMessage: PDUKind?
  /// As it came.
  public var procedureCriticality: Criticality?
  /// Up to 256.
  public var items: [Item]

  public init(
    procedure: ProcedureCode? = nil, triggeringMessage: PDUKind? = nil, procedureCriticality: Criticality? = nil, items: [Item] = []
  ) {
    self.procedure = procedure
    self.triggeringMessage = triggeringMessage
    self.procedureCriticality = procedureCriticality
    self.items = items
  }

  public init(_ node: S1APNode) throws(S1APError) {
    procedure = node["procedureCode"]?.unsigned.map { ProcedureCode(UInt8(truncatingIfNeeded: $0)) }
    triggeringMessage = node["triggeringMessage"]?.enumerated.flatMap { PDUKind(rawValue: UInt8(truncatingIfNeeded: $0)) }
    procedureCriticality = node["procedureCriticality"]?.enumerated.flatMap { Criticality(rawValue: UInt8(truncatingIfNeeded: $0)) }
    items = []
    if let list = node["iEsCriticalityDiagnostics"] { for item in list.elements { items.append(try Item(item)) } }
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      if let procedure { $0.component("procedureCode") { $0.number(UInt64(procedure.rawValue)) } }
      if let triggeringMessage { $0.component("triggeringMessage") { $0.position(Int(triggeringMessage.rawValue)) } }
      if let procedureCriticality { $0.component("procedureCriticality") { $0.position(Int(procedureCriticality.rawValue)) } }
      if !items.isEmpty { $0.component("iEsCriticalityDiagnostics") { $0.list(items) } }
    }
  }
}
