/// Figures 8.38-1 to 8.38-6 of TS 29.274.
extension MMContext: ElementValue {
  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    let first = try reader.octet("security mode")
    let second = try reader.octet("numbers of vectors")
    let third = try reader.octet("algorithms")
    let identifier = first & 7
    // Where the third octet holds SAMB RI, the second has OSCI in its place.
    let isEPS = first >> 5 == 4
    let hasOld = isEPS && second & 1 == 1
    let quintuplets = Int(second >> 5)
    let quadruplets = Int(second >> 2 & 7)
    switch first >> 5 {
    case 0:
      var gsm = GSMContext(keySetIdentifier: identifier, usedCipher: third & 7, kc: try reader.octets(8, "Kc"))
      for _ in 0..<quintuplets { gsm.triplets.append(try AuthenticationVectors.Triplet(&reader)) }
      security = .gsmWithTriplets(gsm)
    case 2:
      var gsm = GSMContext(keySetIdentifier: identifier, usedCipher: third & 7, kc: try reader.octets(8, "Kc"))
      for _ in 0..<quintuplets { gsm.quintuplets.append(try AuthenticationVectors.Quintuplet(&reader)) }
      security = .gsmWithQuintuplets(gsm)
    case 1, 3, 5:
      var umts = UMTSContext(keySetIdentifier: identifier, ck: try reader.octets(16, "CK"), ik: try reader.octets(16, "IK"))
      if first >> 5 == 1 { umts.usedCipher = third & 7 }
      if first >> 5 == 5 {
        for _ in 0..<quadruplets { umts.quadruplets.append(try AuthenticationVectors.Quadruplet(&reader)) }
      }
      for _ in 0..<quintuplets { umts.quintuplets.append(try AuthenticationVectors.Quintuplet(&reader)) }
      security =
        switch first >> 5 {
        case 1: .umtsWithCipher(umts)
        case 3: .umts(umts)
        default: .umtsWithQuadruplets(umts)
        }
    case 4:
      let downlink = UInt32(truncatingIfNeeded: try reader.number(3, "NAS downlink COUNT"))
      let uplink = UInt32(truncatingIfNeeded: try reader.number(3, "NAS uplink COUNT"))
      var eps = EPSContext(
        keySetIdentifier: identifier, integrity: third >> 4 & 7, ciphering: third & 15, downlinkNASCount: downlink, uplinkNASCount: uplink,
        kasme: try reader.octets(32, "KASME"))
      for _ in 0..<quadruplets { eps.quadruplets.append(try AuthenticationVectors.Quadruplet(&reader)) }
      for _ in 0..<quintuplets { eps.quintuplets.append(try AuthenticationVectors.Quintuplet(&reader)) }
      security = .eps(eps)
    default: throw GTPv2CError(.invalidValue, offset: octets.startIndex, path: "security mode")
    }
    if first & 0x08 != 0 { drx = try reader.octets(2, "DRX parameter") }
    if isEPS, first & 0x10 != 0, case .eps(var eps) = security {
      eps.nextHop = NextHop(key: try reader.octets(32, "NH"), chainingCount: try reader.octet("NCC") & 7)
      security = .eps(eps)
    }
    if isEPS ? third & 0x80 != 0 : second & 1 == 1 { subscribedBitRate = try AggregateBitRate(&reader, "subscribed UE AMBR") }
    if second & 2 != 0 { usedBitRate = try AggregateBitRate(&reader, "used UE AMBR") }
    ueNetworkCapability = try reader.octets(Int(try reader.octet("length of UE network capability")), "UE network capability")
    msNetworkCapability = try reader.octets(Int(try reader.octet("length of MS network capability")), "MS network capability")
    equipmentIdentity = try reader.octets(Int(try reader.octet("length of MEI")), "MEI")
    accessRestriction = reader.isAtEnd ? nil : try reader.octet("access restriction")
    if hasOld, case .eps(var eps) = security {
      eps.old = try OldEPSContext(&reader)
      security = .eps(eps)
    }
    restOffset = reader.offset
    rest = reader.rest()
  }

  /// What they say counts, not where it was read.
  public static func == (a: Self, b: Self) -> Bool { a.octets == b.octets }

  public var octets: [UInt8] {
    var octets: [UInt8] = []
    var first = security.mode << 5 | (drx == nil ? 0 : 0x08)
    var second: UInt8 = usedBitRate == nil ? 0 : 2
    var third: UInt8 = 0
    let isSubscribed: UInt8 = subscribedBitRate == nil ? 0 : 1
    var keys: [UInt8] = []
    func vectors<V>(_ all: [V], _ encode: (V) -> [UInt8]) -> (count: UInt8, octets: [UInt8]) {
      let some = all.prefix(7)
      return (UInt8(some.count), some.flatMap(encode))
    }
    switch security {
    case .gsmWithTriplets(let gsm), .gsmWithQuintuplets(let gsm):
      let all = security.mode == 0 ? vectors(gsm.triplets) { $0.encoded } : vectors(gsm.quintuplets) { $0.encoded }
      first |= gsm.keySetIdentifier & 7
      second |= all.count << 5 | isSubscribed
      third = gsm.usedCipher & 7
      keys = gsm.kc + all.octets
    case .umts(let umts), .umtsWithCipher(let umts), .umtsWithQuadruplets(let umts):
      let quintuplets = vectors(umts.quintuplets) { $0.encoded }
      let quadruplets = vectors(security.mode == 5 ? umts.quadruplets : []) { $0.encoded }
      first |= umts.keySetIdentifier & 7
      second |= quintuplets.count << 5 | quadruplets.count << 2 | isSubscribed
      third = security.mode == 1 ? umts.usedCipher & 7 : 0
      keys = umts.ck + umts.ik + quadruplets.octets + quintuplets.octets
    case .eps(let eps):
      let quintuplets = vectors(eps.quintuplets) { $0.encoded }
      let quadruplets = vectors(eps.quadruplets) { $0.encoded }
      first |= eps.keySetIdentifier & 7 | (eps.nextHop == nil ? 0 : 0x10)
      second |= quintuplets.count << 5 | quadruplets.count << 2 | (eps.old == nil ? 0 : 1)
      third = isSubscribed << 7 | (eps.integrity & 7) << 4 | eps.ciphering & 15
      keys.append(eps.downlinkNASCount, width: 3)
      keys.append(eps.uplinkNASCount, width: 3)
      keys += eps.kasme + quadruplets.octets + quintuplets.octets
    }
    octets = [first, second, third] + keys
    if let drx { octets += drx }
    if let nextHop = eps?.nextHop { octets += nextHop.key + [nextHop.chainingCount & 7] }
    for rate in [subscribedBitRate, usedBitRate] {
      guard let rate else { continue }
      octets.append(rate.uplink, width: 4)
      octets.append(rate.downlink, width: 4)
    }
    octets.appendCounted(ueNetworkCapability)
    octets.appendCounted(msNetworkCapability)
    octets.appendCounted(equipmentIdentity)
    guard let accessRestriction else { return octets }
    octets.append(accessRestriction)
    if let old = eps?.old { octets += old.encoded }
    return octets + rest
  }
}

extension MMContext.AggregateBitRate {
  fileprivate init(_ reader: inout OctetReader, _ name: String) throws(GTPv2CError) {
    uplink = UInt32(truncatingIfNeeded: try reader.number(4, name))
    downlink = UInt32(truncatingIfNeeded: try reader.number(4, name))
  }
}

extension MMContext.OldEPSContext {
  /// Octets s to s+64: old NH is there if old NHI says so.
  fileprivate init(_ reader: inout OctetReader) throws(GTPv2CError) {
    let flags = try reader.octet("old KSI")
    keySetIdentifier = flags >> 3 & 7
    kasme = try reader.octets(32, "old KASME")
    nextHop = flags & 0x80 == 0 ? nil : MMContext.NextHop(key: try reader.octets(32, "old NH"), chainingCount: flags & 7)
  }

  fileprivate var encoded: [UInt8] {
    [(nextHop == nil ? 0 : 0x80) | (keySetIdentifier & 7) << 3 | (nextHop?.chainingCount ?? 0) & 7] + kasme + (nextHop?.key ?? [])
  }
}
