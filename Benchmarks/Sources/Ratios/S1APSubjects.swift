import NASMessages
import S1AP

/// S1AP: decoding, and building from Swift values with encoding, of messages of real MMEs; each also as a plain copy of its octets.
func s1apSubjects() -> [Subject] {
  let request = octets(contextSetupRequest)
  let handover = octets(handoverRequest)
  let nas = [UInt8](repeating: 0x5a, count: 60)
  guard let plmn = PLMNIdentity("00101") else { fatalError("no PLMN") }
  return [
    copy(of: request, "INITIAL CONTEXT SETUP REQUEST"),
    decode(request, "INITIAL CONTEXT SETUP REQUEST"),
    decodeWithNAS(request),
    encodeAgain(request, "INITIAL CONTEXT SETUP REQUEST"),
    buildContextSetupRequest(request),
    copy(of: handover, "HANDOVER REQUEST"),
    decode(handover, "HANDOVER REQUEST"),
    build("UPLINK NAS TRANSPORT", bound: 60) { try builder(.uplinkNASTransport, nas, plmn, $0) },
    build("DOWNLINK NAS TRANSPORT", bound: 40) { try builder(.downlinkNASTransport, nas, plmn, $0) },
    build("INITIAL UE MESSAGE", bound: 60) { try builder(.initialUEMessage, nas, plmn, $0) },
  ]
}

private func copy(of octets: [UInt8], _ name: String) -> Subject {
  let target = UnsafeMutablePointer<UInt8>.allocate(capacity: octets.count)
  target.initialize(repeating: 0, count: octets.count)
  return Subject(name: "memcpy, \(octets.count) octets (\(name))", allocationBound: 0) { count in
    var sum: UInt64 = 0
    octets.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      for index in 0..<count {
        target.update(from: base, count: octets.count)
        sum &+= UInt64(target[index % octets.count])
      }
    }
    return sum
  }
}

private func decode(_ octets: [UInt8], _ name: String) -> Subject {
  Subject(name: "\(name), \(octets.count) octets, decode", bound: 100, allocationBound: 3) { count in
    var sum: UInt64 = 0
    for _ in 0..<count {
      do { sum &+= UInt64(try S1APPDU(decoding: octets).procedureCode.rawValue) } catch { fatalError("does not decode: \(error)") }
    }
    return sum
  }
}

/// The same down to its NAS message: bearer, NAS-PDU, envelope (the capture's is ciphered).
private func decodeWithNAS(_ octets: [UInt8]) -> Subject {
  Subject(name: "INITIAL CONTEXT SETUP REQUEST, its NAS too", bound: 100, allocationBound: 3) { count in
    var sum: UInt64 = 0
    for _ in 0..<count {
      do {
        let pdu = try S1APPDU(decoding: octets)
        guard let nas = pdu[.eRABToBeSetupListCtxtSUReq]?.elements[0]?["nAS-PDU"]?.octets,
          case .protected(let envelope) = try NASPDU(parsing: Array(nas), direction: .downlink)
        else { fatalError("no NAS message") }
        sum &+= UInt64(envelope.sequenceNumber)
      } catch { fatalError("does not decode: \(error)") }
    }
    return sum
  }
}

private func encodeAgain(_ octets: [UInt8], _ name: String) -> Subject {
  guard let pdu = try? S1APPDU(decoding: octets) else { fatalError("does not decode") }
  return build("\(name), decoded before", bound: 100) { _ in try pdu.encoded() }
}

/// Encoding of what `body` makes of a running number, tried once before.
private func build(_ name: String, bound: Double, _ body: @escaping (UInt32) throws -> [UInt8]) -> Subject {
  guard let example = try? body(1) else { fatalError("\(name) cannot be built") }
  return Subject(name: "\(name), \(example.count) octets, encode", bound: bound, allocationBound: 5) { count in
    var sum: UInt64 = 0
    for index in 0..<count {
      do { sum &+= UInt64(try body(UInt32(index & 0xffff)).count) } catch { fatalError("cannot be built: \(error)") }
    }
    return sum
  }
}

