import ArgumentParser
import NASCrypto
import NASMessages
import Reporting
import Scenario
import TestNetwork
import Trace
import Transport

struct MMECommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mme", abstract: "Serves the test network's MME and HSS on S1AP, for any eNB.",
    discussion: """
        nasue mme --listen 127.0.0.1 --subscribers subscribers.yaml

      With --commands the MME starts procedures as it is told, a line each; `now` in front lets a procedure overlap with what runs, else
      it waits for that to end. An idle UE is paged. Empty lines and those that begin with # are skipped; a line that is not understood
      is told on standard error and changes nothing.

      \(NetworkCommand.syntax.split(separator: "\n").joined(separator: "\n  "))

      Ends in order at Ctrl-C. Exit status: 0 ended on request; 2 usage, bad subscribers file; 3 no SCTP, address in use.
      """)

  @Option(
    help: ArgumentHelp("Address to listen on, with or without a port; repeat it for multihoming. (port: 36412)", valueName: "address"))
  var listen: [String] = []
  @Option(help: ArgumentHelp("YAML file of subscribers; without it the example's subscriber is served.", valueName: "file"))
  var subscribers: String?
  @Option(help: ArgumentHelp("PLMN served; repeatable.", valueName: "digits")) var plmn: [String] = []
  @Option(help: ArgumentHelp("Tracking area code served, decimal or 0x…; repeatable.", valueName: "number")) var tac: [String] = []
  @Option(help: ArgumentHelp("MME name.", valueName: "name")) var name = "nasue-mme"
  @Option(help: ArgumentHelp("MME group ID, decimal or 0x….", valueName: "number")) var mmeGroup = "1"
  @Option(help: ArgumentHelp("MME code, decimal or 0x….", valueName: "number")) var mmeCode = "1"
  @Option(help: ArgumentHelp("Ciphering algorithms by preference, such as 2,1,3,0.", valueName: "list")) var eea = "2,1,3,0"
  @Option(help: ArgumentHelp("Integrity algorithms by preference, such as 2,1,3.", valueName: "list")) var eia = "2,1,3"
  @Option(help: ArgumentHelp("Seed of RAND and M-TMSI; without it from the system's random numbers.", valueName: "number")) var seed:
    UInt64?
  @Option(help: ArgumentHelp("Read commands from this file or FIFO, line by line as they come; - is standard input.", valueName: "file"))
  var commands: String?
  @OptionGroup(title: "Other MMEs") var core: CorePeerArguments
  @OptionGroup(title: "Defects") var defects: DefectArguments
  @OptionGroup(title: "Output") var output: OutputArguments

  func run() throws { try guarded { try serve() } }

  private func serve() throws {
    guard !defects.listDefects else { return StandardStream.output.write(DefectArguments.list) }
    var engine = CryptoEngine()
    let addresses = try NetworkArguments.addresses(
      listen.isEmpty ? ["127.0.0.1"] : listen, option: "--listen", port: S1APOverSCTP.port)
    let credentials: [SubscriberCredentials]
    if let subscribers {
      credentials = try SubscriberArguments.file(subscribers, using: &engine)
    } else {
      do { credentials = [try SubscriberArguments.example.credentials(using: &engine)] } catch { throw Refusal.usage(error.message) }
    }
    let configuration = try configuration()
    let reader = try commands.map { try CommandReader($0) }
    let transport: KernelSCTP
    do { transport = try KernelSCTP() } catch { throw Refusal.environment(error.description) }
    InterruptSignal.install(waking: transport)
    let server: MMEServer
    do {
      let s10 = try core.address().map { address throws(TransportError) in try DatagramSocket(on: address) }
      server = try MMEServer(
        mme: MME(configuration: configuration, subscribers: credentials, seed: seed ?? UInt64.random(in: .min ... .max)),
        transport: transport, s10: s10)
    } catch let error as TransportError {
      throw Refusal.environment("--s10: \(error)")
    }
    var names = TraceLog.Names()
    names.mmes[0] = name
    for (number, peer) in configuration.peers.enumerated() { names.mmes[number + 1] = "MME \(peer.address)" }
    let printed = try RunOutput(output, title: "nasue mme", facts: facts(configuration), names: names, subscribers: credentials)
    // What the folds need they keep themselves.
    var log = TraceLog(retention: .last(64))
    func drain() {
      for timed in server.takeEffects() {
        guard case .trace(let body) = timed.effect else { continue }
        printed.show(log.append(time: timed.time, body: body))
      }
    }
    try reader?.start(waking: transport.waker)
    do throws(TransportError) {
      try server.listen(on: addresses)
      StandardStream.error.write("nasue: MME \(name) listens on \(addresses.map(\.description).joined(separator: ", "))\n")
      while InterruptSignal.count == 0 {
        try server.advance()
        for line in reader?.take() ?? [] { obey(line, server) }
        drain()
        printed.flush()
      }
    } catch {
      throw Refusal.environment(error.description)
    }
    server.shutDown()
    drain()
    try printed.finish(verdicts: [], failure: nil)
  }

  /// What a report says of the MME beyond its name.
  private func facts(_ configuration: MMEConfiguration) -> [RunReport.Fact] {
    guard !configuration.defects.isEmpty else { return [] }
    return [RunReport.Fact("Defects", configuration.defects.map(\.rawValue).sorted().joined(separator: ", "))]
  }

  private func obey(_ line: CommandReader.Line, _ server: MMEServer) {
    let text = line.text.drop { $0 == " " || $0 == "\t" }
    guard !text.isEmpty, !text.hasPrefix("#"), text != "\r" else { return }
    do throws(CommandTextError) { server.order(try NetworkOrder(parsing: line.text)) } catch {
      StandardStream.error.write("nasue: command \(line.number): \(error)\n")
    }
  }

  private func configuration() throws -> MMEConfiguration {
    let plmns = try (plmn.isEmpty ? ["00101"] : plmn).map { text in
      guard let plmn = PLMN(text) else { throw Refusal.usage("--plmn \(text): expected 5 or 6 digits, such as 00101") }
      return plmn
    }
    let codes = try (tac.isEmpty ? ["1"] : tac).map { try Self.number($0, "--tac", UInt16.self) }
    var configuration = MMEConfiguration(
      name: name, plmns: plmns, mmeGroupID: try Self.number(mmeGroup, "--mme-group", UInt16.self),
      mmeCode: try Self.number(mmeCode, "--mme-code", UInt8.self), trackingAreaCodes: codes)
    configuration.defects = try defects.resolve()
    configuration.s10Address = try core.address().map { CoreAddress(octets: $0.octets, port: $0.port) }
    configuration.peers = try core.peers(plmn: plmns[0])
    configuration.cipheringPriority = try Self.list(eea, "--eea") { CipheringAlgorithm(rawValue: $0) }
    configuration.integrityPriority = try Self.list(eia, "--eia") { $0 == 0 ? nil : IntegrityAlgorithm(rawValue: $0) }
    return configuration
  }

  private static func number<N: FixedWidthInteger>(_ text: String, _ option: String, _ type: N.Type) throws -> N {
    guard let value = NetworkArguments.number(text), let number = N(exactly: value) else {
      throw Refusal.usage("\(option) \(text): expected 0 to \(N.max)")
    }
    return number
  }

  private static func list<T>(_ text: String, _ option: String, _ make: (UInt8) -> T?) throws -> [T] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let number = UInt8(part), let value = make(number) else {
        throw Refusal.usage("\(option) \(text): expected algorithm numbers in order of preference (EIA0 is never chosen)")
      }
      return value
    }
  }
}
