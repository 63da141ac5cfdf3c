/// What one node tells another of a UE: its security context and its capabilities (TS 29.274 §8.38).
///
/// Six formats, told apart by the security mode, which is also the element's type less 103.
public struct MMContext: Sendable {
  /// {NH, NCC} of an AS key chain.
  public struct NextHop: Sendable, Equatable {
    /// 32 octets.
    public var key: [UInt8]
    /// NCC, 0 ... 7.
    public var chainingCount: UInt8

    public init(key: [UInt8], chainingCount: UInt8) {
      self.key = key
      self.chainingCount = chainingCount
    }
  }

  /// The EPS security context that AS is still on while NAS has left it (OSCI, TS 33.401 §7.2.10).
  public struct OldEPSContext: Sendable, Equatable {
    /// Old KSI_ASME, 0 ... 7.
    public var keySetIdentifier: UInt8
    /// 32 octets.
    public var kasme: [UInt8]
    /// nil where old NHI is 0.
    public var nextHop: NextHop?

    public init(keySetIdentifier: UInt8, kasme: [UInt8], nextHop: NextHop?) {
      self.keySetIdentifier = keySetIdentifier
      self.kasme = kasme
      self.nextHop = nextHop
    }
  }

  /// The EPS security context that NAS is on.
  public struct EPSContext: Sendable, Equatable {
    /// KSI_ASME, 0 ... 7.
    public var keySetIdentifier: UInt8
    /// Used NAS integrity protection algorithm: 1 ... 3 for 128-EIA1 to 128-EIA3, 0 for EIA0.
    public var integrity: UInt8
    /// Used NAS cipher: 0 ... 3 for 128-EEA0 to 128-EEA3.
    public var ciphering: UInt8
    /// The COUNT of the next downlink message, 24 bits (TS 24.301 §4.4.3.1: what the MME stores).
    public var downlinkNASCount: UInt32
    /// The largest uplink COUNT that was accepted, 24 bits.
    public var uplinkNASCount: UInt32
    /// 32 octets.
    public var kasme: [UInt8]
    public var quadruplets: [AuthenticationVectors.Quadruplet] = []
    public var quintuplets: [AuthenticationVectors.Quintuplet] = []
    /// nil where NHI is 0.
    public var nextHop: NextHop?
    /// nil where OSCI is 0.
    public var old: OldEPSContext?

    public init(
      keySetIdentifier: UInt8, integrity: UInt8, ciphering: UInt8, downlinkNASCount: UInt32, uplinkNASCount: UInt32, kasme: [UInt8],
      nextHop: NextHop? = nil, old: OldEPSContext? = nil
    ) {
      self.keySetIdentifier = keySetIdentifier
      self.integrity = integrity
      self.ciphering = ciphering
      self.downlinkNASCount = downlinkNASCount
      self.uplinkNASCount = uplinkNASCount
      self.kasme = kasme
      self.nextHop = nextHop
      self.old = old
    }
  }

  /// Keys of UTRAN: what an SGSN has, or what an MME makes of KASME for one (CK' and IK').
  public struct UMTSContext: Sendable, Equatable {
    /// KSI (CKSN), 0 ... 7.
    public var keySetIdentifier: UInt8
    /// 16 octets.
    public var ck: [UInt8]
    /// 16 octets.
    public var ik: [UInt8]
    public var quintuplets: [AuthenticationVectors.Quintuplet] = []
    /// In the format of an MME alone (security mode 5).
    public var quadruplets: [AuthenticationVectors.Quadruplet] = []
    /// In the format with a used cipher alone (security mode 1).
    public var usedCipher: UInt8 = 0

    public init(keySetIdentifier: UInt8, ck: [UInt8], ik: [UInt8]) {
      self.keySetIdentifier = keySetIdentifier
      self.ck = ck
      self.ik = ik
    }
  }

