import NASMessages
import Reporting
import S1AP

/// One run of `nasue decode`: takes lines, writes answers, and keeps the exit status that they come to.
struct DecodeSession {
  /// Where a PDU came from, for diagnostics.
  enum Origin: CustomStringConvertible {
    case line(Int)
    case argument(Int)

    var description: String {
      switch self {
      case .line(let number): "line \(number)"
      case .argument(let number): "argument \(number)"
      }
    }
  }

  let pduProtocol: Decode.PDUProtocol?
  let direction: NASDirection?
  let format: Decode.Format
  let verify: Bool
  /// Whether NAS messages in S1AP PDUs are written as JSON, too.
  let readsNAS: Bool
  var output = DecodeOutput()
  /// 0, 1 or 2 as command-line.md has it; the largest counts.
  private(set) var status: Int32 = 0

  init(pduProtocol: Decode.PDUProtocol?, direction: NASDirection?, format: Decode.Format, verify: Bool, readsNAS: Bool) {
    self.pduProtocol = pduProtocol
    self.direction = direction
    self.format = format
    self.verify = verify
    self.readsNAS = readsNAS
  }

  /// Decodes one line.
  mutating func line(_ line: UnsafeBufferPointer<UInt8>, origin: Origin) {
    if DecodeHexadecimal.isBlank(line) { return }
    var octets: [UInt8] = []
    if let fault = DecodeHexadecimal.parse(line, into: &octets) {
      let words = "\(origin), \(fault.description)"
      complain(words)
      if format == .json { answer(error: words, offset: octets.count) }
      return
    }
    switch pduProtocol ?? Self.detect(octets) {
    case .s1ap: decodeS1AP(octets, origin)
    case .nas: decodeNAS(octets, origin)
    }
    output.flushIfFull()
  }

  /// The protocol that an octet string tells by its first octet: in NAS its low half is the protocol discriminator, 7 (EMM) or 2 (ESM);
  /// an S1AP-PDU starts with an extension bit, two bits of choice and five of padding, so that there it is 0.
  static func detect(_ octets: [UInt8]) -> Decode.PDUProtocol {
    switch (octets.first ?? 0) & 0x0F {
    case 0x07, 0x02: .nas
    default: .s1ap
    }
  }

  // MARK: S1AP

  private mutating func decodeS1AP(_ octets: [UInt8], _ origin: Origin) {
    do throws(S1APError) {
      let pdu = try S1APPDU(decoding: octets)
      let encoded = verify ? try pdu.encoded() : nil
      switch format {
      case .json:
        let hasFaults = pdu.hasFaults
        let (readsNAS, direction) = (readsNAS, direction)
        answer(message: pdu.name, octets, encoded) { text in
          pdu.writeJSON(into: &text)
          if hasFaults { DecodeS1APJSON.writeFaults(of: pdu, into: &text) }
          if readsNAS { DecodeS1APJSON.writeNested(in: pdu, direction, into: &text) }
        }
      case .text:
        DecodeTree.write(pdu, to: &output)
        tell(octets, encoded)
      }
    } catch {
      fail(origin, error.description, offset: error.offset)
    }
  }

  // MARK: NAS

  /// A plain message from its values, since the message itself keeps its octets; a protected one as its envelope.
  private func reencoded(_ pdu: NASPDU) throws(NASDecodingError) -> [UInt8] {
    guard case .plain(let message) = pdu else { return pdu.encoded() }
    return try message.rebuilt().encoded()
  }

  private mutating func decodeNAS(_ octets: [UInt8], _ origin: Origin) {
    do throws(NASDecodingError) {
      let pdu = try NASPDU(parsing: octets, direction: direction)
      let encoded = verify ? try reencoded(pdu) : nil
      switch format {
      case .json:
        var json = JSONWriter(reserving: 1024)
        let finding = DecodeNASJSON.write(pdu, direction, to: &json)
        answer(message: DecodeNASJSON.name(of: pdu, direction), octets, encoded, finding) { $0.append(contentsOf: json.octets) }
      case .text:
        if DecodeTree.write(pdu, octets, direction: direction, to: &output) != nil { status = max(status, 1) }
        tell(octets, encoded)
      }
    } catch {
      fail(origin, error.description, offset: error.offset)
    }
  }

  // MARK: Answers

  /// `{"ok":true,"message":…,"reencoded":…,"value":…}`. Where the PDU does not encode to the same octets, `ok` is false and `error` and
  /// `offset` tell where the two part; the same for a message with an error in what it must have.
  private mutating func answer(
    message: String, _ octets: [UInt8], _ encoded: [UInt8]?, _ finding: DecodeFinding? = nil, value: (inout [UInt8]) -> Void
  ) {
    if let finding {
      status = max(status, 1)
      output.append("{\"ok\":false,\"error\":" as StaticString)
      var words = JSONWriter()
      words.string(finding.words)
      output.octets.append(contentsOf: words.octets)
      output.append(",\"offset\":\(finding.offset),\"message\":\"" as String)
    } else if let encoded, let offset = Self.difference(octets, encoded) {
      status = max(status, 1)
      output.append("{\"ok\":false,\"error\":\"encodes to other octets\",\"offset\":\(offset),\"message\":\"" as String)
    } else {
      output.append("{\"ok\":true,\"message\":\"" as StaticString)
    }
    // Names of messages have nothing to escape.
    output.append(message)
    if let encoded {
      output.append("\",\"reencoded\":\"" as StaticString)
      output.octets.appendHexadecimal(encoded)
    }
    output.append("\",\"value\":" as StaticString)
    value(&output.octets)
    output.append("}\n" as StaticString)
  }

  private mutating func answer(error: String, offset: Int) {
    var json = JSONWriter()
    json.object { json in
      json.member("ok", false)
      json.member("error", error)
      json.member("offset", offset)
    }
    json.endLine()
    output.octets.append(contentsOf: json.octets)
    output.flushIfFull()
  }

  private mutating func tell(_ octets: [UInt8], _ encoded: [UInt8]?) {
    guard let encoded else { return }
    if let offset = Self.difference(octets, encoded) {
      status = max(status, 1)
      output.append("  encodes to other octets, from octet \(offset) on: " as String)
      output.octets.appendHexadecimal(encoded)
      output.append("\n" as StaticString)
    } else {
      output.append("  encodes to the same octets\n" as StaticString)
    }
  }

  private mutating func fail(_ origin: Origin, _ words: String, offset: Int) {
    status = max(status, 1)
    switch format {
    case .json: answer(error: words, offset: offset)
    case .text: output.append("\(origin) does not decode: \(words.printable)\n" as String)
    }
  }

  /// What is no PDU at all: told on standard error, and exit status 2.
  mutating func complain(_ words: String) {
    status = 2
    output.flush()
    DecodeOutput.complain("nasue decode: \(words)")
  }

  /// The first octet in which the two differ, nil if none.
  static func difference(_ left: [UInt8], _ right: [UInt8]) -> Int? {
    if left == right { return nil }
    return zip(left, right).enumerated().first { $1.0 != $1.1 }?.offset ?? min(left.count, right.count)
  }
}
