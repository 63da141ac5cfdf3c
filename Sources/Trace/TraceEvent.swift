public import NASCrypto

/// One thing that crossed a reference point, or that an entity said of itself. The log of these is all that verdicts,
/// ladders, captures and metrics are made from.
public struct TraceEvent: Sendable, Equatable {
  public enum AssociationChange: Sendable, Equatable {
    case up
    /// With the reason in words.
    case down(String)
  }

  public enum TimerChange: String, Sendable, Hashable {
    case started, stopped, expired
  }

  public enum Body: Sendable, Equatable {
    /// A whole S1AP-PDU on a leg. `uplink` is from the eNB to the MME.
    case s1ap(S1Leg, LinkDirection, stream: UInt16, octets: [UInt8])
    /// A NAS-PDU at the point between UE and eNB.
    case nas(ue: UELabel, LinkDirection, octets: [UInt8])
    case association(S1Leg, AssociationChange)
    /// A GTPv2-C message between two nodes of the core network, by number: S10 between MMEs, S3 to an SGSN. MMEs have the numbers of
    /// their legs; what is no MME has one of its own.
    case gtp(from: Int, to: Int, octets: [UInt8])
    /// A message silently discarded, as the clause says.
    case discard(by: TraceEntity, reason: String, clause: String)
    case timer(TraceEntity, name: String, TimerChange)
    case securityContext(SecurityContextReport)
    /// A KeNB taken into use by an eNB or a UE, by its own word.
    case keNB(TraceEntity, imsi: String?, key: KeyMaterial, nextHopChainingCount: UInt8)
    /// An entity's state about a UE: "EMM-REGISTERED".
    case state(TraceEntity, imsi: String, name: String)
    case note(String)
  }

  /// Position in the log, from 0; verdicts name it as their frame.
  public var index: Int
  /// Since the start of the run, or since the first packet of a capture.
  public var time: Duration
  public var body: Body

  public init(index: Int, time: Duration, body: Body) {
    self.index = index
    self.time = time
    self.body = body
  }
}
