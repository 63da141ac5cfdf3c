import Testing

@testable import NASCrypto

@Suite("128-EEA and 128-EIA against the published vectors")
struct AlgorithmVectorTests {
  @Test("There is a vector of every kind and the sets are whole")
  func theSetsAreWhole() {
    let all = Vectors.published
    #expect(all.uea2.count == 5 && all.uia2.count == 12 && all.eia1.count == 6)
    #expect(all.eea2.count == 6 && all.eia2.count == 8)
    #expect(all.eea3.count == 5 && all.eia3.count == 5)
    #expect(all.nasShaped.count == 240)
  }

  @Test("Ciphering enciphers and deciphers, bit lengths as published")
  func ciphering() throws {
    let all = Vectors.published
    for (algorithm, vectors) in [(CipheringAlgorithm.eea1, all.uea2), (.eea2, all.eea2), (.eea3, all.eea3)] {
      var engine = CryptoEngine()
      for vector in vectors {
        let message = try octets(vector.message)
        let expected = try octets(vector.output)
        let key = try key(vector.key)
        let way = try direction(vector.direction)
        var data = message
        data.withUnsafeMutableBytes {
          engine.applyKeystream(
            algorithm, key: key, count: vector.count, bearer: vector.bearer, direction: way, to: $0, bitLength: vector.bitLength)
        }
        #expect(Array(data[..<expected.count]) == expected, "\(algorithm), \(vector.bitLength) bits")
        data.withUnsafeMutableBytes {
          engine.applyKeystream(
            algorithm, key: key, count: vector.count, bearer: vector.bearer, direction: way, to: $0, bitLength: vector.bitLength)
        }
        #expect(data == message)
      }
    }
  }

  @Test("Integrity gives the published MACs, bit lengths as published")
  func integrity() throws {
    let all = Vectors.published
    for (algorithm, vectors) in [(IntegrityAlgorithm.eia1, all.eia1), (.eia2, all.eia2), (.eia3, all.eia3)] {
      var engine = CryptoEngine()
      for vector in vectors {
        let message = try octets(vector.message)
        let key = try key(vector.key)
        let way = try direction(vector.direction)
        let mac = message.withUnsafeBytes {
          engine.mac(
            algorithm, key: key, count: vector.count, bearer: vector.bearer ?? 0, direction: way, message: $0,
            bitLength: vector.bitLength)
        }
        #expect(bigEndianOctets(UInt64(mac), count: 4) == (try octets(vector.mac)), "\(algorithm), \(vector.bitLength) bits")
      }
    }
  }

  @Test("UIA2 with a FRESH of 32 bits gives the published MACs")
  func integrityWithFresh() throws {
    var engine = CryptoEngine()
    for vector in Vectors.published.uia2 {
      let message = try octets(vector.message)
      let key = try key(vector.key)
      let way = try direction(vector.direction)
      let fresh = try #require(vector.fresh)
      let mac = message.withUnsafeBytes {
        engine.snow3GMAC(key: key, count: vector.count, fresh: fresh, direction: way, message: $0, bitLength: vector.bitLength)
      }
      #expect(bigEndianOctets(UInt64(mac), count: 4) == (try octets(vector.mac)), "\(vector.bitLength) bits")
    }
  }

  @Test("240 messages shaped as NAS has them, through every overload")
  func nasShaped() throws {
    var engine = CryptoEngine()
    for vector in Vectors.published.nasShaped {
      let message = try octets(vector.message)
      let key = try key(vector.key)
      let way = try direction(vector.direction)
      if let output = vector.output {
        let algorithm = try #require(CipheringAlgorithm.allCases.first { $0.description == vector.algorithm })
        var data = [0xaa] + message
        engine.applyKeystream(
          algorithm, key: key, count: vector.count, bearer: vector.bearer, direction: way, to: &data, from: 1)
        #expect(data == [0xaa] + (try octets(output)), "\(vector.algorithm), \(message.count) octets")
        var back = Array(data[1...])
        var span = back.mutableSpan
        engine.applyKeystream(algorithm, key: key, count: vector.count, bearer: vector.bearer, direction: way, to: &span)
        #expect(back == message)
      }
      if let mac = vector.mac {
        let algorithm = try #require(IntegrityAlgorithm.allCases.first { $0.description == vector.algorithm })
        let expected = UInt32(truncatingIfNeeded: bigEndianNumber(try octets(mac)))
        let padded = [0xaa] + message
        let fromArray = engine.mac(
          algorithm, key: key, count: vector.count, bearer: vector.bearer, direction: way, message: message)
        let fromSlice = engine.mac(
          algorithm, key: key, count: vector.count, bearer: vector.bearer, direction: way, message: padded[1...])
        let fromSpan = engine.mac(
          algorithm, key: key, count: vector.count, bearer: vector.bearer, direction: way, message: message.span)
        #expect(fromArray == expected && fromSlice == expected && fromSpan == expected, "\(vector.algorithm), \(message.count) octets")
      }
    }
  }

