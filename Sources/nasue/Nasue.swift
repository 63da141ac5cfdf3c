import ArgumentParser

@main
struct Nasue: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "nasue", abstract: "UE-side NAS protocol stack emulator for LTE cores.")
}
