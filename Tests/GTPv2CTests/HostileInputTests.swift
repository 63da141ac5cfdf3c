import Testing

@testable import GTPv2C

/// Whatever comes, the answer is a message or a typed error: never a trap.
@Suite struct HostileInputTests {
  /// Reads everything that can be read.
  private func read(_ octets: [UInt8]) {
    guard let message = try? GTPv2CMessage(decoding: octets) else {
      _ = GTPv2CMessage.outline(of: octets)
      return
    }
    #expect((try? message.encoded()) == octets)
    _ = message.missingElement
    _ = try? message.mmContext.octets
    _ = try? message.mmContext.epsTail
    _ = try? message[ForwardRelocationRequest.imsi]
    _ = try? message[ForwardRelocationRequest.sender]
    _ = try? message[ForwardRelocationRequest.target]
    _ = try? message[ForwardRelocationRequest.eUTRANContainer]
    _ = try? message[ForwardRelocationRequest.s1APCause]
    _ = try? message[ContextRequest.guti]
    _ = try? message[ContextRequest.request]
    _ = try? message[ForwardRelocationResponse.cause]
    for connection in (try? message.all(ForwardRelocationRequest.connection)) ?? [] {
      _ = try? connection[PDNConnection.accessPointName]
      _ = try? connection[PDNConnection.ipv4Address]
      for bearer in (try? connection.all(PDNConnection.bearer)) ?? [] {
        _ = try? bearer[BearerContext.identity]
        _ = try? bearer[BearerContext.qos]
      }
    }
  }

  @Test func `octets changed, cut and added to at random`() throws {
    var random = SystemLike(seed: 1)
    for message in Samples.messages {
      let octets = try message.encoded()
      for _ in 0..<500 {
        var changed = octets
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let place = Int.random(in: changed.indices, using: &random)
          changed[place] = UInt8.random(in: 0...255, using: &random)
        }
        if Bool.random(using: &random) { changed.removeLast(Int.random(in: 0..<changed.count, using: &random)) }
        if changed.isEmpty { continue }
        if Bool.random(using: &random), changed.count > 3 {
          // A length that fits, so that what is inside is reached.
          changed[2] = UInt8((changed.count - 4) >> 8)
          changed[3] = UInt8((changed.count - 4) & 255)
        }
        read(changed)
      }
    }
  }

  @Test func `an MM context cut anywhere is an error with its place, or a shorter context`() {
    for context in Samples.contexts {
      let octets = context.octets
      for end in 0..<octets.count {
        do throws(GTPv2CError) { _ = try MMContext(decoding: octets[..<end]) } catch {
          #expect(error.code == .truncated)
          #expect(error.offset <= end)
        }
      }
    }
  }

  @Test(
    arguments: [
      ([], GTPv2CError.Code.truncated), ([0x48, 133, 0, 40, 0], .truncated), ([0x32, 1, 0, 0, 0, 0, 0, 0], .unsupportedVersion),
      ([0x40, 1, 0, 4, 0, 0, 1, 0, 9], .trailingOctets), ([0x40, 1, 0, 8, 0, 0, 1, 0, 3, 0, 9, 0], .truncated),
    ] as [([UInt8], GTPv2CError.Code)])
  func `what is no message has an error that says why`(octets: [UInt8], code: GTPv2CError.Code) {
    do throws(GTPv2CError) {
      _ = try GTPv2CMessage(decoding: octets)
      Issue.record("was read")
    } catch {
      #expect(error.code == code)
    }
  }

  @Test func `an error names the message, the element and the octet`() throws {
    var request = Samples.request()
    request.elements.removeAll { $0.type == .fullyQualifiedTEID && $0.instance == 0 }
    #expect(request.missingElement == "Sender's F-TEID for Control Plane")
    do {
      _ = try request[ForwardRelocationRequest.sender]
      Issue.record("was read")
    } catch {
      #expect(error.description == "Forward Relocation Request / Sender's F-TEID for Control Plane: missing (octet 0)")
    }
    var octets = try Samples.request(Samples.eps(old: false, vectors: false)).encoded()
    let place = try #require(octets.indices.first { octets[$0] == 107 && octets[$0 + 1] == 0 && octets[$0 + 3] == 0 })
    // OSCI without the octets that belong to it: what follows is taken for the old context.
    octets[place + 5] |= 1
    do {
      _ = try GTPv2CMessage(decoding: octets).mmContext
      Issue.record("was read")
    } catch {
      #expect(error.code == .truncated)
      #expect(error.path.hasPrefix("Forward Relocation Request / MM Context / old K"))
      #expect(error.offset > place)
    }
  }

  @Test func `a security mode that is not the element's is refused`() {
    var request = Samples.request()
    for index in request.elements.indices where request.elements[index].type == .mmContextEPS {
      request.elements[index].type = .mmContextUMTS
    }
    #expect(throws: GTPv2CError.self) { try request.mmContext }
  }
}

/// A generator with a seed.
struct SystemLike: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
