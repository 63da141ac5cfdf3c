import NASCrypto
import S1AP

/// A bearer of INITIAL CONTEXT SETUP REQUEST, as far as this eNB looks at it.
struct RequestedBearer: Sendable, Equatable {
  var identifier: UInt8
  var nas: [UInt8]?
}

/// What RESET covers.
enum ResetScope: Sendable, Equatable {
  case all
  case part([UEAssociatedLogicalS1Connection])
}

/// The IEs that the eNB reads, each nil when it is absent or is not what it should be.
extension S1APPDU {
  func integer(_ id: ProtocolIEID) -> UInt32? { self[id]?.unsigned.flatMap { UInt32(exactly: $0) } }

  func octets(_ id: ProtocolIEID) -> [UInt8]? { self[id]?.octets.map { Array($0) } }

  func read<V: S1APRepresentable>(_ id: ProtocolIEID, as type: V.Type = V.self) -> V? {
    do { return try value(id, as: type) } catch { return nil }
  }

  var cause: Cause? { read(.cause) }

  /// 256 bits of KeNB or nothing.
  var securityKey: KeyMaterial? {
    guard let bits = self[.securityKey]?.bits, bits.count == 256 else { return nil }
    return KeyMaterial(bits.octets)
  }

  var ueSecurityCapabilities: UESecurityCapabilities? { read(.ueSecurityCapabilities) }

  func servedGUMMEIs() -> [ServedGUMMEI] {
    var served: [ServedGUMMEI] = []
    guard let list = self[.servedGUMMEIs] else { return [] }
    for entry in list.elements {
      if let gummei = try? ServedGUMMEI(entry) { served.append(gummei) }
    }
    return served
  }

  /// TimeToWait is one of 1, 2, 5, 10, 20, 60 s (TS 36.413 §9.2.3.61).
  var timeToWait: Duration? {
    guard let position = self[.timeToWait]?.enumerated else { return nil }
    let seconds = [1, 2, 5, 10, 20, 60]
    return seconds.indices.contains(position) ? .seconds(seconds[position]) : nil
  }

  /// nil if the list is absent or an entry is not a bearer.
  func bearersToSetUp(_ id: ProtocolIEID) -> [RequestedBearer]? {
    guard let list = self[id] else { return nil }
    var bearers: [RequestedBearer] = []
    for entry in list.elements {
      guard let item = try? ERABToBeSetupItem(entry.value) else { return nil }
      bearers.append(RequestedBearer(identifier: item.eRABID, nas: item.nasPDU))
    }
    return bearers
  }

  var ueIdentifiers: UES1APIDs? { read(.ueS1APIDs) }

  var resetScope: ResetScope? {
    guard let choice = self[.resetType]?.choice else { return nil }
    switch choice.name {
    case "s1-Interface": return .all
    case "partOfS1-Interface":
      var items: [UEAssociatedLogicalS1Connection] = []
      for entry in choice.value.elements {
        guard let item = try? UEAssociatedLogicalS1Connection(entry.value) else { return nil }
        items.append(item)
      }
      return .part(items)
    default: return nil
    }
  }

  var pagingIdentity: PagingIdentity? {
    guard let choice = self[.uePagingID]?.choice else { return nil }
    switch choice.name {
    case "s-TMSI": return (try? STMSI(choice.value)).map { .sTMSI($0) }
    case "iMSI": return choice.value.octets.map { .imsi(decimalDigits($0)) }
    default: return nil
    }
  }

  /// TBCD: low half octet first, a filler ends it.
  private func decimalDigits(_ octets: ArraySlice<UInt8>) -> String {
    let digits = octets.flatMap { [$0 & 0x0F, $0 >> 4] }.prefix { $0 < 10 }
    return digits.map { String($0) }.joined()
  }
}

extension [UInt8] {
  /// Of E-RAB IDs those that come more than once, each one time: what is asked for them fails each time (TS 36.413 §8.2.1.4, §8.2.2.4,
  /// §8.3.1.4, §8.4.2.4).
  var repeatedIdentifiers: [UInt8] {
    var seen: Set<UInt8> = []
    var repeated: [UInt8] = []
    for identifier in self where !seen.insert(identifier).inserted && !repeated.contains(identifier) { repeated.append(identifier) }
    return repeated
  }
}
