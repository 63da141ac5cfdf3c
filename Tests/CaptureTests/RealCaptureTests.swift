import Alignment
import Foundation
import NASCrypto
import NASMessages
import Observer
import S1AP
import Testing
import Trace

@testable import Capture

/// Captures of Open5GS and srsEPC, opened with K, OPc and what their texts tell.
@Suite("Real captures")
struct RealCaptureTests {
  private struct Followed {
    var contents: CaptureContents
    var told: ToldKeys
    var observations: [Observation] = []
    var verdicts: [Verdict] = []

    var nas: [NASObservation] {
      observations.compactMap { if case .nas(let nas) = $0.body { nas } else { nil } }
    }
    var challenges: [ObservedContext] {
      observations.compactMap { if case .challenge(let context) = $0.body { context } else { nil } }
    }
    var offered: [ObservedContext] {
      observations.compactMap { if case .contextOffered(let context) = $0.body { context } else { nil } }
    }
    var keNBs: [KeNBObservation] {
      observations.compactMap { if case .keNB(let key) = $0.body { key } else { nil } }
    }
  }

  private func follow(_ name: String) throws -> Followed {
    var result = Followed(
      contents: try CaptureContents(file: try CaptureResources.octets(name)), told: try ToldKeys(try CaptureResources.text(name)))
    var crypto = CryptoEngine()
    var observer = Observer(subscribers: result.told.subscribers)
    var alignment = AlignmentEngine(subscribers: result.told.subscribers)
    for event in result.contents.log.events {
      observer.consume(event, using: &crypto, into: &result.observations)
      alignment.consume(event, using: &crypto)
    }
    result.verdicts = alignment.verdicts()
    return result
  }

  @Test("every S1AP-PDU decodes and encodes to the same octets", arguments: CaptureResources.names)
  func everyPDU(name: String) throws {
    let contents = try CaptureContents(file: try CaptureResources.octets(name))
    #expect(contents.remarks.isEmpty)
    var count = 0
    for case .s1ap(_, _, _, let octets) in contents.log.events.map(\.body) {
      let pdu = try S1APPDU(decoding: octets)
      #expect(pdu.opaque == nil, "\(pdu.name) has a table")
      let encoded = try pdu.encoded()
      #expect(encoded == octets, "\(pdu.name)")
      count += 1
    }
    #expect(count == contents.s1apMessages)
  }

  @Test("every plain and every deciphered NAS message decodes and encodes to the same octets", arguments: CaptureResources.names)
  func everyMessage(name: String) throws {
    for nas in try follow(name).nas {
      #expect(nas.error == nil, "\(nas.name)")
      if let message = nas.message {
        let again = try NASMessage(decoding: message.encoded())
        #expect(again.encoded() == message.encoded())
        // And from its values alone.
        #expect(try again.rebuilt().encoded() == message.encoded(), "\(message.type)")
      }
      #expect(nas.message != nil || nas.serviceRequest != nil)
      #expect(nas.type?.name.hasPrefix("unknown") != true)
    }
  }

  @Test("every NAS MAC verifies but those that the text calls bad, and every ciphered message deciphers", arguments: CaptureResources.names)
  func everyMAC(name: String) throws {
    let followed = try follow(name)
    var verified = 0
    var failed: [NASObservation] = []
    for nas in followed.nas {
      switch nas.integrity {
      case .plain: #expect(nas.header == .plain)
      case .verified: verified += 1
      case .stale, .unverifiable: Issue.record("\(nas.name): \(nas.integrity)")
      case .failed: failed.append(nas)
      }
      #expect(nas.isDeciphered == (nas.header.isCiphered ? true : nil), "\(nas.name)")
    }
    #expect(failed.count == followed.told.badMACs)
    #expect(failed.allSatisfy { $0.serviceRequest != nil })
    #expect(verified >= 4)
  }

