import NASCrypto
import NASMessages
import Profiles
import RadioAccess
import S1AP
import TestNetwork
import Trace
import Transport
import UserEquipment

/// What a profile needs from outside: subscribers, the PLMN, and which network it meets.
public struct ProfileSettings: Sendable {
  public var subscribers: [SubscriberCredentials]
  public var plmn: PLMN
  /// Of everything random, in process.
  public var seed: UInt64 = 1
  /// Defects that the test network has beside those of the profile.
  public var defects: Set<Defect> = []
  /// How long a procedure or a wait may take where a profile does not say.
  public var limit: Duration = .seconds(30)
  public var showKeys = false
  /// Foreign MMEs in the order of the command line, each with the name that profiles use; empty: the test network in process.
  public var mmes: [(name: String?, addresses: [SocketAddress])] = []
  /// The S10 peer that this process is to foreign MMEs.
  public struct CorePeer: Sendable {
    /// Where our MME speaks S10.
    public var address: CoreAddress
    /// The foreign MMEs; empty: where they speak S1, on GTPv2-C's port.
    public var peers: [S10Peer]

    public init(address: CoreAddress, peers: [S10Peer] = []) {
      self.address = address
      self.peers = peers
    }
  }

  /// Beside foreign MMEs: plays the one MME that a profile has beyond those.
  public var corePeer: CorePeer?
  /// Beside foreign MMEs: plays the SGSN to which they hand UEs over.
  public var sgsn: CorePeer?
  /// Local addresses to bind.
  public var local: [SocketAddress] = []
  /// Tracking area codes that the MMEs at hand serve, in the order in which a profile's cells first name theirs; empty: as profiles have them.
  public var trackingAreaCodes: [UInt16] = []
  /// Gives a line of `nasue mme --commands` to the MME of that name; false where that is not possible. nil: MMEs take no orders.
  public var order: (@Sendable (_ mme: String, _ line: String) -> Bool)?
  /// The tester's own way to move an MME to authenticate the UE of that IMSI; false where it failed.
  public var reauthenticate: (@Sendable (_ imsi: String) -> Bool)?

  public init(subscribers: [SubscriberCredentials], plmn: PLMN) {
    self.subscribers = subscribers
    self.plmn = plmn
  }

  public var isLive: Bool { !mmes.isEmpty }
}

/// Why a profile cannot be run at all.
public enum ProfileSetupError: Error, Sendable {
  case profile(ProfileError)
  case notApplicable(String)
}

/// The network that a profile describes.
struct ProfileNetwork {
  var ues: [UE] = []
  var credentials: [SubscriberCredentials] = []
  var eNBs: [(configuration: ENodeBConfiguration, mme: Int)] = []
  var names = TraceLog.Names()
  let plmn: PLMN

  init(_ profile: Profile, _ settings: ProfileSettings, using engine: inout CryptoEngine) throws(ProfileSetupError) {
    let start = ProfilePlace(file: profile.file, line: 1, column: 1)
    if let text = profile.network.plmn {
      guard let plmn = PLMN(text) else { throw .profile(ProfileError(start, "'\(text)': expected a PLMN, 5 or 6 digits")) }
      self.plmn = plmn
    } else {
      plmn = settings.plmn
    }
    for (index, ue) in profile.ues.enumerated() {
      let one = try Self.credentials(of: ue, index, settings, start, using: &engine)
      guard !credentials.contains(where: { $0.imsi == one.imsi }) else {
        throw .profile(ProfileError(ue.identityPlace ?? start, "IMSI \(one.imsi): expected UEs of different subscribers"))
      }
      credentials.append(one)
      ues.append(UE(configuration: UEConfiguration(ue, imsi: one.imsi, plmn: plmn), usim: USIM(credentials: one)))
    }
    let codes = profile.cells.map(\.trackingAreaCode).reduce(into: [UInt16]()) { if !$0.contains($1) { $0.append($1) } }
    if !settings.trackingAreaCodes.isEmpty, settings.trackingAreaCodes.count < codes.count {
      throw .notApplicable("it needs \(codes.count) tracking areas, and \(settings.trackingAreaCodes.count) are given")
    }
    for (index, cell) in profile.cells.enumerated() {
      let place = codes.firstIndex(of: cell.trackingAreaCode) ?? 0
      let code = settings.trackingAreaCodes.isEmpty ? cell.trackingAreaCode : settings.trackingAreaCodes[place]
      var configuration = ENodeBConfiguration(
        name: "nasue-\(cell.name)", plmn: PLMNIdentity(plmn), enbID: cell.enbID, trackingAreaCode: code,
        cell: .init(identifier: 1, physicalCellIdentity: cell.physicalCellIdentity, downlinkEARFCN: cell.downlinkEARFCN))
      // What a profile holds on a slow machine is not to end a handover.
      if settings.isLive {
        configuration.timers.preparation = .seconds(20)
        configuration.timers.overall = .seconds(40)
        configuration.timers.arrival = .seconds(60)
      }
      eNBs.append((configuration, profile.mmes.firstIndex { $0.name == cell.mme } ?? 0))
      names.eNBs[index] = "cell \(cell.name)"
    }
    if !settings.isLive || settings.sgsn != nil { names.mmes[profile.mmes.count] = "SGSN" }
    for (index, mme) in profile.mmes.enumerated() { names.mmes[index] = profile.mmes.count == 1 ? "MME" : "MME \(mme.name)" }
  }

