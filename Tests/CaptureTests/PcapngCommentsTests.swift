import NASCrypto
import Testing
import Trace

@testable import Capture

@Suite("Comments that come when the capture is written")
struct PcapngCommentsTests {
  private static func log() -> TraceLog {
    var log = TraceLog()
    log.names.eNBs = [0: "eNB A"]
    for number in 1...3 {
      if number == 2 { log.append(time: .milliseconds(2), body: .note("a remark")) }
      log.append(time: .milliseconds(number), body: .s1ap(S1Leg(eNB: 0, mme: 0), .uplink, stream: 0, octets: [0, 17, UInt8(number)]))
    }
    return log
  }

  /// The file, block by block, with the comments.
  private static func commented(_ file: [UInt8], _ comments: [Int: [String]]) -> [UInt8] {
    var adding = PcapngComments(comments)
    var result: [UInt8] = []
    var index = 0
    while let length = PcapngComments.length(ofBlock: Array(file[index...].prefix(8))), index + length <= file.count {
      result += adding.commented(Array(file[index..<index + length]))
      index += length
    }
    return result
  }

  private static func count(_ text: String, in file: [UInt8]) -> Int {
    let text = Array(text.utf8)
    return (0...max(0, file.count - text.count)).count { file[$0...].starts(with: text) }
  }

  @Test("they stand in their packets, behind those that were there, and nothing else is touched")
  func added() throws {
    let file = CaptureWriter.capture(of: Self.log())
    let result = Self.commented(file, [1: ["first"], 2: ["second", "and more"], 7: ["of no packet"]])
    #expect(try CaptureContents(file: result).log.events.map(\.body) == CaptureContents(file: file).log.events.map(\.body))
    for text in ["first", "second", "and more", "a remark", "eNB A"] { #expect(Self.count(text, in: result) == 1, "\(text)") }
    #expect(Self.count("of no packet", in: result) == 0)
    // Three options of four octets and their texts, padded, and the end of options that only the first packet had not.
    #expect(result.count == file.count + (4 + 8) + 4 + (4 + 8) + (4 + 8))
    #expect(Self.commented(file, [:]) == file)
  }

  @Test("what is no packet of ours stays as it is, and never traps")
  func hostile() {
    var adding = PcapngComments([1: ["x"], 2: ["x"], 3: ["x"]])
    var noLength = [UInt8](repeating: 0xFF, count: 40)
    noLength.replaceSubrange(0..<4, with: [6, 0, 0, 0])
    for block in [[], [6], [UInt8](repeating: 6, count: 40), [6, 0, 0, 0, 12, 0, 0, 0, 12, 0, 0, 0], noLength] {
      #expect(adding.commented(block) == block)
    }
    #expect(PcapngComments.length(ofBlock: [6, 0, 0, 0, 11, 0, 0, 0]) == nil)
    #expect(PcapngComments.length(ofBlock: [6, 0, 0, 0, 0, 0, 0, 0xFF]) == nil)
    #expect(PcapngComments.length(ofBlock: [6, 0, 0]) == nil)
  }
}
