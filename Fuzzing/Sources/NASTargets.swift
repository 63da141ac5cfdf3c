import NASCrypto
import NASMessages
import NASSecurity

extension FuzzTarget {
  /// The first octet's low bit: who sent it. The rest is one NAS PDU.
  static let nas = FuzzTarget(name: "nas") { input in
    guard let head = input.first else { return }
    let direction: NASDirection = head & 1 == 0 ? .uplink : .downlink
    check(Array(input.dropFirst()), direction)
  }

  private static func check(_ octets: [UInt8], _ direction: NASDirection) {
    guard let pdu = try? NASPDU(parsing: octets, direction: direction) else { return }
    let again = pdu.encoded()
    insist(again == octets, "written otherwise than received")
    guard let second = try? NASPDU(parsing: again, direction: direction) else { return insist(false, "not read again") }
    insist(second == pdu && second.encoded() == again, "not the same the second time")
    guard case .plain(let message) = pdu else { return }
    var sum = 0
    for element in message.informationElements { sum &+= "\(element)".utf8.count }
    insist(sum >= 0, "")
  }

  /// The first octet chooses algorithms, side and COUNT; the second and third flip octets of the MAC, so that both branches are walked:
  /// what the context makes of a message with a good MAC, and of one without.
  static let protectedNAS = FuzzTarget(name: "protected-nas") { input in
    guard input.count > 8 else { return }
    var engine = CryptoEngine()
    let ciphering = CipheringAlgorithm(rawValue: input[0] & 3) ?? .eea0
    let integrity = IntegrityAlgorithm(rawValue: input[0] >> 2 & 3) ?? .eia0
    let side: NASSide = input[0] & 16 == 0 ? .mme : .userEquipment
    var context = SecurityContext(
      kasme: kasme, keySetIdentifier: 1, side: side, algorithms: NASAlgorithms(ciphering: ciphering, integrity: integrity), using: &engine)
    var octets = Array(input.dropFirst(2))
    if let pdu = try? SecurityProtectedNAS(parsing: octets), input[1] & 1 == 0 {
      // The right MAC for COUNT 0 … 255 of this context.
      let count = NASCount(UInt32(pdu.sequenceNumber))
      let mac = octets.withUnsafeBytes {
        engine.mac(
          integrity, key: context.integrityKey, count: count.value, bearer: 0, direction: side == .mme ? .uplink : .downlink,
          message: UnsafeRawBufferPointer(rebasing: $0[5...]))
      }
      for index in 0..<4 { octets[1 + index] = UInt8(truncatingIfNeeded: mac >> UInt32(24 - 8 * index)) }
    }
    let direction: NASDirection = side == .mme ? .uplink : .downlink
    switch try? NASPDU(parsing: octets, direction: direction) {
    case .protected(let pdu):
      guard let verified = try? context.unprotect(pdu, using: &engine) else { return }
      check(verified.octets, direction)
      // The same COUNT is not taken twice.
      if integrity != .eia0 { insist((try? context.unprotect(pdu, using: &engine)) == nil, "replayed") }
    case .serviceRequest(let request):
      guard side == .mme, let count = try? context.verify(request, using: &engine) else { return }
      context.accept(serviceRequestCount: count)
    case .plain, nil: break
    }
  }

  private static let kasme = KeyMaterial((0..<32).map { UInt8($0) })
}
