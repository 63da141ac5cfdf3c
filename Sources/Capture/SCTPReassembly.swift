/// One direction of one SCTP association: DATA chunks in, whole user messages out in TSN order.
///
/// A gap holds what follows it until the missing chunk comes: late in the file or sent again. Who follows the association gives a gap up
/// once the receiver has acknowledged it and nothing has come for some time (it was lost to the capture alone: see ``isAcknowledged``),
/// and it is given up here when the bound is reached.
struct SCTPReassembly: Sendable {
  struct Message: Sendable, Equatable {
    var stream: UInt16
    var ppid: UInt32
    var octets: [UInt8]
    /// The packet whose chunk completed it: what waited behind a gap was sent then, not when the gap ended.
    var packet = 0
  }

  static let maximumHeldChunks = 512
  static let maximumHeldOctets = 1 << 20
  static let maximumMessageLength = 1 << 20
  private static let maximumSkipped = 16

  private struct Chunk: Sendable {
    var isBeginning: Bool
    var isEnd: Bool
    var stream: UInt16
    var ppid: UInt32
    var octets: ArraySlice<UInt8>
    var packet: Int
  }

  private var nextTSN: UInt32?
  /// The one that following began with, where that is not the first of the association.
  private var firstTSN: UInt32?
  /// What the receiver has said to have, beyond what was seen.
  private var acknowledged: UInt32?
  /// The first acknowledgement, where no chunk was seen before it.
  private var unseen: UInt32?
  private var held: [UInt32: Chunk] = [:]
  private var heldOctets = 0
  private var partial: Message?
  /// The first TSN of what was given up, and how many, latest last.
  private var skipped: [(first: UInt32, count: UInt32)] = []
  /// What went wrong since it was last asked.
  private(set) var faults: [CaptureRemark.Reason] = []
  /// Chunks given up since it was last asked.
  private(set) var missing = 0

  init(initialTSN: UInt32? = nil) { nextTSN = initialTSN }

  mutating func takeFaults() -> [CaptureRemark.Reason] {
    guard !faults.isEmpty else { return [] }
    defer { faults = [] }
    return faults
  }

  mutating func takeMissing() -> Int {
    defer { missing = 0 }
    return missing
  }

  /// The receiver has a chunk that was not seen: it is late in the file, or missing.
  var isAcknowledged: Bool { acknowledged != nil }

  /// - Parameter packet: the number of the packet that has the chunk.
  mutating func receive(_ data: SCTPChunk.Data, in packet: Int = 0, into messages: inout [Message]) {
    if nextTSN == nil { (nextTSN, firstTSN) = (data.tsn, data.tsn) }
    let expected = nextTSN ?? data.tsn
    // Serial number arithmetic: already passed, or a duplicate of one that is held.
    guard Int32(bitPattern: data.tsn &- expected) >= 0 else { return noteLate(data.tsn) }
    guard held[data.tsn] == nil else { return }
    if data.tsn == expected, held.isEmpty {
      nextTSN = expected &+ 1
      take(
        Chunk(
          isBeginning: data.isBeginning, isEnd: data.isEnd, stream: data.stream, ppid: data.ppid, octets: data.octets, packet: packet),
        into: &messages)
      if acknowledged != nil { forgetAcknowledged() }
      return
    }
    // A copy of its own: a slice would hold the whole window of the file that it lies in.
    held[data.tsn] = Chunk(
      isBeginning: data.isBeginning, isEnd: data.isEnd, stream: data.stream, ppid: data.ppid, octets: Array(data.octets)[...],
      packet: packet)
    heldOctets += data.octets.count
    drain(into: &messages)
    while held.count > Self.maximumHeldChunks || heldOctets > Self.maximumHeldOctets, let first = firstHeld() {
      skip(to: first)
      drain(into: &messages)
    }
    if acknowledged != nil { forgetAcknowledged() }
  }

