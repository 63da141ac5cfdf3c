import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// What TS 24.301 §4.4.4.3 and §4.4.5 have the MME process and discard.
@Suite struct DiscardTests {
  /// The message is discarded with this clause, nothing is sent, and the contexts are as before.
  private func assertDiscards(
    _ octets: [UInt8], _ bench: NetworkBench, _ line: Line, clause: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = bench.mme.securityContexts(imsi: NetworkBench.imsi)
    let outputs = try bench.uplink(octets, line)
    #expect(outputs.discards.map(\.clause) == [clause], sourceLocation: sourceLocation)
    #expect(outputs.messages.isEmpty, sourceLocation: sourceLocation)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi) == before, sourceLocation: sourceLocation)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED", sourceLocation: sourceLocation)
  }

  @Test func `after security every plain message is discarded`() throws {
    let (bench, ue, line) = try registered()
    let messages = [
      ue.attachRequest(), ue.detachRequest(), ue.detachRequest(switchOff: true), ScriptedUE.wrongResponse(), ScriptedUE.attachComplete(),
      NASMessage(.gutiReallocationComplete), NASMessage(.detachAccept),
    ]
    for message in messages { try assertDiscards(message.encoded(), bench, line, clause: "TS 24.301 §4.4.4.3") }
  }

  @Test func `after security a bad MAC is discarded and the genuine message after it is taken`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    let genuine = try ue.protect(ue.detachRequest(), bench)
    var forged = genuine
    forged[1] ^= 0x80
    try assertDiscards(forged, bench, line, clause: "TS 24.301 §4.4.4.3")
    // A lower sequence number looks like a wrap: it must not move the COUNT.
    forged = genuine
    forged[5] = forged[5] &- 1
    try assertDiscards(forged, bench, line, clause: "TS 24.301 §4.4.4.3")
    #expect(try bench.uplink(genuine, line).states == ["EMM-DEREGISTERED"])
  }

  @Test func `a replay is discarded as such`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    bench.give(.command(.identify(.imeisv), imsi: NetworkBench.imsi))
    var response = NASMessage(.identityResponse)
    response.set(IdentityResponse.mobileIdentity, .imeisv("1234567890123456"))
    let octets = try ue.protect(response, bench)
    #expect(try bench.uplink(octets, line).discards.isEmpty)
    try assertDiscards(octets, bench, line, clause: "TS 24.301 §4.4.3")
  }

  @Test func `after security an unciphered message is discarded, except ATTACH REQUEST`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    // Nothing follows from it, though its COUNT is used up (§4.4.3.3).
    let dropped = try bench.uplink(ue.protect(NASMessage(.gutiReallocationComplete), as: .integrityProtected, bench), line)
    #expect(dropped.discards.map(\.clause) == ["TS 24.301 §4.4.5"] && dropped.count == 1)
    let outputs = try bench.uplink(ue.protect(ue.attachRequest(), as: .integrityProtected, bench), line)
    #expect(outputs.nas.count == 1)
    #expect(try ue.open(outputs.nas[0], bench).type == .attachAccept)
  }

  @Test(arguments: [UInt8(3), 4, 5, 6, 11])
  func `header types that do not belong on uplink messages are discarded`(type: UInt8) throws {
    let (bench, start, line) = try registered()
    var ue = start
    var octets = try ue.protect(ue.detachRequest(), bench)
    octets[0] = type << 4 | 7
    let outputs = try bench.uplink(octets, line)
    #expect(outputs.messages.isEmpty && outputs.discards.count == 1)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
  }

  @Test func `before security only the messages that the clause lists are processed plain`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    let refused: [NASMessageType] = [
      .attachComplete, .securityModeComplete, .gutiReallocationComplete, .emmStatus, .pdnConnectivityRequest, .esmInformationResponse,
    ]
    for type in refused {
      let (_, outputs) = try bench.initial(NASMessage(type).encoded())
      #expect(outputs.discards.count == 1, "\(type)")
      #expect(outputs.messages == [.ueContextReleaseCommand], "\(type)")
    }
    let unexpected: [NASMessage] = [ScriptedUE.wrongResponse(), ScriptedUE.failure(.macFailure), NASMessage(.detachAccept)]
    for message in unexpected {
      let (_, outputs) = try bench.initial(message.encoded())
      #expect(outputs.discards.map(\.clause) == ["TS 24.301 §7"], "\(message)")
      #expect(outputs.messages == [.ueContextReleaseCommand], "\(message)")
    }
  }

  @Test func `a genuine message with an unknown type is answered with EMM STATUS 97`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    let outputs = try bench.uplink(ue.protect(NASMessage(.emm(0x7E)), bench), line)
    #expect(outputs.discards.count == 1)
    #expect(try ue.open(outputs.nas[0], bench)[EMMStatus.emmCause] == .messageTypeNonExistentOrNotImplemented)
    try ue.expectAligned(bench)
  }

  @Test func `ATTACH REQUEST without its mandatory elements is rejected with cause 96`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    let ue = ScriptedUE()
    var request = ue.attachRequest()
    request.setRaw(AttachRequest.ueNetworkCapability, [0xF0])
    let (_, outputs) = try bench.initial(request.encoded())
    #expect(try outputs.plainNAS()[AttachReject.emmCause] == .invalidMandatoryInformation)
    #expect(outputs.discards.map(\.clause) == ["TS 24.301 §5.5.1.2.7 b"])
    let (_, short) = try bench.initial(Array(ue.attachRequest().encoded().prefix(12)))
    #expect(try short.plainNAS()[AttachReject.emmCause] == .invalidMandatoryInformation)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-DEREGISTERED")
  }

  @Test func `three hundred uplink messages, some lost at the wrap, keep the COUNTs together`() throws {
    let (bench, start, line) = try registered()
    var ue = start
    for round in 0..<300 {
      if (250..<260).contains(round), round % 2 == 0 { _ = try ue.protect(NASMessage(.emmStatus), bench) }
      let command = try ue.open(bench.give(.command(.identify(.imeisv), imsi: NetworkBench.imsi)).nas[0], bench)
      #expect(command.type == .identityRequest)
      var response = NASMessage(.identityResponse)
      response.set(IdentityResponse.mobileIdentity, .imeisv("1234567890123456"))
      #expect(try bench.uplink(ue.protect(response, bench), line).discards.isEmpty, "round \(round)")
    }
    try ue.expectAligned(bench)
  }
}