  @Test("What lies beyond LENGTH neither changes nor counts", arguments: 1...3)
  func bitsBeyondTheLength(algorithm: UInt8) throws {
    let ciphering = try #require(CipheringAlgorithm(rawValue: algorithm))
    let integrity = try #require(IntegrityAlgorithm(rawValue: algorithm))
    var engine = CryptoEngine()
    var random = SeededRandom(seed: 7)
    let key = KeyMaterial(random.octets(16))
    for bits in 0...300 {
      let message = random.octets(48)
      var full = message
      engine.applyKeystream(ciphering, key: key, count: 5, bearer: 3, direction: .downlink, to: &full)
      var part = message
      part.withUnsafeMutableBytes {
        engine.applyKeystream(ciphering, key: key, count: 5, bearer: 3, direction: .downlink, to: $0, bitLength: bits)
      }
      for bit in 0..<(48 * 8) {
        let source = bit < bits ? full : message
        #expect(part[bit / 8] >> UInt8(7 - bit % 8) & 1 == source[bit / 8] >> UInt8(7 - bit % 8) & 1)
      }
      // The same first bits with other ones behind them give the same MAC, and one more bit another one.
      var other = message
      for bit in bits..<(48 * 8) { other[bit / 8] ^= 1 << UInt8(7 - bit % 8) }
      var macs: [UInt32] = []
      for (octets, length) in [(message, bits), (other, bits), (message, bits + 1)] {
        macs.append(
          octets.withUnsafeBytes {
            engine.mac(integrity, key: key, count: 5, bearer: 3, direction: .downlink, message: $0, bitLength: length)
          })
      }
      #expect(macs[0] == macs[1] && macs[0] != macs[2])
    }
  }

  @Test("Every length and alignment in a buffer of just that size (under the address sanitizer: nothing beyond it is touched)")
  func exactBuffers() throws {
    var engine = CryptoEngine()
    var random = SeededRandom(seed: 8)
    let key = KeyMaterial(random.octets(16))
    for (count, offset) in (0..<130).flatMap({ count in (0..<8).map { (count, $0) } }) + [(511, 1), (512, 0), (513, 3), (1025, 0)] {
      let message = random.octets(count)
      let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: count + offset, alignment: 8)
      defer { whole.deallocate() }
      let exact = UnsafeMutableRawBufferPointer(rebasing: whole[offset...])
      exact.copyBytes(from: message)
      for value in UInt8(1)...3 {
        let integrity = try #require(IntegrityAlgorithm(rawValue: value))
        let ciphering = try #require(CipheringAlgorithm(rawValue: value))
        let mac = engine.mac(
          integrity, key: key, count: 1, bearer: 2, direction: .uplink, message: UnsafeRawBufferPointer(exact))
        let padded = (message + random.octets(32)).withUnsafeBytes {
          engine.mac(integrity, key: key, count: 1, bearer: 2, direction: .uplink, message: $0, bitLength: count * 8)
        }
        engine.applyKeystream(ciphering, key: key, count: 1, bearer: 2, direction: .uplink, to: exact)
        var long = message + [UInt8](repeating: 0, count: 32)
        engine.applyKeystream(ciphering, key: key, count: 1, bearer: 2, direction: .uplink, to: &long)
        let isSame = long.prefix(count).elementsEqual(exact)
        engine.applyKeystream(ciphering, key: key, count: 1, bearer: 2, direction: .uplink, to: exact)
        let isBack = message.elementsEqual(exact)
        if mac != padded || !isSame || !isBack { Issue.record("algorithm \(value), \(count) octets at \(offset)") }
      }
    }
  }

  @Test("The null algorithms change nothing and give 32 zero bits")
  func nullAlgorithms() {
    var engine = CryptoEngine()
    let key = KeyMaterial([])
    var data: [UInt8] = [1, 2, 3]
    engine.applyKeystream(.eea0, key: key, count: 1, bearer: 0, direction: .uplink, to: &data)
    #expect(data == [1, 2, 3])
    let mac = engine.mac(.eia0, key: key, count: 1, bearer: 0, direction: .uplink, message: data)
    #expect(mac == 0)
  }

  @Test("Empty messages are legal")
  func emptyMessages() {
    var engine = CryptoEngine()
    let key = KeyMaterial([UInt8](repeating: 1, count: 16))
    for algorithm in CipheringAlgorithm.allCases {
      var empty: [UInt8] = []
      engine.applyKeystream(algorithm, key: key, count: 1, bearer: 0, direction: .uplink, to: &empty)
      #expect(empty.isEmpty)
    }
    for algorithm in IntegrityAlgorithm.allCases where algorithm != .eia0 {
      let one = engine.mac(algorithm, key: key, count: 1, bearer: 0, direction: .uplink, message: [UInt8]())
      let two = engine.mac(algorithm, key: key, count: 2, bearer: 0, direction: .uplink, message: [UInt8]())
      #expect(one != two)
    }
  }
}
