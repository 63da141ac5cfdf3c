import Alignment
import NASCrypto
import Reporting
import Trace

/// A trace made by hand out of the PDUs of one real attach (srsepc), with what else may stand in a trace.
enum SampleTrace {
  static let s1SetupRequest = "0011002a000004003b00080000f110000019b0003c400702007079656e6200400007000001c000f1100089400140"
  static let s1SetupResponse = "20110025000003003d400a03807372736d6d6530310069000b000000f11000000100001a00574001ff"
  static let attachRequest = "07417108091010103254760802f0f000050201d011d1"
  static let initialUEMessage =
    "000c403f000005000800020002001a00171607417108091010103254760802f0f000050201d011d1004300060000f1100007006440080000f1100019b0100086400130"
  static let securityModeCommandTransport = "000b4021000003000000020001000800020002001a000e0d37c942324800075d220002f0f0"
  static let securityModeCommand = "37c942324800075d220002f0f0"
  static let securityModeComplete = "47e7d42c79002e7a"
  static let securityModeCompleteTransport =
    "000d4032000005000000020001000800020002001a00090847e7d42c79002e7a006440080000f1100019b010004300060000f1100007"
  static let initialContextSetupRequest =
    "00090080ac0000060000000200010008000200020042000a183b9aca00603b9aca000018005e00003400594500073c0f807f000164000000014a27699e16c1028e"
    + "17e4618302de20bf5f7e7a40fb6d724b246c181c46865b66ad1534a93e3edabc36ab34d19fc4d8c4807d858bbd2bfca61d33e72a7261da7a000c0bf1d1c13e36a3"
    + "21ae006b000518000c0000004900206e13c530ca385ac80132df666630f008d7e3ed86646c5da6781e7b7c1a4772de"
  static let releaseCommand = "0017001000000200630004000100020002400120"
  static let keNB = "6e13c530ca385ac80132df666630f008d7e3ed86646c5da6781e7b7c1a4772de"
  static let kasme = "099332d490ff815f1d1900302fbb6578f8e35008dac42d9730b982132d16e745"

  static let ue: UELabel = "001010123456780"
  static let leg = S1Leg(eNB: 0, mme: 0)

  static var names: TraceLog.Names {
    var names = TraceLog.Names()
    names.eNBs[0] = "east"
    names.mmes[0] = "mme"
    return names
  }

  static func context(_ owner: TraceEntity) -> SecurityContextReport {
    SecurityContextReport(
      owner: owner, imsi: ue.name, eKSI: 0, kasme: KeyMaterial(hex: kasme), cipheringAlgorithm: .eea2, integrityAlgorithm: .eia2,
      uplinkNASCount: .next(1), downlinkNASCount: .largestAccepted(0), cause: "SECURITY MODE COMMAND accepted")
  }

  /// With a UE of ours: NAS between UE and eNB too.
  static func attach() -> [(event: TraceEvent, deciphered: DecipheredNAS?)] {
    var log = TraceLog()
    var result: [(TraceEvent, DecipheredNAS?)] = []
    func add(_ microseconds: Int, _ body: TraceEvent.Body, _ deciphered: DecipheredNAS? = nil) {
      result.append((log.append(time: .microseconds(microseconds), body: body), deciphered))
    }
    let complete = DecipheredNAS(name: "SECURITY MODE COMPLETE", count: 0, eKSI: 0, isVerified: true)
    add(0, .association(leg, .up))
    add(100, .s1ap(leg, .uplink, stream: 0, octets: octets(s1SetupRequest)))
    add(412, .s1ap(leg, .downlink, stream: 0, octets: octets(s1SetupResponse)))
    add(500, .nas(ue: ue, .uplink, octets: octets(attachRequest)))
    add(510, .s1ap(leg, .uplink, stream: 1, octets: octets(initialUEMessage)))
    add(900, .s1ap(leg, .downlink, stream: 1, octets: octets(securityModeCommandTransport)))
    add(910, .nas(ue: ue, .downlink, octets: octets(securityModeCommand)))
    add(920, .securityContext(context(.ue(ue))))
    add(950, .nas(ue: ue, .uplink, octets: octets(securityModeComplete)))
    add(955, .timer(.ue(ue), name: "T3410", .started))
    add(960, .s1ap(leg, .uplink, stream: 1, octets: octets(securityModeCompleteTransport)), complete)
    add(1200, .s1ap(leg, .downlink, stream: 1, octets: octets(initialContextSetupRequest)))
    add(1210, .keNB(.eNB(0), imsi: ue.name, key: KeyMaterial(hex: keNB)!, nextHopChainingCount: 0))
    add(1300, .discard(by: .ue(ue), reason: "the MAC does not verify", clause: "TS 24.301 §4.4.4.2"))
    add(1_500_000, .timer(.mme(0), name: "T3450", .expired))
    add(1_600_000, .state(.ue(ue), imsi: ue.name, name: "EMM-REGISTERED"))
    add(2_000_000, .s1ap(leg, .downlink, stream: 1, octets: octets(releaseCommand)))
    add(12_000_000, .note("nothing came for 10 s"))
    return result
  }

  static let verdicts = [
    Verdict(
      slug: "nas-context/eksi", verdict: .aligned, ue: ue.name, clause: "TS 24.301 §4.4.2", message: "SECURITY MODE COMMAND", frame: 5,
      expected: "0", observed: "0", derivation: "PLMN 001-01, KASME 1a2b3c4d"),
    Verdict(
      slug: "kenb-explained", verdict: .misaligned, rules: ["old-as-chain-until-rekey"], ue: ue.name, clause: "TS 33.401 §7.2.9",
      message: "INITIAL CONTEXT SETUP REQUEST", frame: 11, expected: "KeNB 5f1c0d2e (COUNT 0)", observed: "KeNB 77aa0011 <wrong> & \"odd\"",
      derivation: "KASME 1a2b3c4d, eKSI 0, uplink NAS COUNT 0", note: "It is the KeNB of uplink NAS COUNT 1: the COUNT of the next message."
    ),
    Verdict(
      slug: "nas-context/downlink-nas-count", verdict: .unobserved, ue: ue.name, clause: "TS 24.301 §4.4.3",
      note: "no downlink message since"),
    Verdict(slug: "self-check", verdict: .notApplicable, ue: ue.name, clause: "", note: "the UE is not ours"),
  ]

  static func octets(_ hex: String) -> [UInt8] {
    var octets: [UInt8] = []
    var rest = hex[...]
    while let octet = UInt8(rest.prefix(2), radix: 16) {
      octets.append(octet)
      rest = rest.dropFirst(2)
    }
    return octets
  }

  static func report(showKeys: Bool = false, required: Set<String> = []) -> RunReport {
    var report = RunReport(
      title: "nasue attach", facts: [.init("IMSI", ue.name), .init("MME", "in process <&>")], names: names, required: required,
      showKeys: showKeys)
    for (event, deciphered) in attach() { report.consume(event, deciphered: deciphered) }
    report.finish(verdicts: verdicts)
    return report
  }
}
