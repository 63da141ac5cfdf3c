import Alignment
import Capture
import NASCrypto
import Observer
import Trace

/// A capture judged as it is read: packets in, events to whoever shows them, verdicts at the end. What it holds grows with the UEs in the
/// capture and with four octets an event, not with the capture. Reading, following and judging are three threads where nobody looks on.
final class CaptureRun {
  private(set) var alignment: AlignmentEngine
  private let required: Set<String>
  private var engine = CryptoEngine()
  /// The packet that completed each event, as Wireshark counts: what a verdict's frame is in a capture.
  private var packetOfEvent: [UInt32] = []
  private var reading: CaptureReading?
  private var shortfall: ObserverShortfall?
  private var whereabouts = Whereabouts()
  /// What is observed of one event, where reading, following and judging are one thread.
  private var following: BatchingObserver
  private var observed = ObservedBatch()

  var follower: CaptureFollower { reading?.follower ?? CaptureFollower() }
  var packets: Int { reading?.packets ?? 0 }
  var duration: Duration { reading?.duration ?? .zero }
  /// Why the rest of the file could not be read.
  var end: CaptureError? { reading?.end }

  init(subscribers: [SubscriberCredentials], kasmes: [ToldKASME] = [], required: Set<String>, showKeys: Bool) {
    self.required = required
    alignment = AlignmentEngine(subscribers: subscribers, kasmes: kasmes, required: required, showKeys: showKeys)
    following = BatchingObserver(alignment.observer)
  }