  /// A chunk from before what is expected: one sent again, or one that nobody waits for any more.
  private mutating func noteLate(_ tsn: UInt32) {
    if let firstTSN, Int32(bitPattern: tsn &- firstTSN) < 0 { return faults.append(.lateChunk) }
    if skipped.contains(where: { tsn &- $0.first < $0.count }) { faults.append(.lateChunk) }
  }

  /// The receiver has everything up to `tsn`.
  mutating func settle(upTo tsn: UInt32) {
    guard let expected = nextTSN else { return begin(acknowledging: tsn) }
    guard Int32(bitPattern: tsn &- expected) >= 0 else { return }
    // A number far ahead of all that was seen is not an acknowledgement of this association.
    guard tsn &- expected < 1 << 16 else { return }
    if let acknowledged, Int32(bitPattern: acknowledged &- tsn) >= 0 { return }
    acknowledged = tsn
  }

  /// Acknowledgements that go on show that chunks are sent, of which none is seen.
  private mutating func begin(acknowledging tsn: UInt32) {
    guard let before = unseen else {
      unseen = tsn
      return
    }
    guard Int32(bitPattern: tsn &- before) > 0, tsn &- before < 1 << 16 else { return }
    (nextTSN, firstTSN, acknowledged) = (before &+ 1, before &+ 1, tsn)
  }

  private mutating func forgetAcknowledged() {
    guard let tsn = acknowledged, let expected = nextTSN, Int32(bitPattern: tsn &- expected) < 0 else { return }
    acknowledged = nil
  }

  /// What was acknowledged and has not come is missing: what follows it is given out.
  mutating func giveUp(into messages: inout [Message]) {
    guard let tsn = acknowledged else { return }
    acknowledged = nil
    while let first = firstHeld(), Int32(bitPattern: tsn &- first) >= 0 {
      skip(to: first)
      drain(into: &messages)
    }
    if let expected = nextTSN, Int32(bitPattern: tsn &- expected) >= 0 { skip(to: tsn &+ 1) }
    drain(into: &messages)
  }

  /// At the end: what is held is given out as it is.
  mutating func flush(into messages: inout [Message]) {
    giveUp(into: &messages)
    while let first = firstHeld() {
      skip(to: first)
      drain(into: &messages)
    }
  }

  private func firstHeld() -> UInt32? {
    guard let base = nextTSN, !held.isEmpty else { return nil }
    return held.keys.min { $0 &- base < $1 &- base }
  }

  private mutating func skip(to tsn: UInt32) {
    guard let expected = nextTSN, expected != tsn else { return }
    missing += Int(tsn &- expected)
    if skipped.count >= Self.maximumSkipped { skipped.removeFirst() }
    skipped.append((expected, tsn &- expected))
    nextTSN = tsn
    if partial != nil {
      partial = nil
      faults.append(.lostFragment)
    }
  }

  private mutating func drain(into messages: inout [Message]) {
    while let expected = nextTSN, let chunk = held.removeValue(forKey: expected) {
      heldOctets -= chunk.octets.count
      nextTSN = expected &+ 1
      take(chunk, into: &messages)
    }
  }

  private mutating func take(_ chunk: Chunk, into messages: inout [Message]) {
    if chunk.isBeginning {
      if partial != nil { faults.append(.lostFragment) }
      partial = nil
      let message = Message(stream: chunk.stream, ppid: chunk.ppid, octets: Array(chunk.octets), packet: chunk.packet)
      if chunk.isEnd { messages.append(message) } else { partial = message }
      return
    }
    guard var message = partial, message.stream == chunk.stream else {
      partial = nil
      faults.append(.lostFragment)
      return
    }
    partial = nil
    guard message.octets.count + chunk.octets.count <= Self.maximumMessageLength else {
      faults.append(.messageTooLong)
      return
    }
    message.octets.append(contentsOf: chunk.octets)
    message.packet = chunk.packet
    if chunk.isEnd { messages.append(message) } else { partial = message }
  }
}
