public import TestNetwork

/// The test network's MME starts a procedure.
public struct NetworkStep: Sendable {
  public var ue: String?
  public var command: NetworkCommand
  /// As the profile has it.
  public var text: String
  /// Beside whatever runs.
  public var isAtOnce: Bool
}

extension StepKind {
  static let network = StepKind(
    "network", "orders the test network's MME to start a procedure; goes on at once", example: "network: security-mode eia1 eea1 current",
    arguments: .either(
      [
        .spelled("^(\(NetworkCommand.verbs.sorted().joined(separator: "|")))( |$)", "a command"),
        .map(
          [
            ue, .init("command", .text("a command, as `nasue mme --commands` takes it, without IMSI"), required: true),
            .init("at once", .boolean("beside whatever runs, not after it")),
          ], "network"),
      ], "a command of the test network, such as authenticate or identity imei"), needsArguments: true
  ) { value, place throws(ProfileError) in
    guard let text = value?.text ?? value?["command"]?.text else { throw ProfileError(place, "expected a command") }
    let verb = String(text.prefix { $0 != " " })
    guard NetworkCommand.verbs.contains(verb) else {
      throw .unknown(
        verb, at: value?["command"]?.place ?? value?.place ?? place, expected: "a command", among: NetworkCommand.verbs.sorted())
    }
    do throws(CommandTextError) {
      return .network(
        NetworkStep(
          ue: value?["ue"]?.text, command: try NetworkCommand(parsing: text), text: text, isAtOnce: value?["at once"]?.boolean ?? false))
    } catch {
      throw ProfileError(value?["command"]?.place ?? value?.place ?? place, error.description)
    }
  }
}
