import NASCrypto
import NASMessages
import NASSecurity

/// Why a line of commands was not understood, in words.
public struct CommandTextError: Error, Sendable, Equatable, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}

/// A line that orders the test network's MME to start a procedure: `[now] VERB IMSI [ARGUMENT…]`.
public struct NetworkOrder: Sendable, Equatable {
  public var command: NetworkCommand
  public var imsi: String
  /// Beside whatever runs, not after it.
  public var isAtOnce: Bool

  public init(_ command: NetworkCommand, imsi: String, isAtOnce: Bool = false) {
    self.command = command
    self.imsi = imsi
    self.isAtOnce = isAtOnce
  }

  /// - Parameter line: words between spaces; `now` in front lets the procedure overlap with others.
  public init(parsing line: String) throws(CommandTextError) {
    var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    isAtOnce = words.first == "now"
    if isAtOnce { words.removeFirst() }
    guard let verb = words.first else { throw CommandTextError("no command") }
    guard NetworkCommand.verbs.contains(verb) else { throw .unknown(verb) }
    guard words.count > 1 else { throw CommandTextError("\(verb): expected an IMSI behind it") }
    imsi = words[1]
    guard (6...15).contains(imsi.utf8.count), imsi.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw CommandTextError("\(verb) \(imsi): expected an IMSI, 6 to 15 digits")
    }
    command = try NetworkCommand(verb: verb, arguments: Array(words.dropFirst(2)))
  }
}

extension NetworkCommand {
  /// The commands and their arguments, a line each.
  public static let syntax = """
    authenticate IMSI [alone]                            a fresh AKA, then an SMC that takes it into use (alone: no SMC)
    security-mode IMSI [eiaN eeaN] [new|current|non-current] [refresh-kenb] [radio-capability-id]
                                                         SECURITY MODE COMMAND of the partial context if there is one, else of the
                                                         current one, or of the context named; algorithms by preference
    identity IMSI [imsi|imei|imeisv|tmsi]                IDENTITY REQUEST
    reallocate-guti IMSI                                 GUTI REALLOCATION COMMAND
    emm-information IMSI [NAME]                          EMM INFORMATION
    emm-status IMSI CAUSE                                EMM STATUS
    detach IMSI [re-attach|imsi] [cause N]               DETACH REQUEST
    page IMSI [by-imsi]                                  PAGING of an idle UE, with its S-TMSI or its IMSI
    release IMSI                                         UE CONTEXT RELEASE COMMAND
    bearer IMSI activate [linked EBI] [qci N]            a dedicated EPS bearer
    bearer IMSI modify EBI qci N
    bearer IMSI deactivate EBI [cause N]                 of a default bearer: its PDN connection
    """

  public static let verbs: Set<String> = [
    "authenticate", "security-mode", "identity", "reallocate-guti", "emm-information", "emm-status", "detach", "page", "release", "bearer",
  ]

  /// A command without its IMSI: `security-mode eia1 eea1 current`.
  public init(parsing text: String) throws(CommandTextError) {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let verb = words.first else { throw CommandTextError("no command") }
    try self.init(verb: verb, arguments: Array(words.dropFirst()))
  }

  init(verb: String, arguments: [String]) throws(CommandTextError) {
    var words = Arguments(verb, arguments)
    switch verb {
    case "authenticate": self = .authenticate(thenSecurityMode: !words.take("alone"))
    case "security-mode": self = try Self.securityMode(&words)
    case "identity":
      let types: [(String, IdentityType2)] = [("imsi", .imsi), ("imei", .imei), ("imeisv", .imeisv), ("tmsi", .tmsi)]
      self = .identify(types.first { words.take($0.0) }?.1 ?? .imsi)
    case "reallocate-guti": self = .reallocateGUTI
    case "emm-information":
      let name = words.takeAll()
      self = name.isEmpty ? .emmInformation : .information(NetworkInformation(fullName: name))
    case "emm-status": self = .emmStatus(EMMCause(rawValue: try words.number("cause", in: 0...255)))
    case "detach":
      let type: DetachType =
        if words.take("re-attach") { .reattachRequired } else if words.take("imsi") { .imsiDetachByNetwork } else { .reattachNotRequired }
      self = .detachRequest(type, cause: try words.numberAfter("cause", in: 0...255).map { EMMCause(rawValue: $0) })
    case "page": self = words.take("by-imsi") ? .pageByIMSI : .page
    case "release": self = .release
    case "bearer": self = try Self.bearer(&words)
    default: throw .unknown(verb)
    }
    try words.finish()
  }

