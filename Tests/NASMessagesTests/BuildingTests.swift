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
