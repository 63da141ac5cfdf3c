import Foundation
import Testing

@Suite struct DecodeCommandTests {
  static let initialUEMessage =
    "000c403f000005000800020002001a00171607417108091010103254760802f0f000050201d011d1004300060000f1100007006440080000f1100019b0100086400130"
  static let securityModeCommand = "37c942324800075d220002f0f0"
  static let securityModeComplete = "47e7d42c79002e7a"

  @Test func aPDUBecomesATree() throws {
    let outcome = try DecodeExecutable.run(["decode", "--verify", Self.initialUEMessage])
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        INITIAL UE MESSAGE  (S1AP InitialUEMessage, 67 octets, initiatingMessage, initialUEMessage, ignore)
          eNB-UE-S1AP-ID: 2  (reject; 0002)
          NAS-PDU: 07417108091010103254760802f0f000050201d011d1  (reject)
            ATTACH REQUEST (NAS, 22 octets)
              EPS attach type: EPS attach  (71)
              NAS key set identifier: no key is available (7)  (71)
              EPS mobile identity: IMSI 001010123456780  (0910101032547608)
              UE network capability: EEA0 128-EEA1 128-EEA2 128-EEA3 EIA0 128-EIA1 128-EIA2 128-EIA3  (f0f0)
              ESM message container: PDN CONNECTIVITY REQUEST  (0201d011d1)
                EPS bearer identity: 0
                Procedure transaction identity: 1
                Request type: initial request  (11)
                PDN type: IPv4  (11)
                ESM information transfer flag [d0]: security protected ESM information transfer required  (d1)
          TAI  (reject; 0000f1100007)
            pLMNidentity: 00f110  (001-01)
            tAC: 0007  (7)
          EUTRAN-CGI  (ignore; 0000f1100019b010)
            pLMNidentity: 00f110  (001-01)
            cell-ID: 0019b010  (105217)
          RRC-Establishment-Cause: mo-Signalling  (ignore; 30)
          encodes to the same octets

        """)
  }

  @Test func aProtectedMessageShowsItsEnvelope() throws {
    let clear = try DecodeExecutable.run(["decode", Self.securityModeCommand])
    #expect(clear.output.contains("Security header type: 3  (integrity protected with new EPS security context)"))
    #expect(clear.output.contains("  SECURITY MODE COMMAND (7 octets)"))
    let ciphered = try DecodeExecutable.run(["decode", Self.securityModeComplete])
    #expect(ciphered.output.contains("Ciphered NAS message: 2e7a"))
    #expect(ciphered.status == 0)
  }

  @Test func eachLineIsAnsweredWithOneObject() throws {
    let input = """
      # a comment

      \(Self.initialUEMessage)
      \(Self.securityModeCommand.uppercased())
      00:0c 40\t
      \(Self.initialUEMessage)\r
      07410871
      """
    let outcome = try DecodeExecutable.run(["decode", "--format", "json", "--verify"], input: input)
    let objects = try outcome.objects()
    #expect(outcome.status == 1)
    #expect(objects.map { $0["ok"] as? Bool } == [true, true, false, true, false])
    #expect(objects[0]["message"] as? String == "InitialUEMessage")
    #expect(objects[0]["reencoded"] as? String == Self.initialUEMessage)
    let value = try #require((objects[0]["value"] as? [String: Any])?["initiatingMessage"] as? [String: Any])
    #expect(value["procedureCode"] as? Int == 12)
    #expect(objects[1]["message"] as? String == "SECURITY MODE COMMAND")
    #expect(objects[1]["reencoded"] as? String == Self.securityModeCommand)
    #expect(objects[2]["error"] is String)
    #expect(objects[2]["offset"] as? Int == 3)
    #expect(objects[4]["offset"] is Int)
  }

  @Test func reencodedIsThereOnlyWithVerify() throws {
    let outcome = try DecodeExecutable.run(["decode", "--format", "json", Self.initialUEMessage])
    #expect(try outcome.objects()[0]["reencoded"] == nil)
    #expect(outcome.status == 0)
  }

  @Test func whatEncodesToOtherOctetsFails() throws {
    // The criticality's padding bits are not zero: readable, and not what X.691 writes.
    let odd =
      "000c403f000005000800020002001a00171607417108091010103254760802f0f000050201d011d1004300060000f1100007006440080000f1100019b0100086400131"
    let outcome = try DecodeExecutable.run(["decode", "--format", "json", "--verify", odd])
    #expect(outcome.status == 1)
    let object = try outcome.objects()[0]
    #expect(object["ok"] as? Bool == false)
    #expect(object["reencoded"] as? String == Self.initialUEMessage)
    #expect(object["offset"] as? Int == 66)
    #expect(object["value"] != nil)
    #expect(try DecodeExecutable.run(["decode", odd]).status == 0)
  }

  @Test(arguments: [
    ("0g", "line 1, column 2: expected a hexadecimal digit, found 'g'"),
    ("\n# x\n001", "line 3, expected two hexadecimal digits an octet, found 3 digits"),
  ])
  func aLineThatIsNotHexadecimalIsAnError(_ input: String, _ words: String) throws {
    for format in ["text", "json"] {
      let outcome = try DecodeExecutable.run(["decode", "--format", format], input: input + "\n\(Self.securityModeCommand)\n")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(words))
      // Lines behind it are still answered, and in JSON this one too, so that answers and lines can be paired.
      #expect(outcome.output.contains("SECURITY MODE COMMAND"))
      if format == "json" { #expect(try outcome.objects().map { $0["ok"] as? Bool } == [false, true]) }
    }
  }

  @Test(arguments: ["0x37 0xC9 0x42 0x32", "0X37c94232\r", "37, c9, 42, 32", "37:C9:42:32", "0x37,0xc9,0x42,0x32", "  37c9 4232\t"])
  func octetsMayBeWrittenApart(_ head: String) throws {
    let outcome = try DecodeExecutable.run(["decode", "--format", "json", "--verify"], input: head + " 48 00 07 5d 22 00 02 f0f0\n")
    let answer = try #require(try outcome.objects().first)
    #expect(outcome.status == 0 && answer["ok"] as? Bool == true && answer["message"] as? String == "SECURITY MODE COMMAND")
    #expect(answer["reencoded"] as? String == "37c942324800075d220002f0f0")
  }

  @Test(arguments: ["0x", "0x0", "37 0x", "370xc9", "0x0x37", "x37"])
  func aPrefixAloneIsNoOctet(_ line: String) throws {
    let outcome = try DecodeExecutable.run(["decode", "--format", "json"], input: line + "\n")
    let answer = try outcome.objects().first
    #expect(outcome.status == 2 && answer?["ok"] as? Bool == false)
  }

  /// Limits the address space, so that holding the line would end the process.
  @Test func aLineWithoutEndTakesNoMemory() throws {
    let script = """
      ulimit -v 600000
      { head -c 300000000 /dev/zero | tr '\\0' 0; echo; echo \(Self.securityModeCommand); } | timeout 100 "$0" decode --format json
      """
    let outcome = try DecodeExecutable.shell(script)
    let objects = try outcome.objects()
    #expect(outcome.status == 2 && objects.map { $0["ok"] as? Bool } == [false, true])
    #expect((objects.first?["error"] as? String)?.contains("line 1, longer than any PDU (1048576 characters)") == true)
    #expect(objects.first?["offset"] as? Int == 0)
  }

  /// With the signal as a shell has it, and ignored as under some parents.
  @Test(arguments: ["", "trap '' PIPE;"]) func aReaderThatGoesEndsIt(_ trap: String) throws {
    for format in ["text", "json"] {
      let outcome = try DecodeExecutable.shell(
        "\(trap) yes \(Self.securityModeCommand) 2>/dev/null | timeout 60 \"$0\" decode --format \(format) | head -n 1")
      #expect(outcome.status == 0 && outcome.lines.count == 1 && outcome.errors.isEmpty, "\(outcome)")
    }
  }

  @Test func wrongUsageIsStatusTwo() throws {
    #expect(try DecodeExecutable.run(["decode", "--protocol", "gtp"]).status == 2)
    #expect(try DecodeExecutable.run(["decode", "--nope"]).status == 2)
    #expect(try DecodeExecutable.run(["decode", "xy"]).status == 2)
    #expect(try DecodeExecutable.run(["decode", "--help"]).status == 0)
  }

  @Test func theProtocolCanBeTold() throws {
    #expect(try DecodeExecutable.run(["decode", "--protocol", "nas", Self.initialUEMessage]).status == 1)
    #expect(try DecodeExecutable.run(["decode", "--protocol", "s1ap", Self.securityModeCommand]).status == 1)
    #expect(try DecodeExecutable.run(["decode", "--protocol", "s1ap", Self.initialUEMessage]).status == 0)
  }

  @Test func noInputIsNoError() throws {
    let outcome = try DecodeExecutable.run(["decode"])
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
  }

  @Test func linesCrossBlocksAndTheLongestIsCut() throws {
    // More than one block of input, lines of every length against the blocks' ends, and one line longer than any PDU in the middle.
    let many = Array(repeating: Self.initialUEMessage, count: 2_000).joined(separator: "\n")
    let input = many + "\n" + String(repeating: "00", count: 1_500_000) + "\n" + many
    let outcome = try DecodeExecutable.run(["decode", "--format", "json"], input: input)
    let objects = try outcome.objects()
    #expect(objects.count == 4_001)
    #expect(objects.count { $0["ok"] as? Bool == true } == 4_000)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("line 2001"))
  }

  @Test func answersComeBeforeMoreIsAsked() throws {
    let process = Process()
    process.executableURL = DecodeExecutable.url
    process.arguments = ["decode", "--format", "json"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    for _ in 0..<3 {
      try input.fileHandleForWriting.write(contentsOf: Data("\(Self.securityModeCommand)\n".utf8))
      let answer = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      #expect(answer.hasPrefix("{\"ok\":true"))
      #expect(answer.hasSuffix("}\n"))
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
