import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// The eNB at the other end of an association.
struct ENBAssociation: Sendable {
  enum State: Sendable, Equatable {
    case awaitingSetup
    case ready(name: String?, trackingAreas: [MMEConfiguration.TrackingArea])
  }
  var state = State.awaitingSetup
  /// Of S1 SETUP: by it a handover finds its target.
  var identity: GlobalENBID?
  var isResetting = false

  var isReady: Bool {
    if case .ready = state { true } else { false }
  }
}

/// An eNB-UE-S1AP-ID means something on its own association only.
struct ENBIdentifier: Hashable, Sendable {
  var association: Int
  var identifier: UInt32
}

/// A UE-associated logical S1 connection and the NAS procedures that run over it.
///
/// What an unverified UE claims lives here and dies with the connection; a ``UEContext`` is reached through
/// ``Subject/verified(_:)`` alone.
struct S1Connection: Sendable {
  /// Whose connection this is, as far as the MME knows.
  enum Subject: Sendable, Equatable {
    case unknown
    /// Said by a message that was not verified. `byGUTI`: the IMSI itself has not been asked for.
    case claimed(Int, byGUTI: Bool)
    /// Proved by a MAC under a current context or by RES.
    case verified(Int)

    var index: Int? {
      switch self {
      case .unknown: nil
      case .claimed(let index, _), .verified(let index): index
      }
    }
    var verified: Int? {
      if case .verified(let index) = self { index } else { nil }
    }
  }

  /// The AS context at the eNB.
  enum ContextSetup: Sendable, Equatable {
    case none
    /// INITIAL CONTEXT SETUP REQUEST is unanswered.
    case requested
    case done
    /// UE CONTEXT MODIFICATION REQUEST with a new KeNB is unanswered.
    case changingKey
  }

  let identifier: UInt32
  /// Where the UE is: a handover changes it, and what runs over the connection goes on.
  var eNB: UInt32
  var association: Int
  /// The SCTP stream that the eNB uses for this UE, used downlink as well.
  var stream: UInt16
  /// The leg that the UE left last over X2. No release of ours tells that eNB, so its word on what the UE missed there may still come.
  var leftOverX2: ENBIdentifier?
  /// The TAI; KASME is bound to its PLMN.
  var trackingArea: MMEConfiguration.TrackingArea

  var subject = Subject.unknown
  /// Secure exchange of NAS messages is established (TS 24.301 §4.4.2.3): from now on nothing unprotected is taken or sent.
  var isSecure = false
  var specific: SpecificProcedure?
  /// EMM common procedures without an answer: at most one of a kind, and one in all unless a command forced more.
  var commons: [CommonProcedure] = []
  var reallocation: GUTIReallocation?
  /// EPS bearer context procedures without an answer: at most one of a bearer.
  var bearerProcedures: [BearerProcedure] = []
  /// A further PDN connection whose ESM information is asked for.
  var connectivity: PDNConnectivity?
  var contextSetup = ContextSetup.none
  /// An SMC has taken a new KASME into use while the eNB was busy with another key: it is owed a KeNB of it (TS 33.401 §7.2.10).
  var owesKeyChange = false
  /// The AS key chain that the eNB is on, and the one that a KeNB under way would begin.
  var chain: AccessStratumChain?
  var pendingChain: AccessStratumChain?
  /// A pair of the chain has been sent.
  var hasSentPair = false
  var handover: Handover?
  /// A handover to an eNB of another MME.
  var relocation: Relocation?
  /// The relocation that brought the UE here: our TEID of it, and the other end.
  var arrivalTEID: UInt32?
  var arrivedFrom: RemoteEndpoint?
  /// What went to the UE last, for the case that it does not arrive.
  var sentMessages = SentMessages()
  /// What waits for the other to end (TS 33.401 §7.2.10): an SMC for a change of AS keys, a set-up with a KeNB for an SMC.
  var waitingSecurityMode: WaitingSecurityMode?
  var waitingContextSetup: WaitingContextSetup?
  /// COUNTs near their wrap have led to an authentication or an SMC on this connection.
  var hasRenewedKeys = false
  /// The defect `kenb-on-old-leg`: the connection that the UE had before.
  var displaced: UInt32?
  /// The defect `downlink-out-of-order`: what took its COUNT and has not left yet.
  var heldBack: [UInt8]?
  /// UE CONTEXT RELEASE COMMAND has been sent.
  var isReleasing = false
  /// eKSI value of the initial NAS message: a fresh one must differ (TS 24.301 §5.4.2.2).
  var statedKeySetIdentifier: UInt8?
  /// Uplink NAS COUNT of the message from which KeNB is derived (TS 33.401 §7.2.6.2, Annex A.3).
  var keNBTrigger: NASCount?

  init(identifier: UInt32, eNB: UInt32, association: Int, stream: UInt16, trackingArea: MMEConfiguration.TrackingArea) {
    self.identifier = identifier
    self.eNB = eNB
    self.association = association
    self.stream = stream
    self.trackingArea = trackingArea
  }
}

/// An EMM specific procedure, or the service request: one at a time per UE (TS 24.301 §5.1.2). Indirect, so that a connection
/// over which nothing runs is small.
indirect enum SpecificProcedure: Sendable {
  case attach(Attach)
  case trackingAreaUpdate(TrackingAreaUpdate)
  case serviceRequest
  /// A DETACH REQUEST that was not verified waits for authentication, one that was for an identification.
  case detachByUE(DetachType)
  case networkDetach(NetworkDetach)
}
