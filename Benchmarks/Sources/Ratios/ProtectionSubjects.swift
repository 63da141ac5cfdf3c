import CLibcrypto
#if canImport(Glibc)
  import Glibc
#endif
import NASCrypto
import NASMessages
import NASSecurity

/// Protecting and unprotecting a NAS message of 64 octets under 128-EIA2 and 128-EEA2, against what its MAC and its keystream alone cost:
/// the public calls of NASCrypto on the same octets, and libcrypto's own CMAC and CTR.
func protectionSubjects(ues count: Int) -> [Subject] {
  let engine = UnsafeMutablePointer<CryptoEngine>.allocate(capacity: 1)
  engine.initialize(to: CryptoEngine())
  let contexts = Contexts(count, engine)
  let plain = [UInt8](repeating: 0x5A, count: 64)
  let suffix = count == 1 ? "warm" : "\(count) UEs in turn"
  let reference = bareSubject(contexts, engine, name: "EIA2 and EEA2 alone, 64 octets, \(suffix)")
  var subjects = [reference]
  if count == 1 { subjects.append(libcryptoSubject()) }

  var sending = Turning(contexts.ues)
  subjects.append(
    // One: the octets that come out.
    Subject(name: "protect 64 octets, \(suffix)", allocationBound: 1, reference: reference, referenceBound: 1.3) { n in
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
    })
  var receiving = Turning(contexts.ues)
  // The next messages of each UE's network, message by message; after the last one the UEs are as they were before the first.
  let messages = 64
  var mmes = contexts.mmes
  let pdus = (0..<messages * count).map { index in
    guard let octets = try? mmes[index % count].protect(plain, as: .integrityProtectedAndCiphered, using: &engine.pointee),
      case .protected(let pdu)? = try? NASPDU(parsing: octets, direction: .downlink)
    else { fatalError("no PDU") }
    return pdu
  }
  var next = 0
  subjects.append(
    Subject(name: "unprotect 64 octets, \(suffix)", allocationBound: 1, reference: reference, referenceBound: 1.3) { n in
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
    })
  return subjects
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

/// libcrypto's own, as its manual has it: one EVP_MAC and one CTR context, keyed once, started anew for each message.
private func libcryptoSubject() -> Subject {
  let key = [UInt8](repeating: 7, count: 16)
  guard let mac = EVP_MAC_fetch(nil, "CMAC", nil), let cmac = EVP_MAC_CTX_new(mac), let ctr = EVP_CIPHER_CTX_new() else {
    fatalError("no CMAC")
  }
  let cipherName = strdup("AES-128-CBC")
  var parameters = [OSSL_PARAM_construct_utf8_string("cipher", cipherName, 0), OSSL_PARAM_construct_end()]
  guard EVP_MAC_init(cmac, key, key.count, &parameters) == 1,
    EVP_EncryptInit_ex2(ctr, EVP_aes_128_ctr(), key, nil, nil) == 1
  else { fatalError("no keys") }
  let message = UnsafeMutablePointer<UInt8>.allocate(capacity: 80)
  message.initialize(repeating: 1, count: 80)
  var iv = [UInt8](repeating: 0, count: 16)
  return Subject(name: "libcrypto's CMAC and CTR, 64 octets, warm") { n in
    var sum: UInt64 = 0
    var written: Int32 = 0
    var length = 0
    for index in 0..<n {
      iv[3] = UInt8(truncatingIfNeeded: index)
      _ = EVP_EncryptInit_ex2(ctr, nil, nil, iv, nil)
      _ = EVP_EncryptUpdate(ctr, message + 9, &written, message + 9, 64)
      _ = EVP_MAC_init(cmac, nil, 0, nil)
      _ = EVP_MAC_update(cmac, message, 73)
      withUnsafeTemporaryAllocation(byteCount: 16, alignment: 16) { tag in
        _ = EVP_MAC_final(cmac, tag.baseAddress?.assumingMemoryBound(to: UInt8.self), &length, 16)
        sum &+= UInt64(tag[0])
      }
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
