import Glibc
import UserEquipment

/// Files of USIMs on disk, for power-off and power-on across runs. In DIR/IMSI:
///
///     6F07   EF_IMSI: whose they are
///     6FE3   EF_EPSLOCI: GUTI, last visited TAI, EPS update status
///     6FE4   EF_EPSNSC: the EPS security context, or the mark that it is not valid
///     6F7B   EF_FPLMN: the PLMNs that do not want the card
///     6F38   EF_UST, where somebody put one: a card without service 85 has neither EF_EPSLOCI nor EF_EPSNSC (``ServiceTableFile``)
///     EMM    what those two would hold, of such a card: the mobile equipment remembers it (Annex C, ``EMMInformationFile``)
///     SQN    the sequence numbers that the USIM accepted (``SequenceNumberFile``)
///     NVM    what the mobile equipment remembers: T3245, T3346, T3396 (``MobileEquipmentMemory``)
///
/// Each file is replaced as a whole or not at all. A file that is corrupt or another's is an error, and stays as it is.
///
/// The order of writing keeps them consistent wherever it is cut off: a context is marked invalid before anything else changes, and valid
/// after all else is written. So a valid context is that of the GUTI and of the sequence numbers beside it.
public struct USIMStateDirectory: Sendable {
  /// DIR: one folder for each IMSI lies in it.
  public let path: String
  var files = AtomicFiles()

  public init(_ path: String) { self.path = path }

  /// What is remembered between switch-off and switch-on.
  public struct State: Sendable, Equatable {
    /// What the card holds.
    public var usim: USIMFiles
    /// What the phone holds.
    public var memory: MobileEquipmentMemory
    /// The card has EF_EPSLOCI and EF_EPSNSC; otherwise what belongs there is in the phone (TS 24.301 Annex C).
    public var hasEMMInformation = true

    public init(usim: USIMFiles = USIMFiles(), memory: MobileEquipmentMemory = MobileEquipmentMemory()) {
      self.usim = usim
      self.memory = memory
    }
  }

  enum Name: String, CaseIterable {
    case imsi = "6F07"
    case location = "6FE3"
    case security = "6FE4"
    case forbiddenPLMNs = "6F7B"
    case sequenceNumbers = "SQN"
    case memory = "NVM"
    case serviceTable = "6F38"
    case emmInformation = "EMM"
  }

  func folder(_ imsi: String) -> String { "\(path)/\(imsi)" }
  private func file(_ imsi: String, _ name: Name) -> String { "\(folder(imsi))/\(name.rawValue)" }

  /// The files of a USIM; as of a new card where there are none.
  public func read(imsi: String) throws(USIMStateError) -> State {
    var state = State()
    let owner = file(imsi, .imsi)
    guard let octets = try files.read(owner) else {
      for name in Name.allCases where name != .serviceTable {
        guard try files.read(file(imsi, name)) != nil else { continue }
        throw .content(
          InputFileError(
            file: owner, line: nil, message: "EF_IMSI is missing, expected beside \(name.rawValue): nobody knows whose these are"))
      }
      try readServiceTable(into: &state, imsi)
      return state
    }
    guard octets == IMSIFile.encoded(imsi) else {
      throw .content(
        InputFileError(
          file: owner, line: nil,
          message:
            "EF_IMSI is not that of \(imsi), expected its own files; left as they are: move \(folder(imsi)) away to begin with a new card"))
    }
    try readServiceTable(into: &state, imsi)
    if state.hasEMMInformation {
      try read(.location, imsi) { octets throws(USIMFileError) in state.usim.location = try EPSLocationInformation(decoding: octets) }
      try read(.security, imsi) { octets throws(USIMFileError) in state.usim.security = try EPSNASSecurityContextFile(decoding: octets) }
    } else {
      try read(.emmInformation, imsi) { octets throws(USIMFileError) in
        (state.usim.location, state.usim.security) = try EMMInformationFile.decode(octets, imsi: imsi)
      }
    }
    try read(.forbiddenPLMNs, imsi) { octets throws(USIMFileError) in state.usim.forbiddenPLMNs = try ForbiddenPLMNFile.decode(octets) }
    try read(.sequenceNumbers, imsi) { octets throws(USIMFileError) in
      state.usim.sequenceNumbers = try SequenceNumberFile.decode(octets, imsi: imsi)
    }
    try read(.memory, imsi) { octets throws(USIMFileError) in state.memory = try MobileEquipmentMemory(decoding: octets, imsi: imsi) }
    try checkOwner(ofContextIn: state, imsi)
    state.memory.contextChecksum = nil
    return state
  }

