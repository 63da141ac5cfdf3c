import ArgumentParser
import Profiles
import Reporting

struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "Validates profiles, and prints their JSON Schema for editors.",
    subcommands: [ProfileCheckCommand.self, ProfileSchemaCommand.self, ProfileStepsCommand.self, ProfileFieldsCommand.self])
}

struct ProfileCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Reads profiles and runs nothing: file:line:column, what was expected, the nearest valid word.")

  @Argument(help: ArgumentHelp("Profiles, or folders of them.", valueName: "path")) var paths: [String]

  func run() throws {
    try guarded {
      let profiles = try ProfileFiles.readAll(paths)
      var seen: [String] = []
      for profile in profiles where !seen.contains(profile.file) { seen.append(profile.file) }
      for file in seen {
        let runs = profiles.count { $0.file == file }
        StandardStream.output.write("ok    \(file)\(runs == 1 ? "" : ": \(runs) runs")\n")
      }
    }
  }
}

struct ProfileSchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of profiles, made of the tables that parse them.")

  func run() throws { StandardStream.output.write(ProfileSchema.text) }
}

struct ProfileStepsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps", abstract: "Prints the steps and events that profiles know, as the manual's tables.")

  func run() throws { StandardStream.output.write(ProfileManual.steps + "\n" + ProfileManual.events) }
}

struct ProfileFieldsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fields", abstract: "Prints the fields that `with` can name in a message: nasue profile fields ATTACH ACCEPT")

  @Argument(help: ArgumentHelp("The message, by the name of TS 24.301 or TS 36.413.", valueName: "name")) var message: [String]

  func run() throws {
    try guarded {
      let name = message.joined(separator: " ")
      guard let fields = ProfileManual.fields(of: name) else {
        let hint = ProfileManual.messages(near: name).first.map { "; did you mean '\($0)'?" } ?? ""
        throw Refusal.usage("'\(name)': expected the name of a NAS or S1AP message\(hint)")
      }
      StandardStream.output.write(fields.map { $0 + "\n" }.joined())
    }
  }
}
