import ArgumentParser
import Glibc

@main
struct Nasue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nasue", abstract: "UE-side NAS protocol stack emulator for LTE cores.", subcommands: [Decode.self])

  /// Runs the command. Wrong usage ends with status 2, as command-line.md has it, not with the library's 64.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch  where exitCode(for: error) == .validationFailure {
      DecodeOutput.complain(fullMessage(for: error))
      Glibc.exit(2)
    } catch {
      exit(withError: error)
    }
  }
}
