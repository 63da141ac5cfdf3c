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
  private struct Key: Hashable {
    var low: TransportEndpoint
    var high: TransportEndpoint
  }

  private struct Association {
    var isMMEHigh: Bool?
    var leg: S1Leg?
    var lowToHigh = SCTPReassembly()
    var highToLow = SCTPReassembly()
    var tagOfLow: UInt32?
    var tagOfHigh: UInt32?
    var isUp = false
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

  /// In the order in which they were met.
  private var associations: [Association] = []
  private var keys: [Key] = []
  private var positions: [Key: Int] = [:]
  /// What the last chunk completed: an array that is used again.
  private var completed: [SCTPReassembly.Message] = []
  private var aliases: [TransportEndpoint: TransportEndpoint] = [:]
  private var eNBNumbers: [TransportEndpoint: Int] = [:]
  private var coreNodes = CoreNodeNumbers()

  public init() {}

  /// Takes one packet; what it completes is appended to `outputs`.
  public mutating func consume(_ packet: CapturedPacket, into outputs: inout [TraceEvent.Body]) {
    switch NetworkLayer.open(packet) {
    case .other:
      return
    case .unusable(let reason):
      remark(reason, packet)
    case .s1ap(let pdu, let source, let destination):
      follow(pdu, from: source, to: destination, packet, into: &outputs)
    case .sctp(let datagram):
      guard let sctp = SCTPPacket(datagram.octets) else { return remark(.malformedSCTP, packet) }
      sctpPackets += 1
      follow(sctp, of: datagram, packet, into: &outputs)
      if let fault = sctp.fault { remark(fault, packet) }
    case .gtp(let datagram): follow(datagram, packet, into: &outputs)
    }
  }

  /// At the end of the capture: gives out what still waited for a missing chunk.
  public mutating func finish(into outputs: inout [TraceEvent.Body]) {
    for (position, key) in keys.enumerated() {
      var association = associations[position]
      var found: [SCTPReassembly.Message] = []
      association.lowToHigh.flush(into: &found)
      deliver(found, fromLow: true, key: key, &association, into: &outputs)
      found = []
      association.highToLow.flush(into: &found)
      deliver(found, fromLow: false, key: key, &association, into: &outputs)
      associations[position] = association
    }
  }

  private mutating func follow(
    _ sctp: SCTPPacket, of datagram: SCTPDatagram, _ packet: CapturedPacket, into outputs: inout [TraceEvent.Body]
  ) {
    let source = canonical(TransportEndpoint(address: datagram.source, port: sctp.sourcePort))
    let destination = canonical(TransportEndpoint(address: datagram.destination, port: sctp.destinationPort))
    let fromLow = precedes(source, destination)
    let key = fromLow ? Key(low: source, high: destination) : Key(low: destination, high: source)
    guard let position = position(of: key, packet) else { return }
    // Taken out of the array while it is worked on, so that nothing is copied.
    var association = Association()
    swap(&association, &associations[position])
    defer { associations[position] = association }
    var found: [SCTPReassembly.Message] = []
    swap(&found, &completed)
    defer { completed = found }
    for chunk in sctp.chunks {
      switch chunk {
      case .initiation(let isAcknowledgement, let tag, let initialTSN, let addresses):
        initiate(
          &association, key: key, fromLow: fromLow, isAcknowledgement: isAcknowledgement, tag: tag, initialTSN: initialTSN,
          into: &outputs)
        for address in addresses where aliases.count < Self.maximumAliases {
          let alias = TransportEndpoint(address: address, port: sctp.sourcePort)
          if alias != source, aliases[source] == nil { aliases[alias] = source }
        }
      case .data(let data):
        dataChunks += 1
        found.removeAll(keepingCapacity: true)
        if fromLow { association.lowToHigh.receive(data, into: &found) } else { association.highToLow.receive(data, into: &found) }
        deliver(found, fromLow: fromLow, key: key, &association, into: &outputs)
      case .settled(let tsn, let ofSender):
        found.removeAll(keepingCapacity: true)
        let aboutLow = fromLow == ofSender
        if aboutLow {
          association.lowToHigh.settle(upTo: tsn, into: &found)
        } else {
          association.highToLow.settle(upTo: tsn, into: &found)
        }
        deliver(found, fromLow: aboutLow, key: key, &association, into: &outputs)
      case .end(let reason):
        end(&association, reason: reason, into: &outputs)
        association = Association()
      }
    }
    for fault in association.lowToHigh.takeFaults() { remark(fault, packet) }
    for fault in association.highToLow.takeFaults() { remark(fault, packet) }
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
    var association = associations[position]
    let message = SCTPReassembly.Message(stream: 0, ppid: Self.s1apPPID, octets: Array(pdu))
    deliver([message], fromLow: fromLow, key: key, &association, into: &outputs)
    associations[position] = association
  }

  private static let unnamedMME = TransportEndpoint(address: .unspecified, port: s1apPort)

  private mutating func position(of key: Key, _ packet: CapturedPacket) -> Int? {
    if let known = positions[key] { return known }
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
    _ association: inout Association, key: Key, fromLow: Bool, isAcknowledgement: Bool, tag: UInt32, initialTSN: UInt32,
    into outputs: inout [TraceEvent.Body]
  ) {
    let known = fromLow ? association.tagOfLow : association.tagOfHigh
    guard known != tag else { return }
    if known != nil, !isAcknowledgement {
      end(&association, reason: "restarted", into: &outputs)
      association = Association()
    }
    if fromLow {
      association.tagOfLow = tag
      association.lowToHigh = SCTPReassembly(initialTSN: initialTSN)
    } else {
      association.tagOfHigh = tag
      association.highToLow = SCTPReassembly(initialTSN: initialTSN)
    }
    if association.isMMEHigh == nil { association.isMMEHigh = mmeByPort(key) ?? (isAcknowledgement != fromLow) }
  }

  private mutating func end(_ association: inout Association, reason: String, into outputs: inout [TraceEvent.Body]) {
    if let leg = association.leg, association.isUp { outputs.append(.association(leg, .down(reason))) }
    association.isUp = false
  }

  private mutating func deliver(
    _ found: [SCTPReassembly.Message], fromLow: Bool, key: Key, _ association: inout Association,
    into outputs: inout [TraceEvent.Body]
  ) {
    // Some stacks write the identifier in the byte order of the host.
    for message in found where message.ppid == Self.s1apPPID || message.ppid == Self.s1apPPID.byteSwapped {
      let mmeIsHigh = association.isMMEHigh ?? mmeByPort(key) ?? ((PDUDirection.isFromENB(message.octets) ?? true) == fromLow)
      association.isMMEHigh = mmeIsHigh
      let leg = association.leg ?? leg(eNB: mmeIsHigh ? key.low : key.high, mme: mmeIsHigh ? key.high : key.low)
      association.leg = leg
      if !association.isUp {
        association.isUp = true
        outputs.append(.association(leg, .up))
      }
      messages += 1
      outputs.append(.s1ap(leg, fromLow == mmeIsHigh ? .uplink : .downlink, stream: message.stream, octets: message.octets))
    }
  }

  private mutating func leg(eNB: TransportEndpoint, mme: TransportEndpoint) -> S1Leg {
    let eNBNumber = eNBNumbers[eNB] ?? eNBNumbers.count
    eNBNumbers[eNB] = eNBNumber
    names.eNBs[eNBNumber] = "eNB \(eNB)"
    let mmeNumber = coreNodes.number(ofMME: mme)
    names.mmes[mmeNumber] = "MME \(mme)"
    return S1Leg(eNB: eNBNumber, mme: mmeNumber)
  }

  private func mmeByPort(_ key: Key) -> Bool? {
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
    remarkCounts[reason, default: 0] += 1
    guard remarks.count < Self.maximumRemarks else { return }
    remarks.append(CaptureRemark(reason, packet: packet.number, offset: packet.offset, detail: detail))
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
