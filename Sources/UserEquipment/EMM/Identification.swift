import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// §5.4.4.2. Before the secure exchange only IMSI is told; who asks for more in plain is not answered (§4.4.4.2).
  mutating func identityRequested(
    _ request: NASMessage, protected: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    let type = try request[IdentityRequest.identityType]
    switch machine {
    case .null, .deregistered: return notCompatible(request, using: &engine, into: &outputs)
    case .registeredInitiated, .registered, .deregisteredInitiated: break
    }
    guard type == .imsi || protected else {
      return discard(.protectionMissing, request.type.name, into: &outputs)
    }
    let identity: MobileIdentity
    switch type {
    case .imsi: identity = .imsi(configuration.imsi)
    case .imei: identity = .imei(String(configuration.imeisv.prefix(14)) + "0")
    case .imeisv: identity = .imeisv(configuration.imeisv)
    case .tmsi: identity = registration.guti.map { .tmsi($0.mTMSI) } ?? .noIdentity
    default: identity = .noIdentity
    }
    var response = NASMessage(.identityResponse)
    response.set(IdentityResponse.mobileIdentity, identity)
    send(response.encoded(), using: &engine, into: &outputs)
  }
}
