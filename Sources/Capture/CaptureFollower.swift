import NASCrypto
public import Trace

/// Follows the S1AP associations of a capture: packets in, trace events out. Packets are SCTP over IP, or S1AP-PDUs as they are.
///
/// An association is a pair of address and port, other addresses of multihomed ends being learnt from INIT and INIT ACK.
/// Which end is the MME is told by port 36412, else by who sent INIT, else by the first S1AP-PDU.
public struct CaptureFollower: Sendable {
  /// S1AP's registered SCTP port and payload protocol identifier (TS 36.412 §7).
  public static let s1apPort: UInt16 = 36412
  /// Payload protocol identifier of S1AP.
  public static let s1apPPID: UInt32 = 18
  /// Associations followed at once; more are a remark.
  public static let maximumAssociations = 4096
  private static let maximumAliases = 65_536

  /// Both ends, in a fixed order.
  struct Key: Hashable {
    var low: TransportEndpoint
    var high: TransportEndpoint
  }

  struct Association {
    var isMMEHigh: Bool?
    var leg: S1Leg?
    var lowToHigh = SCTPReassembly()
    var highToLow = SCTPReassembly()
    var tagOfLow: UInt32?
    var tagOfHigh: UInt32?
    var isUp = false
    /// The last event that each direction gave, or one before that.
    var lastOfLow = -1
    var lastOfHigh = -1
  }

  /// The eNBs and MMEs seen, by address.
  public private(set) var names = TraceLog.Names()
  /// At most `maximumRemarks` are kept; `remarkCounts` counts all.
  public private(set) var remarks: [CaptureRemark] = []
  /// How often each reason came up.
  public private(set) var remarkCounts: [CaptureRemark.Reason: Int] = [:]
  /// Remarks kept; all are counted.
  public static let maximumRemarks = 1000
  /// SCTP packets, DATA chunks and S1AP messages seen.
  public private(set) var sctpPackets = 0
  /// SCTP DATA chunks seen.
  public private(set) var dataChunks = 0
  /// S1AP messages put together.
  public private(set) var messages = 0
  /// GTPv2-C messages between nodes that hand UEs over to each other.
  public private(set) var gtpMessages = 0

  /// What is not in the capture, as far as TSNs tell.
  public internal(set) var missing: [MissingChunks] = []
  /// Gaps of which the place is kept; `missingChunks` counts the chunks of all.
  public static let maximumMissing = 10_000
  /// Chunks of SCTP that are not in the capture.
  public internal(set) var missingChunks = 0
  /// Packets that a chunk may be behind the acknowledgement of it.
  public static let patience = 64

  /// One direction waits for a chunk that its receiver has acknowledged: nothing is given out before it comes, or is given up, so that what
  /// is said in the other direction, or elsewhere, stays behind it.
  struct Wait {
    var position: Int
    var fromLow: Bool
    /// The packet that acknowledged it, and how many were taken until then.
    var packet: Int
    var since: Int
    /// How many events were held back before it.
    var place: Int
  }

  var waits: [Wait] = []
  var heldBack: [(packet: UInt32, body: TraceEvent.Body)] = []
  /// Events given out so far.
  var given = 0
  /// The packets that completed what the last packet gave out, where it let go of what was held back; else none.
  var packetsOfHeldBack: [UInt32] = []

  /// The packet that completed an event that was held back.
  /// - Parameter position: among those that the last packet, or the end, gave out into no others.
  public func packet(ofOutput position: Int) -> Int? {
    position < packetsOfHeldBack.count ? Int(packetsOfHeldBack[position]) : nil
  }

  /// Where in what is being given out the first wait begins.
  var split = 0
  /// What the packet at hand completes is held back.
  var isHolding = false
  /// What to add to a position in what is being given out, for the number of the event.
  private var origin = 0
  /// Packets taken.
  var taken = 0
  var lastPacket = 0
  var lastOffset = 0
  private var fragments = IPReassembly()
  private static let maximumHeldBack = 4096

  /// In the order in which they were met.
  var associations: [Association] = []
  var keys: [Key] = []
  private var positions: [Key: Int] = [:]
  /// The last ones found, by what little tells them apart, so that a packet of one costs no hash.
  private var recent = [Int](repeating: -1, count: recentCount)
  private static let recentCount = 64
  /// What the last chunk completed: an array that is used again.
  private var completed: [SCTPReassembly.Message] = []
  private var aliases: [TransportEndpoint: TransportEndpoint] = [:]
  private var eNBNumbers: [TransportEndpoint: Int] = [:]
  private var coreNodes = CoreNodeNumbers()