  @Test("KASME, NAS keys and KeNB recomputed from RAND, AUTN and K are those told", arguments: CaptureResources.names)
  func everyKey(name: String) throws {
    let followed = try follow(name)
    #expect(followed.challenges.allSatisfy { $0.isNetworkAuthenticated })
    #expect(!followed.challenges.isEmpty)
    let kasmes = followed.challenges.map { $0.kasme.hex() }
    // The NAS keys of fasferraz_enb are told, its KASME is not: it comes from K alone.
    // attach_detach ends before the third UE that its text tells of.
    let missingUEs = name == "open5gs/attach_detach" ? 1 : 0
    if !followed.told.kasmes.isEmpty { #expect(kasmes == followed.told.kasmes.dropLast(missingUEs)) }
    #expect(!followed.told.kasmes.isEmpty || !followed.told.nasKeys.isEmpty)
    if !followed.told.nasKeys.isEmpty {
      #expect(followed.offered.map { $0.algorithms?.encryptionKey.hex() } == followed.told.nasKeys.map(\.encryption))
      #expect(followed.offered.map { $0.algorithms?.integrityKey.hex() } == followed.told.nasKeys.map(\.integrity))
    }
    if !followed.told.keNBs.isEmpty {
      // This capture ends before the re-attach that its text tells of last.
      let missing = name == "open5gs/service_request" ? 1 : 0
      #expect(followed.keNBs.map { $0.key.hex() } == followed.told.keNBs.dropLast(missing).map(\.key))
    }
    for observation in followed.observations {
      if case .challengeAnswered(_, let isCorrect) = observation.body { #expect(isCorrect) }
    }
  }

  @Test("every KeNB is explained, by the COUNT that is told", arguments: CaptureResources.names)
  func everyKeNB(name: String) throws {
    let followed = try follow(name)
    let verdicts = followed.verdicts.filter { $0.slug == "kenb-explained" }
    #expect(verdicts.count == followed.keNBs.count)
    #expect(!verdicts.isEmpty)
    for verdict in verdicts {
      #expect(verdict.verdict == .aligned, "\(verdict)")
      #expect(verdict.expected == verdict.observed)
    }
    let inOrder = verdicts.sorted { ($0.frame ?? 0) < ($1.frame ?? 0) }
    for (verdict, told) in zip(inOrder, followed.told.keNBs) {
      #expect(verdict.derivation.contains("uplink NAS COUNT \(told.count) of"))
    }
  }

  @Test("no attribute of a context is misaligned, and every one of them is proven", arguments: CaptureResources.names)
  func everyContext(name: String) throws {
    let followed = try follow(name)
    let verdicts = followed.verdicts.filter { $0.assertion == "nas-context" }
    #expect(verdicts.allSatisfy { $0.verdict == .aligned || $0.verdict == .unobserved }, "\(verdicts.filter { $0.verdict == .misaligned })")
    #expect(!verdicts.contains { $0.verdict == .unobserved })
    #expect(!followed.verdicts.contains { $0.slug == "self-check" })
  }

  @Test("without K nothing is claimed but what is plain", arguments: CaptureResources.names)
  func withoutK(name: String) throws {
    let contents = try CaptureContents(file: try CaptureResources.octets(name))
    var crypto = CryptoEngine()
    let keyed: Set<String> = ["nas-context", "kenb-explained", "self-check"]
    let plain: Set<String> = [
      "ncc-order", "nh-never-reused", "rekey-smc-order", "eksi-consistent", "capabilities-replayed", "null-algorithms",
    ]
    var alignment = AlignmentEngine(subscribers: [], required: keyed)
    for event in contents.log.events { alignment.consume(event, using: &crypto) }
    for verdict in alignment.verdicts() {
      let isKeyed = keyed.contains(verdict.assertion) || verdict.slug == "nh-genealogy"
      #expect(isKeyed ? verdict.verdict == .unobserved : plain.contains(verdict.slug), "\(verdict)")
      #expect(verdict.verdict != .misaligned, "\(verdict)")
    }
  }

  @Test("an NCC that skips one is seen without any key") func skippedChainingCount() throws {
    let contents = try CaptureContents(file: try CaptureResources.octets("open5gs/x2_path_switch"))
    var crypto = CryptoEngine()
    var alignment = AlignmentEngine(subscribers: [])
    var handovers = 0
    for event in contents.log.events {
      if case .s1ap(_, _, _, let octets) = event.body, let message = try? S1APPDU(decoding: octets).message {
        if message == .pathSwitchRequest { handovers += 1 }
        // The second handover happens unseen.
        if handovers == 2, message == .pathSwitchRequest || message == .pathSwitchRequestAcknowledge { continue }
      }
      alignment.consume(event, using: &crypto)
    }
    let found = alignment.verdicts().filter { $0.slug == "ncc-order" }
    let wrong = found.filter { $0.verdict == .misaligned }
    #expect(wrong.map(\.expected) == ["NCC 3"] && wrong.map(\.observed) == ["NCC 4"], "\(found)")
  }

  @Test("a capture that starts in the middle tells the UE by its challenge, or not at all", arguments: CaptureResources.names)
  func cutCaptures(name: String) throws {
    let followed = try follow(name)
    var crypto = CryptoEngine()
    let events = followed.contents.log.events
    for start in events.indices {
      var alignment = AlignmentEngine(subscribers: followed.told.subscribers)
      for event in events[start...] { alignment.consume(event, using: &crypto) }
      let misaligned = alignment.verdicts().filter { $0.verdict == .misaligned && !Self.isKnown($0, name) }
      #expect(misaligned.isEmpty, "from event \(start): \(misaligned)")
    }
  }

  /// What these networks really do wrong, as their texts say.
  private static func isKnown(_ verdict: Verdict, _ name: String) -> Bool {
    switch verdict.slug {
    case "nh-genealogy": name.contains("smc_then_ho")
    default: false
    }
  }

  @Test(
    "an SMC with a new KASME beside a handover: NH is the new KASME's over the old NH₁, NCC 2; what follows is right",
    arguments: ["", "_eea0"])
  func securityModeThenHandover(variant: String) throws {
    let followed = try follow("open5gs/smc_then_ho" + variant)
    let chains = followed.verdicts.filter { $0.slug == "nh-genealogy" }.sorted { ($0.frame ?? 0) < ($1.frame ?? 0) }
    #expect(chains.map(\.verdict) == [.misaligned] + Array(repeating: .aligned, count: max(0, chains.count - 1)))
    let wrong = try #require(chains.first)
    #expect(wrong.message == "HANDOVER REQUEST")
    #expect(wrong.note.contains("new KASME over old NH₁, NCC 2"), "\(wrong.note)")
    #expect(wrong.rules == ["old-as-chain-until-rekey"])
    // Both chains, and where they part.
    #expect(wrong.derivation.contains("-> NH₁") && wrong.derivation.contains("they part after old NH₁"), "\(wrong.derivation)")
    #expect(chains.count == 3)
  }

  @Test("ordinary handovers and path switches are aligned in every NCC", arguments: ["open5gs/s1_handover", "open5gs/x2_path_switch"])
  func ordinaryHandovers(name: String) throws {
    let followed = try follow(name)
    let chains = followed.verdicts.filter { $0.slug == "nh-genealogy" }.sorted { ($0.frame ?? 0) < ($1.frame ?? 0) }
    #expect(chains.count == 11)
    #expect(chains.allSatisfy { $0.verdict == .aligned }, "\(chains.filter { $0.verdict != .aligned })")
    let counts = chains.compactMap { $0.observed.last?.wholeNumberValue }
    #expect(counts == [2, 3, 4, 5, 6, 7, 0, 1, 2, 3] + [name.contains("x2") ? 4 : 2])
    #expect(followed.verdicts.first { $0.slug == "nh-never-reused" }?.verdict == .aligned)
  }

  @Test("nothing else is misaligned in any of them", arguments: CaptureResources.names)
  func nothingElse(name: String) throws {
    let followed = try follow(name)
    let misaligned = followed.verdicts.filter { $0.verdict == .misaligned && !Self.isKnown($0, name) }
    #expect(misaligned.isEmpty, "\(misaligned)")
    for slug in ["rekey-smc-order", "count-per-transmission", "null-algorithms"] {
      let outcomes = followed.verdicts.filter { $0.slug == slug }.map(\.verdict)
      #expect(!outcomes.isEmpty && outcomes.allSatisfy { $0 == .aligned }, "\(slug): \(outcomes)")
    }
    // srsEPC leaves 128-EEA3 and 128-EIA3 out, and gives eKSI 0 always; Open5GS answers a plain request on a secured connection in the clear.
    let warned = Set(followed.verdicts.filter { $0.verdict == .warning }.map(\.slug))
    if name.hasPrefix("srsepc") {
      #expect(warned == (name.contains("fasferraz") ? ["capabilities-replayed", "eksi-consistent"] : ["capabilities-replayed"]))
    } else {
      #expect(warned == (name.contains("smc_then_ho") ? ["protection-by-state"] : []))
    }
  }
}
