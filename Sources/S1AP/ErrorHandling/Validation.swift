extension S1APPDU {
  /// Whether the PDU obeys TS 36.413 beyond the transfer syntax: procedures and IEs not comprehended, IEs out of order, repeated or
  /// missing wherever a container holds them, conditional IEs (§10.3); in the order of the wire, what a container lacks behind it, what the
  /// message itself lacks last.
  ///
  /// | case of §10.3.1 | here |
  /// |---|---|
  /// | 1 unknown IE | an open type that no table describes, in a container or an extension container |
  /// | 2 logical range | enumerated values behind those of the tables; sizes of transport layer addresses (TS 36.414 §5.3) |
  /// | 3 missing IE | mandatory by the tables' presence, or conditional with its condition true (§10.3.3, §10.3.5) |
  /// | 4 wrong order, too many | in the tables' order, of the IEs that the tables have only (§10.3.6); extensions: too many only |
  /// | 5 erroneously present | conditional with its condition false (§10.3.6) |
  /// | 6 not supported | the entities', which know what they support |
  public func validate() -> [ProtocolFault] {
    guard let head = Grammar.shared.head(message) else {
      return [ProtocolFault(kind: .unknownProcedure, criticality: criticality, identity: nil, path: message.name)]
    }
    var faults: [ProtocolFault] = []
    var index = 1
    // The innermost IE around a value is the one that is not comprehended when the value is unknown.
    var around: [(end: Int, id: ProtocolIEID, criticality: Criticality)] = []
    while index < tape.count {
      while let last = around.last, index >= last.end { around.removeLast() }
      let node = tape.nodes[index]
      let type = Grammar.shared.types[Int(node.type)]
      switch type.kind {
      case .field:
        let id = ProtocolIEID(node.identity)
        around.append((index + Int(node.span), id, Criticality(rawValue: node.criticality) ?? .reject))
      case .list:
        faults += order(of: index, type)
        if index != 2 { faults += missing(in: index, type) }
      case .enumerated, .choice, .integer, .null, .boolean, .octets, .bits, .text, .sequence: break
      }
      if let inner = around.last, isUnknown(node, type) {
        faults.append(
          ProtocolFault(
            kind: .notUnderstood, criticality: inner.criticality, identity: inner.id, path: tape.path(to: index),
            offset: Decoder.offset(of: index, in: tape),
            detail: type.isTransportAddress ? TransportAddressSize.complaint(Int(node.high)) : ""))
      }
      index += 1
    }
    faults += conditions()
    if tape.count > 2 { faults += missing(in: 2, Grammar.shared.types[Int(head.container)]) }
    return faults
  }

  /// An open type that no table describes, an enumerated value behind those of the tables, or a transport layer address of a size that none
  /// has. Additions to a sequence are to be ignored, so they are no fault.
  func isUnknown(_ node: TapeNode, _ type: TypeRow) -> Bool {
    if node.flags.contains(.opaque) { return node.slot == 0 }
    if type.isTransportAddress { return !TransportAddressSize.isKnown(Int(node.high)) }
    guard node.flags.contains(.extended) else { return false }
    return type.kind == .enumerated && node.low >= UInt32(type.extensionCount)
  }

  /// IEs of a container that come twice, or before one that precedes them in the table. Extensions have no order that a text gives.
  private func order(of list: Int, _ type: TypeRow) -> [ProtocolFault] {
    let element = UInt16(truncatingIfNeeded: type.first)
    let set = Grammar.shared.types[Int(element)]
    // A set of one, but for the message's own, is a list of items, where repetition is the point.
    guard set.kind == .field, set.isExtensionField || set.setCount > 1 || list == 2 else { return [] }
    var faults: [ProtocolFault] = []
    var latest = -1
    var seen: Set<Int> = []
    for node in S1APNodeList(tape: tape, start: list + 1, end: list + Int(tape.nodes[list].span)) {
      guard let id = node.identity, let place = Grammar.shared.field(id.rawValue, in: element)?.position else { continue }
      if set.isExtensionField ? !seen.insert(place).inserted : place <= latest {
        faults.append(
          ProtocolFault(
            kind: .wrongOrderOrRepeated, criticality: node.criticality ?? .reject, identity: id, path: node.path, offset: node.offset))
      }
      latest = max(latest, place)
    }
    return faults
  }

  /// Mandatory rows of a container's set, or of a list's items, that nothing in it has.
  private func missing(in list: Int, _ type: TypeRow) -> [ProtocolFault] {
    let element = UInt16(truncatingIfNeeded: type.first)
    let set = Grammar.shared.types[Int(element)]
    guard set.kind == .field else { return [] }
    var faults: [ProtocolFault] = []
    let nodes = S1APNodeList(tape: tape, start: list + 1, end: list + Int(tape.nodes[list].span))
    for position in 0..<Int(set.setCount) {
      let known = Grammar.shared.fields[Int(set.first) + position]
      let id = ProtocolIEID(known.id)
      guard known.presence == .mandatory, !nodes.contains(where: { $0.identity == id }) else { continue }
      faults.append(
        ProtocolFault(
          kind: .missing, criticality: known.criticality, identity: id, path: "\(tape.path(to: list)) / \(id)",
          offset: Decoder.offset(of: list, in: tape)))
    }
    return faults
  }

  // MARK: Conditions

  /// Conditional IEs that are there, or not, against their condition.
  private func conditions() -> [ProtocolFault] {
    var faults: [ProtocolFault] = []
    for rule in ConditionRule.all where rule.message == message {
      guard let holds = rule.holds(self) else { continue }
      let isThere = self[rule.identity]
      if !holds, let node = isThere {
        faults.append(
          ProtocolFault(
            kind: .erroneouslyPresent, criticality: node.criticality ?? .reject, identity: rule.identity, path: node.path,
            offset: node.offset))
      } else if holds, isThere == nil, let head = Grammar.shared.head(message),
        let row = Grammar.shared.field(rule.identity.rawValue, in: head.element)?.row
      {
        faults.append(
          ProtocolFault(
            kind: .missing, criticality: row.criticality, identity: rule.identity, path: "\(root.path) / \(rule.identity)",
            offset: S1APNode(tape: tape, index: 2).offset))
      }
    }
    return faults
  }
}

