import DequeModule
import NASCrypto
import NASMessages
import RadioAccess
import Trace
import UserEquipment

/// NAS messages that the radio loses between UE and eNB. The UE's lower layers tell it, and what follows is up to each procedure
/// (TS 24.301 §5.3.8).
extension RadioNetwork {
  /// The radio loses the newest NAS message that a UE sent over its RRC connection.
  ///
  /// - Returns: false where none is on its way to the eNB; an initial NAS message does not count, since it comes with the connection.
  public mutating func loseUplink(
    ue index: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) -> Bool {
    guard let handle = subscribers[index].handle, let position = hops.indices.last(where: { uplinkNAS(at: $0, of: handle) != nil }),
      let octets = uplinkNAS(at: position, of: handle)
    else { return false }
    hops.remove(at: position)
    report([octets], lostBy: index, movedTo: nil, at: now, using: &engine, into: &effects)
    return true
  }

  /// Takes out the NAS messages that are still on their way over a radio connection, oldest first: the UE leaves the cell before the eNB has them.
  mutating func takeUplinkUnderWay(of handle: UEHandle) -> [[UInt8]] {
    let lost = hops.indices.compactMap { uplinkNAS(at: $0, of: handle) }
    if !lost.isEmpty {
      hops.removeAll { if case .toENB(_, handle, .nas) = $0 { true } else { false } }
    }
    return lost
  }

  /// Tells the UE what the radio did not deliver, and after a handover the tracking area that it is in now.
  mutating func report(
    _ lost: [[UInt8]], lostBy index: Int, movedTo area: TrackingAreaIdentity?, at now: Duration, using engine: inout CryptoEngine,
    into effects: inout [Effect]
  ) {
    for octets in lost {
      if isTracing { effects.append(.trace(.note("UE \(subscribers[index].label.name): the radio lost its NAS message"))) }
      feed(.transmissionFailed(octets, movedTo: area), ue: index, at: now, using: &engine, into: &effects)
    }
  }

  private func uplinkNAS(at position: Int, of handle: UEHandle) -> [UInt8]? {
    if case .toENB(_, handle, .nas(let octets)) = hops[position] { octets } else { nil }
  }
}

extension World {
  /// The radio loses the newest NAS message that a UE sent over its RRC connection, and tells the UE; false where none is on its way.
  public mutating func loseUplink(ue: Int, using engine: inout CryptoEngine) -> Bool {
    let isLost = radio.loseUplink(ue: ue, at: now, using: &engine, into: &effects)
    collect()
    return isLost
  }
}
