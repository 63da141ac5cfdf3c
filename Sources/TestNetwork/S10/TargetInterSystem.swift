import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity

/// A handover that comes from UTRAN or GERAN, at the MME (TS 23.401 §5.5.2.2; TS 24.301 §4.4.2.2; TS 33.401 §9.2.2).
extension MME {
  /// KeNB of a mapped KASME: a COUNT that no message has (TS 33.401 §9.2.2).
  static let uplinkCountOfMappedKeNB: UInt32 = .max

  /// The mapped context that CK and IK of an SGSN give with a nonce of ours, and the AS chain of it; nil for keys that are none, or a UE with
  /// no algorithm in common.
  mutating func mapped(_ context: MMContext, bearers: [Bearer], using engine: inout CryptoEngine) -> ForwardedContext? {
    guard configuration.mapsSecurityContexts, let keys = context.umts, keys.keySetIdentifier < 7, context.ueNetworkCapability.count >= 2
    else { return nil }
    let capability = UENetworkCapability(octets: context.ueNetworkCapability)
    guard let algorithms = configuration.algorithms(for: capability) else { return nil }
    let nonce = UInt32.random(in: .min ... .max, using: &random)
    let umts = UMTSSecurityContext(ck: KeyMaterial(keys.ck), ik: KeyMaterial(keys.ik), keySetIdentifier: keys.keySetIdentifier)
    let security = NASSecurity.SecurityContext(
      handover: umts, nonceMME: nonce, keySetIdentifier: keys.keySetIdentifier, side: .mme, algorithms: algorithms, using: &engine)
    let keNB = engine.deriveKeNB(kasme: security.kasme, uplinkNASCount: Self.uplinkCountOfMappedKeNB)
    return ForwardedContext(
      security: security,
      chain: AccessStratumChain(kasme: security.kasme, keySetIdentifier: keys.keySetIdentifier, keNB: keNB, using: &engine),
      networkCapability: capability,
      msNetworkCapability: context.msNetworkCapability.isEmpty ? nil : MSNetworkCapability(octets: context.msNetworkCapability),
      additionalCapability: nil, bearers: bearers, nasParameters: security.containerToEUTRA(nonceMME: nonce).octets)
  }
}
