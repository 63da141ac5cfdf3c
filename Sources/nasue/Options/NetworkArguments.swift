import ArgumentParser
import NASMessages
import RadioAccess
import S1AP
import Scenario
import Transport

/// Which network, and what the emulated eNB says of itself.
struct NetworkArguments: ParsableArguments {
  @Flag(help: "Attach to the test network, in process (the default).") var testNetwork = false
  @Option(help: ArgumentHelp("Attach to this MME: HOST or HOST:PORT, an IPv6 address in brackets. (port: 36412)", valueName: "host[:port]"))
  var mme: [String] = []
  @Option(help: ArgumentHelp("Transport towards an MME: sctp.", valueName: "name")) var transport = "sctp"
  @Option(help: ArgumentHelp("Local address to bind; repeat it for SCTP multihoming.", valueName: "address")) var bind: [String] = []
  @Option(help: ArgumentHelp("PLMN: MCC and MNC.", valueName: "digits")) var plmn = "00101"
  @Option(help: ArgumentHelp("Tracking area code, decimal or 0x….", valueName: "number")) var tac = "1"
  @Option(help: ArgumentHelp("Macro eNB ID of the first eNB, decimal or 0x….", valueName: "number")) var enbId = "0x101"
  @Option(help: ArgumentHelp("How many eNBs, each with an association of its own; UEs are dealt out among them.", valueName: "number"))
  var enbs = 1
  @Option(help: ArgumentHelp("Access point name to ask for; empty leaves the choice to the network.", valueName: "name")) var apn =
    "internet"

  enum Target {
    case testNetwork
    case mme([SocketAddress])
  }

  struct Resolved {
    var target: Target
    var local: [SocketAddress]
    var plmn: PLMN
    var trackingAreaCode: UInt16
    var eNBs: [ENodeBConfiguration]
    var accessPointName: AccessPointName?
  }

  func resolve() throws -> Resolved {
    guard let plmn = PLMN(plmn) else { throw Refusal.usage("--plmn \(self.plmn): expected 5 or 6 digits, such as 00101") }
    guard let tac = Self.number(tac), tac <= 0xFFFF else { throw Refusal.usage("--tac \(self.tac): expected 0 to 65535") }
    guard (1...4096).contains(enbs) else { throw Refusal.usage("--enbs \(enbs): expected 1 to 4096") }
    guard let first = Self.number(enbId), first < 1 << 20, first + UInt64(enbs) <= 1 << 20 else {
      throw Refusal.usage("--enb-id \(enbId): expected a macro eNB ID of 20 bits")
    }
    var name: AccessPointName?
    if !apn.isEmpty {
      let labels = apn.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard apn.utf8.count <= 99, labels.allSatisfy({ (1...63).contains($0.count) }) else {
        throw Refusal.usage("--apn \(apn): expected labels of 1 to 63 characters between dots, at most 99 in all")
      }
      name = AccessPointName(apn)
    }
    let eNBs = (0..<enbs).map { index in
      ENodeBConfiguration(
        name: "nasue-enb-\(index + 1)", plmn: PLMNIdentity(plmn), enbID: UInt32(first) + UInt32(index), trackingAreaCode: UInt16(tac))
    }
    return Resolved(
      target: try target(), local: try Self.addresses(bind, option: "--bind", port: 0), plmn: plmn, trackingAreaCode: UInt16(tac),
      eNBs: eNBs, accessPointName: name)
  }

  private func target() throws -> Target {
    guard transport == "sctp" else { throw Refusal.usage("--transport \(transport): expected sctp") }
    guard !mme.isEmpty else {
      guard bind.isEmpty else { throw Refusal.usage("--bind needs --mme: the test network is in this process") }
      return .testNetwork
    }
    guard !testNetwork else { throw Refusal.usage("--test-network and --mme exclude each other") }
    guard mme.count == 1 else { throw Refusal.usage("--mme: one MME; several are for profiles that name them") }
    guard SocketAddress(mme[0]) != nil || Self.looksLikeAName(mme[0]) else {
      throw Refusal.usage("--mme \(mme[0]): expected HOST, HOST:PORT, or an IPv6 address in brackets with or without :PORT")
    }
    do { return .mme(try SocketAddress.resolve(mme[0])) } catch {
      throw error.code == .invalidArgument ? Refusal.usage("--mme: \(error)") : Refusal.environment("--mme: \(error)")
    }
  }

  /// A name to look up, with at most one port: not a botched address.
  private static func looksLikeAName(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.first, !name.isEmpty, !name.contains("["), !name.contains("]") else { return false }
    return parts.count == 1 || UInt16(parts[1]) != nil
  }

  static func addresses(_ texts: [String], option: String, port: UInt16) throws -> [SocketAddress] {
    try texts.map { text in
      guard let address = SocketAddress(text, defaultPort: port) else {
        throw Refusal.usage("\(option) \(text): expected an IPv4 or IPv6 address")
      }
      return address
    }
  }

  static func number(_ text: String) -> UInt64? {
    text.hasPrefix("0x") || text.hasPrefix("0X") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }
}