  private static func credentials(
    of ue: UEDescription, _ index: Int, _ settings: ProfileSettings, _ start: ProfilePlace, using engine: inout CryptoEngine
  ) throws(ProfileSetupError) -> SubscriberCredentials {
    if let card = ue.card {
      let options = SubscriberOptions(
        imsi: card.imsi, k: card.k, opc: card.opc, op: card.op, amf: card.amf, sqn: card.sqn, algorithm: card.algorithm)
      do { return try options.credentials(using: &engine) } catch {
        throw .profile(ProfileError(card.places[error.key] ?? card.place, "\(error.key): \(error.message)"))
      }
    }
    if ue.subscriber != "default" {
      guard let found = settings.subscribers.first(where: { $0.imsi == ue.subscriber }) else {
        throw .profile(
          ProfileError(ue.subscriberPlace ?? start, "'\(ue.subscriber)': expected default or the IMSI of a subscriber given to the command")
        )
      }
      return found
    }
    guard settings.subscribers.indices.contains(index) else {
      throw .notApplicable("it needs \(index + 1) subscribers, and \(settings.subscribers.count) are given")
    }
    return settings.subscribers[index]
  }

  /// UEs and eNBs.
  var radio: RadioNetwork { RadioNetwork(ues: ues, eNBs: eNBs) }

  /// The test network that the profile asks for.
  func world(_ profile: Profile, _ settings: ProfileSettings) -> World {
    let configurations = profile.mmes.indices.map { configuration(ofMME: $0, profile, settings) }
    return World(
      radio: radio, core: CoreNetwork(linking: configurations, subscribers: credentials, seed: settings.seed, withSGSN: true))
  }

