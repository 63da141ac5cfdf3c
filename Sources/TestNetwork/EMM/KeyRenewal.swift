import NASCrypto
import NASMessages
import NASSecurity

/// NAS COUNTs close to their wrap (TS 24.301 §4.4.3.5).
extension MME {
  /// Authenticates anew, or wakes the native context that stands beside with low COUNTs, before either COUNT wraps. Once a connection:
  /// a UE that does not go along is asked again when it comes back. Under 128-EIA0 the COUNTs may wrap.
  mutating func renewKeysNearWrap(on id: UInt32, using engine: inout CryptoEngine) {
    guard configuration.countMargin > 0, let connection = connections[id], connection.isFree, !connection.hasRenewedKeys,
      let index = connection.subject.verified, !isGuest(index), ues[index].state == .registered,
      let current = ues[index].security.current, current.algorithms.integrity != .eia0, current.highestCount >= wrapLimit
    else { return }
    connections[id]?.hasRenewedKeys = true
    if case .fullNative(let native)? = ues[index].security.nonCurrent, native.context.highestCount < wrapLimit / 2 {
      reportProcedure("NAS COUNT \(current.highestCount) is near its wrap: the native context beside is taken into use", on: id)
      startSecurityMode(on: id, of: .nonCurrent, for: .command, using: &engine)
    } else {
      reportProcedure("NAS COUNT \(current.highestCount) is near its wrap: authentication", on: id)
      authenticate(index, for: .command(thenSecurityMode: true), on: id, using: &engine)
    }
  }

  private var wrapLimit: UInt32 { 1 << 24 - min(configuration.countMargin, 1 << 23) }
}

extension NASSecurity.SecurityContext {
  /// The larger of the COUNTs that the next messages take; 2^24 where one is used up.
  fileprivate var highestCount: UInt32 {
    max(counts.nextToSend?.value ?? 1 << 24, counts.largestAccepted.map { $0.value + 1 } ?? 0)
  }
}
