import Testing

@testable import NASMessages

/// TS 24.301 §7.
@Suite struct ComprehensionTests {
  let base = "0744 03"  // ATTACH REJECT, illegal UE

  @Test func anUnknownOptionalElementIsSkippedAndKept() throws {
    let octets = hex(base + "2a02beef" + "5f0121" + "90" + "7d0001aa")
    let message = try NASMessage(decoding: octets)
    #expect(try message[AttachReject.t3346Value] == GPRSTimer(octet: 0x21))
    #expect(message.encoded() == octets)
    #expect(message.informationElements.map(\.standing) == [.accepted, .unknown, .accepted, .unknown, .unknown])
    #expect(message.informationElements[1].identifier == 0x2A)
    #expect(message.informationElements[1].octets == [0xBE, 0xEF])
  }

  @Test func anUnknownElementThatRequiresComprehensionIsAnError() {
    #expect(throws: NASDecodingError(.comprehensionRequired, offset: 3, field: "unknown element", found: 0x0A)) {
      try NASMessage(decoding: hex(base + "0a0100"))
    }
  }

  @Test func ofARepeatedElementTheFirstCounts() throws {
    let octets = hex(base + "5f0121" + "5f0122")
    let message = try NASMessage(decoding: octets)
    #expect(try message[AttachReject.t3346Value] == GPRSTimer(octet: 0x21))
    #expect(message.informationElements.map(\.standing) == [.accepted, .accepted, .repeated])
    #expect(message.encoded() == octets)
  }

  @Test func anElementOutOfSequenceIsIgnoredAndKept() throws {
    let octets = hex(base + "160105" + "5f0121")
    let message = try NASMessage(decoding: octets)
    #expect(try message[AttachReject.t3402Value] == GPRSTimer(octet: 5))
    #expect(try message[AttachReject.t3346Value] == nil)
    #expect(message.informationElements.last?.standing == .outOfSequence)
    #expect(message.encoded() == octets)
  }

  @Test func anOptionalElementTooShortIsTreatedAsAbsent() throws {
    let octets = hex(base + "5f00" + "160105")
    let message = try NASMessage(decoding: octets)
    #expect(try message[AttachReject.t3346Value] == nil)
    #expect(try message[AttachReject.t3402Value] == GPRSTimer(octet: 5))
    #expect(message.informationElements[1].standing == .syntacticallyIncorrect)
    #expect(message.encoded() == octets)
  }

  @Test func anElementLongerThanTheTableIsAccepted() throws {
    let message = try NASMessage(decoding: hex("0752 00 000102030405060708090a0b0c0d0e0f 12 0001020304050607 08090a0b0c0d0e0f ffff"))
    #expect(try message[AuthenticationRequest.authenticationParameterAUTN].octets.count == 16)
  }

  @Test func aMessageOfUnknownTypeIsKeptWhole() throws {
    for octets in [hex("0779 0102ff"), hex("5207 c0 0102ff"), hex("07c1"), hex("520741")] {
      let message = try NASMessage(decoding: octets)
      #expect(!message.isKnown)
      #expect(message.encoded() == octets)
      #expect(message.type.name.hasPrefix("unknown"))
      #expect(message.informationElements.count == (octets.count > 3 ? 1 : 0))
    }
  }

  @Test func spareHalfOctetsAreKept() throws {
    let octets = hex("0755 f1")
    var message = try NASMessage(decoding: octets)
    #expect(try message[IdentityRequest.identityType] == .imsi)
    #expect(message.encoded() == octets)
    message.set(IdentityRequest.identityType, .imei)
    #expect(message.encoded() == hex("0755 f2"))
  }

  @Test func theDetachRequestsAreToldApart() throws {
    let fromUE = hex("0745 79 0b f600f110800101c0000001")
    let fromNetwork = hex("0745 01 5302")
    #expect(try NASMessage(decoding: fromUE).type == .detachRequestFromUE)
    #expect(try NASMessage(decoding: fromNetwork).type == .detachRequestFromNetwork)
    #expect(try NASMessage(decoding: hex("074502")).type == .detachRequestFromNetwork)
    #expect(throws: NASDecodingError.self) { try NASMessage(decoding: fromNetwork, direction: .uplink) }
    let detach = try NASMessage(decoding: fromUE, direction: .uplink)
    #expect(try detach[DetachRequestFromUE.detachType].isSwitchOff)
    #expect(try NASMessage(decoding: fromNetwork, direction: .downlink)[DetachRequestFromNetwork.emmCause] == .imsiUnknownInHSS)
  }

  @Test func aFieldOfAnotherMessageIsAnError() throws {
    let message = try NASMessage(decoding: hex("0755 01"))
    #expect(throws: NASDecodingError(.noSuchField, offset: 0, field: "EPS mobile identity")) {
      try message[AttachRequest.epsMobileIdentity]
    }
  }

  @Test func octetsCanBeForced() throws {
    var message = NASMessage(.securityModeCommand)
    message.setRaw(SecurityModeCommand.replayedUESecurityCapabilities, [0xF0])
    #expect(message.encoded() == hex("075d 01f0"))
    message.set(SecurityModeCommand.selectedNASSecurityAlgorithms, NASSecurityAlgorithms(ciphering: 2, integrity: 2))
    message.set(SecurityModeCommand.nasKeySetIdentifier, NASKeySetIdentifier(.mapped, value: 3))
    message.appendRaw([0x0A, 0x00])
    #expect(message.encoded() == hex("075d 22 0b 01f0 0a00"))
    message.remove(SecurityModeCommand.replayedUESecurityCapabilities)
    #expect(message.encoded() == hex("075d 22 0b 0a00"))
  }

  /// TS 24.301 §7.5.1 has no error for it, and §7.7.1 takes the element as not present.
  @Test(arguments: ["5f0221", "5f", "5f01", "7800", "78000201"])
  func anOptionalElementThatRunsPastTheEndIsTreatedAsAbsent(rest: String) throws {
    let octets = hex(base + rest)
    let message = try NASMessage(decoding: octets)
    #expect(try message[AttachReject.t3346Value] == nil)
    #expect(try message[AttachReject.esmMessageContainer] == nil)
    #expect(message.informationElements.last?.standing == .syntacticallyIncorrect)
    #expect(message.informationElements.last?.range.upperBound == octets.count)
    #expect(message.encoded() == octets)
  }

  @Test func anUnknownElementThatRunsPastTheEndIsIgnored() throws {
    let message = try NASMessage(decoding: hex(base + "160105" + "2a05be"))
    #expect(try message[AttachReject.t3402Value] == GPRSTimer(octet: 5))
    #expect(message.informationElements.last?.standing == .unknown)
  }

  /// §7.6.3 comes before §7.7.1 (§7.1): the first occurrence is the one that counts, even if it is no good.
  @Test func afterASyntacticallyIncorrectElementItsRepetitionDoesNotCount() throws {
    let message = try NASMessage(decoding: hex(base + "5f00" + "5f0121"))
    #expect(try message[AttachReject.t3346Value] == nil)
    #expect(message.standing(of: AttachReject.t3346Value) == .syntacticallyIncorrect)
    #expect(message.informationElements.map(\.standing) == [.accepted, .syntacticallyIncorrect, .repeated])
  }

  /// TS 24.007 §11.4.2: a greater length than the value can have is no error, the rest is ignored.
  @Test func anElementLongerThanItsTypeIsReadAndTheRestIgnored() throws {
    let message = try NASMessage(decoding: hex(base + "5f0321ffff" + "160105"))
    #expect(try message[AttachReject.t3346Value] == GPRSTimer(octet: 0x21))
    #expect(try message[AttachReject.t3402Value] == GPRSTimer(octet: 5))
    let identity = try NASMessage(decoding: hex("0756 0b 0910100000000010 10ffff"))
    #expect(throws: Never.self) { try identity[IdentityResponse.mobileIdentity] }
  }
}
