import ArgumentParser
import Glibc

@main
struct Nasue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nasue",
    abstract: "UE-side NAS protocol stack emulator: attaches to a test MME and says whether UE and network hold the same security context.",
    version: "0.1.0",
    subcommands: [
      Attach.self, Run.self, Check.self, ProfileCommand.self, MMECommand.self, Decode.self, Explain.self, Rules.self,
    ])

  /// As ArgumentParser's own, but wrong usage exits with 2, as `nasue` promises, not with 64.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      StandardStream.error.write(fullMessage(for: error) + "\n")
      Glibc.exit(ExitStatus.usage.rawValue)
    }
  }
}
