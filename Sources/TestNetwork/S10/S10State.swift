import GTPv2C
import NASMessages
import NASSecurity
import S1AP

/// What the MME has under way over S10.
struct S10State: Sendable {
  /// A request of ours without an answer.
  struct PendingRequest: Sendable {
    enum Purpose: Sendable, Equatable {
      /// FORWARD RELOCATION REQUEST, FORWARD ACCESS CONTEXT NOTIFICATION, RELOCATION CANCEL REQUEST of the handover of a connection.
      case relocation(connection: UInt32)
      case accessContext(connection: UInt32)
      case cancel(connection: UInt32)
      /// FORWARD RELOCATION COMPLETE NOTIFICATION: nothing hangs on its answer.
      case completion
      /// CONTEXT REQUEST for the update that runs on a connection.
      case context(connection: UInt32)
      /// CONTEXT RESPONSE, whose answer is CONTEXT ACKNOWLEDGE.
      case contextResponse(subscriber: Int)
    }
    var purpose: Purpose
    var type: GTPv2CMessageType
    var octets: [UInt8]
    var peer: CoreAddress
    var transmissions = 1
  }

  /// A request that came: one that comes again has the same octets, and gets the same answer (TS 29.274 §7.6). A sequence number
  /// alone does not tell: CONTEXT RESPONSE has one of ours, which the peer may use for a request of its own too, and a peer that was
  /// started again begins anew.
  struct Received: Sendable {
    var peer: CoreAddress
    var type: GTPv2CMessageType
    var sequenceNumber: UInt32
    var request: [UInt8]
    /// nil while the answer waits for somebody else.
    var answer: [UInt8]?
  }

  static let maximumReceived = 256
  static let maximumArrivals = 1_024

  /// 24 bits.
  var nextSequenceNumber: UInt32 = 1
  var nextTEID: UInt32 = 1
  /// By the timer that supervises them: its owner is the sequence number.
  var pending: [MMETimer: PendingRequest] = [:]
  /// The last ones, oldest first.
  var received: [Received] = []
  /// Connections whose UE is being handed over to another MME, by our TEID.
  var sources: [UInt32: UInt32] = [:]
  /// UEs that another MME hands over to us, by their MME-UE-S1AP-ID.
  var arrivals: [UInt32: Arrival] = [:]
  /// Their MME-UE-S1AP-IDs, by our TEID.
  var arrivalOfTEID: [UInt32: UInt32] = [:]

  mutating func takeSequenceNumber() -> UInt32 {
    repeat {
      nextSequenceNumber = nextSequenceNumber >= 0xFF_FFFF ? 1 : nextSequenceNumber + 1
    } while pending[MMETimer(.t3Response, owner: nextSequenceNumber)] != nil
    return nextSequenceNumber
  }

  mutating func takeTEID() -> UInt32 {
    repeat { nextTEID = nextTEID == .max ? 1 : nextTEID + 1 } while sources[nextTEID] != nil || arrivalOfTEID[nextTEID] != nil
    return nextTEID
  }
}

/// A handover to an eNB of another MME, at the source: from HANDOVER REQUIRED to FORWARD RELOCATION COMPLETE NOTIFICATION or its failure.
struct Relocation: Sendable, Equatable {
  enum Stage: Sendable, Equatable {
    /// An SMC, or a KeNB on its way to the eNB, has to end before (TS 33.401 §7.2.10).
    case waiting
    /// FORWARD RELOCATION REQUEST was sent.
    case requested
    /// HANDOVER COMMAND was sent.
    case commanded
    /// RELOCATION CANCEL REQUEST was sent.
    case cancelling(isAcknowledgementOwed: Bool)
  }

  let peer: CoreAddress
  let target: TargetIdentification
  let type: HandoverType
  let cause: Cause
  /// From source to target eNB.
  let container: [UInt8]
  var stage = Stage.waiting
  /// Where answers come to.
  var localTEID: UInt32 = 0
  /// Where the target MME wants what follows; nil before its answer.
  var remote: RemoteEndpoint?
  /// NAS security parameters from E-UTRAN, of a handover to another system: they name the COUNT that CK' and IK' are of.
  var nasParameters: [UInt8]?
  /// The chain before its step, for the defect that takes it back.
  var chainBefore: AccessStratumChain?
  /// Uplink NAS that came since FORWARD RELOCATION REQUEST: for the target's MME to deal with, unless the handover fails.
  var heldUplink: [[UInt8]] = []

  static let maximumHeldUplink = 16
}

/// The other end of a relocation: where the peer wants messages about it.
struct RemoteEndpoint: Sendable, Equatable {
  var address: CoreAddress
  var teid: UInt32
}

/// A UE that is handed over from another MME, at the target: from FORWARD RELOCATION REQUEST to HANDOVER NOTIFY. Nothing of it is the UE's
/// context yet: if it does not come, what was known of it stays as it was.
struct Arrival: Sendable {
  let identifier: UInt32
  let subscriber: Int
  /// Of the target eNB.
  let association: Int
  let stream: UInt16
  var trackingArea: MMEConfiguration.TrackingArea
  let localTEID: UInt32
  let source: RemoteEndpoint
  /// Of FORWARD RELOCATION REQUEST.
  let sequenceNumber: UInt32
  /// From where it came; answers go there.
  let peer: CoreAddress
  var context: ForwardedContext
  /// HANDOVER REQUEST ACKNOWLEDGE gave it.
  var eNB: UInt32?
}

extension S1Connection {
  /// FORWARD RELOCATION REQUEST was sent, and it is not known that the handover has failed: no NAS message goes to the UE from here
  /// (TS 33.401 §7.2.10).
  var isSilent: Bool {
    switch relocation?.stage {
    case nil, .waiting: false
    case .requested, .commanded, .cancelling: true
    }
  }
}
