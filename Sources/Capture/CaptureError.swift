/// A capture file that cannot be read: what is wrong, and where in the file.
///
/// Only the container throws. A packet that is broken or of another protocol is skipped, counted, and told as a
/// `CaptureRemark`, since a capture is full of traffic that does not concern us.
public struct CaptureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, and the words for it.
  public enum Code: String, Sendable, Hashable {
    case unreadableFile = "cannot read the file"
    case emptyFile = "the file is empty"
    case unknownFormat = "neither pcap nor pcapng"
    case truncated = "the file ends inside a record"
    case recordTooLong = "a record is longer than a packet can be"
    case malformedBlock = "a pcapng block is malformed"
    case unknownInterface = "a packet names an interface that was not described"
    case unsupportedVersion = "unsupported version of the file format"
    case fileTooLarge = "the file is larger than this reader accepts"
    case unwritableFile = "cannot write the file"
  }

  /// What is wrong.
  public var code: Code
  /// Octets from the start of the file.
  public var offset: Int
  /// What was found, or what the system said.
  public var detail: String

  public init(_ code: Code, offset: Int, detail: String = "") {
    self.code = code
    self.offset = offset
    self.detail = detail
  }

  public var description: String {
    "\(code.rawValue) (at octet \(offset)\(detail.isEmpty ? "" : ": \(detail)"))"
  }
}

/// Something in a packet that kept it, or a part of it, from being followed.
public struct CaptureRemark: Equatable, Sendable, CustomStringConvertible {
  /// Why it was not followed, and the words for it.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    case unsupportedLinkType = "unsupported link type"
    case truncatedPacket = "packet shorter than its headers say"
    case malformedIP = "malformed IP header"
    case fragmentedIP = "IP packet of which fragments are missing"
    case malformedSCTP = "malformed SCTP packet"
    case chunkBeyondPacket = "SCTP chunk longer than its packet"
    case lateChunk = "SCTP message too far behind its turn in the file to be followed"
    case lostFragment = "SCTP message with a missing fragment"
    case messageTooLong = "SCTP message longer than the bound"
    case tooManyAssociations = "more SCTP associations than the bound"
    case malformedGTP = "GTPv2-C message that cannot be read"
  }

  /// Why it was not followed.
  public var reason: Reason
  /// Packet number, from 1 as Wireshark counts.
  public var packet: Int
  /// Octets from the start of the file to the packet's record.
  public var offset: Int
  /// What is wrong and where in the message, where that is known.
  public var detail: String

  public init(_ reason: Reason, packet: Int, offset: Int, detail: String = "") {
    self.reason = reason
    self.packet = packet
    self.offset = offset
    self.detail = detail
  }

  public var description: String {
    "packet \(packet) (at octet \(offset)): \(reason.rawValue)\(detail.isEmpty ? "" : ": \(detail)")"
  }
}
