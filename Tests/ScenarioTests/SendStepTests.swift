import Alignment
import NASCrypto
import NASMessages
import Profiles
import S1AP
import Testing
import Trace

@testable import Scenario

/// `send` of messages by name: what goes on the wire, how it is protected, and what becomes of the UE's own COUNT.
@Suite struct SendStepTests {
  private func run(_ steps: String) throws -> ProfileResult {
    let profile = try #require(try ProfileParser.parse("name: x\nsteps:\n  - attach\n" + steps, file: "p.yaml").first)
    return try ProfileLibraryTests.run(profile)
  }

  /// NAS-PDUs that eNBs sent, as octets.
  private func sent(_ result: ProfileResult) -> [[UInt8]] {
    result.log.events.compactMap { event in
      guard case .s1ap(_, .uplink, _, let octets) = event.body else { return nil }
      return (try? S1APPDU(decoding: octets))?[.nasPDU]?.octets.map { Array($0) }
    }
  }

  @Test func `a message goes as the UE would send it, and uses its COUNT up`() throws {
    let result = try run(
      """
        - send: {message: EMM STATUS, with: {emm cause: 97}}
        - expect: {uplink: EMM STATUS, protection: ciphered, with: {emm cause: 97, mac: verified, count: 2}}
        - tracking area update
        - expect: {uplink: TRACKING AREA UPDATE REQUEST, with: {count: 3}}
        - assert: aligned
      """)
    #expect(result.outcome == .passed)
    #expect(result.verdicts.allSatisfy { $0.deviations == ["send EMM STATUS"] })
  }

  @Test func `each way of protection is on the wire`() throws {
    let ways: [(String, UInt8, String)] = [
      ("protection: plain", 0x07, "none"), ("protection: integrity", 0x17, "verified"), ("protection: ciphered", 0x27, "verified"),
      ("protection: new context", 0x47, "verified"), ("header type: 3", 0x37, "verified"), ("mac: wrong", 0x27, "failed"),
      ("count: 0", 0x27, "stale"), ("count offset: -1", 0x27, "stale"), ("count offset: 7", 0x27, "verified"),
      ("sequence number: 99", 0x27, "failed"),
    ]
    for (way, head, mac) in ways {
      let result = try run("  - send: {message: EMM STATUS, \(way)}\n  - expect: {uplink: UPLINK NAS TRANSPORT}\n")
      #expect(sent(result).last?.first == head, "\(way)")
      guard head != 0x37 else { continue }
      let seen = mac == "failed" ? "UPLINK NAS TRANSPORT" : "EMM STATUS, with: {mac: \(mac)}"
      let looked = try run("  - send: {message: EMM STATUS, \(way)}\n  - expect: {uplink: \(seen)}\n")
      #expect(looked.outcome == .passed, "\(way)")
    }
  }

  @Test func `a COUNT ahead moves the UE's own, one behind and a wrong MAC do not`() throws {
    for (way, next) in [("count offset: 9", 12), ("count: 0", 2), ("mac: wrong", 2), ("protection: plain", 2)] {
      let result = try run(
        "  - send: {message: EMM STATUS, \(way)}\n  - tracking area update\n"
          + "  - expect: {uplink: TRACKING AREA UPDATE REQUEST, with: {count: \(next)}}\n  - assert: aligned\n")
      #expect(result.outcome == .passed, "\(way)")
    }
  }

  @Test func `fields hold what they are told`() throws {
    let result = try run(
      "  - send: {message: DETACH REQUEST, with: {detach type: 9, eps mobile identity: imsi 001010999999999}, eksi: 3, protection: plain}\n"
    )
    #expect(sent(result).last == [0x07, 0x45, 0x39, 0x08, 0x09, 0x10, 0x10, 0x90, 0x99, 0x99, 0x99, 0x99])
    let cut = try run("  - send: {message: IDENTITY RESPONSE, with: {mobile identity: absent}, protection: plain}\n")
    #expect(sent(cut).last == [0x07, 0x56])
    let raw = try run(
      "  - send: {message: ESM STATUS, with: {esm cause: 0x0102, eps bearer identity: 7, message type: 0x7f}, protection: plain}\n")
    #expect(sent(raw).last == [0x72, 0x00, 0x7f, 0x01, 0x02])
  }

