import DequeModule

/// The packets of a capture file in the order of their times, which is not always that of the file: queues of a network card, taps and
/// files that were put together each come with an order of their own. Numbers stay those of the file, as Wireshark counts.
///
/// Packets wait in a window, so what is out of order by less is put right. Where it is by more the order of the file is kept, and said.
public struct TimeOrderedReader: Sendable {
  /// Packets that one may stand behind its place.
  public static let window = 1024
  /// A packet that is older than the one before it by more was not late on its way to the file: a clock was set back, or a file begins
  /// that was put behind another. What came before stays before.
  public static let longestStep = Duration.seconds(10)

  /// A packet that stands further behind its place than the window reaches, and the newer one before it.
  public struct Break: Sendable, Equatable {
    public var packet: Int
    public var newest: Int
  }

  /// Packets that were moved.
  public private(set) var moved = 0
  /// The first of them.
  public private(set) var firstMoved: Int?
  /// The first place where the order of time could not be had.
  public private(set) var firstBreak: Break?

  private var reader: CaptureFileReader
  /// Sorted from `floor` on.
  private var waiting: Deque<CapturedPacket> = []
  private var floor = 0
  /// The newest packet read, and how many older ones have come since.
  private var newest = (time: Duration.zero, packet: 0)
  /// Of the last packet read.
  private var latest = Duration.zero
  private var behind = 0
  /// The newest time given out.
  private var given = Duration.zero
  private var isAtEnd = false
  private var failure: CaptureError?

  public init(_ reader: CaptureFileReader) { self.reader = reader }

  /// The next packet, nil at the end of the file.
  /// - Throws: where the file breaks off, after all that is before.
  public mutating func next() throws(CaptureError) -> CapturedPacket? {
    // A packet from behind a newer one waits until it shows whether the newer one was early or time has stepped back.
    while !isAtEnd,
      waiting.count < Self.window || behind > 0 && waiting[0].number > newest.packet
    {
      read()
    }
    guard let packet = waiting.popFirst() else {
      if let failure { throw failure }
      return nil
    }
    if floor > 0 { floor -= 1 }
    given = max(given, packet.timestamp)
    return packet
  }

  private mutating func read() {
    var next: CapturedPacket?
    do throws(CaptureError) { next = try reader.next() } catch { failure = error }
    guard var packet = next else {
      isAtEnd = true
      return
    }
    // Simple Packet Blocks of pcapng have no time.
    if packet.timestamp == .zero { packet.timestamp = newest.time }
    let back = latest - packet.timestamp
    latest = packet.timestamp
    if back > Self.longestStep {
      note(Break(packet: packet.number, newest: newest.packet))
      floor = waiting.count
      newest = (packet.timestamp, packet.number)
      behind = 0
      return waiting.append(packet)
    }
    guard packet.timestamp < newest.time else {
      newest = (packet.timestamp, packet.number)
      behind = 0
      return waiting.append(packet)
    }
    behind += 1
    insert(packet)
    if behind >= Self.window { step() }
  }

  private mutating func insert(_ packet: CapturedPacket) {
    var (low, high) = (floor, waiting.count)
    while low < high {
      let middle = (low + high) / 2
      if waiting[middle].timestamp <= packet.timestamp { low = middle + 1 } else { high = middle }
    }
    if low == floor, packet.timestamp < given { note(Break(packet: packet.number, newest: newest.packet)) }
    guard low < waiting.count else { return waiting.append(packet) }
    moved += 1
    if firstMoved == nil { firstMoved = packet.number }
    waiting.insert(packet, at: low)
  }

  /// All that came for a whole window is older than one packet: the clock was set back, or a file begins that was put behind another. What
  /// came before stays before.
  private mutating func step() {
    let older = waiting.filter { $0.number <= newest.packet }
    let later = waiting.filter { $0.number > newest.packet }
    guard let last = later.last else { return }
    note(Break(packet: later.map(\.number).min() ?? last.number, newest: newest.packet))
    waiting = Deque(older + later)
    floor = older.count
    moved -= min(moved, later.count)
    // Of equal ones the last read.
    newest = (last.timestamp, last.number)
    behind = later.count { $0.number > last.number }
    given = .zero
  }

  private mutating func note(_ found: Break) {
    if firstBreak == nil { firstBreak = found }
  }
}