  public init() {}

  /// Takes one packet; what it completes is appended to `outputs`.
  public mutating func consume(_ packet: CapturedPacket, into outputs: inout [TraceEvent.Body]) {
    if !packetsOfHeldBack.isEmpty { packetsOfHeldBack.removeAll(keepingCapacity: true) }
    taken += 1
    guard waits.isEmpty else {
      var found: [TraceEvent.Body] = []
      (isHolding, split) = (true, 0)
      follow(packet, into: &found)
      isHolding = false
      for body in found { heldBack.append((UInt32(clamping: packet.number), body)) }
      giveUp(packet.number) { [taken] in taken - $0.since > Self.patience }
      if heldBack.count > Self.maximumHeldBack { giveUp(packet.number) { _ in true } }
      return release(into: &outputs)
    }
    let before = outputs.count
    origin = given - before
    follow(packet, into: &outputs)
    if !waits.isEmpty || !heldBack.isEmpty {
      for body in outputs[split...] { heldBack.append((UInt32(clamping: packet.number), body)) }
      outputs.removeSubrange(split...)
      given += outputs.count - before
      return release(into: &outputs)
    }
    given += outputs.count - before
  }

  private mutating func follow(_ packet: CapturedPacket, into outputs: inout [TraceEvent.Body]) {
    (lastPacket, lastOffset) = (packet.number, packet.offset)
    follow(NetworkLayer.open(packet), packet, into: &outputs)
  }

  private mutating func follow(_ found: NetworkLayer.Result, _ packet: CapturedPacket, into outputs: inout [TraceEvent.Body]) {
    switch found {
    case .other:
      return
    case .unusable(let reason):
      remark(reason, packet)
    case .s1ap(let pdu, let source, let destination):
      follow(pdu, from: source, to: destination, packet, into: &outputs)
    case .sctp(let datagram):
      guard var sctp = SCTPPacket(datagram.octets) else { return remark(.malformedSCTP, packet) }
      sctpPackets += 1
      follow(&sctp, of: datagram, packet, into: &outputs)
      if let fault = sctp.fault { remark(fault, packet) }
    case .gtp(let datagram): follow(datagram, packet, into: &outputs)
    case .fragment(let fragment, let isOurs):
      let whole = fragments.add(fragment, in: packet, events: given + heldBack.count, isStarting: isOurs)
      noteFragments()
      guard let whole else { return }
      follow(
        NetworkLayer.transport(whole[...], of: fragment.next, from: fragment.source, to: fragment.destination), packet, into: &outputs)
    }
  }

  private mutating func noteFragments() {
    for lost in fragments.takeGivenUp() { remark(.fragmentedIP, packet: lost.packet, offset: lost.place) }
  }

  /// At the end of the capture: gives out what still waited for a missing chunk.
  public mutating func finish(into outputs: inout [TraceEvent.Body]) {
    packetsOfHeldBack.removeAll()
    giveUp(lastPacket) { _ in true }
    release(into: &outputs)
    for position in keys.indices {
      for fromLow in [true, false] {
        var found: [SCTPReassembly.Message] = []
        if fromLow { associations[position].lowToHigh.flush(into: &found) } else { associations[position].highToLow.flush(into: &found) }
        noteMissing(position, fromLow: fromLow, packet: lastPacket)
        let before = outputs.count
        origin = given - before
        deliver(found, fromLow: fromLow, position, into: &outputs)
        given += outputs.count - before
      }
    }
    for lost in fragments.open where lost.next == NetworkLayer.protocolSCTP { noteLost(lost) }
    fragments.flush()
    noteFragments()
  }

