/// Traffic flow template, TS 24.008 §10.5.6.12; also the traffic flow aggregate of TS 24.301 §9.9.4.15.
public struct TrafficFlowTemplate: InformationElementValue, Hashable {
  /// TFT operation code. Values without a name are kept.
  public struct Operation: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// 0 to 7.
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue & 0x07 }

    public static let ignore = Operation(rawValue: 0)
    public static let createNew = Operation(rawValue: 1)
    public static let deleteExisting = Operation(rawValue: 2)
    public static let addPacketFilters = Operation(rawValue: 3)
    public static let replacePacketFilters = Operation(rawValue: 4)
    public static let deletePacketFilters = Operation(rawValue: 5)
    public static let noOperation = Operation(rawValue: 6)

    public var description: String {
      switch rawValue {
      case 0: "ignore this element"
      case 1: "create new TFT"
      case 2: "delete existing TFT"
      case 3: "add packet filters"
      case 4: "replace packet filters"
      case 5: "delete packet filters"
      case 6: "no TFT operation"
      default: "reserved operation"
      }
    }
  }

  /// An entry of the parameters list.
  public struct Parameter: Hashable, Sendable, CustomStringConvertible {
    /// 1 authorization token, 2 flow identifier, 3 packet filter identifier.
    public var identifier: UInt8
    /// At most 255 octets (precondition when encoded).
    public var contents: [UInt8]

    /// - Parameter contents: at most 255 octets (precondition when encoded).
    public init(_ identifier: UInt8, _ contents: [UInt8]) {
      self.identifier = identifier
      self.contents = contents
    }

    public var description: String {
      switch identifier {
      case 1: "authorization token \(hexString(contents))"
      // The component number of the media and the number of the flow in it, two octets each.
      case 2 where contents.count == 4:
        "flow identifier: media \(Int(contents[0]) << 8 | Int(contents[1])), flow \(Int(contents[2]) << 8 | Int(contents[3]))"
      case 2: "flow identifier \(hexString(contents))"
      case 3: "packet filter identifiers " + contents.map { "\($0)" }.joined(separator: ", ")
      default: "parameter \(identifier) \(hexString(contents))"
      }
    }
  }

  /// What to do with the packet filters.
  public var operation: Operation
  /// The number of packet filters as coded, 0 to 15. The parser goes by it; the builder sets it.
  public var packetFilterCount: UInt8
  /// Of create, add and replace.
  public var packetFilters: [PacketFilter]
  /// Of delete packet filters: one octet each, the identifier in bits 1 to 4.
  public var deletedFilters: [UInt8]
  /// `nil`: the E bit is 0 and there is no list.
  public var parameters: [Parameter]?
  /// What follows and is not read: a list where the operation has none.
  public var rest: [UInt8]

  /// - Parameters:
  ///   - packetFilters: at most 15 (precondition).
  ///   - deletedFilters: packet filter identifiers 0 to 15, at most 15 (precondition).
  public init(
    _ operation: Operation, packetFilters: [PacketFilter] = [], deletedFilters: [UInt8] = [], parameters: [Parameter]? = nil
  ) {
    precondition(packetFilters.count + deletedFilters.count < 16, "a TFT has at most 15 packet filters")
    self.operation = operation
    packetFilterCount = UInt8(packetFilters.count + deletedFilters.count)
    self.packetFilters = packetFilters
    self.deletedFilters = deletedFilters
    self.parameters = parameters
    rest = []
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    operation = Operation(rawValue: part[0] >> 5)
    packetFilterCount = part[0] & 0x0F
    packetFilters = []
    deletedFilters = []
    rest = []
    var at = 1
    switch operation {
    case .createNew, .addPacketFilters, .replacePacketFilters:
      for index in 0..<Int(packetFilterCount) { packetFilters.append(try PacketFilter(part.item("packet filter", index), &at)) }
    case .deletePacketFilters:
      try part.require(1 + Int(packetFilterCount))
      deletedFilters = Array(part.octets.dropFirst(1).prefix(Int(packetFilterCount)))
      at += Int(packetFilterCount)
    // The others have no list of packet filters, whatever the number says.
    default: break
    }
    if part[0] & 0x10 != 0 {
      var found: [Parameter] = []
      while at < part.count {
        let item = part.item("parameter", found.count)
        try item.require(at + 2)
        let length = Int(part[at + 1])
        try item.require(at + 2 + length)
        found.append(Parameter(part[at], Array(part.octets.dropFirst(at + 2).prefix(length))))
        at += 2 + length
      }
      parameters = found
    } else {
      parameters = nil
      rest = Array(part.octets.dropFirst(at))
    }
  }

  public func encode(into octets: inout OctetWriter) {
    octets.append(operation.rawValue << 5 | (parameters == nil ? 0 : 0x10) | packetFilterCount & 0x0F)
    for filter in packetFilters { filter.encode(into: &octets) }
    octets.append(contentsOf: deletedFilters)
    for parameter in parameters ?? [] {
      precondition(parameter.contents.count < 256, "the length of a TFT parameter is one octet")
      octets.append(parameter.identifier)
      octets.append(UInt8(parameter.contents.count))
      octets.append(contentsOf: parameter.contents)
    }
    octets.append(contentsOf: rest)
  }

  public var description: String {
    var parts = [operation.description] + packetFilters.map(\.description)
    if !deletedFilters.isEmpty {
      parts.append("filters " + deletedFilters.map { "\($0 & 0x0F)" }.joined(separator: ", "))
    }
    parts += (parameters ?? []).map(\.description)
    if !rest.isEmpty { parts.append("then \(hexString(rest))") }
    return parts.joined(separator: "; ")
  }
}
