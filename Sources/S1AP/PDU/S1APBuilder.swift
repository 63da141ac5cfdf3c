/// Makes a PDU, IE by IE, against the grammar.
///
/// ```swift
/// var request = S1APBuilder(.initialUEMessage)
/// request.add(.eNBUES1APID, 5)
/// request.add(.nasPDU, .octets(attachRequest))
/// let octets = try request.encoded()
/// ```
///
/// IEs are written in the order of the message's table (TS 36.413 §10.3.6), in whatever order they are added.
public struct S1APBuilder: Sendable {
  /// What is written on purpose though TS 36.413 forbids it.
  public struct Deviations: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Mandatory IEs may be left out.
    public static let missingIEs = Deviations(rawValue: 1)
    /// IEs that the message does not have; they need `.opaque` values and a criticality.
    public static let unknownIEs = Deviations(rawValue: 2)
    /// The same IE more than once.
    public static let repeatedIEs = Deviations(rawValue: 4)
    /// IEs in the order in which they were added.
    public static let order = Deviations(rawValue: 8)
    public static let all: Deviations = [.missingIEs, .unknownIEs, .repeatedIEs, .order]
  }

  public let message: S1APMessage
  /// Nothing unless set.
  public var deviations: Deviations
  /// Criticality of the procedure; nil: the grammar's.
  public var criticality: Criticality?
  var fields: [(id: ProtocolIEID, value: S1APValue, criticality: Criticality?)] = []

  public init(_ message: S1APMessage, deviations: Deviations = []) {
    self.message = message
    self.deviations = deviations
  }

  /// Starts from what was decoded: every IE as it came, in its order.
  public init(_ pdu: S1APPDU, deviations: Deviations = .all) {
    self.init(pdu.message, deviations: deviations)
    criticality = pdu.criticality
    for field in pdu.informationElements {
      guard let id = field.identity else { continue }
      let value = field.value
      let isOpaque = value.isOpaque
      fields.append((id, isOpaque ? .opaque(Array(value.octets ?? [])) : .node(value), field.criticality))
    }
  }

  /// Adds an IE. Criticality nil: the grammar's.
  public mutating func add(_ id: ProtocolIEID, _ value: S1APValue, criticality: Criticality? = nil) {
    fields.append((id, value, criticality))
  }

  /// Adds an IE.
  public mutating func add(_ id: ProtocolIEID, _ value: some S1APRepresentable) {
    add(id, value.s1apValue)
  }

  /// Adds an IE if there is a value.
  public mutating func add(_ id: ProtocolIEID, _ value: (some S1APRepresentable)?) {
    if let value { add(id, value.s1apValue) }
  }

  /// Takes every IE with that identity out again.
  public mutating func remove(_ id: ProtocolIEID) {
    fields.removeAll { $0.id == id }
  }

  /// The PDU; throws where a value does not fit the grammar, with the field's path.
  public func pdu() throws(S1APError) -> S1APPDU {
    try S1APPDU(tape: TapeBuilder.build(self))
  }

  /// The PDU's octets.
  public func encoded() throws(S1APError) -> [UInt8] {
    try pdu().encoded()
  }
}

extension S1APPDU {
  /// A PDU of that message with the IEs that `fill` adds.
  public init(
    _ message: S1APMessage, deviations: S1APBuilder.Deviations = [], _ fill: (inout S1APBuilder) throws(S1APError) -> Void
  )
    throws(S1APError)
  {
    var builder = S1APBuilder(message, deviations: deviations)
    try fill(&builder)
    self = try builder.pdu()
  }
}