  private mutating func follow(
    _ sctp: inout SCTPPacket, of datagram: SCTPDatagram, _ packet: CapturedPacket, into outputs: inout [TraceEvent.Body]
  ) {
    let source = canonical(TransportEndpoint(address: datagram.source, port: sctp.sourcePort))
    let destination = canonical(TransportEndpoint(address: datagram.destination, port: sctp.destinationPort))
    let fromLow = precedes(source, destination)
    let key = fromLow ? Key(low: source, high: destination) : Key(low: destination, high: source)
    guard let position = position(of: key, packet) else { return }
    // Taken out while it is filled, so that nothing is copied.
    var found: [SCTPReassembly.Message] = []
    swap(&found, &completed)
    defer { swap(&found, &completed) }
    while let chunk = sctp.next() {
      switch chunk {
      case .initiation(let isAcknowledgement, let tag, let initialTSN, let addresses):
        initiate(position, fromLow: fromLow, isAcknowledgement: isAcknowledgement, tag: tag, initialTSN: initialTSN, into: &outputs)
        for address in addresses where aliases.count < Self.maximumAliases {
          let alias = TransportEndpoint(address: address, port: sctp.sourcePort)
          if alias != source, aliases[source] == nil { aliases[alias] = source }
        }
      case .data(let data):
        dataChunks += 1
        if fromLow {
          associations[position].lowToHigh.receive(data, in: packet.number, into: &found)
        } else {
          associations[position].highToLow.receive(data, in: packet.number, into: &found)
        }
        if let index = waits.isEmpty ? nil : wait(position, fromLow: fromLow) {
          insert(found, at: index, packet: packet.number)
          let isOver = !(fromLow ? associations[position].lowToHigh.isAcknowledged : associations[position].highToLow.isAcknowledged)
          if isOver { waits.remove(at: index) }
        } else {
          deliver(found, fromLow: fromLow, position, into: &outputs)
        }
        while !found.isEmpty { found.removeLast() }
        if fromLow ? associations[position].lowToHigh.missing > 0 : associations[position].highToLow.missing > 0 {
          noteMissing(position, fromLow: fromLow, packet: packet.number)
        }
      case .settled(let tsn, let ofSender):
        settle(position, fromLow: fromLow == ofSender, upTo: tsn, into: &outputs)
      case .end(let reason):
        giveUp(packet.number) { $0.position == position }
        end(position, reason: reason, into: &outputs)
        associations[position] = Association()
      }
    }
    for fault in associations[position].lowToHigh.takeFaults() { remark(fault, packet) }
    for fault in associations[position].highToLow.takeFaults() { remark(fault, packet) }
  }

  /// A PDU without SCTP around it: it is whole, and there is no loss to see. Without addresses there is one association, and the
  /// message tells which end sent it; one that both ends may send is taken for the eNB's.
  private mutating func follow(
    _ pdu: ArraySlice<UInt8>, from source: TransportEndpoint?, to destination: TransportEndpoint?, _ packet: CapturedPacket,
    into outputs: inout [TraceEvent.Body]
  ) {
    var ends = (source: TransportEndpoint(address: .unspecified, port: 0), destination: Self.unnamedMME)
    if let source, let destination {
      ends = (source, destination)
    } else if PDUDirection.isFromENB(pdu) == false {
      ends = (ends.destination, ends.source)
    }
    let fromLow = precedes(ends.source, ends.destination)
    let key = fromLow ? Key(low: ends.source, high: ends.destination) : Key(low: ends.destination, high: ends.source)
    guard let position = position(of: key, packet) else { return }
    let message = SCTPReassembly.Message(stream: 0, ppid: Self.s1apPPID, octets: Array(pdu))
    deliver([message], fromLow: fromLow, position, into: &outputs)
  }

  private static let unnamedMME = TransportEndpoint(address: .unspecified, port: s1apPort)

  private mutating func position(of key: Key, _ packet: CapturedPacket) -> Int? {
    let place = Int(truncatingIfNeeded: key.low.address.mixed ^ UInt64(key.low.port) ^ key.high.address.mixed ^ UInt64(key.high.port))
    let slot = (place ^ place >> 8) & (Self.recentCount - 1)
    if recent[slot] >= 0, keys[recent[slot]] == key { return recent[slot] }
    if let known = positions[key] {
      recent[slot] = known
      return known
    }
    guard keys.count < Self.maximumAssociations else {
      remark(.tooManyAssociations, packet)
      return nil
    }
    positions[key] = keys.count
    keys.append(key)
    associations.append(Association())
    return keys.count - 1
  }

  /// INIT and INIT ACK fix the first TSN of their sender; a new tag means a new association on the same ports.
  private mutating func initiate(
    _ position: Int, fromLow: Bool, isAcknowledgement: Bool, tag: UInt32, initialTSN: UInt32, into outputs: inout [TraceEvent.Body]
  ) {
    let known = fromLow ? associations[position].tagOfLow : associations[position].tagOfHigh
    guard known != tag else { return }
    if !waits.isEmpty { giveUp(lastPacket) { $0.position == position } }
    if known != nil, !isAcknowledgement {
      end(position, reason: "restarted", into: &outputs)
      associations[position] = Association()
    }
    if fromLow {
      associations[position].tagOfLow = tag
      associations[position].lowToHigh = SCTPReassembly(initialTSN: initialTSN)
    } else {
      associations[position].tagOfHigh = tag
      associations[position].highToLow = SCTPReassembly(initialTSN: initialTSN)
    }
    if associations[position].isMMEHigh == nil {
      associations[position].isMMEHigh = mmeByPort(keys[position]) ?? (isAcknowledgement != fromLow)
    }
  }

