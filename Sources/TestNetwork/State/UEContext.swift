import NASCrypto
import NASMessages
import NASSecurity

/// EMM states of the MME for one UE (TS 24.301 §5.1.3.4).
enum EMMState: Sendable, Equatable {
  case deregistered
  case commonProcedureInitiated
  case registered
  case deregisteredInitiated

  var name: String {
    switch self {
    case .deregistered: "EMM-DEREGISTERED"
    case .commonProcedureInitiated: "EMM-COMMON-PROCEDURE-INITIATED"
    case .registered: "EMM-REGISTERED"
    case .deregisteredInitiated: "EMM-DEREGISTERED-INITIATED"
    }
  }
}

/// What the MME knows of a subscriber's UE. Only verified messages and the network's own procedures change it.
struct UEContext: Sendable, Equatable {
  var state = EMMState.deregistered
  var security = SecurityContexts()
  /// The GUTI that the UE confirmed.
  var guti: GUTI?
  /// Sent and not confirmed: until then both are the UE's (TS 24.301 §5.4.1.4).
  var proposedGUTI: GUTI?
  var networkCapability: UENetworkCapability?
  var msNetworkCapability: MSNetworkCapability?
  var additionalCapability: UEAdditionalSecurityCapability?
  var radioCapabilityID: UERadioCapabilityID?
  /// What the node that served it in another system would say of it.
  var source: SourceContext?
  /// EPS bearers, in the order of their activation.
  var bearers: [Bearer] = []
  /// The tracking areas of its last TAI list, where it is paged.
  var trackingAreas: [MMEConfiguration.TrackingArea] = []
  /// MME-UE-S1AP-ID of the verified connection; nil while the UE is idle.
  var connection: UInt32?
  /// The last eKSI value given out.
  var lastKeySetIdentifier: UInt8 = 6
  /// Commands that wait for a connection, or for a procedure to end.
  var queue: [NetworkCommand] = []
  /// PAGING sent so often while T3413 runs; 0 when it does not.
  var pagings = 0
  /// Downlink COUNTs that SECURITY MODE COMMANDs have used of a partial context that no COMPLETE has taken into use: they are its KASME's, and
  /// are not used again (TS 24.301 §4.4.3.1).
  var usedOfPartial: UsedCounts?
  /// The defect `bad-mac-sticks`: a MAC was wrong since the last SMC.
  var hasSeenBadMAC = false
  /// PAGING names the IMSI, not the S-TMSI.
  var isPagedByIMSI = false
}

/// The next downlink COUNT under a KASME.
struct UsedCounts: Sendable, Equatable {
  let kasme: KeyMaterial
  let next: NASCount?
}