/// The very message of the capture, from Swift values as an MME has them.
private func buildContextSetupRequest(_ expected: [UInt8]) -> Subject {
  do {
    let pdu = try S1APPDU(decoding: expected)
    let mme = pdu[.mmeUES1APID]?.unsigned ?? 0
    let bitRate: UEAggregateMaximumBitrate = try pdu.required(.ueAggregateMaximumBitrate)
    let capabilities: UESecurityCapabilities = try pdu.required(.ueSecurityCapabilities)
    guard let item = try pdu.required(.eRABToBeSetupListCtxtSUReq).elements[0] else { fatalError("no bearer") }
    let bearer = try ERABToBeSetupItem(item)
    let key = try pdu.required(.securityKey).bits?.padded ?? []
    let imeisv = try pdu.required(.maskedIMEISV).bits?.padded ?? []
    let make = { (eNB: UInt32) throws -> [UInt8] in
      var builder = S1APBuilder(.initialContextSetupRequest)
      builder.add(.mmeUES1APID, .integer(mme))
      builder.add(.eNBUES1APID, .integer(UInt64(eNB)))
      builder.add(.ueAggregateMaximumBitrate, bitRate)
      builder.add(.eRABToBeSetupListCtxtSUReq, [bearer])
      builder.add(.ueSecurityCapabilities, capabilities)
      builder.add(.securityKey, .bits(key, count: 256))
      builder.add(.maskedIMEISV, .bits(imeisv, count: 64))
      return try builder.encoded()
    }
    guard try make(UInt32(pdu[.eNBUES1APID]?.unsigned ?? 0)) == expected else { fatalError("not the same message") }
    return build("INITIAL CONTEXT SETUP REQUEST, values", bound: 100, make)
  } catch { fatalError("\(error)") }
}

private func builder(_ message: S1APMessage, _ nas: [UInt8], _ plmn: PLMNIdentity, _ number: UInt32) throws -> [UInt8] {
  var builder = S1APBuilder(message)
  if message != .initialUEMessage { builder.add(.mmeUES1APID, .integer(UInt64(number))) }
  builder.add(.eNBUES1APID, .integer(UInt64(number)))
  builder.add(.nasPDU, .octets(nas))
  switch message {
  case .uplinkNASTransport:
    builder.add(.eutranCGI, EUTRANCGI(plmn: plmn, cell: number))
    builder.add(.tai, TAI(plmn: plmn, tac: 1))
  case .initialUEMessage:
    builder.add(.tai, TAI(plmn: plmn, tac: 1))
    builder.add(.eutranCGI, EUTRANCGI(plmn: plmn, cell: number))
    builder.add(.rrcEstablishmentCause, .position(3))
  default: break
  }
  return try builder.encoded()
}

private func octets(_ hex: String) -> [UInt8] {
  let digits = Array(hex.utf8).map { $0 < 58 ? $0 - 48 : $0 - 87 }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

// open5gs/attach_detach, frame 9, and open5gs/s1_handover, frame 14, of our captures.
let contextSetupRequest =
  "00090080b20000070000000200010008000200020042000a183b9aca00603b9aca00001800580000340053450009200f807f0000060000b2454427a5"
  + "af9970015427397ffcf86878bf0b84a03b28e166b7e30a3d780668fdfc7abbc60074ed7cbbb81f4ab362caad8643a8fb900f45d997e616d4da711639"
  + "ec369b7423d4006b000518000c00000049002059c5e913fb7d235b05fd2d9e68b4bdad59a41a8300c3b4b70ae20f2610cd015500c040080123456789"
  + "ffff45"
private let handoverRequest =
  "000100808400000900000002000c00010001000002400202000042000a183b9aca00603b9aca000035001200001b000d0a1f7f000006000065610009"
  + "200068000e0d0001025352432d544f2d544754006b000518000c0000002800211003dec60c102b00b8b833e5e63f2d6c1e21cacf732f5a550c25dde0"
  + "a71fe985fc00c040080123456789ffff45"
