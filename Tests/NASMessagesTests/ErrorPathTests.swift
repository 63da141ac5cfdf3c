import Testing

@testable import NASMessages

/// Every error says in words in which message, element and part of it, at which octet, what was expected and what was found.
@Suite struct ErrorPathTests {
  @Test(arguments: [
    ("0741", "ATTACH REQUEST / EPS attach type at octet 2: mandatory element missing"),
    (
      "07417108", "ATTACH REQUEST / EPS mobile identity at octet 4: runs past the end of the message, expected 8 octets, found 0"
    ),
    (
      "075d020001f0",
      "SECURITY MODE COMMAND / Replayed UE security capabilities at octet 5: mandatory element too short, expected 2 octets, found 1"
    ),
    (
      "0754 0500",
      "AUTHENTICATION REJECT / unknown element at octet 2: unknown or misplaced element that requires comprehension, found 5"
    ),
    ("", "Message type at octet 0: the message is too short, expected 2 octets, found 0"),
    ("0541", "Protocol discriminator at octet 0: unknown protocol discriminator, found 5"),
  ])
  func ofAMessageThatIsNone(text: String, words: String) {
    do throws(NASDecodingError) {
      _ = try NASMessage(decoding: hex(text), direction: .uplink)
      Issue.record("decoded: \(text)")
    } catch {
      #expect(error.description == words)
    }
  }

  private func words<Value>(_ field: MandatoryField<Value>, _ text: String) throws -> String {
    let message = try NASMessage(decoding: hex(text))
    do throws(NASDecodingError) {
      return "no error: \(try message[field])"
    } catch {
      return error.description
    }
  }

  private func words<Value>(_ field: OptionalField<Value>, _ text: String) throws -> String {
    let message = try NASMessage(decoding: hex(text))
    do throws(NASDecodingError) {
      return "no error: \(String(describing: try message[field]))"
    } catch {
      return error.description
    }
  }

  @Test func ofAValueThatCannotBeRead() throws {
    #expect(
      try words(IdentityResponse.mobileIdentity, "0756 03 f4c000")
        == "IDENTITY RESPONSE / Mobile identity at octet 3: value too short, expected 5 octets, found 3")
    #expect(
      try words(AttachRequest.epsMobileIdentity, "0741 71 05 0910101a21 02f070 0003 0201da")
        == "ATTACH REQUEST / EPS mobile identity at octet 7: value not allowed, expected 9, found 10")
    #expect(
      try words(AttachReject.emmCause, "0755 01") == "IDENTITY REQUEST / EMM cause at octet 0: not an element of this message")
  }

  @Test func ofAPartOfAValue() throws {
    // Two packet filters, the second of which ends early.
    #expect(
      try words(ActivateDedicatedEPSBearerContextRequest.tft, "5201c5 05 0109 0b 22 30 0a 02 3011 31 0b 09 5013 c4")
        == "ACTIVATE DEDICATED EPS BEARER CONTEXT REQUEST / TFT / packet filter[1] at octet 7: value too short, "
        + "expected 18 octets, found 11")
    #expect(
      try words(AttachAccept.taiList, "0742 01 21 0c 0000f1100007 6000f1100008 0003 5201c2")
        == "ATTACH ACCEPT / TAI list / partial list[1] at octet 11: value not allowed, expected 2, found 3")
    #expect(
      try words(PDNConnectivityRequest.protocolConfigurationOptions, "0201d011 27 09 80 000d00 000c 04 0a00")
        == "PDN CONNECTIVITY REQUEST / Protocol configuration options / container[1] at octet 6: value too short, "
        + "expected 11 octets, found 9")
    #expect(
      try words(ESMInformationResponse.accessPointName, "0201da 28 05 03 696d73 09")
        == "ESM INFORMATION RESPONSE / Access point name / label[1] at octet 5: value too short, expected 14 octets, found 5")
  }

  @Test func ofAMessageInsideAMessage() throws {
    let message = try NASMessage(decoding: hex("0741 71 05 0910102132 02f070 0004 0201d0ff 90"))
    let container = try message[AttachRequest.esmMessageContainer]
    #expect(throws: Never.self) { try container.message() }
    let broken = try NASMessage(decoding: hex("0741 71 05 0910102132 02f070 0003 0201d0"))
    let element = try #require(broken.informationElements.first { $0.name == "ESM message container" })
    #expect(
      element.value
        == "0201d0 (no message: ATTACH REQUEST / ESM message container / PDN CONNECTIVITY REQUEST / Request type at octet 17: "
        + "mandatory element missing)")
  }
}
