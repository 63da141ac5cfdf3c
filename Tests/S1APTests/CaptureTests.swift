import Foundation
import Testing

@testable import S1AP

@Suite("PDUs of real networks")
struct CaptureTests {
  /// `origin number hex` lines; see the head of the file.
  static let all: [(origin: String, octets: [UInt8])] = {
    guard let url = Bundle.module.url(forResource: "capture-pdus", withExtension: "txt", subdirectory: "Resources"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").compactMap { (line) -> (String, [UInt8])? in
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] != "#" else { return nil }
      return ("\(words[0]) \(words[1])", unhex(words[2]))
    }
  }()

  @Test("every PDU of the captures decodes, and is written back to the same octets")
  func octetsComeBack() throws {
    #expect(Self.all.count == 489)
    for (origin, octets) in Self.all {
      do {
        let again = try S1APPDU(decoding: octets).encoded()
        #expect(again == octets, "\(origin): \(hex(again)) for \(hex(octets))")
      } catch {
        Issue.record("\(origin): \(error)")
      }
    }
  }

  @Test("built again from their decoded parts they are the same, and their JSON is JSON")
  func rebuilt() throws {
    for (origin, octets) in Self.all {
      let pdu = try S1APPDU(decoding: octets)
      #expect(try S1APBuilder(pdu).encoded() == octets, "\(origin)")
      #expect(!Vector.sorted(json: pdu.json()).hasPrefix("not JSON"), "\(origin)")
    }
  }

  @Test("what TS 36.413 forbids in them is known: nothing but these")
  func faults() throws {
    var seen: [String: Int] = [:]
    for (_, octets) in Self.all {
      for fault in try S1APPDU(decoding: octets).validate() { seen["\(fault)", default: 0] += 1 }
    }
    #expect(seen == [:])
  }
}
