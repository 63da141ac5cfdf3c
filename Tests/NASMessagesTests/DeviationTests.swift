import Testing

@testable import NASMessages

@Suite struct DeviationTests {
  private var request: NASMessage {
    var message = NASMessage(.attachRequest)
    message.set(AttachRequest.epsAttachType, .epsAttach)
    message.set(AttachRequest.nasKeySetIdentifier, .noKey)
    message.set(AttachRequest.epsMobileIdentity, .imsi("001010000000101"))
    message.set(AttachRequest.ueNetworkCapability, UENetworkCapability(eea: 0xF0, eia: 0x70))
    message.set(AttachRequest.esmMessageContainer, ESMMessageContainer([0x02, 0x01, 0xD0, 0x11]))
    message.set(AttachRequest.drxParameter, DRXParameter(cycle: 64))
    message.set(AttachRequest.oldGUTIType, .native)
    return message
  }

  @Test func whatIsNotChangedIsSentAsItWas() throws {
    for vector in try TableVector.all() {
      let message = try NASMessage(decoding: vector.octets, direction: vector.direction)
      #expect(DeviatingMessage(message).encoded() == vector.octets, "\(vector.name)")
    }
    for pdu in try CapturedNAS.all() {
      guard let message = try pdu.message() else { continue }
      #expect(DeviatingMessage(message).encoded() == message.encoded(), "\(pdu)")
    }
    for octets in ["0744 03 160105 5f0121 2a02beef 5f0122 90", "0744 03 5f05", "077f 01020304", "0207ff", "0745 02"] {
      let message = try NASMessage(decoding: hex(octets))
      #expect(DeviatingMessage(message).encoded() == hex(octets), "\(octets)")
    }
  }

  @Test func everyMandatoryElementOfEveryMessageCanBeMissing() throws {
    for vector in try TableVector.all() {
      let message = try NASMessage(decoding: vector.octets, direction: vector.direction)
      let table = try #require(MessageTable.all.first { $0.type == message.type })
      for row in table.rows {
        var deviating = DeviatingMessage(message)
        deviating.omit(OptionalField<OpaqueValue>(row: row))
        #expect(deviating.elements.count == table.rows.count - 1)
        // A lone half octet takes a whole one, so the length tells only of the others.
        if row.format != .halfOctet { #expect(deviating.encoded().count < vector.octets.count, "\(table.type) / \(row.label)") }
      }
    }
  }

  @Test func anElementCanBeRepeatedMovedAndOutOfRange() throws {
    var deviating = DeviatingMessage(request)
    deviating.repeatElement(AttachRequest.drxParameter, as: [0xFF, 0xFF])
    var read = try NASMessage(decoding: deviating.encoded())
    #expect(read.informationElements.map(\.standing).suffix(3) == [.accepted, .repeated, .accepted])
    #expect(try read[AttachRequest.drxParameter]?.cycle == 64)

    deviating = DeviatingMessage(request)
    let last = try #require(deviating.place(of: AttachRequest.oldGUTIType))
    deviating.move(AttachRequest.drxParameter, to: last)
    read = try NASMessage(decoding: deviating.encoded())
    #expect(read.informationElements.map(\.standing).suffix(2) == [.accepted, .outOfSequence])
    #expect(read.standing(of: AttachRequest.drxParameter) == .outOfSequence)

    deviating = DeviatingMessage(request)
    deviating.setRaw(AttachRequest.ueNetworkCapability, [0xF0])
    #expect(throws: NASDecodingError.self) { try NASMessage(decoding: deviating.encoded()) }
    deviating.setRaw(AttachRequest.ueNetworkCapability, [UInt8](repeating: 0xFF, count: 300))
    deviating.forceLength(of: AttachRequest.ueNetworkCapability, 255)
    #expect(deviating.encoded().count == request.encoded().count + 298)
  }

  @Test func everyHeaderFieldAndLengthCanBeForced() throws {
    var deviating = DeviatingMessage(request)
    deviating.protocolDiscriminator = 0x0A
    deviating.highHalf = 0x0C
    deviating.messageType = 0x7F
    #expect(Array(deviating.encoded().prefix(2)) == [0xCA, 0x7F])
    deviating.procedureTransactionIdentity = 9
    #expect(Array(deviating.encoded().prefix(3)) == [0xCA, 9, 0x7F])
    deviating.messageType = nil
    #expect(Array(deviating.encoded().prefix(3)) == [0xCA, 9, 0x71])

    deviating = DeviatingMessage(request)
    deviating.forceLength(of: AttachRequest.esmMessageContainer, 0x1234)
    let octets = deviating.encoded()
    #expect(octets.count == request.encoded().count)
    #expect(throws: NASDecodingError.self) { try NASMessage(decoding: octets) }
    deviating.forceLength(of: AttachRequest.esmMessageContainer, nil)
    #expect(deviating.encoded() == request.encoded())

    var esm = DeviatingMessage(.pdnConnectivityRequest, procedureTransactionIdentity: 255, epsBearerIdentity: 15)
    #expect(esm.encoded() == hex("f2ffd0"))
    esm.set(PDNConnectivityRequest.pdnType, .ipv4)
    #expect(esm.encoded() == hex("f2ffd0 01"))
    esm.setRaw(PDNConnectivityRequest.requestType, [4])
    #expect(esm.encoded() == hex("f2ffd0 14"))
    esm.insertRaw([0x0A, 0x00])
    esm.setRaw(PDNConnectivityRequest.accessPointName, [])
    #expect(esm.encoded() == hex("f2ffd0 14 0a00 2800"))
    esm.forceIdentifier(of: PDNConnectivityRequest.accessPointName, 0x29)
    #expect(esm.encoded() == hex("f2ffd0 14 0a00 2900"))
  }

  @Test func envelopesCanLie() throws {
    let envelope = SecurityProtectedNAS(headerType: .integrityProtected, mac: 0x01020304, sequenceNumber: 7, payload: [0x07, 0x43])
    #expect(envelope.replacing(mac: 0xFFFF_FFFF) == hex("17ffffffff070743"))
    #expect(envelope.replacing(headerType: SecurityHeaderType(rawValue: 9), sequenceNumber: 8) == hex("9701020304080743"))
    #expect(envelope.replacing(payload: [], protocolDiscriminator: 2) == hex("120102030407"))
    let request = ServiceRequest(ksi: 1, sequenceNumber5: 30, shortMAC: 0xCAFE)
    #expect(request.replacing(ksi: 7) == hex("c7fecafe"))
    #expect(request.replacing(firstOctet: 0xD7, sequenceNumber5: 0, shortMAC: 0) == hex("d7200000"))
  }
}