  @Test func `a service request has a short MAC, a KSI and a COUNT`() throws {
    for (way, outcome) in [("", "verified"), (", mac: wrong", "failed"), (", count offset: -1", "stale"), (", eksi: 5", "")] {
      let result = try run("  - idle\n  - send: {message: SERVICE REQUEST, over: new connection\(way)}\n")
      let octets = try #require(sent(result).last)
      #expect(octets.count == 4 && octets[0] == 0xC7)
      #expect(octets[1] >> 5 == (way.contains("eksi") ? 5 : 0))
      guard !outcome.isEmpty, outcome != "failed" else { continue }
      let looked = try run(
        "  - idle\n  - send: {message: SERVICE REQUEST, over: new connection\(way)}\n  - expect: {uplink: SERVICE REQUEST, with: {mac: \(outcome)}}\n"
      )
      #expect(looked.outcome == .passed, "\(way)")
    }
    let again = try run("  - service request\n  - send: {bad mac: SERVICE REQUEST}\n")
    let requests = sent(again).filter { $0.first == 0xC7 }
    #expect(requests.count == 2 && requests[0][2] ^ 0xFF == requests[1][2] && requests[0][3] == requests[1][3])
  }

  @Test func `every message with a table can be sent`() throws {
    for table in MessageTable.all where !table.type.isNetworkVariant {
      for protection in ["plain", "ciphered"] {
        let result = try run("  - send: {message: \(table.type.name), protection: \(protection)}\n")
        #expect(
          sent(result).last?.first.map { $0 == (protection == "plain" ? (table.type.isESM ? $0 : 0x07) : 0x27) } == true,
          "\(table.type.name)")
      }
    }
  }

  @Test func `what cannot be sent says why`() throws {
    let result = try run(
      "  - detach: {switch off: true}\n  - forget context\n  - send: {message: EMM STATUS, protection: ciphered, over: new connection}\n")
    #expect(result.isFailed)
    #expect(
      try run("  - idle\n  - send: {message: EMM STATUS}\n").outcome
        == .failed("p.yaml:5:5: send: message EMM STATUS: the UE is not connected"))
  }

  // MARK: S1AP

  private func runBetweenCells(_ steps: String) throws -> ProfileResult {
    let text = "name: x\ncells: {a: {enb: 0x101}, b: {enb: 0x102}}\nsteps:\n  - attach: {cell: a}\n" + steps
    return try ProfileLibraryTests.run(try #require(try ProfileParser.parse(text, file: "p.yaml").first))
  }

  /// S1AP messages that eNBs sent.
  private func sentS1AP(_ result: ProfileResult, _ message: S1APMessage) -> [(eNB: Int, pdu: S1APPDU)] {
    result.log.events.compactMap { event in
      guard case .s1ap(let leg, .uplink, _, let octets) = event.body, let pdu = try? S1APPDU(decoding: octets), pdu.message == message
      else { return nil }
      return (leg.eNB, pdu)
    }
  }

  @Test func `an S1AP message goes with the identities of the UE, and with what is told`() throws {
    let result = try runBetweenCells(
      """
        - send: {message: UE CONTEXT RELEASE REQUEST}
        - wait: idle
        - service request
        - send: {message: UE CONTEXT RELEASE REQUEST, with: {mme ue s1ap id: 77, cause: "0x0000"}}
        - expect: {downlink: ERROR INDICATION, with: {cause: unknown-mme-ue-s1ap-id}}
        - tracking area update
        - assert: aligned
      """)
    #expect(result.outcome == .passed)
    let sent = sentS1AP(result, .ueContextReleaseRequest)
    #expect(sent.count == 2 && sent.allSatisfy { $0.eNB == 0 })
    let served = sentS1AP(result, .initialContextSetupResponse).first?.pdu
    #expect(sent.first?.pdu[.eNBUES1APID]?.unsigned == served?[.eNBUES1APID]?.unsigned)
    #expect(sent.first?.pdu[.mmeUES1APID]?.unsigned == served?[.mmeUES1APID]?.unsigned)
    #expect(sent.last?.pdu[.mmeUES1APID]?.unsigned == 77)
    #expect(
      result.verdicts.allSatisfy {
        $0.deviations == ["send UE CONTEXT RELEASE REQUEST", "send UE CONTEXT RELEASE REQUEST (MME-UE-S1AP-ID 77, Cause altered)"]
      })
  }

  @Test func `another cell's eNB names a connection that it has not, and an IE can be left out`() throws {
    let result = try runBetweenCells(
      """
        - send: {message: UE CONTEXT RELEASE REQUEST, cell: b}
        - expect: {downlink: ERROR INDICATION, cell: b}
        - send: {message: UE CONTEXT RELEASE REQUEST, with: {cause: absent}}
        - expect: {downlink: UE CONTEXT RELEASE COMMAND, within: 2s}
      """)
    #expect(result.outcome == .passed)
    let sent = sentS1AP(result, .ueContextReleaseRequest)
    #expect(sent.map(\.eNB) == [1, 0])
    #expect(sent.first?.pdu[.eNBUES1APID]?.unsigned == 0xFF_FF00)
    #expect(sent.last?.pdu[.cause] == nil)
  }

  @Test func `octets go as they are`() throws {
    let result = try runBetweenCells("  - send: {s1ap: 000e00, cell: b}\n  - send: {s1ap: ffff}\n  - assert: aligned\n")
    #expect(result.outcome == .passed)
    let octets = result.log.events.compactMap { event -> [UInt8]? in
      if case .s1ap(_, .uplink, _, let octets) = event.body { octets } else { nil }
    }
    #expect(octets.suffix(2) == [[0x00, 0x0e, 0x00], [0xff, 0xff]])
  }

  @Test func `a message that is sent again is the same, and one that was refused for it takes nothing from the UE`() throws {
    let result = try runBetweenCells(
      """
        - handover: {to: b, kind: s1}
        - wait: handover complete
        - send: {replay: HANDOVER NOTIFY}
        - expect: {downlink: ERROR INDICATION, with: {cause: message-not-compatible-with-receiver-state}}
        - handover: {to: a, kind: x2}
        - wait: handover complete
        - send: {replay: PATH SWITCH REQUEST}
        - expect: {downlink: PATH SWITCH REQUEST FAILURE}
        - handover: {to: b, kind: s1}
        - wait: handover complete
        - assert: {aligned: [nh-genealogy, nh-never-reused]}
      """)
    #expect(result.outcome == .passed)
    for message in [S1APMessage.handoverNotify, .pathSwitchRequest] {
      let sent = sentS1AP(result, message)
      #expect(try sent.count >= 2 && sent[0].eNB == sent[1].eNB && sent[0].pdu.encoded() == sent[1].pdu.encoded())
    }
    // Each of the three, the one behind the refusal too.
    let pairs = result.verdicts.filter { $0.slug == "nh-genealogy" }
    #expect(pairs.map(\.verdict) == [.aligned, .aligned, .aligned])
  }

  @Test func `what cannot be made up must be told`() throws {
    let result = try runBetweenCells("  - send: {message: PATH SWITCH REQUEST, cell: b}\n")
    #expect(
      result.outcome
        == .failed(
          "p.yaml:5:5: send: message PATH SWITCH REQUEST, cell b: PATH SWITCH REQUEST: no eNB has sent one of this UE, so with must say what stands in "
            + "E-RABToBeSwitchedDLList, UESecurityCapabilities, or absent"))
  }
}