  /// Keys of GERAN.
  public struct GSMContext: Sendable, Equatable {
    /// CKSN, 0 ... 7.
    public var keySetIdentifier: UInt8
    public var usedCipher: UInt8
    /// 8 octets.
    public var kc: [UInt8]
    /// In security mode 0 alone.
    public var triplets: [AuthenticationVectors.Triplet] = []
    /// In security mode 2 alone.
    public var quintuplets: [AuthenticationVectors.Quintuplet] = []

    public init(keySetIdentifier: UInt8, usedCipher: UInt8, kc: [UInt8]) {
      self.keySetIdentifier = keySetIdentifier
      self.usedCipher = usedCipher
      self.kc = kc
    }
  }

  public enum Security: Sendable, Equatable {
    /// Mode 0.
    case gsmWithTriplets(GSMContext)
    /// Mode 1.
    case umtsWithCipher(UMTSContext)
    /// Mode 2.
    case gsmWithQuintuplets(GSMContext)
    /// Mode 3: of an SGSN.
    case umts(UMTSContext)
    /// Mode 4: between MMEs.
    case eps(EPSContext)
    /// Mode 5: of an MME to an SGSN.
    case umtsWithQuadruplets(UMTSContext)

    /// Bits 8 to 6 of the first octet.
    var mode: UInt8 {
      switch self {
      case .gsmWithTriplets: 0
      case .umtsWithCipher: 1
      case .gsmWithQuintuplets: 2
      case .umts: 3
      case .eps: 4
      case .umtsWithQuadruplets: 5
      }
    }
  }

  /// Bit rates of a UE, kbit/s.
  public struct AggregateBitRate: Sendable, Equatable {
    public var uplink: UInt32
    public var downlink: UInt32

    public init(uplink: UInt32, downlink: UInt32) {
      self.uplink = uplink
      self.downlink = downlink
    }
  }

  public var security: Security
  /// Two octets of TS 24.008 §10.5.5.6; nil without.
  public var drx: [UInt8]?
  public var subscribedBitRate: AggregateBitRate?
  public var usedBitRate: AggregateBitRate?
  /// The value of TS 24.301 §9.9.3.34; empty without.
  public var ueNetworkCapability: [UInt8] = []
  /// The value of TS 24.008 §10.5.5.12; empty without.
  public var msNetworkCapability: [UInt8] = []
  /// IMEISV in TBCD; empty without.
  public var equipmentIdentity: [UInt8] = []
  /// Access restrictions, a bit each; nil where the element ends before.
  public var accessRestriction: UInt8? = 0
  /// What follows, as it came: voice domain preference, radio capability for paging, additional capabilities ….
  public var rest: [UInt8] = []
  /// Where ``rest`` began in the message that it was read from.
  var restOffset = 0

  public init(_ security: Security) { self.security = security }

  public var elementType: ElementType { ElementType(rawValue: ElementType.mmContextGSM.rawValue + security.mode) }

  /// Of the EPS format; nil for others.
  public var eps: EPSContext? {
    if case .eps(let context) = security { context } else { nil }
  }

  /// Of the formats with CK and IK; nil for others.
  public var umts: UMTSContext? {
    switch security {
    case .umts(let context), .umtsWithQuadruplets(let context), .umtsWithCipher(let context): context
    case .eps, .gsmWithTriplets, .gsmWithQuintuplets: nil
    }
  }
}

extension GTPv2CMessage {
  /// The MM context, of whichever format.
  public var mmContext: MMContext {
    get throws(GTPv2CError) {
      guard let element = elements.first(where: { (103...108).contains($0.type.rawValue) && $0.instance == 0 }) else {
        throw GTPv2CError(.missing, path: "MM Context").inside(type.name)
      }
      do throws(GTPv2CError) {
        let context = try MMContext(decoding: element.value)
        guard context.elementType == element.type else {
          throw GTPv2CError(.invalidValue, offset: element.value.startIndex, path: "security mode")
        }
        return context
      } catch { throw error.inside("MM Context").inside(type.name) }
    }
  }

  public mutating func add(_ context: MMContext) {
    elements.append(InformationElement(context.elementType, value: context.octets))
  }
}
