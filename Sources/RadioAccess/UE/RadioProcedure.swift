import NASCrypto
import RadioInterface
import S1AP

/// What RRC does with a UE and waits for its answer.
enum RadioProcedure: Sendable, Equatable {
  /// AS SECURITY MODE COMMAND of an INITIAL CONTEXT SETUP.
  case activatingSecurity(PendingContextSetup)
  /// RRC CONNECTION RECONFIGURATION with the key change indicator, of a UE CONTEXT MODIFICATION; it holds the new context.
  case rekeying(AccessStratumContext)
  /// RRC CONNECTION REESTABLISHMENT; it holds the new context.
  case reestablishing(AccessStratumContext)
}

/// An INITIAL CONTEXT SETUP REQUEST that is answered when the UE has activated AS security.
struct PendingContextSetup: Sendable, Equatable {
  var context: AccessStratumContext
  var failedBearers: [UInt8]
  var nas: [[UInt8]]
}

/// Where a UE is in an inter-eNB handover.
enum Mobility: Sendable, Equatable {
  /// Source: HANDOVER REQUIRED, or HANDOVER REQUEST over X2, is unanswered.
  case preparing(HandoverKind, HandoverTarget)
  /// Source: HANDOVER CANCEL is unanswered.
  case cancelling
  /// Source: the UE was told to go.
  case executing(HandoverKind, HandoverTarget)
  /// Target: everything is ready and the UE is not here.
  case arriving(HandoverKind, AccessStratumContext, source: X2Source?)
  /// Target: PATH SWITCH REQUEST is unanswered.
  case switchingPath(X2Source)
}

/// The source eNB of an X2 handover, and the UE there.
struct X2Source: Sendable, Equatable {
  var enbID: UInt32
  /// Old eNB UE X2AP ID.
  var identifier: UInt32
}
