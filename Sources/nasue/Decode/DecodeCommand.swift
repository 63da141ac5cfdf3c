import ArgumentParser
import NASMessages

/// `nasue decode`: PDUs in hexadecimal, from arguments or one a line from standard input, as trees for people or JSON lines.
struct Decode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode", abstract: "Decodes NAS and S1AP PDUs given in hexadecimal.",
    discussion: """
      Without HEX, reads one PDU a line from standard input and answers each as it comes; blank lines and lines that start with # are \
      passed over, and blanks, colons or commas between octets and 0x before them are allowed. A line of more than 1 MiB is told and passed over.

      Without --protocol each PDU tells its own: the low half of the first octet is 7 (EMM) or 2 (ESM) in NAS, and 0 in every S1AP-PDU.

      A PDU that decodes and breaks rules beyond its coding is told with its faults: of S1AP those of TS 36.413 §10.3, below the tree or as \
      "faults" in JSON; of NAS what becomes of each element (TS 24.301 §7.5 to §7.7).

      Exit status: 0 all decoded; 1 a PDU did not decode, a mandatory element of a NAS message cannot be read, or --verify found a \
      difference; 2 usage, or a line that is not hexadecimal.
      """)

  enum PDUProtocol: String, ExpressibleByArgument, CaseIterable {
    case s1ap, nas
  }

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  enum Direction: String, ExpressibleByArgument, CaseIterable {
    case uplink, downlink
  }

  @Option(name: .customLong("protocol"), help: "What the PDUs are. Default: each tells its own.")
  var pduProtocol: PDUProtocol?

  @Option(help: "A tree for people, or one JSON object a line.")
  var format: Format = .text

  @Option(help: "Who sent NAS PDUs, for DETACH REQUEST. Default: told by its shape.")
  var direction: Direction?

  @Flag(help: "Encodes each PDU again and compares.")
  var verify = false

  @Flag(
    name: .customLong("nas"),
    help: """
      In JSON of S1AP PDUs, adds what octet strings hold: NAS messages as a member `nas`; the message inside REROUTE NAS REQUEST, the \
      containers between eNBs and NAS security parameters as a member `nested`. The tree has them anyway.
      """)
  var readsNAS = false

  @Argument(help: ArgumentHelp("PDUs.", valueName: "HEX"))
  var pdus: [String] = []

  func run() throws {
    var session = DecodeSession(
      pduProtocol: pduProtocol, direction: direction.map { $0 == .uplink ? .uplink : .downlink }, format: format, verify: verify,
      readsNAS: readsNAS)
    if pdus.isEmpty {
      var lines = DecodeLines()
      // Before waiting for more input all answers go out, so that another program may ask and wait line by line.
      while !session.output.isClosed, lines.refill(beforeWaiting: { session.output.flush() }) {
        while !session.output.isClosed, lines.next({ line, number in session.line(line, origin: .line(number)) }) {}
      }
      if let error = lines.error { session.complain("standard input: \(error)") }
    } else {
      for (number, pdu) in pdus.enumerated() {
        let octets = Array(pdu.utf8)
        octets.withUnsafeBufferPointer { line in
          if DecodeHexadecimal.isBlank(line) {
            session.complain("argument \(number + 1): no octets")
          } else {
            session.line(line, origin: .argument(number + 1))
          }
        }
      }
    }
    session.output.flush()
    if session.status != 0 { throw ExitCode(session.status) }
  }
}
