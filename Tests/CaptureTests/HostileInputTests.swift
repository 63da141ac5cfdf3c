import Alignment
import NASCrypto
import Observer
import Testing
import Trace

@testable import Capture

/// 100,000 mutations of real traffic, seeded: whatever comes, it ends in values or typed errors.
@Suite("Hostile input")
struct HostileInputTests {
  private static let subscribers: [SubscriberCredentials] = CaptureResources.names.flatMap { name in
    ((try? CaptureResources.text(name)).flatMap { try? ToldKeys($0) })?.subscribers ?? []
  }

  @Test("50,000 mutated packets through reassembly, observer and alignment")
  func packets() throws {
    var random = SeededRandom(seed: 0x0b5e_0001)
    var crypto = CryptoEngine()
    var mutations = 0
    while mutations < 50_000 {
      for name in CaptureResources.names {
        var reader = try CaptureFileReader(try CaptureResources.octets(name))
        var follower = CaptureFollower()
        var alignment = AlignmentEngine(subscribers: Self.subscribers)
        var bodies: [TraceBody] = []
        var log = TraceLog(retention: .last(64))
        while let packet = try reader.next() {
          for _ in 0..<3 {
            var mutated = packet
            mutated.octets = Mutation.apply(Array(packet.octets), using: &random)[...]
            if random.next() % 8 == 0 { mutated.linkType = LinkType(rawValue: UInt16(truncatingIfNeeded: random.next() % 300)) }
            follower.consume(mutated, into: &bodies)
            mutations += 1
          }
          follower.consume(packet, into: &bodies)
          for body in bodies { alignment.consume(log.append(time: .zero, body: body), using: &crypto) }
          bodies.removeAll()
        }
        follower.finish(into: &bodies)
        for body in bodies { alignment.consume(log.append(time: .zero, body: body), using: &crypto) }
        #expect(alignment.verdicts().count < 1000)
      }
    }
  }

  @Test("50,000 mutated S1AP-PDUs among right ones")
  func pdus() throws {
    var random = SeededRandom(seed: 0x0b5e_0002)
    var crypto = CryptoEngine()
    let captures = try CaptureResources.names.map { try CaptureContents(file: try CaptureResources.octets($0)).log.events.map(\.body) }
    var mutations = 0
    var undecodable = 0
    while mutations < 50_000 {
      for bodies in captures {
        var observer = Observer(subscribers: Self.subscribers)
        var alignment = AlignmentEngine(subscribers: Self.subscribers)
        var observations: [Observation] = []
        var log = TraceLog(retention: .last(64))
        for body in bodies {
          guard case .s1ap(let leg, let direction, let stream, let octets) = body else { continue }
          for round in 0..<3 {
            let mutated = round == 2 ? octets : Mutation.apply(octets, using: &random)
            mutations += round == 2 ? 0 : 1
            let event = log.append(time: .zero, body: .s1ap(leg, direction, stream: stream, octets: mutated))
            observer.consume(event, using: &crypto, into: &observations)
            alignment.consume(event, using: &crypto)
          }
          for observation in observations { if case .undecodable = observation.body { undecodable += 1 } }
          observations.removeAll()
        }
        #expect(observer.ues.count <= log.count)
        _ = alignment.verdicts()
      }
    }
    // Many are refused, and many get through to what lies behind.
    #expect(undecodable > 10_000)
    #expect(undecodable < mutations)
  }

  @Test("2,000 mutated files")
  func files() throws {
    var random = SeededRandom(seed: 0x0b5e_0003)
    var refused = 0
    let files = try CaptureResources.names.map { try CaptureResources.octets($0) }
    let pcapng = try files.map { CaptureWriter.capture(of: try CaptureContents(file: $0).log) }
    for round in 0..<2000 {
      let file = round % 2 == 0 ? files[round / 2 % files.count] : pcapng[round / 2 % pcapng.count]
      // The headers are where a file is hurt most.
      var head = Array(file.prefix(400))
      head = Mutation.apply(head, using: &random)
      do throws(CaptureError) {
        _ = try CaptureContents(file: head + file.dropFirst(400))
      } catch {
        refused += 1
        #expect(error.offset >= 0)
      }
    }
    #expect(refused > 100)
    #expect(refused < 2000)
  }
}

enum Mutation {
  static func apply(_ octets: [UInt8], using random: inout SeededRandom) -> [UInt8] {
    var result = octets
    for _ in 0...Int(random.next() % 3) {
      guard !result.isEmpty else { return [UInt8(truncatingIfNeeded: random.next())] }
      let position = Int(random.next() % UInt64(result.count))
      switch random.next() % 8 {
      case 0, 1: result[position] ^= 1 << UInt8(random.next() % 8)
      case 2: result[position] = UInt8(truncatingIfNeeded: random.next())
      case 3: result[position] = [0, 0x7f, 0x80, 0xff][Int(random.next() % 4)]
      case 4: result.removeSubrange(position...)
      case 5: result.remove(at: position)
      case 6: result.insert(contentsOf: (0..<Int(random.next() % 8)).map { _ in UInt8(truncatingIfNeeded: random.next()) }, at: position)
      default:
        let end = min(result.count, position + Int(random.next() % 32))
        result.append(contentsOf: result[position..<end])
      }
    }
    return result
  }
}
