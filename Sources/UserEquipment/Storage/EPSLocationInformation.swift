import NASMessages

/// What is wrong with a file of the USIM.
public struct USIMFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file's name in TS 31.102: "EF_EPSNSC".
  public var file: String
  public var reason: String

  public init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }

  public var description: String { "\(file): \(reason)" }
}

/// EF_EPSLOCI (TS 31.102 §4.2.91, file identifier 6FE3): GUTI, last visited registered TAI and EPS update status in 18 octets.
///
///     octets  content
///     1-12    GUTI as octets 2 to 13 of the EPS mobile identity: length 11, then F6, PLMN, MME group, MME code, M-TMSI
///     13-17   last visited registered TAI: PLMN, TAC
///     18      EPS update status: 0 updated, 1 not updated, 2 roaming not allowed
public struct EPSLocationInformation: Sendable, Equatable {
  public static let fileIdentifier: UInt16 = 0x6FE3
  public static let length = 18
  static let name = "EF_EPSLOCI"

  /// nil: octets of FF.
  public var guti: GUTI?
  /// nil: a PLMN of FF and TAC FFFE.
  public var lastVisitedTrackingArea: TrackingAreaIdentity?
  public var updateStatus: EPSUpdateStatus

  public init(
    guti: GUTI? = nil, lastVisitedTrackingArea: TrackingAreaIdentity? = nil, updateStatus: EPSUpdateStatus = .notUpdated
  ) {
    self.guti = guti
    self.lastVisitedTrackingArea = lastVisitedTrackingArea
    self.updateStatus = updateStatus
  }

  /// - Throws: ``USIMFileError`` when the octets are not this file's.
  public init(decoding octets: [UInt8]) throws(USIMFileError) {
    guard octets.count == EPSLocationInformation.length else {
      throw USIMFileError(file: Self.name, reason: "\(octets.count) octets, not \(Self.length)")
    }
    if octets[0..<12].allSatisfy({ $0 == 0xFF }) {
      guti = nil
    } else {
      guard octets[0] == 11, octets[1] == 0xF6 else {
        throw USIMFileError(file: Self.name, reason: "octets 1 and 2 are no GUTI's (0B F6)")
      }
      guti = GUTI(
        plmn: PLMN(octets[2], octets[3], octets[4]), mmeGroupID: UInt16(octets[5]) << 8 | UInt16(octets[6]), mmeCode: octets[7],
        mTMSI: octets[8..<12].reduce(0) { $0 << 8 | UInt32($1) })
    }
    if let guti, !guti.plmn.hasDigits { throw USIMFileError(file: Self.name, reason: "octets 3 to 5 are no PLMN's") }
    lastVisitedTrackingArea =
      octets[12..<15].allSatisfy { $0 == 0xFF }
      ? nil : TrackingAreaIdentity(plmn: PLMN(octets[12], octets[13], octets[14]), tac: UInt16(octets[15]) << 8 | UInt16(octets[16]))
    if let area = lastVisitedTrackingArea, !area.plmn.hasDigits {
      throw USIMFileError(file: Self.name, reason: "octets 13 to 15 are no PLMN's")
    }
    guard let status = EPSUpdateStatus(rawValue: octets[17] & 0x07) else {
      throw USIMFileError(file: Self.name, reason: "EPS update status \(octets[17]) is reserved")
    }
    updateStatus = status
  }

  public func encoded() -> [UInt8] {
    var octets: [UInt8] = []
    if let guti {
      octets += [11, 0xF6] + guti.plmn.wireOctets
      octets += [UInt8(guti.mmeGroupID >> 8), UInt8(truncatingIfNeeded: guti.mmeGroupID), guti.mmeCode]
      octets += bigEndian(guti.mTMSI)
    } else {
      octets += [UInt8](repeating: 0xFF, count: 12)
    }
    if let area = lastVisitedTrackingArea {
      octets += area.plmn.wireOctets + [UInt8(area.tac >> 8), UInt8(truncatingIfNeeded: area.tac)]
    } else {
      octets += [0xFF, 0xFF, 0xFF, 0xFF, 0xFE]
    }
    return octets + [updateStatus.rawValue]
  }
}

func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) } }
