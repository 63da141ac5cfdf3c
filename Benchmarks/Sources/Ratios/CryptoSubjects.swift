import CLibcrypto
import NASCrypto

/// The unit: one AES-128 block of libcrypto through a reused ECB context, no more than the call.
func aesBlock() -> Subject {
  guard let context = EVP_CIPHER_CTX_new() else { fatalError("no context") }
  let key = [UInt8](repeating: 7, count: 16)
  let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
  buffer.initialize(repeating: 1, count: 16)
  guard EVP_EncryptInit_ex2(context, EVP_aes_128_ecb(), key, nil, nil) == 1, EVP_CIPHER_CTX_set_padding(context, 0) == 1 else {
    fatalError("no AES")
  }
  return Subject(name: "one AES-128 block (the unit)", bound: nil, allocationBound: 0) { count in
    var written: Int32 = 0
    for _ in 0..<count { _ = EVP_EncryptUpdate(context, buffer, &written, buffer, 16) }
    return UInt64(buffer[0])
  }
}

/// The control of the allocation counter: must count exactly 1.
func oneAllocation() -> Subject {
  Subject(name: "control: one allocation", bound: nil, allocationBound: nil) { count in
    var sum: UInt64 = 0
    for index in 0..<count {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 24 + index % 8, alignment: 8)
      memory.storeBytes(of: UInt8(truncatingIfNeeded: index), as: UInt8.self)
      sink &+= UInt64(UInt(bitPattern: memory))
      sum &+= UInt64(memory.load(as: UInt8.self))
      memory.deallocate()
    }
    return sum
  }
}

/// An engine that closures can share.
final class EngineBox {
  var engine = CryptoEngine()
}

/// The keys of some UEs, as an attach leaves them: every UE has a K and an OPc, a KASME, a KNASint and a KNASenc, made in that order.
struct Population {
  struct UE {
    var k, opc, kasme, integrity, ciphering: KeyMaterial
  }
  let ues: [UE]

  init(_ count: Int) {
    var random = SeededRandom(seed: UInt64(count))
    ues = (0..<count).map { _ in
      let k = KeyMaterial(random.octets(16))
      let opc = KeyMaterial(random.octets(16))
      let kasme = KeyMaterial(random.octets(32))
      return UE(
        k: k, opc: opc, kasme: kasme, integrity: KeyMaterial(random.octets(16)), ciphering: KeyMaterial(random.octets(16)))
    }
  }
}

/// Whose turn it is; goes on from one round of measuring to the next, so that every UE comes up.
struct Turn {
  let count: Int
  var ue = 0

  @inline(__always)
  mutating func next() { ue = ue + 1 == count ? 0 : ue + 1 }
}

/// The subjects of NASCrypto over the public API, with the UE switched at every call among `count` of them (1: warm).
func cryptoSubjects(ues count: Int) -> [Subject] {
  let population = Population(count)
  let factor = count == 1 ? 1.0 : 2.0
  let suffix = count == 1 ? "warm" : "\(count) UEs in turn"
  let box = EngineBox()
  let message = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 16)
  for index in 0..<64 { message[index] = UInt8(index) }
  var subjects: [Subject] = []

  for (algorithm, bound) in [(IntegrityAlgorithm.eia1, 70.0), (.eia2, 8), (.eia3, 70)] {
    var turn = Turn(count: count)
    subjects.append(
      Subject(name: "\(algorithm), 64 octets, \(suffix)", bound: bound * factor, allocationBound: 0) { n in
        var sum: UInt64 = 0
        for index in 0..<n {
          sum &+= UInt64(
            box.engine.mac(
              algorithm, key: population.ues[turn.ue].integrity, count: UInt32(truncatingIfNeeded: index), bearer: 0,
              direction: .uplink, message: UnsafeRawBufferPointer(message)))
          turn.next()
        }
        return sum
      })
  }
  for (algorithm, bound) in [(CipheringAlgorithm.eea1, 70.0), (.eea2, 10), (.eea3, 70)] {
    var turn = Turn(count: count)
    subjects.append(
      Subject(name: "\(algorithm), 64 octets, \(suffix)", bound: bound * factor, allocationBound: 0) { n in
        for index in 0..<n {
          box.engine.applyKeystream(
            algorithm, key: population.ues[turn.ue].ciphering, count: UInt32(truncatingIfNeeded: index), bearer: 0,
            direction: .uplink, to: message)
          turn.next()
        }
        return UInt64(message[63])
      })
  }
  var kdfTurn = Turn(count: count)
  subjects.append(
    // Two for the key that comes out (object and octets), one for each of the two digests (libcrypto 3.0 makes its SHA-256 state anew).
    Subject(name: "KDF (KNASint), \(suffix)", bound: 34 * factor, allocationBound: 4) { n in
      var sum: UInt64 = 0
      for _ in 0..<n {
        sum &+= box.engine.deriveNASIntegrityKey(kasme: population.ues[kdfTurn.ue].kasme, .eia2).id
        kdfTurn.next()
      }
      return sum
    })
  var milenageTurn = Turn(count: count)
  subjects.append(
    Subject(name: "MILENAGE f1 to f5*, \(suffix)", bound: 14 * factor, allocationBound: 0) { n in
      var sum: UInt64 = 0
      for index in 0..<n {
        let u = population.ues[milenageTurn.ue]
        let o = box.engine.milenage(
          k: u.k, opc: u.opc, rand: Block(high: UInt64(index), low: 1), sqn: UInt64(index), amf: 0x8000)
        sum &+= o.f1 ^ o.f1Star ^ o.f2 ^ o.f3.high ^ o.f3.low ^ o.f4.high ^ o.f4.low ^ o.f5 ^ o.f5Star
        milenageTurn.next()
      }
      return sum
    })
  return subjects
}
