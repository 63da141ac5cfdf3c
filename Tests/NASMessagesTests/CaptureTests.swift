import Testing

@testable import NASMessages

@Suite struct CaptureTests {
  @Test func everyCapturedPDUIsWrittenBackToTheSameOctets() throws {
    let captured = try CapturedNAS.all()
    #expect(captured.count == 185)
    for pdu in captured {
      let parsed = try NASPDU(parsing: pdu.octets, direction: pdu.direction)
      #expect(parsed.encoded() == pdu.octets, "\(pdu)")
    }
  }

  @Test func everyReadableMessageDecodesWithEveryElementAccepted() throws {
    var types: [String: Int] = [:]
    for pdu in try CapturedNAS.all() {
      guard let message = try pdu.message() else { continue }
      #expect(message.isKnown, "\(pdu): \(message.type)")
      types[message.type.name, default: 0] += 1
      check(message, pdu)
    }
    #expect(types.values.reduce(0, +) == 88)
    for type in [
      "ATTACH REQUEST", "ATTACH ACCEPT", "ATTACH COMPLETE", "AUTHENTICATION REQUEST", "AUTHENTICATION RESPONSE",
      "SECURITY MODE COMMAND", "TRACKING AREA UPDATE REQUEST", "DETACH REQUEST", "SERVICE REJECT",
    ] {
      #expect(types[type] != nil, "\(type), of \(types)")
    }
  }

  private func check(_ message: NASMessage, _ pdu: CapturedNAS) {
    for element in message.informationElements {
      #expect(element.standing == .accepted, "\(pdu): \(message.type) / \(element.name)")
      if let inner = element.message { check(inner, pdu) }
    }
  }

  @Test func anAttachRequestOfSrsUEReads() throws {
    let pdu = try #require(try CapturedNAS.all().first { $0.capture == "srsepc/attach_detach_eia2_eea0" && $0.direction == .uplink })
    let request = try #require(try pdu.message())
    #expect(request.type == .attachRequest)
    #expect(try request[AttachRequest.nasKeySetIdentifier] == .noKey)
    guard case .imsi(let imsi) = try request[AttachRequest.epsMobileIdentity] else {
      Issue.record("not an IMSI")
      return
    }
    #expect(imsi.hasPrefix("00101"))
    let pdn = try request[AttachRequest.esmMessageContainer].message()
    #expect(pdn.type == .pdnConnectivityRequest)
    #expect(try pdn[PDNConnectivityRequest.requestType] == .initialRequest)
    #expect(try pdn[PDNConnectivityRequest.pdnType] == .ipv4)
  }

  @Test func anAttachAcceptOfSrsEPCReads() throws {
    let accepts = try CapturedNAS.all().compactMap { try $0.message() }.filter { $0.type == .attachAccept }
    let accept = try #require(accepts.first)
    #expect(try accept[AttachAccept.epsAttachResult] == .epsOnly)
    #expect(try accept[AttachAccept.taiList].areas.first?.plmn == PLMN("00101"))
    guard case .guti(let guti)? = try accept[AttachAccept.guti] else {
      Issue.record("no GUTI")
      return
    }
    #expect(guti.plmn == PLMN("00101"))
    let bearer = try accept[AttachAccept.esmMessageContainer].message()
    #expect(bearer.type == .activateDefaultEPSBearerContextRequest)
    #expect(bearer.epsBearerIdentity == 5)
    guard case .ipv4 = try bearer[ActivateDefaultEPSBearerContextRequest.pdnAddress] else {
      Issue.record("no IPv4 address")
      return
    }
    #expect(try bearer[ActivateDefaultEPSBearerContextRequest.epsQoS].qci == 9)
  }

  @Test func theReplayedCapabilitiesAreThoseOfTheAttachRequest() throws {
    var told: UESecurityCapability?
    var compared = 0
    var capture = ""
    for pdu in try CapturedNAS.all() {
      if pdu.capture != capture { told = nil }
      capture = pdu.capture
      guard let message = try pdu.message() else { continue }
      if message.type == .attachRequest {
        told = UESecurityCapability(
          replaying: try message[AttachRequest.ueNetworkCapability], try message[AttachRequest.msNetworkCapability])
      }
      if message.type == .securityModeCommand, let told {
        #expect(try message[SecurityModeCommand.replayedUESecurityCapabilities] == told, "\(pdu)")
        compared += 1
      }
    }
    #expect(compared > 10)
  }
}
