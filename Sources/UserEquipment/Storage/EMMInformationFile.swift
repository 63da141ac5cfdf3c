/// What TS 24.301 Annex C stores on the USIM, in the memory of the mobile equipment instead, where the USIM lacks the files for it. It belongs
/// to the IMSI that it was written for, and to no other.
///
/// In the frame of ``CheckedRecord`` with the letters `EMM`:
///
///     octets   content
///     14-31    as EF_EPSLOCI: GUTI, last visited registered TAI, EPS update status
///     32-      as EF_EPSNSC: the full native EPS security context, or the mark that it is not valid
public enum EMMInformationFile {
  static let record = CheckedRecord("EMM", name: "EMM")

  public static func encoded(_ location: EPSLocationInformation, _ security: EPSNASSecurityContextFile, imsi: String) -> [UInt8] {
    record.encoded(location.encoded() + security.encoded(), imsi: imsi)
  }

  /// - Throws: ``USIMFileError`` when the octets are not this file's, or another card's.
  public static func decode(
    _ octets: [UInt8], imsi: String
  ) throws(USIMFileError) -> (location: EPSLocationInformation, security: EPSNASSecurityContextFile) {
    let content = try record.content(of: octets, imsi: imsi)
    let location = try EPSLocationInformation(decoding: Array(content.prefix(EPSLocationInformation.length)))
    return (location, try EPSNASSecurityContextFile(decoding: Array(content.dropFirst(EPSLocationInformation.length))))
  }
}
