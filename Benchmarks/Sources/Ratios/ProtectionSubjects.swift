import CLibcrypto
import NASCrypto
import NASMessages
import NASSecurity

/// Protecting and unprotecting a NAS message of 64 octets under 128-EIA2 and 128-EEA2.
///
/// The issue compares with CMAC and CTR of libcrypto. Our own EIA2 and EEA2 take less than half of that, so a second pair of rows compares with those
/// alone: it shows what NAS adds to them (COUNT, header, the array that comes out), and its bound is a guard of our own.
func protectionSubjects(ues count: Int) -> [Subject] {
  let engine = UnsafeMutablePointer<CryptoEngine>.allocate(capacity: 1)
  engine.initialize(to: CryptoEngine())
  let contexts = Contexts(count, engine)
  let plain = [UInt8](repeating: 0x5A, count: 64)
  let suffix = count == 1 ? "warm" : "\(count) UEs in turn"
  let libcrypto = libcryptoSubject(ues: count, name: "libcrypto's CMAC and CTR, \(suffix)")
  let own = bareSubject(contexts, engine, name: "our EIA2 and EEA2 alone, \(suffix)")
  let protecting = protection(of: plain, contexts, engine)
  let unprotecting = unprotection(of: plain, contexts, engine)
  func subject(_ name: String, _ reference: Subject, bound: Double, _ body: @escaping (Int) -> UInt64) -> Subject {
    // One allocation: the octets that come out.
    Subject(name: "\(name), \(suffix)", allocationBound: 1, reference: reference, referenceBound: bound, body: body)
  }
  return [
    libcrypto, own,
    subject("protect 64 octets", libcrypto, bound: 1.3, protecting), subject("unprotect 64 octets", libcrypto, bound: 1.3, unprotecting),
    subject("protect by our EIA2, EEA2", own, bound: 1.6, protecting),
    subject("unprotect by our EIA2, EEA2", own, bound: 1.6, unprotecting),
  ]
}

private func protection(of plain: [UInt8], _ contexts: Contexts, _ engine: UnsafeMutablePointer<CryptoEngine>) -> (Int) -> UInt64 {
  var sending = Turning(contexts.ues)
  return { n in
    var sum: UInt64 = 0
    for _ in 0..<n {
      guard let pdu = try? sending.ues[sending.turn.ue].protect(plain, as: .integrityProtectedAndCiphered, using: &engine.pointee) else {
        // 2^24 messages are through: the COUNT starts again.
        sending.ues[sending.turn.ue].restartUplinkCount()
        continue
      }
      sum &+= UInt64(pdu[1])
      sending.turn.next()
    }
    return sum
  }
}

/// The next messages of each UE's network, message by message; after the last one the UEs are as they were before the first.
private func unprotection(of plain: [UInt8], _ contexts: Contexts, _ engine: UnsafeMutablePointer<CryptoEngine>) -> (Int) -> UInt64 {
  var receiving = Turning(contexts.ues)
  let messages = 64
  let count = contexts.ues.count
  var mmes = contexts.mmes
  let pdus = UnsafeMutableBufferPointer<SecurityProtectedNAS>.allocate(capacity: messages * count)
  for index in pdus.indices {
    guard let octets = try? mmes[index % count].protect(plain, as: .integrityProtectedAndCiphered, using: &engine.pointee),
      case .protected(let pdu)? = try? NASPDU(parsing: octets, direction: .downlink)
    else { fatalError("no PDU") }
    pdus.initializeElement(at: index, to: pdu)
  }
  var next = 0
  return { n in
    var sum: UInt64 = 0
    for _ in 0..<n {
      guard let verified = try? receiving.ues[receiving.turn.ue].unprotect(pdus[next], using: &engine.pointee) else {
        fatalError("does not verify")
      }
      sum &+= UInt64(verified.octets[0])
      receiving.turn.next()
      next += 1
      if next == pdus.count {
        next = 0
        for (index, context) in contexts.ues.enumerated() { receiving.ues[index] = context }
      }
    }
    return sum
  }
}