/// The condition of a conditional IE (the tables' rows with C).
struct ConditionRule: Sendable {
  var message: S1APMessage
  var identity: ProtocolIEID
  /// Whether the IE must be there; nil where the message does not tell.
  var holds: @Sendable (S1APPDU) -> Bool?

  /// Whether the IE is there against the condition, or missing in spite of it.
  func isBroken(in pdu: S1APPDU) -> Bool { holds(pdu).map { $0 != (pdu[identity] != nil) } ?? false }

  static let all: [ConditionRule] = [
    // ifCSFBhighPriority (TS 36.413 §9.1.4.1, §9.1.4.8).
    ConditionRule(message: .initialContextSetupRequest, identity: additionalFallback) { $0.isHighPriorityFallback },
    ConditionRule(message: .ueContextModificationRequest, identity: additionalFallback) { $0.isHighPriorityFallback },
    // ifSRVCCtoGERAN (§9.1.5.1).
    ConditionRule(message: .handoverRequired, identity: ProtocolIEID(named: "MSClassmark2") ?? ProtocolIEID(132)) { $0.isVoiceToGERAN },
    ConditionRule(message: .handoverRequired, identity: ProtocolIEID(named: "MSClassmark3") ?? ProtocolIEID(133)) { $0.isVoiceToGERAN },
    // iftoUTRANGERAN, iffromUTRANGERAN (§9.1.5.2, §9.1.5.4): the parameters exist for these handovers only.
    ConditionRule(message: .handoverCommand, identity: .nasSecurityParametersFromEUTRAN) { $0.handover(is: ["ltetoutran", "ltetogeran"]) },
    ConditionRule(message: .handoverRequest, identity: .nasSecurityParametersToEUTRAN) { $0.handover(is: ["utrantolte", "gerantolte"]) },
  ]

  private static let additionalFallback = ProtocolIEID(named: "AdditionalCSFallbackIndicator") ?? ProtocolIEID(187)
}

extension S1APPDU {
  fileprivate var isHighPriorityFallback: Bool? {
    // Without the indicator there is no fallback, and nothing to restrict.
    guard let indicator = self[.csFallbackIndicator] else { return false }
    return indicator.enumeratedName.map { $0 == "cs-fallback-high-priority" }
  }

  fileprivate var isVoiceToGERAN: Bool? {
    let isVoice = ProtocolIEID(named: "SRVCCHOIndication").map { self[$0] != nil } ?? false
    return handover(is: ["ltetogeran"]).map { $0 && isVoice }
  }

  fileprivate func handover(is types: [String]) -> Bool? {
    self[.handoverType]?.enumeratedName.map { types.contains($0) }
  }
}
