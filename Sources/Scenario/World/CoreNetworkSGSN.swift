import DequeModule
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import Trace

/// The SGSN of the core network: by the number after the MMEs'.
extension CoreNetwork {
  var sgsnNumber: Int { mmes.count }

  mutating func feedSGSN(_ input: SGSN.Input, at now: Duration, into effects: inout [Effect]) {
    guard sgsn != nil else { return }
    var outputs: [SGSN.Output] = []
    sgsn?.handle(input, into: &outputs)
    for output in outputs {
      switch output {
      case .gtp(let octets, let address): outgoingGTP.append(OutgoingGTP(mme: sgsnNumber, address: address, octets: octets))
      case .startTimer(let timer, let after): timers.start(Timer(mme: sgsnNumber, timer: timer), at: now + after)
      case .stopTimer(let timer): timers.stop(Timer(mme: sgsnNumber, timer: timer))
      case .commanded(let imsi, let container): commanded.append((imsi, container))
      case .procedure(let imsi, let words): note("\(imsi.map { ", UE \($0)" } ?? ""): \(words)", into: &effects)
      case .discarded(let discard): note(" discards: \(discard)", into: &effects)
      }
    }
  }

  private func note(_ words: String, into effects: inout [Effect]) {
    if isTracing { effects.append(.trace(.note("SGSN\(words)"))) }
  }

  /// A UE has come to UTRAN or GERAN.
  mutating func arrived(_ departure: RadioNetwork.Departure, at now: Duration, into effects: inout [Effect]) {
    feedSGSN(.arrived(imsi: departure.imsi, departure.umts), at: now, into: &effects)
  }
}

extension SGSN {
  /// The location area that an SGSN beside linked MMEs serves.
  public static let locationAreaCode: UInt16 = 0x100

  /// One that linked MMEs know, and that knows them.
  init(beside linked: inout [MMEConfiguration]) {
    let plmn = linked[0].plmns[0]
    var configuration = Configuration(
      plmn: plmn, address: CoreAddress(octets: [127, 0, 11, 1]), locationAreas: [.init(plmn: plmn, code: Self.locationAreaCode)])
    configuration.peers = linked.compactMap(\.asPeer)
    for index in linked.indices {
      linked[index].peers.append(S10Peer(address: configuration.address, locationAreas: configuration.locationAreas))
    }
    self.init(configuration: configuration)
  }
}

extension OtherSystemTarget {
  /// A cell of UTRAN that the SGSN beside linked MMEs serves.
  public static func utran(_ plmn: PLMNIdentity) -> OtherSystemTarget {
    .utran(plmn: plmn, locationArea: SGSN.locationAreaCode, routingArea: 1, rnc: 1)
  }

  /// A cell of GERAN that it serves.
  public static func geran(_ plmn: PLMNIdentity) -> OtherSystemTarget {
    .geran(plmn: plmn, locationArea: SGSN.locationAreaCode, routingArea: 1, cell: 1)
  }
}
