import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// ESM messages that are wrong in their header, their type or a mandatory element: TS 24.301 §6.7, §7.3, §7.4, §7.5.3.
@Suite struct SessionProtocolErrorTests {
  /// What the UE sends on these octets: type, EPS bearer identity, PTI and the last octet, which is the cause where there is one.
  func answers(_ bench: Bench, _ octets: [UInt8]) throws -> [[UInt8]] {
    let outputs = bench.deliver(bench.network.pdu(octets, .ciphered, using: &bench.engine))
    return try bench.opened(outputs).map { sent in
      [
        sent.message.type.octet, sent.message.epsBearerIdentity, sent.message.procedureTransactionIdentity,
        sent.message.encoded().last ?? 0,
      ]
    }
  }

  /// Registered, with a dedicated bearer 6.
  func bench() throws -> Bench {
    let bench = try Bench.registered()
    _ = try bench.opened(bench.deliver(SessionTests.dedicated(), .ciphered))
    return bench
  }

  /// Registered, with a transaction under way.
  func asking(_ request: SessionRequest) throws -> (bench: Bench, transaction: UInt8) {
    let bench = try bench()
    _ = try bench.opened(bench.give(.requestSession(request)))
    return (bench, try #require(bench.ue.sessions.transactions.first).identity)
  }

  @Test("§7.5.3 a-c: a mandatory element is wrong, or one asks for comprehension: the request's own reject with #96, PTI 0")
  func mandatoryElements() throws {
    // ACTIVATE DEDICATED without TFT.
    #expect(try answers(bench(), [0x72, 0, 0xC5, 0x05, 0x01, 0x09]) == [[0xC7, 7, 0, 96]])
    // ACTIVATE DEDICATED with an EPS QoS too short.
    #expect(try answers(bench(), [0x72, 0, 0xC5, 0x05, 0x00]) == [[0xC7, 7, 0, 96]])
    // MODIFY with an unknown element that requires comprehension.
    #expect(try answers(bench(), [0x52, 0, 0xC9, 0x05, 0x00]) == [[0xCB, 5, 0, 96]])
    // ACTIVATE DEFAULT, cut short: the transaction that it answers is over.
    let (bench, transaction) = try asking(.connect("ims"))
    #expect(try answers(bench, [0x72, transaction, 0xC1, 0x01]) == [[0xC3, 7, 0, 96]])
    #expect(bench.ue.sessions.transactions.isEmpty)
  }

  @Test("§7.5.3 d: DEACTIVATE with a mandatory element wrong is accepted, and the bearer goes")
  func mandatoryElementOfDeactivation() throws {
    let bench = try bench()
    #expect(try answers(bench, [0x62, 0, 0xCD]) == [[0xCE, 6, 0, 0xCE]])
    #expect(bench.ue.dedicatedBearers.isEmpty && bench.ue.bearers.count == 1)
    #expect(try answers(bench, [0x52, 0, 0xCD]) == [[0xCE, 5, 0, 0xCE]])
    #expect(bench.ue.bearers.isEmpty)
  }

  @Test("§7.3 goes before §7.5: the header decides first, whatever else is wrong")
  func headerFirst() throws {
    #expect(try answers(bench(), [0x72, 255, 0xC5, 0x05]) == [[0xC7, 7, 0, 81]])
    #expect(try answers(bench(), [0x72, 9, 0xC5, 0x05]) == [[0xC7, 7, 0, 47]])
    #expect(try answers(bench(), [0x42, 0, 0xC5, 0x05]) == [[0xC7, 4, 0, 43]])
    #expect(try answers(bench(), [0x72, 0, 0xC9, 0x05, 0x00]) == [[0xCB, 7, 0, 43]])
    // DEACTIVATE with PTI 255 or 9: ignored (§7.3.1 m), the bearer stays.
    let bench = try bench()
    for transaction in [255, 9] as [UInt8] { #expect(try answers(bench, [0x62, transaction, 0xCD]).isEmpty) }
    #expect(bench.ue.dedicatedBearers.count == 1)
    // A reject that is none of our transaction's and cannot be read is ignored (§7.3.1 a); ours has #96.
    #expect(try answers(bench, [0x02, 9, 0xD1]).isEmpty)
    let (asking, transaction) = try asking(.connect("ims"))
    #expect(try answers(asking, [0x02, transaction, 0xD1]) == [[0xE8, 0, transaction, 96]])
  }

  // MARK: ESM STATUS

  func status(_ cause: UInt8, bearer: UInt8 = 0, transaction: UInt8 = 0) throws -> NASMessage {
    try NASMessage(decoding: [bearer << 4 | 2, transaction, 0xE8, cause], direction: .downlink)
  }

  @Test("§6.7: ESM STATUS #81 and #97 end the transaction of their PTI, with its timer; other causes end nothing")
  func statusOfATransaction() throws {
    for cause in [81, 97] as [UInt8] {
      let (bench, transaction) = try asking(.connect("ims"))
      bench.deliver(try status(cause, transaction: transaction &+ 1), .ciphered)
      bench.deliver(try status(111, transaction: transaction), .ciphered)
      #expect(bench.ue.sessions.transactions.count == 1)
      let outputs = bench.deliver(try status(cause, transaction: transaction), .ciphered)
      #expect(outputs.contains(.stopSessionTimer(ESMTimer(.t3482, procedureTransactionIdentity: transaction))))
      #expect(outputs.events.contains(.sessionFailed(.connect("ims"), ESMCause(rawValue: cause))))
      #expect(bench.ue.sessions.transactions.isEmpty && outputs.uplinks.isEmpty)
    }
  }

  @Test("§6.7: ESM STATUS #97 ends what is about its bearer, which stays")
  func statusAboutABearer() throws {
    let (bench, _) = try asking(.modify(bearer: 6, SessionTests.flows, nil))
    bench.deliver(try status(97, bearer: 5), .ciphered)
    #expect(bench.ue.sessions.transactions.count == 1)
    bench.deliver(try status(97, bearer: 6), .ciphered)
    #expect(bench.ue.sessions.transactions.isEmpty && bench.ue.dedicatedBearers.count == 1)
  }

  @Test("§6.7: ESM STATUS #43 takes the bearer away, without signalling")
  func statusWithoutBearer() throws {
    let (bench, _) = try asking(.modify(bearer: 6, SessionTests.flows, nil))
    let outputs = bench.deliver(try status(43, bearer: 6), .ciphered)
    #expect(bench.ue.dedicatedBearers.isEmpty && bench.ue.sessions.transactions.isEmpty && outputs.uplinks.isEmpty)
    #expect(outputs.events.contains(.bearerDeactivated(6, .invalidEPSBearerIdentity)))
    #expect(bench.deliver(try status(43, bearer: 9), .ciphered).events.count == 1)
  }

  @Test("With the last PDN connection the registration goes, and the UE attaches anew (§6.4.4.6)")
  func statusWithoutTheLastBearer() throws {
    let bench = try bench()
    let outputs = bench.deliver(try status(43, bearer: 5), .ciphered)
    #expect(outputs.events.contains(.detached(.locally)) && outputs.contains(.releaseConnection))
    try bench.assertSends(outputs, .attachRequest, header: .integrityProtected)
    #expect(bench.ue.bearers.isEmpty && bench.ue.dedicatedBearers.isEmpty)
  }

  // MARK: Types

  @Test("§7.4 after §7.3: an unknown type with a PTI or a bearer that is not ours is ignored, else it has #97")
  func unknownTypes() throws {
    let bench = try bench()
    #expect(try answers(bench, [0x52, 255, 0x77]).isEmpty)
    #expect(try answers(bench, [0x52, 9, 0x77]).isEmpty)
    #expect(try answers(bench, [0x02, 0, 0x77]).isEmpty)
    #expect(try answers(bench, [0x92, 0, 0x77]).isEmpty)
    #expect(try answers(bench, [0x52, 0, 0x77]) == [[0xE8, 5, 0, 97]])
  }

  @Test("§7.4 NOTE: what only a UE sends is a type that does not exist: #97, readable or not; what fits no state is #98")
  func directions() throws {
    let bench = try bench()
    // PDN CONNECTIVITY REQUEST, ACTIVATE DEDICATED ACCEPT; cut short.
    for octets in [[0x52, 0, 0xD0, 0x31], [0x52, 0, 0xC6], [0x52, 0, 0xD0]] as [[UInt8]] {
      #expect(try answers(bench, octets) == [[0xE8, 5, 0, 97]])
    }
    // ATTACH REQUEST cut short, TRACKING AREA UPDATE COMPLETE; DETACH ACCEPT comes from both sides.
    for (octets, cause) in [([0x07, 0x41, 0x01], 97), ([0x07, 0x4A], 97), ([0x07, 0x46], 98)] as [([UInt8], UInt8)] {
      let sent = try bench.opened(bench.deliver(bench.network.pdu(octets, .ciphered, using: &bench.engine)))
      #expect(sent.map { [$0.message.type.octet, $0.message.encoded().last] } == [[0x60, cause]])
    }
  }

  @Test("§7.3.2 k: ESM DATA TRANSPORT is taken for a bearer that is there, else it has #43")
  func dataTransport() throws {
    let bench = try bench()
    let outputs = bench.deliver(bench.network.pdu([0x52, 0, 0xEB, 0, 1, 0xAA], .ciphered, using: &bench.engine))
    #expect(outputs.events == [.dataReceived(bearer: 5, [0xAA])] && outputs.uplinks.isEmpty)
    #expect(try answers(bench, [0x92, 0, 0xEB, 0, 1, 0xAA]) == [[0xE8, 9, 0, 43]])
    #expect(try answers(bench, [0x32, 0, 0xEB, 0, 1, 0xAA]) == [[0xE8, 3, 0, 43]])
    // §7.3.1 n, §7.3.2 l.
    #expect(try answers(bench, [0x52, 255, 0xEB, 0, 1, 0xAA]).isEmpty)
    #expect(try answers(bench, [0x02, 0, 0xEB, 0, 1, 0xAA]).isEmpty)
  }
}