  /// EF_EPSNSC does not say whose it is; NVM beside it tells which one was written for the IMSI. One that nothing is known of is taken: a
  /// card may have been filled elsewhere.
  private func checkOwner(ofContextIn state: State, _ imsi: String) throws(USIMStateError) {
    guard state.hasEMMInformation, state.usim.security != .invalid, let checksum = state.memory.contextChecksum,
      MobileEquipmentMemory.checksum(ofContextFile: state.usim.security.encoded()) != checksum
    else { return }
    throw .content(
      InputFileError(
        file: file(imsi, .security), line: nil,
        message:
          "it is not the context that was written for \(imsi), as NVM beside it tells: another card's, or changed since; left as it is: restore it, "
          + "or move \(folder(imsi)) away to begin with a new card"))
  }

  private func readServiceTable(into state: inout State, _ imsi: String) throws(USIMStateError) {
    try read(.serviceTable, imsi) { octets throws(USIMFileError) in
      state.hasEMMInformation = try ServiceTableFile.hasEPSMobilityManagementInformation(octets)
    }
  }

  private func read(_ name: Name, _ imsi: String, _ decode: ([UInt8]) throws(USIMFileError) -> Void) throws(USIMStateError) {
    guard let octets = try files.read(file(imsi, name)) else { return }
    do throws(USIMFileError) { try decode(octets) } catch {
      throw .content(
        InputFileError(
          file: file(imsi, name), line: nil,
          message: "\(error); left as it is: restore it, or move \(folder(imsi)) away to begin with a new card"))
    }
  }

  /// Replaces the files of a USIM, those that change.
  public func write(_ state: State, imsi: String) throws(USIMStateError) {
    try files.makeDirectory(path)
    try files.makeDirectory(folder(imsi))
    try replace(.imsi, IMSIFile.encoded(imsi), imsi)
    let security = state.usim.security
    if try !holds(security, state, imsi) { try replaceSecurity(.invalid, state, imsi) }
    try replace(.sequenceNumbers, SequenceNumberFile.encoded(state.usim.sequenceNumbers, imsi: imsi), imsi)
    var memory = state.memory
    if state.hasEMMInformation, security != .invalid {
      memory.contextChecksum = MobileEquipmentMemory.checksum(ofContextFile: security.encoded())
    }
    try replace(.memory, memory.encoded(imsi: imsi), imsi)
    try replace(.forbiddenPLMNs, ForbiddenPLMNFile.encoded(state.usim.forbiddenPLMNs), imsi)
    if state.hasEMMInformation { try replace(.location, state.usim.location.encoded(), imsi) }
    try replaceSecurity(security, state, imsi)
  }

  /// The context that is to be written is the one that lies there.
  private func holds(_ security: EPSNASSecurityContextFile, _ state: State, _ imsi: String) throws(USIMStateError) -> Bool {
    guard !state.hasEMMInformation else { return try files.read(file(imsi, .security)) == security.encoded() }
    return try files.read(file(imsi, .emmInformation)) == EMMInformationFile.encoded(state.usim.location, security, imsi: imsi)
  }

  /// The phone's memory has the location beside it, in one file.
  private func replaceSecurity(_ security: EPSNASSecurityContextFile, _ state: State, _ imsi: String) throws(USIMStateError) {
    guard !state.hasEMMInformation else { return try replace(.security, security.encoded(), imsi) }
    try replace(.emmInformation, EMMInformationFile.encoded(state.usim.location, security, imsi: imsi), imsi)
  }

  private func replace(_ name: Name, _ octets: [UInt8], _ imsi: String) throws(USIMStateError) {
    let file = file(imsi, name)
    guard try files.read(file) != octets else { return }
    try files.replace(file, octets)
  }
}
