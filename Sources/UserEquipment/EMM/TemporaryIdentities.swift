import NASCrypto
import NASMessages
import NASSecurity

/// TIN: which temporary identity the next update or attach goes by (TS 23.401 §4.3.5.6). The mobile equipment keeps it while it is switched
/// off (TS 24.301 Annex C).
public enum TemporaryIdentityInNextUpdate: UInt8, Hashable, Sendable, CustomStringConvertible {
  /// The last registration was in UTRAN or GERAN.
  case pTMSI = 1
  /// It was in E-UTRAN.
  case guti = 2
  /// Both are registered: idle mode signalling reduction is active.
  case ratRelatedTMSI = 3

  public var description: String {
    switch self {
    case .pTMSI: "P-TMSI"
    case .guti: "GUTI"
    case .ratRelatedTMSI: "RAT-related TMSI"
    }
  }
}

/// The registration in UTRAN or GERAN, as far as E-UTRAN is concerned.
public struct PacketRegistration: Sendable, Equatable {
  /// P-TMSI and RAI as a GUTI (TS 23.003 §2.8.2.2).
  public var mappedGUTI: GUTI
  public var signature: PTMSISignature?
  /// What a mapped context is made of after a change in idle mode; not kept while the UE is switched off.
  var umts: UMTSSecurityContext?

  public init(mappedGUTI: GUTI, signature: PTMSISignature? = nil) {
    self.init(mappedGUTI: mappedGUTI, signature: signature, umts: nil)
  }

  init(mappedGUTI: GUTI, signature: PTMSISignature?, umts: UMTSSecurityContext?) {
    self.mappedGUTI = mappedGUTI
    self.signature = signature
    self.umts = umts
  }
}

/// What the UE brought from another system.
indirect enum OtherSystem: Sendable, Equatable {
  case packet(PacketRegistration)
  /// From N1 mode in idle mode, until an update succeeds; its context has the COUNT of the next update.
  case n1(IdleChangeFromN1)
  /// From N1 mode by handover, until an update succeeds: the 5G-GUTI as a GUTI (TS 23.003).
  case handedOverFromN1(mappedGUTI: GUTI)
  /// From N1 mode, to attach: until that succeeds.
  case n1Attach(N1Registration)
}

/// The temporary identities of a request.
struct RequestIdentities: Equatable {
  struct Old: Equatable {
    var guti: GUTI
    /// "Mapped GUTI".
    var isMapped: Bool
    var identity: EPSMobileIdentity { .guti(guti) }
  }

  /// nil: the UE has none.
  var old: Old?
  var additional: GUTI?
  var signature: PTMSISignature?
}

extension UE {
  /// P-TMSI and RAI, where the next request goes by them.
  var packetIdentity: PacketRegistration? {
    guard registration.temporaryIdentityInNextUpdate == .pTMSI, case .packet(let packet) = registration.origin else { return nil }
    return packet
  }

  /// A/Gb mode or Iu mode: the MS network capability, or algorithms of UMTS, say so.
  var supportsOtherSystems: Bool {
    configuration.msNetworkCapability != nil || (configuration.networkCapability.uea ?? 0) != 0
      || registration.temporaryIdentityInNextUpdate != nil
  }

  /// §5.5.1.2.2 b 2: IMSI where TIN says P-TMSI and there is none.
  var attachIdentities: RequestIdentities {
    if goesByIMSI { return RequestIdentities() }
    // a: without N26 the own GUTI, with it the 5G-GUTI first, by which the MME finds the AMF; both are called native.
    if let n1 = n1Registration { return RequestIdentities(old: guti5G(of: n1).map { .init(guti: $0, isMapped: false) } ?? native) }
    if let packet = packetIdentity { return identities(of: packet) }
    switch registration.temporaryIdentityInNextUpdate {
    case .pTMSI: return RequestIdentities()
    case .guti, .ratRelatedTMSI: return RequestIdentities(old: native)
    case nil:
      if registration.guti == nil, case .packet(let packet) = registration.origin { return identities(of: packet) }
      return RequestIdentities(old: native)
    }
  }

  /// What the attach that comes next has to say of N1 mode.
  var n1Registration: N1Registration? { if case .n1Attach(let n1) = registration.origin { n1 } else { nil } }

  /// The 5G-GUTI, where the attach goes by it (§5.3.1.1 a, §5.5.1.2.2 a 2).
  func guti5G(of n1: N1Registration) -> GUTI? { n1.hasN26 && !goesByIMSI ? n1.mappedGUTI : nil }

  /// §5.5.1.2.2 a: without N26 where there is a GUTI, with it where there is a 5G-GUTI.
  var attachStatus: UEStatus? {
    guard let n1 = n1Registration, !goesByIMSI else { return nil }
    if !n1.hasN26 { return registration.guti == nil ? nil : UEStatus(s1Registered: false, n1Registered: n1.isRegistered) }
    return n1.mappedGUTI == nil ? nil : UEStatus(s1Registered: false, n1Registered: false)
  }

  /// §5.5.3.2.2. What stands for a 5G-GUTI is called native all the same (cases z, zd).
  func updateIdentities(after origin: HandoverOrigin?) -> RequestIdentities {
    var mapped = origin?.isN1 == true ? origin?.mappedGUTI : nil
    switch registration.origin {
    case .handedOverFromN1(let remembered): mapped = mapped ?? remembered
    // Begun anew over the connection that there is, it is still the update that the change brought about.
    case .n1(let change): mapped = mapped ?? change.mappedGUTI
    case .packet, .n1Attach, nil: break
    }
    if let mapped { return RequestIdentities(old: .init(guti: mapped, isMapped: false), additional: registration.guti) }
    return packetIdentity.map { identities(of: $0) } ?? RequestIdentities(old: native)
  }

  private var native: RequestIdentities.Old? { registration.guti.map { .init(guti: $0, isMapped: false) } }

  private func identities(of packet: PacketRegistration) -> RequestIdentities {
    RequestIdentities(
      old: .init(guti: packet.mappedGUTI, isMapped: true), additional: registration.guti, signature: packet.signature)
  }

  /// §5.5.3.2.2: CKSN and a fresh nonce, after a change from UTRAN or GERAN in idle mode.
  mutating func nameGPRSKeys(in request: inout NASMessage) -> TrackingAreaUpdateAttempt.Mapping? {
    guard let umts = packetIdentity?.umts else { return nil }
    let nonce = UInt32.random(in: .min ... .max, using: &random)
    request.set(
      TrackingAreaUpdateRequest.gprsCipheringKeySequenceNumber, CipheringKeySequenceNumber(rawValue: umts.keySetIdentifier))
    request.set(TrackingAreaUpdateRequest.nonceUE, Nonce(nonce))
    return .init(umts: umts, nonceUE: nonce)
  }

  /// The network has not heard yet that the UE came from N1 mode.
  var comesFromN1: Bool {
    switch registration.origin {
    case .n1, .handedOverFromN1: true
    case .packet, .n1Attach, nil: false
    }
  }

  /// §5.5.1.2.4, §5.5.3.2.4: the network knows where we are. With ISR the P-TMSI stays valid beside the GUTI.
  mutating func adoptTemporaryIdentity(isISRActivated: Bool) {
    let before = registration.temporaryIdentityInNextUpdate
    if isISRActivated, before == .pTMSI || before == .ratRelatedTMSI {
      registration.temporaryIdentityInNextUpdate = .ratRelatedTMSI
      return
    }
    registration.origin = nil
    if supportsOtherSystems { registration.temporaryIdentityInNextUpdate = .guti }
  }
}
