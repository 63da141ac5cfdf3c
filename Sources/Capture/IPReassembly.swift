/// A fragment of an IP packet (RFC 791 §3.2, RFC 8200 §4.5).
struct IPFragment {
  var source: IPAddress
  var destination: IPAddress
  var identification: UInt32
  /// What is in the whole packet: SCTP or UDP.
  var next: UInt8
  /// Octets before it in the whole payload.
  var offset: Int
  var isLast: Bool
  var octets: ArraySlice<UInt8>
}

/// Puts the fragments of IP packets together, in whatever order they come.
struct IPReassembly: Sendable {
  /// A packet of which not all fragments have come.
  struct Open: Sendable {
    fileprivate(set) var source: IPAddress
    fileprivate(set) var destination: IPAddress
    fileprivate var identification: UInt32
    fileprivate(set) var next: UInt8
    /// Sorted by offset, none over another.
    fileprivate var parts: [(offset: Int, octets: [UInt8])] = []
    /// Known from the last fragment on.
    fileprivate var length: Int?
    fileprivate var time: Duration
    /// Where its first fragment was, and how many events were before it.
    fileprivate(set) var packet: Int
    fileprivate(set) var place: Int
    fileprivate(set) var events: Int
  }

  /// Packets that may wait at once; the oldest goes where one more comes.
  static let maximumOpen = 256
  /// The longest payload (RFC 791: a length of 16 bits).
  static let maximumLength = 65_535
  /// How long an identification stands for one packet: what Linux waits for the rest.
  static let patience = Duration.seconds(30)

  private(set) var open: [Open] = []
  /// Given up since they were last taken.
  private(set) var given: [Open] = []

  mutating func takeGivenUp() -> [Open] {
    defer { given = [] }
    return given
  }

  /// - Parameter isStarting: whether a fragment of a packet that is not open yet may open one.
  /// - Returns: the payload, where this was what it lacked.
  mutating func add(_ fragment: IPFragment, in packet: CapturedPacket, events: Int, isStarting: Bool) -> [UInt8]? {
    let end = fragment.offset + fragment.octets.count
    var known = open.firstIndex {
      $0.identification == fragment.identification && $0.next == fragment.next && $0.source == fragment.source
        && $0.destination == fragment.destination
    }
    if let index = known, packet.timestamp - open[index].time > Self.patience {
      given.append(open.remove(at: index))
      known = nil
    }
    guard known != nil || isStarting else { return nil }
    let index = known ?? begin(fragment, in: packet, events: events)
    guard end <= Self.maximumLength, fragment.isLast || (!fragment.octets.isEmpty && fragment.octets.count % 8 == 0) else {
      given.append(open.remove(at: index))
      return nil
    }
    let place = open[index].parts.firstIndex { $0.offset >= fragment.offset } ?? open[index].parts.count
    if place < open[index].parts.count, open[index].parts[place].offset == fragment.offset,
      open[index].parts[place].octets.elementsEqual(fragment.octets)
    {
      // Seen by two taps.
      return nil
    }
    let overPrevious = place > 0 && open[index].parts[place - 1].offset + open[index].parts[place - 1].octets.count > fragment.offset
    let overNext = place < open[index].parts.count && open[index].parts[place].offset < end
    let isBeyond = open[index].length.map { end > $0 || fragment.isLast } ?? false
    guard !overPrevious, !overNext, !isBeyond else {
      // Fragments over one another are of no packet (RFC 5722), or of two with one identification.
      given.append(open.remove(at: index))
      return nil
    }
    open[index].parts.insert((fragment.offset, Array(fragment.octets)), at: place)
    if fragment.isLast { open[index].length = end }
    guard let length = open[index].length, open[index].parts.reduce(0, { $0 + $1.octets.count }) == length,
      open[index].parts.last.map({ $0.offset + $0.octets.count }) == length
    else { return nil }
    return open.remove(at: index).parts.flatMap(\.octets)
  }

  private mutating func begin(_ fragment: IPFragment, in packet: CapturedPacket, events: Int) -> Int {
    if open.count >= Self.maximumOpen { given.append(open.removeFirst()) }
    open.append(
      Open(
        source: fragment.source, destination: fragment.destination, identification: fragment.identification, next: fragment.next,
        time: packet.timestamp, packet: packet.number, place: packet.offset, events: events))
    return open.count - 1
  }

  /// At the end of the capture: nothing more will come.
  mutating func flush() {
    given += open
    open = []
  }
}