  /// Where nobody looks on, the file is read ahead on a thread of its own.
  /// - Parameters:
  ///   - observe: each event, in order.
  ///   - isInterrupted: asked now and then; the verdicts are then of what was read.
  /// - Throws: where there is nothing to read at all. A file that breaks off is judged as far as it goes: see `end`.
  func read(
    _ path: String, observe: ((TraceEvent, TraceLog.Names) -> Void)? = nil, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(CaptureError) {
    let reading = try CaptureReading(path, isInterrupted: isInterrupted)
    self.reading = reading
    if observe == nil, let batches = reading.begin() { return judge(batches) }
    reading.run { bodies in
      for (position, body) in bodies.enumerated() {
        let packet = reading.packet(ofBody: position)
        take(body, nil, packet: packet, at: reading.time)
        // Whoever shows it calls it by its packet, as verdicts do.
        observe?(TraceEvent(index: Int(packet), time: reading.time, body: body), reading.follower.names)
      }
    }
    finishTaking()
  }

  private func take(_ body: TraceEvent.Body, _ reading: S1APReading?, packet: UInt32, at time: Duration) {
    let event = TraceEvent(index: packetOfEvent.count, time: time, body: body)
    packetOfEvent.append(packet)
    if let reading, case .s1ap(let leg, let direction, _, _) = body {
      following.consume(reading, on: leg, direction, event: event.index, at: time, using: &engine, into: &observed)
    } else {
      following.consume(event, using: &engine, into: &observed)
    }
    whereabouts.note(observed.observations[...])
    alignment.consume(&observed, using: &engine)
    observed.removeAll()
  }

  private func finishTaking() {
    following.finish(into: &observed)
    alignment.consume(&observed, using: &engine)
    observed.removeAll()
    shortfall = following.observer.shortfall
  }

  /// Judges here what is followed on a thread of its own; or does both, where there is none to be had. The verdicts are the same.
  private func judge(_ batches: CaptureReading.Batches) {
    let following = CaptureFollowing(alignment.observer)
    guard following.begin(batches) else {
      while let batch = batches.next() {
        for event in batch {
          switch event.body {
          case .s1ap(let leg, let direction, let reading):
            take(.s1ap(leg, direction, stream: 0, octets: []), reading, packet: event.packet, at: event.time)
          case .other(let body): take(body, nil, packet: event.packet, at: event.time)
          }
        }
      }
      return finishTaking()
    }
    while var batch = following.next() {
      alignment.consume(&batch.observed, using: &engine)
      following.giveBack(batch)
    }
    packetOfEvent = following.packetOfEvent
    shortfall = following.shortfall
    whereabouts = following.whereabouts
  }

  /// Frames are packet numbers.
  func verdicts() -> [Verdict] {
    var result: [Verdict] = []
    tell { result.append($0.renumbered(packet(ofEvent:))) }
    return result
  }

  /// The verdicts one after the other, since all of a large capture are more than its UEs. Frames are those of the trace: see
  /// ``numbered(_:)``.
  /// - Parameters:
  ///   - wantsAligned: asked now and then: whether the aligned ones are told too.
  ///   - count: gets the number of those that are not told.
  func tell(wantsAligned: () -> Bool = { true }, count: (Int) -> Void = { _ in }, _ body: (Verdict) -> Void) {
    guard !follower.missing.isEmpty || !isInOrder else { return tellAll(wantsAligned, count, body) }
    let doubts = Doubts(
      follower.missing, of: follower.missingChunks, isInOrder: isInOrder, whereabouts, ues: alignment.observer.ues)
    // What is in doubt is whether something is wrong: the aligned ones stay what they are.
    tellAll(wantsAligned, count) { body(doubts.applied(to: $0)) }
  }

  private func tellAll(_ wantsAligned: () -> Bool, _ count: (Int) -> Void, _ body: (Verdict) -> Void) {
    guard required.isEmpty else { return alignment.tell(body) }
    let ues = alignment.uesWithVerdicts
    for start in stride(from: 0, to: ues.count, by: Self.chunk) {
      let some = ues[start..<min(start + Self.chunk, ues.count)]
      if wantsAligned() {
        for verdict in alignment.verdicts(ofUEs: some) { body(verdict) }
      } else {
        let (verdicts, aligned) = alignment.verdictsBesideAligned(ofUEs: some)
        for verdict in verdicts { body(verdict) }
        count(aligned)
      }
    }
  }

  /// UEs whose verdicts are made at once.
  private static let chunk = 16

  /// With packet numbers for frames.
  func numbered(_ verdict: Verdict) -> Verdict { verdict.renumbered(packet(ofEvent:)) }

  /// What stays out of the verdicts because it could not be read: a line each, most frequent reason first.
  func unread() -> [String] {
    var lines = follower.remarkCounts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { reason, count in
      let first =
        follower.remarks.first { $0.reason == reason }.map {
          ", first at packet \($0.packet)\($0.detail.isEmpty ? "" : ": \($0.detail)")"
        } ?? ""
      return "\(reason.rawValue): \(count) \(count == 1 ? "time" : "times")\(first)"
    }
    if let reader = reading?.reader, reader.moved > 0 {
      lines.append(
        "\(reader.moved) \(reader.moved == 1 ? "packet stands" : "packets stand") behind newer ones in the file, the first of them packet "
          + "\(reader.firstMoved ?? 0): taken in the order of their times")
    }
    lines += gaps()
    let shortfall = shortfall ?? alignment.observer.shortfall
    if shortfall.messages > 0 {
      lines.append("more than \(Observer.maximumUEs) UEs: \(shortfall.messages) messages of others are left out")
    }
    if shortfall.connections > 0 {
      lines.append("too many connections at once: \(shortfall.connections), the oldest of their UEs, are taken for ended")
    }
    if alignment.reducedUEs > 0 {
      lines.append(
        "too many UEs without keys: \(alignment.reducedUEs) times one was judged by what there was of it, and anew when it came again")
    }
    if let end { lines.append("after packet \(packets) the file cannot be read further: \(end)") }
    return lines
  }

  private var isInOrder: Bool { reading?.reader.firstBreak == nil }

  /// What was given that the capture contradicts or cannot be judged by, and why a verdict on it is not to be relied on.
  func faults() -> [String] {
    var lines: [String] = []
    if let found = reading?.reader.firstBreak {
      lines.append(
        "the packets are not in the order of time: packet \(found.packet) is older than packet \(found.newest), by more than is put right "
          + "here; sort them first, with reordercap for instance")
    }
    let ues = alignment.observer.ues
    var misfits: [String] = []
    for index in whereabouts.stays.indices where index < ues.count {
      guard let frame = whereabouts.misfit(of: index), let imsi = ues[index].imsi, alignment.observer.hasK(ofSubscriber: imsi) else {
        continue
      }
      misfits.append(
        "K or OPc of \(imsi) is not that of its UE: AUTN of packet \(packet(ofEvent: frame)) does not verify, nor is RES right")
    }
    for index in ues.indices {
      guard let frame = alignment.unexplainedByTold(ofUE: index) else { continue }
      misfits.append(
        "no KASME that is told of \(ues[index].label) explains what it sends or gets, from packet \(packet(ofEvent: frame)) on")
    }
    return lines + misfits.prefix(Self.gapsTold)
      + (misfits.count > Self.gapsTold ? ["so of \(misfits.count - Self.gapsTold) more UEs"] : [])
  }

  private static let gapsTold = 8

  /// What the capture lacks, a line for each association and direction.
  private func gaps() -> [String] {
    struct Side: Hashable {
      var leg: S1Leg
      var direction: LinkDirection
    }
    var order: [Side] = []
    var gaps: [Side: (count: Int, first: Int, last: Int)] = [:]
    for gap in follower.missing where gap.count > 0 {
      let side = Side(leg: gap.leg, direction: gap.direction)
      if gaps[side] == nil { order.append(side) }
      gaps[side] = ((gaps[side]?.count ?? 0) + gap.count, gaps[side]?.first ?? gap.packet, gap.packet)
    }
    let names = follower.names
    return order.prefix(Self.gapsTold).compactMap { side in
      guard let gap = gaps[side] else { return nil }
      let ends = [names.eNBs[side.leg.eNB] ?? "eNB \(side.leg.eNB)", names.mmes[side.leg.mme] ?? "MME \(side.leg.mme)"]
      return "missing from the capture: \(gap.count) \(gap.count == 1 ? "message" : "messages") of the association "
        + (side.direction == .uplink ? ends : ends.reversed()).joined(separator: " -> ")
        + (gap.first == gap.last ? ", before packet \(gap.first)" : ", before packets \(gap.first) to \(gap.last)")
        + "; verdicts that rest on them are unobserved"
    } + (order.count > Self.gapsTold ? ["missing from the capture: messages of \(order.count - Self.gapsTold) more associations"] : [])
  }

  private func packet(ofEvent index: Int) -> Int { packetOfEvent.indices.contains(index) ? Int(packetOfEvent[index]) : packets }
}
