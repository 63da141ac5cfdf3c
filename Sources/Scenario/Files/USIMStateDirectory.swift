import Glibc
import UserEquipment

/// Files of USIMs on disk, for power-off and power-on across runs: DIR/IMSI/6FE3 is EF_EPSLOCI, DIR/IMSI/6FE4 is EF_EPSNSC, and
/// DIR/IMSI/6F07 is EF_IMSI, which says whose they are.
///
/// Each file is replaced as a whole or not at all. A file that is corrupt or another's is an error, and stays as it is.
public struct USIMStateDirectory: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  private func name(_ imsi: String, _ identifier: String) -> String { "\(path)/\(imsi)/\(identifier)" }

  /// The files of a USIM; as of a new card where there are none.
  public func read(imsi: String) throws(InputFileError) -> USIMFiles {
    var files = USIMFiles()
    guard let owner = try octets(name(imsi, "6F07")) else {
      guard try octets(name(imsi, "6FE3")) == nil, try octets(name(imsi, "6FE4")) == nil else {
        throw InputFileError(file: name(imsi, "6F07"), line: nil, message: "EF_IMSI is missing, so nobody knows whose files these are")
      }
      return files
    }
    guard owner == Self.encoded(imsi: imsi) else {
      throw InputFileError(
        file: name(imsi, "6F07"), line: nil, message: "EF_IMSI is not that of \(imsi): another card's files; left as they are")
    }
    if let octets = try octets(name(imsi, "6FE3")) {
      do { files.location = try EPSLocationInformation(decoding: octets) } catch { throw damaged(name(imsi, "6FE3"), error) }
    }
    if let octets = try octets(name(imsi, "6FE4")) {
      do { files.security = try EPSNASSecurityContextFile(decoding: octets) } catch { throw damaged(name(imsi, "6FE4"), error) }
    }
    return files
  }

  /// Replaces the files of a USIM.
  public func write(_ files: USIMFiles, imsi: String) throws(InputFileError) {
    for directory in [path, "\(path)/\(imsi)"] where mkdir(directory, 0o700) != 0 && errno != EEXIST {
      throw InputFileError(file: directory, line: nil, message: "cannot be made a directory: \(Self.reason)")
    }
    try replace(name(imsi, "6F07"), Self.encoded(imsi: imsi))
    try replace(name(imsi, "6FE3"), files.location.encoded())
    try replace(name(imsi, "6FE4"), files.security.encoded())
  }

  private func damaged(_ file: String, _ error: USIMFileError) -> InputFileError {
    InputFileError(file: file, line: nil, message: "\(error); left as it is")
  }

  private static var reason: String { String(cString: strerror(errno)) }

  /// nil where there is no file.
  private func octets(_ file: String) throws(InputFileError) -> [UInt8]? {
    guard let handle = fopen(file, "rb") else {
      if errno == ENOENT { return nil }
      throw InputFileError(file: file, line: nil, message: Self.reason)
    }
    defer { fclose(handle) }
    var content = [UInt8](repeating: 0, count: 4096)
    let count = fread(&content, 1, content.count, handle)
    guard ferror(handle) == 0 else { throw InputFileError(file: file, line: nil, message: "cannot be read") }
    return Array(content[..<count])
  }

  /// Written beside, synchronised, then renamed: whoever reads sees the old file or the new, whole.
  private func replace(_ file: String, _ octets: [UInt8]) throws(InputFileError) {
    let beside = file + ".new"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw InputFileError(file: beside, line: nil, message: Self.reason) }
    let isWritten = octets.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) } == octets.count && fsync(descriptor) == 0
    guard Glibc.close(descriptor) == 0, isWritten, rename(beside, file) == 0 else {
      let reason = Self.reason
      unlink(beside)
      throw InputFileError(file: file, line: nil, message: "cannot be written: \(reason)")
    }
  }

  /// EF_IMSI (TS 31.102 §4.2.2): length, then the digits as in a mobile identity; 9 octets.
  static func encoded(imsi: String) -> [UInt8] {
    let digits = imsi.utf8.map { $0 & 0x0F }
    var octets: [UInt8] = [UInt8(digits.count / 2 + 1)]
    var nibbles: [UInt8] = [digits.count % 2 == 1 ? 0x9 : 0x1] + digits
    if nibbles.count % 2 == 1 { nibbles.append(0xF) }
    for index in stride(from: 0, to: nibbles.count, by: 2) { octets.append(nibbles[index + 1] << 4 | nibbles[index]) }
    return octets + [UInt8](repeating: 0xFF, count: max(0, 9 - octets.count))
  }
}
