import Glibc
import Profiles

/// The profiles that paths on the command line name: files, and folders with all that is in them.
enum ProfileFiles {
  /// Files in the order of the paths, those of a folder by name.
  ///
  /// - Throws: for a path that is not there, and for a folder without profiles.
  static func list(_ paths: [String]) throws -> [String] {
    var files: [String] = []
    for path in paths {
      guard isFolder(path) else {
        files.append(path)
        continue
      }
      let found = folder(trimmed(path))
      guard !found.isEmpty else { throw Refusal.usage("\(path): no profiles (*.yaml) in it") }
      files += found
    }
    return files
  }

  /// Reads one file: a profile for each combination of its parameters.
  static func read(_ file: String) throws -> [Profile] {
    let octets = try Files.read(file)
    guard let text = String(validating: octets, as: UTF8.self) else {
      let place = ProfilePlace(file: file, line: 1 + validPrefix(octets).count { $0 == UInt8(ascii: "\n") }, column: 1)
      throw ProfileError(place, "not UTF-8")
    }
    return try parse(text, file: file)
  }

  /// The lines before the first one that is not UTF-8.
  private static func validPrefix(_ octets: [UInt8]) -> ArraySlice<UInt8> {
    var start = 0
    while let end = octets[start...].firstIndex(of: UInt8(ascii: "\n")), String(validating: octets[start...end], as: UTF8.self) != nil {
      start = end + 1
    }
    return octets[..<start]
  }

  static func parse(_ text: String, file: String) throws(ProfileError) -> [Profile] {
    try ProfileParser.parse(text, file: file) { name, from in
      let folder = from.lastIndex(of: "/").map { String(from[...$0]) } ?? ""
      let path = name.hasPrefix("/") ? name : folder + name
      return (try? Files.read(path)).map { (path, String(decoding: $0, as: UTF8.self)) }
    }
  }

  /// Reads them all; what is wrong is told for each file, and ends with 2.
  static func readAll(_ paths: [String]) throws -> [Profile] {
    var profiles: [Profile] = []
    var problems: [String] = []
    for file in try list(paths) {
      do { profiles += try read(file) } catch let error as ProfileError { problems.append(error.description) }
    }
    guard let last = problems.popLast() else { return profiles }
    for problem in problems { StandardStream.error.write("nasue: \(problem)\n") }
    throw Refusal.usage(last)
  }

  private static func trimmed(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? trimmed(String(path.dropLast())) : path
  }

  static func isFile(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
  }

  private static func isFolder(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  /// Folders named `parts` hold steps that profiles include, and no profiles.
  private static func folder(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix("."), name != "parts" { names.append(name) }
    }
    return names.sorted().flatMap { name -> [String] in
      let whole = "\(path)/\(name)"
      if isFolder(whole) { return folder(whole) }
      return name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? [whole] : []
    }
  }
}
