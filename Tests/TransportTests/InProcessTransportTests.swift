import Foundation
import Testing

@testable import Transport

@Suite struct InProcessTransportTests {
  @Test func carriesMessagesBothWaysInOrder() throws {
    let (eNB, up, mme, down) = try InProcessTransport.pair()
    for length in [1, 700, 33] { try eNB.send([UInt8](repeating: UInt8(length & 0xff), count: length), on: up, stream: 1) }
    try mme.send([9], on: down, stream: 0)
    #expect(Pump.messages(try mme.poll(timeout: .zero)).map(\.count) == [1, 700, 33])
    #expect(try eNB.poll(timeout: .zero) == [.message(up, stream: 0, ppid: 18, octets: [9])])
    #expect(try eNB.poll(timeout: .zero).isEmpty)
  }

  /// An announcement that came between looking at the events and waiting was forgotten once: the message lay there until a time-out.
  @Test func noMessageIsOversleptBetweenThreads() throws {
    let (eNB, up, mme, down) = try InProcessTransport.pair()
    let rounds = 20_000
    nonisolated(unsafe) let echo = mme
    let hasEnded = DispatchSemaphore(value: 0)
    Thread {
      defer { hasEnded.signal() }
      for _ in 0..<rounds {
        guard let events = try? echo.poll(timeout: .seconds(20)), !events.isEmpty else { return }
        try? echo.send([2], on: down, stream: 0)
      }
    }.start()
    var answered = 0
    for _ in 0..<rounds {
      try eNB.send([1], on: up, stream: 0)
      guard try !eNB.poll(timeout: .seconds(20)).isEmpty else { break }
      answered += 1
    }
    #expect(answered == rounds)
    hasEnded.wait()
  }

  @Test func nobodyListensIsRefused() throws {
    let transport = try InProcessTransport(on: InProcessNetwork())
    let id = try transport.connect(to: [.loopback(1)], from: [])
    #expect(try #require(Pump.closed(transport.poll(timeout: .zero), id))?.code == .refused)
  }

  @Test func anAddressIsTakenOnce() throws {
    let network = InProcessNetwork()
    let first = try InProcessTransport(on: network)
    let second = try InProcessTransport(on: network)
    try first.listen(on: [.loopback(1)])
    #expect(throws: TransportError.self) { try second.listen(on: [.loopback(1)]) }
  }

  @Test func closingIsToldAtBothEnds() throws {
    let (eNB, up, mme, down) = try InProcessTransport.pair()
    eNB.close(up)
    #expect(try eNB.poll(timeout: .zero) == [.closed(up, nil)])
    #expect(try mme.poll(timeout: .zero) == [.closed(down, nil)])
    let error = #expect(throws: TransportError.self) { try eNB.send([1], on: up, stream: 0) }
    #expect(error?.code == .notConnected)
  }

  @Test func abortingIsAResetForThePeer() throws {
    let (eNB, up, mme, down) = try InProcessTransport.pair()
    mme.abort(down)
    #expect(try #require(Pump.closed(eNB.poll(timeout: .zero), up))?.code == .reset)
  }

  @Test func anEndpointThatGoesAwayClosesItsAssociations() throws {
    let network = InProcessNetwork()
    let mme = try InProcessTransport(on: network)
    try mme.listen(on: [.loopback(1)])
    do {
      let eNB = try InProcessTransport(on: network)
      _ = try eNB.connect(to: [.loopback(1)], from: [])
    }
    let events = try mme.poll(timeout: .zero)
    #expect(events.count == 2)
    #expect(events.last == .closed(AssociationID(1), nil))
  }

  @Test func boundsAreTheKernelTransports() throws {
    let (eNB, up, mme, down) = try InProcessTransport.pair()
    #expect(mme.outboundStreams(of: down) == 16)
    #expect(eNB.outboundStreams(of: up) == 16)
    #expect(throws: TransportError.self) { try eNB.send([1], on: up, stream: 16) }
    #expect(throws: TransportError.self) { try eNB.send([], on: up, stream: 0) }
    #expect(throws: TransportError.self) { try eNB.send([UInt8](repeating: 0, count: 128 * 1024 + 1), on: up, stream: 0) }
    mme.close(down)
  }

  @Test func aWakeEndsAWait() throws {
    let transport = try InProcessTransport(on: InProcessNetwork())
    transport.wake()
    transport.wake()
    #expect(try transport.poll(timeout: nil) == [.wake])
    #expect(try transport.poll(timeout: .milliseconds(1)).isEmpty)
  }
}
