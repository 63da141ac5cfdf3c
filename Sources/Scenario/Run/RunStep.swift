import TestNetwork

/// What a run does with a UE after its attach.
public enum RunStep: Sendable, Equatable, CustomStringConvertible {
  /// After a detach: anew, with the GUTI and the security context that it left.
  case attach
  case detach(switchOff: Bool)
  /// The eNB asks for the release of a connected UE, as after inactivity.
  case release
  /// From idle: a connected UE is released first.
  case serviceRequest
  /// Over the connection that there is, or from idle; with bearers for user data if `isActive`.
  case update(isActive: Bool)
  /// Time goes by; what the network starts is answered.
  case wait(Duration)
  /// Waits for something that the network makes happen.
  case await(Occurrence)
  /// The test network starts a procedure.
  case network(NetworkCommand, text: String)

  public enum Occurrence: String, Sendable, CaseIterable {
    /// The bearers for user data came up, as after a paging.
    case service
    /// The UE was released.
    case idle
    /// The network detached the UE.
    case detach
    /// The UE is registered, as after a detach with re-attach required.
    case attach
  }

  public var description: String {
    switch self {
    case .attach: "attach"
    case .detach(let switchOff): switchOff ? "switch-off" : "detach"
    case .release: "release"
    case .serviceRequest: "service-request"
    case .update(let isActive): isActive ? "tau-active" : "tau"
    case .wait(let duration): "wait=\(duration.components.seconds)"
    case .await(let occurrence): "await=\(occurrence.rawValue)"
    case .network(_, let text): "network=\(text)"
    }
  }

  init(parsing text: String) throws(CommandTextError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count > 1 ? parts[1] : nil) {
    case ("attach", nil): self = .attach
    case ("detach", nil): self = .detach(switchOff: false)
    case ("switch-off", nil): self = .detach(switchOff: true)
    case ("release", nil): self = .release
    case ("service-request", nil): self = .serviceRequest
    case ("tau", nil): self = .update(isActive: false)
    case ("tau-active", nil): self = .update(isActive: true)
    case ("wait", let value?):
      guard let seconds = Int(value), (0...86_400).contains(seconds) else {
        throw CommandTextError("'\(text)': expected seconds, 0 to 86400")
      }
      self = .wait(.seconds(seconds))
    case ("await", let value?):
      guard let occurrence = Occurrence(rawValue: value) else {
        throw CommandTextError("'\(text)': expected \(Occurrence.allCases.map { "await=\($0.rawValue)" }.joined(separator: ", "))")
      }
      self = .await(occurrence)
    case ("network", let value?): self = .network(try NetworkCommand(parsing: value), text: value)
    default:
      throw CommandTextError(
        "'\(text)': expected attach, detach, switch-off, release, service-request, tau, tau-active, wait=SECONDS, await=WHAT or "
          + "network=COMMAND")
    }
  }
}

/// Steps that are taken one after another, so often: `release,service-request*40`.
public struct RunSteps: Sendable, Equatable {
  public var steps: [RunStep]
  public var times: Int

  public init(_ steps: [RunStep], times: Int = 1) {
    self.steps = steps
    self.times = times
  }

  /// - Parameter text: steps between commas; `*N` at the end repeats them all.
  public init(parsing text: String) throws(CommandTextError) {
    let parts = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    var times = 1
    if parts.count > 1 {
      guard parts.count == 2, let number = Int(parts[1]), (1...1_000_000).contains(number) else {
        throw CommandTextError("'\(text)': expected *N at the end, N from 1 to 1000000")
      }
      times = number
    }
    self.times = times
    steps = []
    for part in parts[0].split(separator: ",", omittingEmptySubsequences: false) { steps.append(try RunStep(parsing: String(part))) }
  }
}
