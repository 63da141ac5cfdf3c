import Alignment
import NASCrypto
import Profiles
import TestNetwork
import Testing
import Trace
import Transport

@testable import Scenario

/// `nasue run --mme … --s10 …`: nasue is the S10 peer of somebody else's MME, at the target and at the source. Here that is an MME on a
/// thread of its own, which is met over S1 and over UDP alone.
@Suite(.serialized) struct LiveCorePeerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var profile: String
    /// The number of the foreign MME among those of the profile: 0 is the source, 1 the target.
    var foreign: Int
    /// Ours is an SGSN, and no MME.
    var isSGSN = false
    var defects: Set<Defect> = []
    /// Verdict and message by slug.
    var expected: [String: String]

    var testDescription: String {
      "\(profile), \(isSGSN ? "the SGSN is ours" : "the \(foreign == 0 ? "source" : "target") is foreign")\(defects.map { ", \($0.rawValue)" }.joined())"
    }
  }

  private static let request = "FORWARD RELOCATION REQUEST"

  private static let cases = [
    Case(profile: "smc-before-inter-mme-handover", foreign: 0, expected: ["relocation-waits": "aligned \(request)"]),
    Case(
      profile: "smc-before-inter-mme-handover", foreign: 0, defects: [.relocationDuringSMC],
      expected: ["relocation-waits": "misaligned \(request)"]),
    Case(
      profile: "rekey-before-inter-mme-handover", foreign: 0, defects: [.relocationDuringASRekey],
      expected: ["relocation-waits": "misaligned \(request)"]),
    Case(
      profile: "both-contexts-forwarded", foreign: 0,
      expected: ["relocation-waits": "aligned \(request)", "forward-both-contexts": "aligned \(request)"]),
    Case(
      profile: "both-contexts-forwarded", foreign: 0, defects: [.forwardNewContextOnly],
      expected: ["forward-both-contexts": "misaligned \(request)"]),
    Case(profile: "both-contexts-forwarded", foreign: 1, expected: ["forward-both-contexts": "aligned \(request)"]),
    Case(
      profile: "both-contexts-forwarded", foreign: 1, defects: [.targetStartsNewChain],
      expected: ["forward-both-contexts": "aligned \(request)", "nh-genealogy": "misaligned HANDOVER REQUEST"]),
    Case(
      profile: "smc-before-inter-system-handover", foreign: 0, isSGSN: true, expected: ["relocation-waits": "aligned \(request)"]),
    Case(
      profile: "smc-before-inter-system-handover", foreign: 0, isSGSN: true, defects: [.relocationDuringSMC],
      expected: ["relocation-waits": "misaligned \(request)"]),
    Case(
      profile: "rekey-before-inter-system-handover", foreign: 0, isSGSN: true, defects: [.relocationDuringASRekey],
      expected: ["relocation-waits": "misaligned \(request)"]),
    Case(profile: "return-from-other-system", foreign: 0, isSGSN: true, expected: [:]),
  ]

  @Test(arguments: cases) func `what crosses S10 decides`(_ one: Case) throws {
    let result = try run(one)
    let isWrong = one.expected.values.contains { $0.hasPrefix("misaligned") }
    #expect(result.isFailed == isWrong, "\(result.outcome)")
    for (slug, words) in one.expected {
      let found = result.verdicts.filter { $0.slug == slug }.map { "\($0.verdict.rawValue) \($0.message)" }
      #expect(found.contains(words), "\(slug): \(found)")
    }
    let wrong = Set(result.verdicts.filter { $0.verdict == .misaligned }.map(\.slug))
    if !isWrong { #expect(wrong == []) }
  }

  @Test func `without --s10 a profile of two MMEs is not applicable to one, and a profile of one MME makes none of ours`() throws {
    let profile = try #require(try ProfileLibraryTests.profiles("concurrency/both-contexts-forwarded.yaml").first)
    var settings = ProfileSettings(subscribers: [Worlds.credentials()], plmn: Worlds.plmn)
    settings.mmes = [(nil, [try #require(SocketAddress("127.0.41.9", port: 36412))])]
    let runner = ProfileRunner(settings) { () throws(TransportError) in try InProcessTransport(on: InProcessNetwork()) }
    guard case .notApplicable(let why) = try runner.run(profile).outcome else {
      Issue.record("it ran")
      return
    }
    #expect(why == "it needs 2 MMEs, and 1 are given")
  }

  /// Runs a profile with the foreign MME on its thread, and ours in the driver.
  private func run(_ one: Case) throws -> ProfileResult {
    let network = InProcessNetwork()
    let loopback = try #require(SocketAddress("127.0.0.1", port: 0))
    // Ports that were free a moment ago.
    let ports = try [DatagramSocket(on: loopback), DatagramSocket(on: loopback)].map(\.address.port)
    let addresses = ports.map { CoreAddress(octets: [127, 0, 0, 1], port: $0) }
    let areas = (0..<2).map { [MMEConfiguration.TrackingArea(plmn: Worlds.plmn, code: UInt16($0 + 1))] }
    let peers = (0..<2).map { number in
      S10Peer(
        address: addresses[number], identities: [.init(plmn: Worlds.plmn, mmeGroupID: 1, mmeCode: UInt8(number + 1))],
        trackingAreas: areas[number])
    }
    let own = 1 - one.foreign
    var configuration = MMEConfiguration(
      plmns: [Worlds.plmn], mmeCode: UInt8(one.foreign + 1), trackingAreaCodes: [UInt16(one.foreign + 1)])
    configuration.s10Address = addresses[one.foreign]
    configuration.peers = [peers[own]]
    if one.isSGSN {
      configuration.peers = [
        S10Peer(address: addresses[own], locationAreas: [.init(plmn: Worlds.plmn, code: SGSN.locationAreaCode)])
      ]
    }
    configuration.defects = one.defects
    let s1 = try #require(SocketAddress("127.0.41.1", port: 36412))
    let server = LiveRelocationTests.Server()
    server.start(
      MME(configuration: configuration, subscribers: [Worlds.credentials()], seed: 5), on: network, at: s1,
      s10: try DatagramSocket(on: try #require(SocketAddress("127.0.0.1", port: ports[one.foreign]))))
    defer { server.stop() }

    let profile = try #require(try ProfileLibraryTests.profiles("concurrency/\(one.profile).yaml").first)
    var settings = ProfileSettings(subscribers: [Worlds.credentials()], plmn: Worlds.plmn)
    settings.mmes = [(profile.mmes[one.foreign].name, [s1])]
    // A defect lets a profile fail, at the latest when what it waits for does not come.
    if !one.defects.isEmpty { settings.limit = .seconds(4) }
    let ours = ProfileSettings.CorePeer(address: addresses[own], peers: [peers[one.foreign]])
    if one.isSGSN { settings.sgsn = ours } else { settings.corePeer = ours }
    settings.order = { _, line in
      server.order(line)
      return true
    }
    return try ProfileRunner(settings) { () throws(TransportError) in try InProcessTransport(on: network) }.run(profile)
  }
}
