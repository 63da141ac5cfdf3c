import NASMessages
import NASSecurity

/// What the SGSN or AMF that served a UE would tell this MME of it when it comes over in idle mode (TS 33.401 §9.1.2, TS 33.501 §8.6.1).
///
/// Neither S3 nor N26 is emulated: whoever drives the MME says beforehand what would be answered.
public struct SourceContext: Sendable, Equatable {
  public enum Security: Sendable, Equatable {
    /// Of UTRAN or GERAN: a mapped context is made of CK, IK and both nonces, and an SMC takes it into use.
    case umts(UMTSSecurityContext)
    /// Of 5GS: it verifies the TRACKING AREA UPDATE REQUEST, and the mapped context goes on with its COUNTs.
    case fiveG(FiveGSecurityContext)
    /// A handover that was prepared: the mapped context that the container told the UE to make (TS 24.301 §4.4.2.2), in force with the
    /// UE's first request.
    case handover(MappedSecurityContext)
    /// The UE has come, and what there was of it is in use here.
    case takenOver
  }

  /// P-TMSI and RAI, or 5G-GUTI, as the UE maps them into the old GUTI of its request (TS 23.003 §2.8.2, §2.10.2).
  public var guti: GUTI
  public var security: Security

  public init(guti: GUTI, security: Security) {
    self.guti = guti
    self.security = security
  }
}

extension MME {
  /// A newer word about a UE takes the place of an older one; nil takes it back.
  mutating func learn(_ source: SourceContext?, imsi: String) {
    guard let index = hss.index(of: imsi) else {
      return discard("a source system's context for IMSI \(imsi), which the HSS does not have", "configuration")
    }
    forgetSource(of: index)
    guard let source else { return }
    ues[index].source = source
    ueOfSourceGUTI[source.guti] = index
  }

  mutating func forgetSource(of index: Int) {
    guard let source = ues[index].source else { return }
    if ueOfSourceGUTI[source.guti] == index { ueOfSourceGUTI[source.guti] = nil }
    ues[index].source = nil
  }

  /// The UE whose source system knows it by this identity.
  func source(of identity: EPSMobileIdentity?) -> (index: Int, context: SourceContext)? {
    guard case .guti(let guti)? = identity, let index = ueOfSourceGUTI[guti], let source = ues[index].source else { return nil }
    return (index, source)
  }
}
