import Testing

@testable import NASMessages

@Suite struct BuildingTests {
  @Test func anAttachRequestIsBuiltReadAndWrittenBack() throws {
    var pdn = NASMessage(.pdnConnectivityRequest, procedureTransactionIdentity: 1)
    pdn.set(PDNConnectivityRequest.requestType, .initialRequest)
    pdn.set(PDNConnectivityRequest.pdnType, .ipv4)
    pdn.set(PDNConnectivityRequest.esmInformationTransferFlag, .required)
    var message = NASMessage(.attachRequest)
    message.set(AttachRequest.epsAttachType, .epsAttach)
    message.set(AttachRequest.nasKeySetIdentifier, .noKey)
    message.set(AttachRequest.epsMobileIdentity, .imsi("001010000000101"))
    message.set(AttachRequest.ueNetworkCapability, UENetworkCapability(eea: 0xF0, eia: 0x70))
    message.set(AttachRequest.esmMessageContainer, ESMMessageContainer(pdn))
    message.set(AttachRequest.oldGUTIType, .native)
    message.set(AttachRequest.msNetworkCapability, MSNetworkCapability(octets: [0xE5, 0xE0]))
    let octets = message.encoded()
    #expect(hexString(octets) == "0741710809101000000010 1002f07000050201d011d13102e5e0e0".filter { $0 != " " })
    let read = try NASMessage(decoding: octets)
    #expect(read == message)
    #expect(try read[AttachRequest.epsMobileIdentity] == .imsi("001010000000101"))
    #expect(try read[AttachRequest.oldGUTIType] == .native)
    #expect(try read[AttachRequest.additionalGUTI] == nil)
    #expect(try read[AttachRequest.esmMessageContainer].message()[PDNConnectivityRequest.pdnType] == .ipv4)
  }
}

extension BuildingTests {
  @Test func theHeaderIsReadForTheTree() throws {
    let esm = try NASMessage(decoding: hex("5207 d9"))
    #expect(esm.header.map(\.value) == ["EPS session management messages", "5", "7", "ESM INFORMATION REQUEST"])
    #expect(esm.header.map { $0.range.lowerBound } == [0, 0, 1, 2])
    let detach = try NASMessage(decoding: hex("0745 02"))
    #expect(detach.header.map(\.value) == ["EPS mobility management messages", "plain NAS message", "DETACH REQUEST"])
    #expect(detach.informationElements.first?.value == "re-attach not required")
  }

  @Test func anElementSetAgainOrAfterMisplacedOnesIsThereOnce() throws {
    var message = try NASMessage(decoding: hex("0744 03 160105 5f0121"))
    message.set(AttachReject.t3346Value, GPRSTimer(octet: 0x22))
    #expect(message.encoded() == hex("0744 03 5f0122 160105 5f0121"))
    message.set(AttachReject.t3346Value, GPRSTimer(octet: 0x23))
    #expect(message.encoded() == hex("0744 03 5f0123 160105 5f0121"))
    message.set(AttachReject.emmCause, .congestion)
    #expect(try NASMessage(decoding: message.encoded())[AttachReject.t3346Value] == GPRSTimer(octet: 0x23))
  }

  @Test func aMessageInASliceIsChangedWithoutItsSurroundings() throws {
    let outer = hex("ffff 0755 01")
    var inner = try NASMessage(decoding: outer, from: 2)
    inner.set(IdentityRequest.identityType, .imei)
    #expect(inner.encoded() == hex("0755 02"))
    #expect(outer == hex("ffff 0755 01"))
  }

  /// Short messages are built in place, longer ones in an array; the octets are the same either way, and in any order.
  @Test(arguments: [3, 90, 105, 106, 107, 108, 130, 500, 60_000])
  func aMessageGrowsBeyondAnyLength(length: Int) throws {
    let contents = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
    var message = NASMessage(.attachRequest)
    message.set(AttachRequest.epsAttachType, .epsAttach)
    message.set(AttachRequest.nasKeySetIdentifier, .noKey)
    message.set(AttachRequest.epsMobileIdentity, .imsi("00101012345678"))
    message.set(AttachRequest.ueNetworkCapability, UENetworkCapability(eea: 0xF0, eia: 0x70))
    message.set(AttachRequest.esmMessageContainer, ESMMessageContainer(contents))
    message.set(AttachRequest.tmsiStatus, .validTMSI)
    message.set(AttachRequest.oldGUTIType, .native)
    let expected =
      hex("0741 71 08 01101010325476f8") + hex("02f070") + [UInt8(length >> 8), UInt8(length & 0xFF)] + contents
      + hex("91e0")
    #expect(message.encoded() == expected)
    #expect(Array(message.octets) == expected)
    #expect(try message[AttachRequest.esmMessageContainer].octets == contents[...])
    message.set(AttachRequest.drxParameter, DRXParameter(cycle: nil))
    message.set(AttachRequest.msNetworkFeatureSupport, MSNetworkFeatureSupport(rawValue: 1))
    #expect(message.encoded() == expected.dropLast(2) + hex("5c0a00 91e0c1"))
    #expect(try NASMessage(decoding: message.encoded()) == message)
  }

  @Test func aLengthThatCannotBeSaidIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var message = NASMessage(.securityModeCommand)
      message.setRaw(SecurityModeCommand.replayedUESecurityCapabilities, [UInt8](repeating: 0, count: 256))
    }
  }
}
