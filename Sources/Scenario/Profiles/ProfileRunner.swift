import NASCrypto
import Profiles
import Trace
import Transport

/// Builds the network of a profile and runs it there.
public struct ProfileRunner {
  public var settings: ProfileSettings
  /// Looked at between steps: true ends the run.
  public var isInterrupted: () -> Bool = { false }
  /// Told before a profile begins, with the names of its nodes.
  public var begin: (Profile, TraceLog.Names) -> Void = { _, _ in }
  /// Given every event as it is logged.
  public var observe: (TraceEvent) -> Void = { _ in }
  private let transport: () throws(TransportError) -> any SignallingTransport

  /// - Parameter transport: makes the transport of a live run, one for each profile.
  public init(
    _ settings: ProfileSettings,
    transport: @escaping () throws(TransportError) -> any SignallingTransport = { () throws(TransportError) in try KernelSCTP() }
  ) {
    self.settings = settings
    self.transport = transport
  }

  /// Runs one profile.
  ///
  /// - Throws: what is wrong with the profile as this network has it, or why the run ended early.
  public func run(_ profile: Profile) throws(ProfileRunError) -> ProfileResult {
    var engine = CryptoEngine()
    let network: ProfileNetwork
    do throws(ProfileSetupError) { network = try ProfileNetwork(profile, settings, using: &engine) } catch {
      switch error {
      case .profile(let error): throw .profile(error)
      case .notApplicable(let why):
        begin(profile, TraceLog.Names())
        return Self.notApplicable(profile, why)
      }
    }
    begin(profile, network.names)
    let driver: any NetworkDriver
    if settings.isLive {
      if let why = profile.network.whyOnlyTestNetwork { return Self.notApplicable(profile, why) }
      guard let remotes = remotes(of: profile) else {
        return Self.notApplicable(profile, "it needs \(profile.mmes.count) MMEs, and \(settings.mmes.count) are given")
      }
      do throws(TransportError) {
        let own = remotes.firstIndex(of: [])
        let mme: OwnNode? =
          if let own, let peer = settings.corePeer {
            try network.ownMME(number: own, profile, settings, peer, remotes: remotes)
          } else { nil }
        let sgsn: OwnNode? =
          if let peer = settings.sgsn {
            try network.ownSGSN(profile, settings, peer, own: own, remotes: remotes)
          } else { nil }
        driver = LiveDriver(
          radio: network.radio, transport: try transport(), remotes: remotes, local: settings.local, own: mme, sgsn: sgsn)
      } catch { throw .aborted(.transport(error)) }
    } else {
      driver = InProcessDriver(world: network.world(profile, settings))
    }
    let run = ProfileRun(profile, settings, network: network, driver: driver, isInterrupted: isInterrupted, observe: observe)
    do throws(ProfileRun.Abort) { return try run.run() } catch { throw .aborted(error) }
  }

  /// The addresses of the MMEs, in the order of the profile: by name where they have names, else in order; none of the one that is ours.
  private func remotes(of profile: Profile) -> [[SocketAddress]]? {
    var remotes: [[SocketAddress]] = []
    for (index, mme) in profile.mmes.enumerated() {
      if let named = settings.mmes.first(where: { $0.name == mme.name }) {
        remotes.append(named.addresses)
      } else if settings.mmes.indices.contains(index), settings.mmes.allSatisfy({ $0.name == nil }) || profile.mmes.count == 1 {
        remotes.append(settings.mmes[index].addresses)
      } else if settings.corePeer != nil, profile.mmes.count > 1, !remotes.contains([]) {
        remotes.append([])
      } else {
        return nil
      }
    }
    return remotes
  }

  private static func notApplicable(_ profile: Profile, _ why: String) -> ProfileResult {
    ProfileResult(profile: profile, outcome: .notApplicable(why), checks: [], verdicts: [], log: TraceLog(), duration: .zero)
  }
}

/// Why a profile was not run to its end.
public enum ProfileRunError: Error, Sendable {
  case profile(ProfileError)
  case aborted(ProfileRun.Abort)
}
