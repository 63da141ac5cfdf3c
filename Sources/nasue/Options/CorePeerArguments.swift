import ArgumentParser
import NASMessages
import Scenario
import TestNetwork
import Transport

/// S10: where it is spoken, and with whom.
struct CorePeerArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Speak S10 (GTPv2-C over UDP) at this address, with or without a port. (port: 2123)", valueName: "address"))
  var s10: String?
  @Option(
    help: ArgumentHelp(
      "Another MME: what it serves and where it speaks S10; repeatable. A tracking area code (2=127.0.0.3), or a GUMMEI as PLMN-group-code (00101-1-2=127.0.0.3); an SGSN by a location area (lac-256=127.0.0.7).",
      valueName: "tac|gummei=address"))
  var peer: [String] = []

  /// nil without S10.
  ///
  /// - Parameter takesPeers: the peers are of use without it.
  func address(takesPeers: Bool = false) throws -> SocketAddress? {
    guard let s10 else {
      guard peer.isEmpty || takesPeers else { throw Refusal.usage("--peer needs --s10: where this MME speaks S10") }
      return nil
    }
    guard let address = SocketAddress(s10, defaultPort: CoreAddress.gtpPort) else {
      throw Refusal.usage("--s10 \(s10): expected an IPv4 or IPv6 address, with or without a port")
    }
    return address
  }

  func peers(plmn: PLMN) throws -> [S10Peer] {
    do throws(CommandTextError) { return try S10Peer.parse(peer, plmn: plmn) } catch { throw Refusal.usage("--peer \(error)") }
  }
}
