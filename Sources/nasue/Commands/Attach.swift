import Alignment
import ArgumentParser
import Capture
import NASCrypto
import NASMessages
import NASSecurity
import Observer
import RadioAccess
import Reporting
import Scenario
import TestNetwork
import Trace
import Transport
import UserEquipment

struct Attach: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Attaches a UE, prints each message as it passes, and says whether both sides hold the same security context.",
    discussion: """
      Without options the UE attaches to the test network inside this process. With --mme it attaches to a real MME over SCTP.

        nasue attach
        nasue attach --mme 127.0.0.2 --plmn 00101 --tac 7 --imsi 001010123456780 --k … --opc … --detach

      --then STEPS[*N] is what each UE does after its attach: steps between commas, taken N times. A step is
        attach, detach, switch-off, release (the eNB asks for it), service-request (from idle), tau, tau-active,
        wait=SECONDS, await=service|idle|detach|attach (what the network makes happen),
        network=COMMAND (of the test network in this process; the commands are those of `nasue mme --commands`, without IMSI).

        nasue attach --then detach,attach --then service-request*40 --then 'network=authenticate' --detach

      Exit status: 0 attached and nothing misaligned; 1 the attach or a check failed; 2 usage; 3 no SCTP, refused, peer gone.
      """)

  @OptionGroup(title: "Network") var network: NetworkArguments
  @OptionGroup(title: "Subscriber") var subscriber: SubscriberArguments
  @OptionGroup(title: "Deviations") var deviations: DeviationArguments
  @OptionGroup(title: "Output") var output: OutputArguments
  @Option(help: ArgumentHelp("How many UEs attach, one after another.", valueName: "number")) var count = 1
  @Option(
    name: .customLong("then"),
    help: ArgumentHelp("What follows the attach, such as tau or release,service-request*40; repeatable.", valueName: "steps"))
  var steps: [String] = []
  @Flag(help: "Detach again after the attach and what follows it.") var detach = false
  @Flag(help: "Detach by switching off: no DETACH ACCEPT is waited for.") var switchOff = false
  @Flag(help: "Hold APN and PCO back until they are asked for under protection (ESM information transfer flag).") var esmInformation = false
  @Option(help: ArgumentHelp("IMEISV, 16 digits.", valueName: "digits")) var imeisv = "3534900698733190"
  @Option(help: ArgumentHelp("EPS encryption algorithms the UE has, such as 0,1,2,3.", valueName: "list")) var eea = "0,1,2,3"
  @Option(help: ArgumentHelp("EPS integrity algorithms the UE has, such as 1,2,3.", valueName: "list")) var eia = "1,2,3"
  @Option(help: ArgumentHelp("Seed of everything random, in process. The same seed gives the same run.", valueName: "number")) var seed:
    UInt64 = 1
  @Option(
    help: ArgumentHelp(
      "Directory of the USIMs' files (EF_EPSLOCI, EF_EPSNSC, SQN, NVM): the run goes on under what an earlier one left.",
      valueName: "directory")
  )
  var usimState: String?
  @Option(help: ArgumentHelp("Seconds an attach, a detach or a step may take.", valueName: "seconds")) var timeout = 30

  func run() throws { try guarded { try attach() } }

  private func attach() throws {
    guard !deviations.listDeviations else { return StandardStream.output.write(DeviationList.text) }
    var engine = CryptoEngine()
    guard (1...100_000).contains(count) else { throw Refusal.usage("--count \(count): expected 1 to 100000") }
    guard (1...3600).contains(timeout) else { throw Refusal.usage("--timeout \(timeout): expected 1 to 3600") }
    guard imeisv.utf8.count == 16, imeisv.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw Refusal.usage("--imeisv \(imeisv): expected 16 digits")
    }
    let resolved = try network.resolve()
    let credentials = try subscriber.load(count: count, using: &engine)
    var options = AttachRun.Options()
    options.detaches = detach || switchOff
    options.switchesOff = switchOff
    options.steps = try runSteps(resolved)
    let slot = makeSlot()
    let driver = try makeDriver(resolved, credentials, slot, using: &engine)
    if let slot { driver.keeps = { slot.keep($0, at: $1) } }
    options.procedureLimit = .seconds(timeout)
    options.required = required(resolved, of: driver)

    var names = TraceLog.Names()
    for (index, eNB) in resolved.eNBs.enumerated() { names.eNBs[index] = eNB.name }
    names.mmes[0] = title(resolved)
    let printed = try RunOutput(
      output, title: "nasue attach", facts: facts(resolved, credentials), names: names, subscribers: credentials,
      required: options.required)
    let run = AttachRun(
      driver: driver, subscribers: credentials, options: options, showKeys: output.showKeys,
      isInterrupted: { InterruptSignal.count > 0 || slot?.failure != nil }, observe: { printed.show($0) })
    for stored in run.storedContexts { printed.know(stored) }
    var abort: AttachRun.Abort?
    do throws(AttachRun.Abort) { try run.run() } catch { abort = error }

    var verdicts = run.verdicts()
    let attached = run.results.filter(\.attached).map(\.imsi)
    for open in Scoreboard(verdicts, required: options.required, ues: attached).unseen.sorted() where !open.ue.isEmpty {
      verdicts.append(
        Verdict(
          slug: open.slug, verdict: .unobserved, ue: open.ue, clause: "", note: "required, and nothing was seen of it",
          deviations: run.deviations))
    }
    var refusal = self.refusal(
      abort: abort, results: run.results, score: Scoreboard(verdicts, required: options.required, ues: attached), verdicts: verdicts,
      detaches: options.detaches)
    if let failure = slot?.failure { refusal = .environment("--usim-state: \(failure)") }
    do {
      try printed.finish(verdicts: verdicts, results: run.results, failure: refusal?.message)
    } catch  where refusal != nil {
      // What the run came to matters more than a file that was not written; both are told.
      if let problem = error as? Refusal { StandardStream.error.write("nasue: \(problem.message)\n") }
    }
    if let refusal { throw refusal }
  }

  /// Why the exit status is not 0.
  private func refusal(
    abort: AttachRun.Abort?, results: [AttachRun.UEResult], score: Scoreboard, verdicts: [Verdict], detaches: Bool
  ) -> Refusal? {
    switch abort {
    case .transport(let error): return .environment(error.description)
    case .s1Setup(let reason): return Refusal(status: ExitStatus.checkFailed, message: reason)
    case .interrupted: return Refusal(status: ExitCode(130), message: "interrupted")
    case .none: break
    }
    for result in results {
      if let failure = result.failure {
        return Refusal(status: ExitStatus.checkFailed, message: "UE \(result.imsi): attach failed: \(failure)")
      }
      if let failure = result.stepFailure {
        return Refusal(status: ExitStatus.checkFailed, message: "UE \(result.imsi): \(failure)")
      }
      if result.lostRegistration {
        return Refusal(status: ExitStatus.checkFailed, message: "UE \(result.imsi): detached by the network")
      }
      if detaches, result.detached != true {
        return Refusal(status: ExitStatus.checkFailed, message: "UE \(result.imsi): the detach was not acknowledged")
      }
    }
    if let wrong = verdicts.first(where: { $0.verdict == .misaligned }) {
      return Refusal(status: ExitStatus.checkFailed, message: "misaligned: \(wrong.slug)")
    }
    guard !score.isPassed else { return nil }
    var words = score.open.prefix(6).map { $0.ue.isEmpty ? $0.slug : "\($0.slug) of UE \($0.ue)" }
    if score.open.count > words.count { words.append("\(score.open.count - words.count) more") }
    return Refusal(status: ExitStatus.checkFailed, message: "nothing seen that decides \(words.joined(separator: ", "))")
  }

  /// What an attach must show, for each UE: everything where the MME can be asked, what its messages prove where it cannot. An attach
  /// that completes has its INITIAL CONTEXT SETUP, so its KeNB is among that.
  private func required(_ resolved: NetworkArguments.Resolved, of driver: any NetworkDriver) -> Set<String> {
    switch resolved.target {
    case .testNetwork: ["nas-context", "kenb-explained"]
    case .mme:
      // The network states an eKSI in AUTHENTICATION REQUEST and SECURITY MODE COMMAND alone: under a stored context there is neither.
      Set(["nas-context/kasme", "nas-context/ciphering-algorithm", "nas-context/integrity-algorithm", "kenb-explained"])
        .union((0..<driver.ueCount).contains { StoredContext(of: driver.ue($0)) != nil } ? [] : ["nas-context/eksi"])
    }
  }

  private func runSteps(_ resolved: NetworkArguments.Resolved) throws -> [RunSteps] {
    try steps.map { text in
      let group: RunSteps
      do throws(CommandTextError) { group = try RunSteps(parsing: text) } catch { throw Refusal.usage("--then: \(error)") }
      if case .mme = resolved.target, group.steps.contains(where: { if case .network = $0 { true } else { false } }) {
        throw Refusal.usage("--then \(text): the MME is not in this process; `nasue mme --commands` takes commands")
      }
      return group
    }
  }

  private func facts(_ resolved: NetworkArguments.Resolved, _ credentials: [SubscriberCredentials]) -> [RunReport.Fact] {
    var facts = [
      RunReport.Fact("Network", title(resolved)), RunReport.Fact("PLMN", resolved.plmn.description),
      RunReport.Fact("UEs", credentials.count == 1 ? credentials[0].imsi : "\(credentials.count), from \(credentials[0].imsi)"),
    ]
    if !deviations.deviation.isEmpty { facts.append(RunReport.Fact("Deviations", deviations.deviation.joined(separator: ", "))) }
    return facts
  }

  private func title(_ resolved: NetworkArguments.Resolved) -> String {
    switch resolved.target {
    case .testNetwork: "test network"
    case .mme(let addresses): "MME \(addresses.map(\.description).joined(separator: ", "))"
    }
  }

  /// The USIMs' files, in the phone for this run; nil without --usim-state.
  private func makeSlot() -> USIMSlot? {
    guard let usimState else { return nil }
    Files.raiseLimitOfOpenFiles()
    return USIMSlot(USIMStateDirectory(usimState), wallClock: { RunOutput.wallClock() })
  }

  private func insert(_ imsi: String, into slot: USIMSlot?) throws -> (files: USIMFiles, memory: MobileEquipmentState) {
    guard let slot else { return (USIMFiles(), MobileEquipmentState()) }
    do throws(USIMStateError) { return try slot.insert(imsi: imsi) } catch {
      switch error {
      case .content: throw Refusal.usage("--usim-state: \(error)")
      case .place: throw Refusal.environment("--usim-state: \(error)")
      }
    }
  }

  private func makeDriver(
    _ resolved: NetworkArguments.Resolved, _ credentials: [SubscriberCredentials], _ slot: USIMSlot?, using engine: inout CryptoEngine
  ) throws -> any NetworkDriver {
    let capability = UENetworkCapability(eea: try bits(eea, option: "--eea"), eia: try bits(eia, option: "--eia"), uea: 0xC0, uia: 0x40)
    var ues: [UE] = []
    for one in credentials {
      var configuration = UEConfiguration(
        imsi: one.imsi, imeisv: imeisv, networkCapability: capability, plmn: resolved.plmn, accessPointName: resolved.accessPointName,
        transfersESMInformationProtected: esmInformation)
      configuration.deviations = try deviations.resolve()
      let state = try insert(one.imsi, into: slot)
      ues.append(UE(configuration: configuration, usim: USIM(credentials: one), files: state.files, memory: state.memory, using: &engine))
    }
    let radio = RadioNetwork(ues: ues, eNBs: resolved.eNBs.map { ($0, 0) })
    switch resolved.target {
    case .testNetwork:
      InterruptSignal.install()
      // This HSS is made anew for each run: it goes on behind what the USIM has accepted.
      let known = zip(credentials, ues).map { one, ue in
        var one = one
        one.sqn = max(one.sqn, ue.usim.sequenceNumbers.highest)
        return one
      }
      let mme = MME(
        configuration: MMEConfiguration(plmns: [resolved.plmn], trackingAreaCodes: [resolved.trackingAreaCode]), subscribers: known,
        seed: seed)
      return InProcessDriver(world: World(radio: radio, core: CoreNetwork(mmes: [mme])))
    case .mme(let addresses):
      let transport: KernelSCTP
      do { transport = try KernelSCTP() } catch { throw Refusal.environment(error.description) }
      InterruptSignal.install(waking: transport)
      return LiveDriver(radio: radio, transport: transport, remotes: [addresses], local: resolved.local)
    }
  }

  /// "0,1,2" as a capability octet: algorithm 0 is bit 8.
  private func bits(_ list: String, option: String) throws -> UInt8 {
    var octet: UInt8 = 0
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = UInt8(part), number < 8 else { throw Refusal.usage("\(option) \(list): expected numbers 0 to 7, such as 0,1,2") }
      octet |= 0x80 >> number
    }
    return octet
  }
}
