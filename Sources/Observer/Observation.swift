public import NASCrypto
public import NASMessages
public import S1AP
public import Trace

/// One thing that an onlooker with the subscribers' K can say after a trace event.
public struct Observation: Sendable {
  /// Index of the trace event.
  public var event: Int
  public var time: Duration
  public var leg: S1Leg
  /// eNB UE S1AP ID: which connection on the leg; nil where the message names none.
  public var eNBUES1APID: UInt64?
  /// MME UE S1AP ID, where the message names one: it stays the UE's across a handover within an MME that keeps it.
  public var mmeUES1APID: UInt64?
  /// Nil for messages of no UE, or of one that cannot be told.
  public var ue: ObservedUEReference?
  public var body: Body

  public enum Body: Sendable {
    case nas(NASObservation)
    /// AUTHENTICATION REQUEST opened with K: the partial context it makes. Follows its `.nas`.
    case challenge(ObservedContext)
    /// AUTHENTICATION RESPONSE to that challenge, and whether RES is right.
    case challengeAnswered(context: Int, isCorrect: Bool)
    /// SECURITY MODE COMMAND verified: the context as it will be if the UE accepts.
    case contextOffered(ObservedContext)
    /// The UE rejected the SMC, or a newer one replaced it.
    case offerWithdrawn(context: Int)
    /// An uplink message proved that the UE uses this context now.
    case contextTakenIntoUse(ObservedContext, replacing: Int?)
    /// INITIAL CONTEXT SETUP REQUEST or UE CONTEXT MODIFICATION REQUEST with a Security Key. Comes before what NAS it carries.
    case keNB(KeNBObservation)
    /// The UE's S1 connection on this leg ended; it has another one left after a handover, else it is idle now.
    case connectionReleased(isLast: Bool)
    /// The UE has left this S1 connection by X2 handover: nothing more comes on it, and nobody says so. Follows the `.procedure` of
    /// PATH SWITCH REQUEST ACKNOWLEDGE on the other connection.
    case connectionLeft
    /// A message of S1AP that has to do with AS keys or with where the UE is. Comes before what else its event says.
    case procedure(ProcedureObservation)
    /// S1AP that could not be decoded.
    case undecodable(S1APError)
  }
}

/// Which UE, and what it is known by.
public struct ObservedUEReference: Sendable, Hashable {
  /// Position in `Observer.ues`.
  public let index: Int
  public let imsi: String?
  /// IMSI, else the temporary identity, else its S1AP identity.
  public let label: String
}

/// One NAS-PDU. Immutable and shared, since everything that looks on is handed it and a decoded message is large.
public final class NASObservation: Sendable {
  public enum Integrity: Sendable, Equatable {
    /// Sent without protection.
    case plain
    /// The MAC verifies under this COUNT, which is larger than all before.
    case verified(count: UInt32)
    /// The MAC verifies under a COUNT that had been used or passed already: a replay, or a COUNT going back.
    case stale(count: UInt32)
    /// A context is known, and no COUNT that was tried verifies the MAC. The COUNT is what was expected.
    case failed(expectedCount: UInt32)
    /// No context of the UE is known, or its K is not.
    case unverifiable

    /// The COUNT under which the MAC verifies.
    public var count: UInt32? {
      switch self {
      case .verified(let count), .stale(let count): count
      case .plain, .failed, .unverifiable: nil
      }
    }
  }

  @usableFromInline let reading: NASReading
  @inlinable public var direction: LinkDirection { reading.direction }
  @inlinable public var header: SecurityHeaderType { reading.header }
  /// In INITIAL UE MESSAGE.
  @inlinable public var isInitial: Bool { reading.isInitial }
  @inlinable public var integrity: Integrity { reading.integrity }
  /// The context under which it verified, after its COUNT was counted.
  @inlinable public var context: ObservedContext? { reading.context }
  /// The plain message, deciphered if it was ciphered; nil for SERVICE REQUEST, or if it is not readable.
  @inlinable public var message: NASMessage? { reading.message }
  /// The SERVICE REQUEST, if it is one.
  @inlinable public var serviceRequest: ServiceRequest? { reading.serviceRequest }
  /// Whether what was (to be) deciphered reads as a NAS message; nil if it was not ciphered or not verified, and where that cannot be
  /// told: it begins as a message and is malformed, or is of a type that is not known.
  @inlinable public var isDeciphered: Bool? { reading.isDeciphered }
  /// Why the PDU or the message in it could not be read.
  @inlinable public var error: NASDecodingError? { reading.error }
  /// The NAS-PDU as it travelled.
  @inlinable public var octets: [UInt8] { reading.octets }
  /// Of ``octets``.
  public let digest: OctetsDigest
  /// EMM and ESM together are told apart by the type.
  public let type: NASMessageType?
  /// "ATTACH REQUEST"; "ciphered message" where it could not be read.
  public let name: String

  init(_ new: consuming NASReading) {
    reading = new
    digest = OctetsDigest(reading.octets)
    type = reading.message?.type
    name =
      if let type { type.name } else if reading.serviceRequest != nil { "SERVICE REQUEST" } else {
        reading.header == .plain ? "unreadable message" : "ciphered message"
      }
  }
}

/// A ``NASObservation`` while it is made.
@usableFromInline struct NASReading: Sendable {
  @usableFromInline var direction: LinkDirection
  @usableFromInline var header: SecurityHeaderType
  @usableFromInline var isInitial: Bool
  @usableFromInline var integrity: NASObservation.Integrity
  @usableFromInline var context: ObservedContext?
  @usableFromInline var message: NASMessage?
  @usableFromInline var serviceRequest: ServiceRequest?
  @usableFromInline var isDeciphered: Bool?
  @usableFromInline var error: NASDecodingError?
  @usableFromInline var octets: [UInt8]
}

/// A key for the eNB.
public struct KeNBObservation: Sendable {
  public enum Carrier: String, Sendable {
    case initialContextSetupRequest = "INITIAL CONTEXT SETUP REQUEST"
    case ueContextModificationRequest = "UE CONTEXT MODIFICATION REQUEST"
  }

  public var carrier: Carrier
  public var key: KeyMaterial
  /// Length of the Security Key in bits as received; TS 36.413 §9.2.1.41 says 256.
  public var bitCount: Int
}
