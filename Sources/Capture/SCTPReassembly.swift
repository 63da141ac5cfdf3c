/// One direction of one SCTP association: DATA chunks in, whole user messages out in TSN order.
///
/// A gap holds what follows it until the missing chunk comes (a retransmission), the receiver acknowledges it (it was only
/// lost to the capture), or the bound is reached.
struct SCTPReassembly: Sendable {
  struct Message: Sendable, Equatable {
    var stream: UInt16
    var ppid: UInt32
    var octets: [UInt8]
  }

  static let maximumHeldChunks = 512
  static let maximumHeldOctets = 1 << 20
  static let maximumMessageLength = 1 << 20

  private struct Chunk: Sendable {
    var isBeginning: Bool
    var isEnd: Bool
    var stream: UInt16
    var ppid: UInt32
    var octets: ArraySlice<UInt8>
  }

  private var nextTSN: UInt32?
  private var held: [UInt32: Chunk] = [:]
  private var heldOctets = 0
  private var partial: Message?
  /// What went wrong since it was last asked.
  private(set) var faults: [CaptureRemark.Reason] = []

  init(initialTSN: UInt32? = nil) { nextTSN = initialTSN }

  mutating func takeFaults() -> [CaptureRemark.Reason] {
    guard !faults.isEmpty else { return [] }
    defer { faults = [] }
    return faults
  }

  mutating func receive(_ data: SCTPChunk.Data, into messages: inout [Message]) {
    let expected = nextTSN ?? data.tsn
    nextTSN = expected
    // Serial number arithmetic: already passed, or a duplicate of one that is held.
    guard Int32(bitPattern: data.tsn &- expected) >= 0, held[data.tsn] == nil else { return }
    if data.tsn == expected, held.isEmpty {
      nextTSN = expected &+ 1
      take(
        Chunk(isBeginning: data.isBeginning, isEnd: data.isEnd, stream: data.stream, ppid: data.ppid, octets: data.octets),
        into: &messages)
      return
    }
    // A copy of its own: a slice would hold the whole window of the file that it lies in.
    held[data.tsn] = Chunk(
      isBeginning: data.isBeginning, isEnd: data.isEnd, stream: data.stream, ppid: data.ppid, octets: Array(data.octets)[...])
    heldOctets += data.octets.count
    drain(into: &messages)
    while held.count > Self.maximumHeldChunks || heldOctets > Self.maximumHeldOctets, let first = firstHeld() {
      skip(to: first)
      drain(into: &messages)
    }
  }

  /// The receiver has everything up to `tsn`: what is missing of it was lost to the capture alone.
  mutating func settle(upTo tsn: UInt32, into messages: inout [Message]) {
    guard let expected = nextTSN, Int32(bitPattern: tsn &- expected) >= 0 else { return }
    // A number far ahead of all that was seen is not an acknowledgement of this association.
    guard tsn &- expected < 1 << 16 else { return }
    while let first = firstHeld(), Int32(bitPattern: tsn &- first) >= 0 {
      skip(to: first)
      drain(into: &messages)
    }
    if let expected = nextTSN, Int32(bitPattern: tsn &- expected) >= 0 { skip(to: tsn &+ 1) }
    drain(into: &messages)
  }

  /// At the end of the capture: what is held is given out as it is.
  mutating func flush(into messages: inout [Message]) {
    while let first = firstHeld() {
      skip(to: first)
      drain(into: &messages)
    }
  }

  private func firstHeld() -> UInt32? {
    guard let base = nextTSN else { return nil }
    return held.keys.min { $0 &- base < $1 &- base }
  }

  private mutating func skip(to tsn: UInt32) {
    guard nextTSN != tsn else { return }
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
      let message = Message(stream: chunk.stream, ppid: chunk.ppid, octets: Array(chunk.octets))
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
    if chunk.isEnd { messages.append(message) } else { partial = message }
  }
}