  private mutating func end(_ position: Int, reason: String, into outputs: inout [TraceEvent.Body]) {
    if let leg = associations[position].leg, associations[position].isUp { outputs.append(.association(leg, .down(reason))) }
    associations[position].isUp = false
  }

  /// Some stacks write the identifier in the byte order of the host, and some none at all, where the port says it.
  private func isS1AP(_ ppid: UInt32, _ key: Key) -> Bool {
    ppid == Self.s1apPPID || ppid == Self.s1apPPID.byteSwapped
      || ppid == 0 && (key.low.port == Self.s1apPort || key.high.port == Self.s1apPort)
  }

  mutating func deliver(
    _ found: [SCTPReassembly.Message], fromLow: Bool, _ position: Int, into outputs: inout [TraceEvent.Body]
  ) {
    for message in found where isS1AP(message.ppid, keys[position]) {
      let mmeIsHigh =
        associations[position].isMMEHigh ?? mmeByPort(keys[position])
        ?? ((PDUDirection.isFromENB(message.octets) ?? true) == fromLow)
      let leg = associations[position].leg ?? leg(of: keys[position], mmeIsHigh: mmeIsHigh)
      if !associations[position].isUp {
        associations[position].isMMEHigh = mmeIsHigh
        associations[position].leg = leg
        associations[position].isUp = true
        outputs.append(.association(leg, .up))
      }
      messages += 1
      let event = waits.isEmpty ? origin + outputs.count : given
      if fromLow { associations[position].lastOfLow = event } else { associations[position].lastOfHigh = event }
      outputs.append(.s1ap(leg, fromLow == mmeIsHigh ? .uplink : .downlink, stream: message.stream, octets: message.octets))
    }
  }

  mutating func leg(of key: Key, mmeIsHigh: Bool) -> S1Leg {
    let (eNB, mme) = mmeIsHigh ? (key.low, key.high) : (key.high, key.low)
    let eNBNumber = eNBNumbers[eNB] ?? eNBNumbers.count
    eNBNumbers[eNB] = eNBNumber
    names.eNBs[eNBNumber] = "eNB \(eNB)"
    let mmeNumber = coreNodes.number(ofMME: mme)
    names.mmes[mmeNumber] = "MME \(mme)"
    return S1Leg(eNB: eNBNumber, mme: mmeNumber)
  }

  func mmeByPort(_ key: Key) -> Bool? {
    switch (key.low.port == Self.s1apPort, key.high.port == Self.s1apPort) {
    case (true, false): false
    case (false, true): true
    case (true, true), (false, false): nil
    }
  }

  private func canonical(_ endpoint: TransportEndpoint) -> TransportEndpoint {
    aliases.isEmpty ? endpoint : aliases[endpoint] ?? endpoint
  }

  private func precedes(_ a: TransportEndpoint, _ b: TransportEndpoint) -> Bool {
    if a.port != b.port { return a.port < b.port }
    return a.address.precedes(b.address)
  }

  private mutating func remark(_ reason: CaptureRemark.Reason, _ packet: CapturedPacket, _ detail: String = "") {
    remark(reason, packet: packet.number, offset: packet.offset, detail)
  }

  mutating func remark(_ reason: CaptureRemark.Reason, packet: Int, offset: Int, _ detail: String = "") {
    remarkCounts[reason, default: 0] += 1
    guard remarks.count < Self.maximumRemarks else { return }
    remarks.append(CaptureRemark(reason, packet: packet, offset: offset, detail: detail))
  }

  /// A datagram of GTPv2-C's port: S10 and S3 become events, also where not all of one can be read, which is said. What else goes there
  /// (S11, S5, GTPv1-C) concerns no handover between nodes.
  private mutating func follow(_ datagram: GTPDatagram, _ packet: CapturedPacket, into outputs: inout [TraceEvent.Body]) {
    let octets = Array(datagram.octets)
    switch RelocationSignalling(octets) {
    case .other: return
    case .unreadable(let why):
      remark(.malformedGTP, packet, why)
      guard RelocationSignalling.isAnnounced(by: octets) else { return }
    case .message: break
    }
    gtpMessages += 1
    outputs.append(.gtp(from: node(at: datagram.source), to: node(at: datagram.destination), octets: octets))
  }

  private mutating func node(at endpoint: TransportEndpoint) -> Int {
    let number = coreNodes.number(at: endpoint.address)
    if names.mmes[number] == nil { names.mmes[number] = "node \(endpoint.address)" }
    return number
  }
}
