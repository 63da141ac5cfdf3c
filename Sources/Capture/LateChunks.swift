import NASCrypto
import Trace

/// Chunks that stand in the file behind their acknowledgement, and those that are not in it.
extension CaptureFollower {
  /// Whether an association is one of S1AP, as far as is known.
  func isS1AP(_ position: Int) -> Bool { associations[position].leg != nil || mmeByPort(keys[position]) != nil }

  func wait(_ position: Int, fromLow: Bool) -> Int? {
    waits.firstIndex { $0.position == position && $0.fromLow == fromLow }
  }

  mutating func settle(
    _ position: Int, fromLow: Bool, upTo tsn: UInt32, into outputs: inout [TraceEvent.Body]
  ) {
    if fromLow { associations[position].lowToHigh.settle(upTo: tsn) } else { associations[position].highToLow.settle(upTo: tsn) }
    guard fromLow ? associations[position].lowToHigh.isAcknowledged : associations[position].highToLow.isAcknowledged else { return }
    guard isS1AP(position) else {
      var found: [SCTPReassembly.Message] = []
      if fromLow { associations[position].lowToHigh.giveUp(into: &found) } else { associations[position].highToLow.giveUp(into: &found) }
      return deliver(found, fromLow: fromLow, position, into: &outputs)
    }
    guard wait(position, fromLow: fromLow) == nil else { return }
    if waits.isEmpty, heldBack.isEmpty, !isHolding { split = outputs.count }
    waits.append(
      Wait(position: position, fromLow: fromLow, packet: lastPacket, since: taken, place: heldBack.count + outputs.count - split))
  }

  /// What came late goes before what was held back for it; what stood behind the gap goes where it stands in the file.
  mutating func insert(_ found: [SCTPReassembly.Message], at index: Int, packet: Int) {
    for message in found {
      let wait = waits[index]
      var bodies: [TraceEvent.Body] = []
      deliver([message], fromLow: wait.fromLow, wait.position, into: &bodies)
      guard !bodies.isEmpty else { continue }
      var place = min(wait.place, heldBack.count)
      if message.packet != packet {
        let earlier = heldBack[place...].lastIndex { Int($0.packet) <= message.packet }
        place = earlier.map { $0 + 1 } ?? place
      }
      heldBack.insert(contentsOf: bodies.map { (UInt32(clamping: message.packet), $0) }, at: place)
      for other in waits.indices where waits[other].place >= place { waits[other].place += bodies.count }
    }
  }

  mutating func giveUp(_ packet: Int, _ isDue: (Wait) -> Bool) {
    while let index = waits.firstIndex(where: isDue) {
      let wait = waits[index]
      var found: [SCTPReassembly.Message] = []
      if wait.fromLow {
        associations[wait.position].lowToHigh.giveUp(into: &found)
      } else {
        associations[wait.position].highToLow.giveUp(into: &found)
      }
      noteMissing(wait.position, fromLow: wait.fromLow, packet: wait.packet)
      insert(found, at: index, packet: packet)
      waits.remove(at: index)
    }
  }

  mutating func release(into outputs: inout [TraceEvent.Body]) {
    guard waits.isEmpty, !heldBack.isEmpty else { return }
    packetsOfHeldBack = heldBack.map(\.packet)
    outputs += heldBack.map(\.body)
    given += heldBack.count
    heldBack.removeAll()
  }

  mutating func noteMissing(_ position: Int, fromLow: Bool, packet: Int) {
    for fault in fromLow ? associations[position].lowToHigh.takeFaults() : associations[position].highToLow.takeFaults() {
      remark(fault, packet: packet, offset: lastOffset)
    }
    let count = fromLow ? associations[position].lowToHigh.takeMissing() : associations[position].highToLow.takeMissing()
    guard count > 0, let mmeIsHigh = associations[position].isMMEHigh ?? mmeByPort(keys[position]), isS1AP(position) else { return }
    missingChunks += count
    guard missing.count < Self.maximumMissing else { return }
    missing.append(
      MissingChunks(
        leg: associations[position].leg ?? leg(of: keys[position], mmeIsHigh: mmeIsHigh),
        direction: fromLow == mmeIsHigh ? .uplink : .downlink, count: count,
        after: fromLow ? associations[position].lastOfLow : associations[position].lastOfHigh, before: given + heldBack.count,
        packet: packet))
  }

  /// A packet in fragments of which the rest is not in the capture. Where more came of who sent it, TSNs tell what it held; else nothing
  /// does.
  mutating func noteLost(_ lost: IPReassembly.Open) {
    for position in keys.indices {
      let (low, high) = (keys[position].low.address, keys[position].high.address)
      let fromLow = low == lost.source && high == lost.destination
      guard fromLow || (low == lost.destination && high == lost.source), isS1AP(position),
        let mmeIsHigh = associations[position].isMMEHigh ?? mmeByPort(keys[position]),
        (fromLow ? associations[position].lastOfLow : associations[position].lastOfHigh) < lost.events,
        missing.count < Self.maximumMissing
      else { continue }
      missing.append(
        MissingChunks(
          leg: associations[position].leg ?? leg(of: keys[position], mmeIsHigh: mmeIsHigh),
          direction: fromLow == mmeIsHigh ? .uplink : .downlink, count: 0, after: lost.events - 1, before: lost.events,
          packet: lost.packet))
    }
  }
}
