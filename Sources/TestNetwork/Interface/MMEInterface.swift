import NASCrypto
import NASMessages
import NASSecurity

/// One timer of the MME: the driver keeps one running per value, an expiry that comes too late is ignored.
public struct MMETimer: Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    case t3413 = "T3413"
    case t3422 = "T3422"
    case t3450 = "T3450"
    case t3460 = "T3460"
    case t3470 = "T3470"
    case t3489 = "T3489"
    /// Ours: the eNB owes an S1AP answer.
    case s1Guard = "S1 guard"
  }
  public var kind: Kind
  /// The MME-UE-S1AP-ID of the connection; for T3413 the subscriber's number.
  public var owner: UInt32

  public init(_ kind: Kind, owner: UInt32) {
    self.kind = kind
    self.owner = owner
  }

  public var description: String { "\(kind.rawValue) (\(owner))" }
}

/// A procedure that the network starts because it was told to.
public enum NetworkCommand: Sendable, Equatable {
  /// A fresh AKA; an SMC with the new KASME follows if `thenSecurityMode`.
  case authenticate(thenSecurityMode: Bool = true)
  /// SECURITY MODE COMMAND with the partial context if there is one, else for the current one; algorithms by priority when nil.
  case securityMode(NASAlgorithms? = nil)
  case identify(IdentityType2)
  case reallocateGUTI
  case emmInformation
  case emmStatus(EMMCause)
  case detach(reattachRequired: Bool)
  /// UE CONTEXT RELEASE COMMAND: the UE becomes idle.
  case release
  /// PAGING on every eNB that serves the UE's tracking areas.
  case page
}

extension MME {
  public enum Input: Sendable {
    case associationUp(Int)
    case associationDown(Int)
    case s1ap([UInt8], association: Int, stream: UInt16)
    case timer(MMETimer)
    case command(NetworkCommand, imsi: String)
    /// RESET of everything on this association.
    case resetAssociation(Int)
  }

  public enum Output: Sendable, Equatable {
    case s1ap([UInt8], association: Int, stream: UInt16)
    case startTimer(MMETimer, after: Duration)
    case stopTimer(MMETimer)
    /// The MME's own word on a UE's contexts, after what is said in `why`.
    case securityContexts(imsi: String, SecurityContexts, why: String)
    /// A KeNB went to the eNB, derived from the uplink COUNT given.
    case keNB(imsi: String, KeyMaterial, uplinkCount: NASCount)
    /// The EMM state the MME has for this UE: "EMM-REGISTERED", ….
    case state(imsi: String, String)
    /// A procedure that was started on command, or by the UE, has ended: in words.
    case procedure(imsi: String?, String)
    case discarded(MMEDiscard)
  }
}

/// Why the MME ignored or refused something that arrived.
public struct MMEDiscard: Sendable, Equatable, CustomStringConvertible {
  /// In words.
  public var reason: String
  /// "TS 24.301 §4.4.4.3".
  public var clause: String
  public var association: Int?
  /// The UE concerned, where the MME knows (or was told, unverified) which.
  public var imsi: String?

  public init(_ reason: String, clause: String, association: Int? = nil, imsi: String? = nil) {
    self.reason = reason
    self.clause = clause
    self.association = association
    self.imsi = imsi
  }

  public var description: String { "\(reason) (\(clause))" }
}
