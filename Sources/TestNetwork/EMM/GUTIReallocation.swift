import NASCrypto
import NASMessages
import NASSecurity

/// GUTI reallocation (TS 24.301 §5.4.1): state while GUTI REALLOCATION COMMAND is unanswered.
struct GUTIReallocation: Sendable {
  let command: NASMessage
  var transmissions = 1
}

extension MME {
  /// A GUTI that nobody has, for this UE. Until the UE confirms it, the one before is valid too (§5.4.1.4).
  mutating func proposeGUTI(to index: Int) -> GUTI {
    if let unconfirmed = ues[index].proposedGUTI { ueOfTMSI[unconfirmed.mTMSI] = nil }
    var mTMSI: UInt32
    // All ones is reserved (TS 23.003 §2.4), zero avoided.
    repeat { mTMSI = UInt32.random(in: 1..<UInt32.max, using: &random) } while ueOfTMSI[mTMSI] != nil
    ueOfTMSI[mTMSI] = index
    let area = ues[index].connection.flatMap { connections[$0]?.trackingArea.plmn }
    let plmn = area.flatMap { configuration.plmns.contains($0) ? $0 : nil } ?? configuration.plmns[0]
    let guti = GUTI(plmn: plmn, mmeGroupID: configuration.mmeGroupID, mmeCode: configuration.mmeCode, mTMSI: mTMSI)
    ues[index].proposedGUTI = guti
    return guti
  }

  mutating func confirmGUTI(of index: Int) {
    guard let confirmed = ues[index].proposedGUTI else { return }
    if let old = ues[index].guti { ueOfTMSI[old.mTMSI] = nil }
    ues[index].guti = confirmed
    ues[index].proposedGUTI = nil
  }

  mutating func startGUTIReallocation(of index: Int, on id: UInt32, using engine: inout CryptoEngine) {
    var command = NASMessage(.gutiReallocationCommand)
    command.set(GUTIReallocationCommand.guti, .guti(proposeGUTI(to: index)))
    connections[id]?.reallocation = GUTIReallocation(command: command)
    send(command, on: id, using: &engine)
    start(.t3450, on: id, instance: MMETimer.reallocation)
  }

  mutating func gutiReallocationComplete(on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], connection.reallocation != nil, let index = connection.subject.verified else {
      return drop(.notCompatibleWithState("GUTI REALLOCATION COMPLETE without a command"), on: id)
    }
    stop(.t3450, on: id, instance: MMETimer.reallocation)
    connections[id]?.reallocation = nil
    confirmGUTI(of: index)
    reportProcedure("GUTI reallocation completed", on: id)
    runQueue(on: id, using: &engine)
  }

  /// §5.4.1.6 b: after the last expiry both GUTIs are the UE's, and the connection stays.
  mutating func gutiReallocationExpired(_ reallocation: GUTIReallocation, on id: UInt32, using engine: inout CryptoEngine) {
    guard reallocation.transmissions <= configuration.timers.retransmissions else {
      connections[id]?.reallocation = nil
      reportProcedure("GUTI reallocation: GUTI REALLOCATION COMMAND was not answered", on: id)
      return runQueue(on: id, using: &engine)
    }
    connections[id]?.reallocation?.transmissions += 1
    send(reallocation.command, on: id, using: &engine)
    start(.t3450, on: id, instance: MMETimer.reallocation)
  }
}
