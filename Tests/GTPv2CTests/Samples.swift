import GTPv2C

/// Messages with every element that the subset knows.
enum Samples {
  static let plmn = PLMNOctets(octets: [0x00, 0xF1, 0x10])

  static func key(_ first: UInt8, _ count: Int = 32) -> [UInt8] { (0..<count).map { first &+ UInt8($0) } }

  static func eps(old: Bool, vectors: Bool = true) -> MMContext {
    var security = MMContext.EPSContext(
      keySetIdentifier: 3, integrity: 2, ciphering: 1, downlinkNASCount: 0x012345, uplinkNASCount: 0xFE01, kasme: key(1),
      nextHop: old ? nil : .init(key: key(40), chainingCount: 5),
      old: old ? .init(keySetIdentifier: 6, kasme: key(90), nextHop: .init(key: key(120), chainingCount: 2)) : nil)
    if vectors {
      security.quadruplets = [.init(rand: key(1, 16), xres: key(2, 8), autn: key(3, 16), kasme: key(4))]
      security.quintuplets = [
        .init(rand: key(5, 16), xres: key(6, 4), ck: key(7, 16), ik: key(8, 16), autn: key(9, 16)),
        .init(rand: key(10, 16), xres: key(11, 16), ck: key(12, 16), ik: key(13, 16), autn: key(14, 16)),
      ]
    }
    var context = MMContext(.eps(security))
    context.drx = [0x01, 0x02]
    context.subscribedBitRate = .init(uplink: 1_000, downlink: 2_000)
    context.usedBitRate = .init(uplink: 500, downlink: 600)
    context.ueNetworkCapability = [0xF0, 0x70, 0xC0, 0x40]
    context.msNetworkCapability = [0xE5, 0xE0]
    context.equipmentIdentity = [0x53, 0x72, 0x40, 0x08, 0x30, 0x56, 0x01, 0x10]
    return context
  }

  static var contexts: [MMContext] {
    var gsm = MMContext.GSMContext(keySetIdentifier: 1, usedCipher: 3, kc: key(1, 8))
    gsm.triplets = [.init(rand: key(1, 16), sres: key(2, 4), kc: key(3, 8))]
    var gsmWithQuintuplets = MMContext.GSMContext(keySetIdentifier: 1, usedCipher: 3, kc: key(1, 8))
    gsmWithQuintuplets.quintuplets = [.init(rand: key(5, 16), xres: key(6, 4), ck: key(7, 16), ik: key(8, 16), autn: key(9, 16))]
    var umts = MMContext.UMTSContext(keySetIdentifier: 5, ck: key(1, 16), ik: key(2, 16))
    umts.quintuplets = gsmWithQuintuplets.quintuplets
    var mapped = umts
    mapped.quadruplets = [.init(rand: key(1, 16), xres: key(2, 8), autn: key(3, 16), kasme: key(4))]
    var withCipher = umts
    withCipher.usedCipher = 2
    let securities: [MMContext.Security] = [
      .gsmWithTriplets(gsm), .umtsWithCipher(withCipher), .gsmWithQuintuplets(gsmWithQuintuplets), .umts(umts),
      .umtsWithQuadruplets(mapped),
    ]
    var contexts = securities.map { security in
      var context = MMContext(security)
      context.ueNetworkCapability = [0xF0, 0x70]
      context.msNetworkCapability = [0xE5]
      return context
    }
    contexts += [eps(old: false), eps(old: true), eps(old: false, vectors: false), eps(old: true, vectors: false)]
    var short = eps(old: false)
    short.accessRestriction = nil
    contexts.append(short)
    var long = eps(old: true)
    long.rest = [0, 0, 0, 0, 0]
    contexts.append(long)
    return contexts
  }

  static var connection: PDNConnection {
    var connection = PDNConnection()
    connection.add(PDNConnection.accessPointName, AccessPointLabels(octets: [8] + Array("internet".utf8)))
    connection.add(PDNConnection.ipv4Address, IPAddressOctets(octets: [10, 45, 0, 2]))
    connection.add(PDNConnection.linkedBearer, EPSBearerIdentityValue(5))
    connection.add(PDNConnection.gateway, FullyQualifiedTEID(.s5PGWControlPlane, teid: 7, address: [127, 0, 0, 3]))
    var bearer = BearerContext(identity: 5)
    bearer.add(BearerContext.servingGateway, FullyQualifiedTEID(.s1USGW, teid: 99, address: [127, 0, 0, 2]))
    bearer.add(BearerContext.qos, BearerQualityOfService(qci: 9))
    connection.add(PDNConnection.bearer, bearer)
    connection.add(PDNConnection.bitRate, AccessPointBitRate(uplink: 10, downlink: 20))
    return connection
  }

  static func request(_ context: MMContext = eps(old: true)) -> GTPv2CMessage {
    var request = GTPv2CMessage(.forwardRelocationRequest, teid: 0, sequenceNumber: 0x010203)
    request.add(ForwardRelocationRequest.imsi, IMSIDigits("001010123456780"))
    request.add(ForwardRelocationRequest.sender, FullyQualifiedTEID(.s10MME, teid: 0xA1B2C3D4, address: [127, 0, 1, 1]))
    request.add(ForwardRelocationRequest.connection, connection)
    request.add(ForwardRelocationRequest.servingGateway, FullyQualifiedTEID(.s11SGW, teid: 1, address: [127, 0, 0, 2]))
    request.add(context)
    request.add(ForwardRelocationRequest.eUTRANContainer, FullyQualifiedContainer(.eUTRAN, [1, 2, 3]))
    request.add(ForwardRelocationRequest.target, .macroENB(plmn: plmn, identity: 0x102, trackingArea: 2))
    request.add(ForwardRelocationRequest.s1APCause, FullyQualifiedCause(kind: 0, value: 16))
    return request
  }

  static var messages: [GTPv2CMessage] {
    var response = GTPv2CMessage(.forwardRelocationResponse, teid: 4, sequenceNumber: 9)
    response.add(ForwardRelocationResponse.cause, .requestAccepted)
    response.add(ForwardRelocationResponse.sender, FullyQualifiedTEID(.s10MME, teid: 5, address: key(1, 16)))
    response.add(ForwardRelocationResponse.bearer, BearerContext(identity: 5))
    response.add(ForwardRelocationResponse.eUTRANContainer, FullyQualifiedContainer(.eUTRAN, [9]))
    var echo = GTPv2CMessage(.echoRequest, teid: nil, sequenceNumber: 1)
    echo.add(Echo.recovery, NumberOctet(7))
    var context = GTPv2CMessage(.contextRequest, teid: 0, sequenceNumber: 2)
    context.add(ContextRequest.guti, GUTIValue(plmn: plmn, mmeGroupID: 1, mmeCode: 2, mTMSI: 0xC0FFEE01))
    context.add(ContextRequest.request, CompleteRequestMessage(.trackingAreaUpdateRequest, nas: [0x17, 1, 2, 3, 4, 5, 7, 0x48]))
    context.add(ContextRequest.ratType, .eUTRAN)
    context.add(ContextRequest.indication, .ueValidated)
    var cancel = GTPv2CMessage(.relocationCancelRequest, teid: 6, sequenceNumber: 3)
    cancel.add(RelocationCancelRequest.imsi, IMSIDigits("00101012345678"))
    cancel.elements.append(InformationElement(ElementType(rawValue: 255), instance: 0, value: [0, 10, 1, 2]))
    return [response, echo, context, cancel] + contexts.map { request($0) }
  }
}