/// What must be computed whoever does it, through the same engine.
private func bareSubject(_ contexts: Contexts, _ engine: UnsafeMutablePointer<CryptoEngine>, name: String) -> Subject {
  var turning = Turning(contexts.ues)
  // Sequence number and message.
  let message = UnsafeMutableRawBufferPointer.allocate(byteCount: 65, alignment: 16)
  for index in 0..<65 { message[index] = UInt8(index) }
  return Subject(name: name, allocationBound: 0) { n in
    var sum: UInt64 = 0
    for index in 0..<n {
      let ue = turning.turn.ue
      engine.pointee.applyKeystream(
        .eea2, key: turning.ues[ue].encryptionKey, count: UInt32(truncatingIfNeeded: index), bearer: 0, direction: .uplink,
        to: UnsafeMutableRawBufferPointer(rebasing: message[1...]))
      sum &+= UInt64(
        engine.pointee.mac(
          .eia2, key: turning.ues[ue].integrityKey, count: UInt32(truncatingIfNeeded: index), bearer: 0, direction: .uplink,
          message: UnsafeRawBufferPointer(message)))
      turning.turn.next()
    }
    return sum
  }
}

/// libcrypto's own: a CMAC and a CTR context for each UE, keyed once and started anew for each message.
///
/// Each by its fastest calls: the older CMAC functions take 150 ns where EVP_MAC takes 180, a fetched CTR is as fast as any.
private func libcryptoSubject(ues count: Int, name: String) -> Subject {
  let key = [UInt8](repeating: 7, count: 16)
  guard let cipher = EVP_CIPHER_fetch(nil, "AES-128-CTR", nil) else { fatalError("no CTR") }
  let contexts = (0..<count).map { _ in
    guard let cmac = CMAC_CTX_new(), let ctr = EVP_CIPHER_CTX_new(), CMAC_Init(cmac, key, key.count, EVP_aes_128_cbc(), nil) == 1,
      EVP_EncryptInit_ex2(ctr, cipher, key, nil, nil) == 1
    else { fatalError("no keys") }
    return (cmac: cmac, ctr: ctr)
  }
  // COUNT, BEARER and DIRECTION, sequence number, message.
  let message = UnsafeMutablePointer<UInt8>.allocate(capacity: 80)
  message.initialize(repeating: 1, count: 80)
  let iv = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
  iv.initialize(repeating: 0, count: 16)
  let tag = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
  tag.initialize(repeating: 0, count: 16)
  var turn = Turn(count: count)
  return Subject(name: name) { n in
    var sum: UInt64 = 0
    var written: Int32 = 0
    var length = 0
    for index in 0..<n {
      let (cmac, ctr) = contexts[turn.ue]
      iv[3] = UInt8(truncatingIfNeeded: index)
      _ = EVP_EncryptInit_ex2(ctr, nil, nil, iv, nil)
      _ = EVP_EncryptUpdate(ctr, message + 9, &written, message + 9, 64)
      _ = CMAC_Init(cmac, nil, 0, nil, nil)
      _ = CMAC_Update(cmac, message, 73)
      _ = CMAC_Final(cmac, tag, &length)
      sum &+= UInt64(tag[0])
      turn.next()
    }
    return sum
  }
}

/// Both sides' contexts of some UEs.
private struct Contexts {
  var ues: [SecurityContext]
  var mmes: [SecurityContext]

  init(_ count: Int, _ engine: UnsafeMutablePointer<CryptoEngine>) {
    var random = SeededRandom(seed: UInt64(count))
    let algorithms = NASAlgorithms(ciphering: .eea2, integrity: .eia2)
    (ues, mmes) = ([], [])
    for _ in 0..<count {
      let kasme = KeyMaterial(random.octets(32))
      ues.append(SecurityContext(kasme: kasme, keySetIdentifier: 1, side: .userEquipment, algorithms: algorithms, using: &engine.pointee))
      mmes.append(SecurityContext(kasme: kasme, keySetIdentifier: 1, side: .mme, algorithms: algorithms, using: &engine.pointee))
    }
  }
}

/// Contexts that change, in plain memory: no checks of exclusive access, which in the product happen once where an input comes in.
private struct Turning {
  let ues: UnsafeMutablePointer<SecurityContext>
  var turn: Turn

  init(_ contexts: [SecurityContext]) {
    ues = .allocate(capacity: contexts.count)
    for (index, context) in contexts.enumerated() { (ues + index).initialize(to: context) }
    turn = Turn(count: contexts.count)
  }
}
