import NASMessages
import TestNetwork
import Transport

extension S10Peer {
  /// Peers as options name them, one serving area or GUMMEI each: `2=127.0.0.3`, `0x2=127.0.0.3:2124`, `00101-1-2=[::1]`; SGSNs by a
  /// location area, `lac-256=127.0.0.7`. Those of one
  /// address are one peer.
  ///
  /// - Parameter plmn: of the tracking areas.
  public static func parse(_ texts: [String], plmn: PLMN) throws(CommandTextError) -> [S10Peer] {
    var peers: [S10Peer] = []
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, let socket = SocketAddress(parts[1], defaultPort: CoreAddress.gtpPort) else {
        throw CommandTextError("'\(text)': expected TAC=ADDRESS, PLMN-GROUP-CODE=ADDRESS or LAC-CODE=ADDRESS, such as 2=127.0.0.3")
      }
      let address = CoreAddress(octets: socket.octets, port: socket.port)
      let place = peers.firstIndex { $0.address == address } ?? peers.endIndex
      if place == peers.endIndex { peers.append(S10Peer(address: address)) }
      let identity = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      if identity.count == 2, identity[0].lowercased() == "lac", let code = number(identity[1], UInt16.self) {
        peers[place].locationAreas.append(LocationArea(plmn: plmn, code: code))
        continue
      }
      if identity.count == 3 {
        guard let plmn = PLMN(identity[0]), let group = number(identity[1], UInt16.self), let code = number(identity[2], UInt8.self) else {
          throw CommandTextError("'\(text)': expected PLMN-GROUP-CODE before =, such as 00101-1-2")
        }
        peers[place].identities.append(Identity(plmn: plmn, mmeGroupID: group, mmeCode: code))
      } else {
        guard let code = number(parts[0], UInt16.self) else {
          throw CommandTextError("'\(text)': expected a tracking area code, or PLMN-GROUP-CODE, before =")
        }
        peers[place].trackingAreas.append(.init(plmn: plmn, code: code))
      }
    }
    return peers
  }

  private static func number<N: FixedWidthInteger>(_ text: String, _ type: N.Type) -> N? {
    text.hasPrefix("0x") ? N(text.dropFirst(2), radix: 16) : N(text)
  }
}
