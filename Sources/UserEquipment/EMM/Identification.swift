import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// §5.4.4.3: answered at any time in EMM-CONNECTED. Who asks for more than IMSI before the secure exchange does not come
  /// this far (§4.4.4.2).
  mutating func identityRequested(
    _ request: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) throws(NASDecodingError) {
    let type = try request[IdentityRequest.identityType].requested
    let identity: MobileIdentity
    switch type {
    // §5.4.4.5 a: none without a valid USIM.
    case .imsi: identity = usim.isValid ? .imsi(configuration.imsi) : .noIdentity
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
