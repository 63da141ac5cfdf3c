import NASCrypto
import Testing

@testable import Trace

@Suite("The log")
struct TraceLogTests {
  @Test("events are numbered from 0 in the order they come")
  func indices() {
    var log = TraceLog()
    let first = log.append(time: .zero, body: .note("a"))
    log.append(time: .seconds(1), body: .association(S1Leg(eNB: 0, mme: 0), .up))
    #expect(first == TraceEvent(index: 0, time: .zero, body: .note("a")))
    #expect(log.events.map(\.index) == [0, 1])
    #expect(log.count == 2)
  }

  @Test("a window keeps at least its last events and at most twice that, and goes on counting")
  func window() {
    var log = TraceLog(retention: .last(100))
    for number in 0..<1000 {
      log.append(time: .zero, body: .note("\(number)"))
      #expect(log.events.count <= 200)
      #expect(log.events.count >= min(number + 1, 100))
    }
    #expect(log.count == 1000)
    #expect(log.events.last == TraceEvent(index: 999, time: .zero, body: .note("999")))
  }

  @Test("both ways to store a COUNT come to one measure")
  func counts() {
    #expect(NASCountState.next(5).next == 5)
    #expect(NASCountState.largestAccepted(4).next == 5)
    #expect(NASCountState.unused.next == 0)
  }

  @Test("legs are named by their ends")
  func names() {
    var names = TraceLog.Names()
    names.eNBs[1] = "eNB A"
    #expect(names(S1Leg(eNB: 1, mme: 2)) == "eNB A – MME 2")
    #expect(TraceEntity.ue("001010000000001").description == "UE 001010000000001")
  }
}