  /// What the test network's MME of that number is told.
  private func configuration(ofMME index: Int, _ profile: Profile, _ settings: ProfileSettings) -> MMEConfiguration {
    let description = profile.mmes[index]
    let codes = eNBs.filter { $0.mme == index }.map(\.configuration.trackingAreaCode)
    var configuration = MMEConfiguration(
      name: "nasue-\(description.name)", plmns: [plmn], mmeGroupID: description.group ?? 1, mmeCode: code(ofMME: index, profile),
      trackingAreaCodes: codes.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    configuration.defects = settings.defects.union(profile.network.defects).union(description.defects)
    if let priority = profile.network.eea { configuration.cipheringPriority = priority }
    if let priority = profile.network.eia { configuration.integrityPriority = priority }
    configuration.authenticatesKnownUEs = profile.network.authenticatesKnownUEs
    for one in credentials {
      if let cause = profile.network.attachRejection { configuration.attachRejections[one.imsi] = cause }
      if let cause = profile.network.updateRejection { configuration.updateRejections[one.imsi] = cause }
      if let cause = profile.network.serviceRejection { configuration.serviceRejections[one.imsi] = cause }
    }
    return configuration
  }

  private func code(ofMME index: Int, _ profile: Profile) -> UInt8 { profile.mmes[index].code ?? UInt8(truncatingIfNeeded: index + 1) }

  /// The MME that is ours beside foreign ones.
  ///
  /// - Parameter remotes: where the others speak S1, by number.
  func ownMME(
    number: Int, _ profile: Profile, _ settings: ProfileSettings, _ peer: ProfileSettings.CorePeer, remotes: [[SocketAddress]]
  ) throws(TransportError) -> OwnNode {
    var configuration = configuration(ofMME: number, profile, settings)
    configuration.s10Address = peer.address
    let (foreign, nodes) = foreignMMEs(profile, remotes: remotes, told: peer.peers, except: number)
    configuration.peers = foreign
    if let sgsn = settings.sgsn { configuration.peers.append(S10Peer(address: sgsn.address, locationAreas: [locationArea])) }
    // Another every time: a real peer would take the same octets for a request that comes again (TS 29.274 §7.6).
    return try OwnNode(
      MME(configuration: configuration, subscribers: credentials, seed: .random(in: .min ... .max)), number: number, nodes: nodes,
      count: profile.mmes.count + 1)
  }

  private var locationArea: LocationArea { LocationArea(plmn: plmn, code: SGSN.locationAreaCode) }

  /// The SGSN that is ours beside foreign MMEs, after them in the log.
  ///
  /// - Parameter own: the number of the MME that is ours, too.
  func ownSGSN(
    _ profile: Profile, _ settings: ProfileSettings, _ peer: ProfileSettings.CorePeer, own: Int?, remotes: [[SocketAddress]]
  ) throws(TransportError) -> OwnNode {
    var configuration = SGSN.Configuration(plmn: plmn, address: peer.address, locationAreas: [locationArea])
    var (foreign, nodes) = foreignMMEs(profile, remotes: remotes, told: peer.peers, except: own)
    if let own, let address = settings.corePeer?.address {
      foreign.append(S10Peer(address: address, trackingAreas: trackingAreas(ofMME: own)))
      nodes.append((address, own))
    }
    configuration.peers = foreign
    return try OwnNode(
      SGSN(configuration: configuration), number: profile.mmes.count, nodes: nodes, count: profile.mmes.count + 1)
  }

  private func trackingAreas(ofMME index: Int) -> [MMEConfiguration.TrackingArea] {
    Set(eNBs.filter { $0.mme == index }.map(\.configuration.trackingAreaCode)).sorted().map { .init(plmn: plmn, code: $0) }
  }

  /// The MMEs that are not ours, as peers, and their numbers by address.
  ///
  /// - Parameter told: where they speak GTPv2-C; empty: where they speak S1, on its port.
  private func foreignMMEs(
    _ profile: Profile, remotes: [[SocketAddress]], told: [S10Peer], except own: Int?
  ) -> (peers: [S10Peer], nodes: [(address: CoreAddress, number: Int)]) {
    var peers = told
    var nodes: [(address: CoreAddress, number: Int)] = []
    for (index, addresses) in remotes.enumerated() {
      guard index != own, let first = addresses.first else { continue }
      let areas = trackingAreas(ofMME: index)
      nodes += told.filter { known in known.trackingAreas.contains { areas.contains($0) } }.map { ($0.address, index) }
      guard told.isEmpty else { continue }
      let address = CoreAddress(octets: first.octets)
      nodes.append((address, index))
      peers.append(
        S10Peer(
          address: address,
          identities: [.init(plmn: plmn, mmeGroupID: profile.mmes[index].group ?? 1, mmeCode: code(ofMME: index, profile))],
          trackingAreas: areas))
    }
    return (peers, nodes)
  }
}

extension UEConfiguration {
  init(_ ue: UEDescription, imsi: String, plmn: PLMN) {
    var capability = UEConfiguration.ordinaryCapability
    if ue.eea != nil || ue.eia != nil {
      capability = UENetworkCapability(
        eea: ue.eea.map { Self.bits($0) } ?? 0xF0, eia: ue.eia.map { Self.bits($0) } ?? 0x70, uea: 0xC0, uia: 0x40)
    }
    self.init(
      imsi: imsi, imeisv: ue.imeisv ?? "3534900698733190", networkCapability: capability,
      msNetworkCapability: ue.msNetworkCapability.map { MSNetworkCapability(octets: $0) }, plmn: plmn,
      accessPointName: AccessPointName(ue.accessPointName ?? "internet"),
      transfersESMInformationProtected: ue.transfersESMInformationProtected)
    attachesForEmergency = ue.attachesForEmergency
    deviations = ue.deviations
  }

  /// Algorithm 0 is bit 8.
  private static func bits(_ numbers: [Int]) -> UInt8 { numbers.reduce(0) { $0 | 0x80 >> UInt8(truncatingIfNeeded: $1 & 7) } }
}