  private static func securityMode(_ words: inout Arguments) throws(CommandTextError) -> NetworkCommand {
    let integrity = (0...3).first { words.take("eia\($0)") }.flatMap { IntegrityAlgorithm(rawValue: UInt8($0)) }
    let ciphering = (0...3).first { words.take("eea\($0)") }.flatMap { CipheringAlgorithm(rawValue: UInt8($0)) }
    var algorithms: NASAlgorithms?
    switch (ciphering, integrity) {
    case (let ciphering?, let integrity?): algorithms = NASAlgorithms(ciphering: ciphering, integrity: integrity)
    case (nil, nil): break
    default: throw CommandTextError("security-mode: expected both algorithms or none, such as eia1 eea1")
    }
    let isNew = words.take("new")
    let basis: SecurityModeBasis =
      if words.take("current") { .current } else if words.take("non-current") || isNew { .nonCurrent } else { .automatic }
    return .securityMode(
      algorithms, of: basis, refreshingKeNB: words.take("refresh-kenb"), askingRadioCapabilityID: words.take("radio-capability-id"))
  }

  private static func bearer(_ words: inout Arguments) throws(CommandTextError) -> NetworkCommand {
    if words.take("activate") {
      let linked = try words.numberAfter("linked", in: 5...15)
      let qci = try words.numberAfter("qci", in: 1...254)
      return .activateDedicatedBearer(linkedTo: linked, qos: EPSQoS(qci: qci ?? 5))
    }
    if words.take("modify") {
      let identity = try words.number("EPS bearer identity", in: 5...15)
      guard let qci = try words.numberAfter("qci", in: 1...254) else { throw CommandTextError("bearer modify: expected qci N") }
      return .modifyBearer(identity, qos: EPSQoS(qci: qci))
    }
    if words.take("deactivate") {
      let identity = try words.number("EPS bearer identity", in: 5...15)
      let cause = try words.numberAfter("cause", in: 0...255)
      return .deactivateBearer(identity, cause: cause.map { ESMCause(rawValue: $0) } ?? .regularDeactivation)
    }
    throw CommandTextError("bearer: expected activate, modify or deactivate")
  }
}

/// The words behind a command, each taken once.
private struct Arguments {
  private let verb: String
  private var words: [String]

  init(_ verb: String, _ words: [String]) {
    self.verb = verb
    self.words = words
  }

  mutating func take(_ word: String) -> Bool {
    guard let place = words.firstIndex(of: word) else { return false }
    words.remove(at: place)
    return true
  }

  mutating func takeAll() -> String {
    defer { words = [] }
    return words.joined(separator: " ")
  }

  mutating func number(_ what: String, in range: ClosedRange<UInt8>) throws(CommandTextError) -> UInt8 {
    guard let first = words.first, let number = UInt8(first), range.contains(number) else {
      throw CommandTextError(
        "\(verb)\(words.first.map { " \($0)" } ?? ""): expected a \(what), \(range.lowerBound) to \(range.upperBound)")
    }
    words.removeFirst()
    return number
  }

  /// The number behind a word; nil where the word is not there.
  mutating func numberAfter(_ word: String, in range: ClosedRange<UInt8>) throws(CommandTextError) -> UInt8? {
    guard let place = words.firstIndex(of: word) else { return nil }
    guard words.indices.contains(place + 1), let number = UInt8(words[place + 1]), range.contains(number) else {
      throw CommandTextError("\(verb) \(word): expected \(range.lowerBound) to \(range.upperBound) behind it")
    }
    words.removeSubrange(place...place + 1)
    return number
  }

  func finish() throws(CommandTextError) {
    guard let rest = words.first else { return }
    let syntax = NetworkCommand.syntax.split(separator: "\n").first { $0.split(separator: " ").first.map(String.init) == verb }
    let usage = syntax.map { $0.split(separator: " ").dropFirst().filter { $0 != "IMSI" }.joined(separator: " ") } ?? ""
    // What stands behind two spaces explains it.
    let expected =
      syntax?.drop { $0 == " " }.contains("  ") == true ? "" : usage.isEmpty ? ": expected nothing more" : ": expected \(usage)"
    throw CommandTextError("\(verb): '\(rest)' is not an argument of it\(expected)")
  }
}

extension CommandTextError {
  fileprivate static func unknown(_ verb: String) -> CommandTextError {
    CommandTextError("unknown command '\(verb)': expected \(NetworkCommand.verbs.sorted().joined(separator: ", "))")
  }
}
