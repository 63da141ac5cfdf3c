import ArgumentParser
import NASCrypto
import NASMessages
import Profiles
import Reporting
import Scenario
import TestNetwork
import Trace
import Transport

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs profiles: files, or folders with all that is in them.",
    discussion: """
      Without --mme they meet the test network in this process, in simulated time. With --mme they meet real MMEs over SCTP; a profile that
      needs what the network at hand cannot do is not applicable, and says why.

        nasue run Profiles/
        nasue run --mme 127.0.0.2 --plmn 00101 --subscribers subscribers.yaml Profiles/basics
        nasue run --mme east=127.0.0.2 --mme west=127.0.0.3 Profiles/concurrency

      With --s10 nasue is the S10 peer of the MMEs that it meets: where a profile names one MME more than --mme does, that one is nasue's
      own, in this process, and what crosses S10 decides relocation-waits and forward-both-contexts. The foreign MME has to know it as
      the MME of its cells' tracking areas.

        nasue run --mme east=127.0.0.2 --s10 127.0.0.9 Profiles/concurrency/smc-before-inter-mme-handover.yaml
        nasue run --mme west=127.0.0.2 --s10 127.0.0.9 --peer 2=127.0.0.3 Profiles/concurrency/both-contexts-forwarded.yaml

      Profiles/README.md is the manual. Exit status: 0 all passed or not applicable; 1 a check failed; 2 usage, or a bad profile;
      3 no SCTP, refused, peer gone.
      """)

  @Argument(help: ArgumentHelp("Profiles, or folders of them.", valueName: "path")) var paths: [String]
  @Option(
    help: ArgumentHelp(
      "Meet this MME: HOST, HOST:PORT or NAME=HOST, where profiles name several; repeatable. (port: 36412)", valueName: "[name=]host[:port]"
    ))
  var mme: [String] = []
  @Option(
    help: ArgumentHelp(
      "File or FIFO that `nasue mme --commands` reads: what profiles order goes there. NAME=FILE where there are several MMEs; repeatable.",
      valueName: "[name=]file"))
  var orders: [String] = []
  @Option(
    help: ArgumentHelp(
      "Command that moves the MME to authenticate a UE; its IMSI is appended.", valueName: "command"))
  var reauthenticate: String?
  @Option(
    help: ArgumentHelp(
      "Tracking area code that the MME serves, in place of the first, second, … of each profile; repeatable.", valueName: "number"))
  var tac: [String] = []
  @Option(
    name: .customLong("expect"),
    help: ArgumentHelp(
      "Baseline of known failures with their reasons (run, step, assertions where named): only others end with 1; an entry for what does not exist ends with 2.",
      valueName: "file"))
  var baseline: String?
  @Option(help: ArgumentHelp("Local address to bind; repeat it for SCTP multihoming.", valueName: "address")) var bind: [String] = []
  @Option(help: ArgumentHelp("PLMN: MCC and MNC.", valueName: "digits")) var plmn = "00101"
  @OptionGroup(title: "S10 with the MMEs") var core: CorePeerArguments
  @Option(
    help: ArgumentHelp(
      "Play the SGSN of inter-system handovers at this address, with or without a port: it serves location area 256. (port: 2123)",
      valueName: "address"))
  var s3: String?
  @OptionGroup(title: "Subscriber") var subscriber: SubscriberArguments
  @OptionGroup(title: "Defects of the test network") var defects: DefectArguments
  @OptionGroup(title: "Output") var output: ProfileOutputArguments
  @Option(help: ArgumentHelp("Seed of everything random, in process.", valueName: "number")) var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Seconds a procedure or a wait may take where the profile does not say.", valueName: "seconds"))
  var timeout = 30
  @Option(help: ArgumentHelp("Leave profiles with this tag out; repeatable.", valueName: "tag")) var skip: [String] = []

  func run() throws { try guarded { try runProfiles() } }

  private func runProfiles() throws {
    guard !defects.listDefects else { return StandardStream.output.write(DefectArguments.list) }
    let named = try ProfileFiles.readAll(paths)
    let baseline = try knownFailures()
    do throws(ProfileError) { try baseline.check(against: named) { ProfileFiles.isFile($0) } } catch {
      throw Refusal.usage(error.description)
    }
    let tags = Set(named.flatMap(\.tags)).sorted()
    for tag in skip where !tags.contains(tag) {
      let known = tags.isEmpty ? "" : "; they have \(tags.joined(separator: ", "))"
      StandardStream.error.write("nasue: --skip \(tag): no profile has that tag\(known)\n")
    }
    let profiles = named.filter { profile in !skip.contains { profile.tags.contains($0) } }
    let settings = try settings(most: profiles.map(\.ues.count).max() ?? 1)
    let printed = try ProfileOutput(output, isLive: settings.isLive, count: profiles.count, baseline: baseline)
    var runner = ProfileRunner(settings) { () throws(TransportError) in
      let transport = try KernelSCTP()
      InterruptSignal.install(waking: transport)
      return transport
    }
    InterruptSignal.install()
    runner.isInterrupted = { InterruptSignal.count > 0 }
    runner.begin = { printed.begin($0, subscribers: settings.subscribers, names: $1) }
    runner.observe = { printed.show($0) }
    for profile in profiles {
      let result: ProfileResult
      do throws(ProfileRunError) {
        result = try runner.run(profile)
      } catch {
        switch error {
        case .profile(let error): throw Refusal.usage(error.description)
        case .aborted(.interrupted):
          _ = try printed.finish(isCut: true)
          throw Refusal(status: ExitCode(130), message: "interrupted")
        case .aborted(.transport(let error)):
          _ = try printed.finish(isCut: true)
          throw Refusal.environment("\(profile.file): \(error.description)")
        }
      }
      try printed.end(result)
    }
    guard try printed.finish() else { throw ExitStatus.checkFailed }
  }

  private func settings(most ues: Int) throws -> ProfileSettings {
    guard (1...3600).contains(timeout) else { throw Refusal.usage("--timeout \(timeout): expected 1 to 3600") }
    guard let identity = PLMN(plmn) else { throw Refusal.usage("--plmn \(plmn): expected 5 or 6 digits, such as 00101") }
    var engine = CryptoEngine()
    let subscribers: [SubscriberCredentials] =
      if let file = subscriber.subscribers { try SubscriberArguments.file(file, using: &engine) } else {
        try subscriber.load(count: max(1, ues), using: &engine)
      }
    var settings = ProfileSettings(subscribers: subscribers, plmn: identity)
    settings.seed = seed
    settings.defects = try defects.resolve()
    settings.limit = .seconds(timeout)
    settings.showKeys = output.showKeys
    settings.mmes = try mme.map { try Self.peer($0) }
    settings.trackingAreaCodes = try tac.map { text in
      guard let number = NetworkArguments.number(text), let code = UInt16(exactly: number) else {
        throw Refusal.usage("--tac \(text): expected 0 to 65535")
      }
      return code
    }
    settings.order = try OrderWriter.make(orders)
    if let reauthenticate { settings.reauthenticate = { ShellCommand.run("\(reauthenticate) \($0)") } }
    settings.local = try NetworkArguments.addresses(bind, option: "--bind", port: 0)
    if let address = try core.address(takesPeers: s3 != nil) {
      guard settings.isLive else { throw Refusal.usage("--s10 needs --mme: the test network is in this process") }
      settings.corePeer = .init(
        address: CoreAddress(octets: address.octets, port: address.port), peers: try core.peers(plmn: identity))
    }
    if let s3 {
      guard settings.isLive else { throw Refusal.usage("--s3 needs --mme: the test network is in this process") }
      guard let address = SocketAddress(s3, defaultPort: CoreAddress.gtpPort) else {
        throw Refusal.usage("--s3 \(s3): expected an IPv4 or IPv6 address, with or without a port")
      }
      settings.sgsn = .init(
        address: CoreAddress(octets: address.octets, port: address.port), peers: try core.peers(plmn: identity))
    }
    guard settings.isLive || settings.local.isEmpty else { throw Refusal.usage("--bind needs --mme: the test network is in this process") }
    return settings
  }

  private func knownFailures() throws -> ProfileBaseline {
    guard let baseline else { return ProfileBaseline() }
    let text = String(decoding: try Files.read(baseline), as: UTF8.self)
    do { return try ProfileBaseline(parsing: text, file: baseline) } catch { throw Refusal.usage(error.description) }
  }

  /// `HOST`, `HOST:PORT`, `NAME=HOST`.
  private static func peer(_ text: String) throws -> (name: String?, addresses: [SocketAddress]) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let host = parts.count == 2 ? parts[1] : text
    do { return (parts.count == 2 ? parts[0] : nil, try SocketAddress.resolve(host)) } catch {
      throw error.code == .invalidArgument ? Refusal.usage("--mme: \(error)") : Refusal.environment("--mme: \(error)")
    }
  }
}
