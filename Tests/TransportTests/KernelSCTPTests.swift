import Glibc
import Testing

@testable import Transport

/// Set where SCTP must be there (the kernel SCTP stage): then its absence is a failure and not a skip.
let sctpIsRequired = getenv("NASUE_REQUIRE_SCTP") != nil

@Suite struct KernelSCTPPresence {
  @Test func kernelWithoutSCTPIsToldInOneLine() {
    do {
      _ = try KernelSCTP()
    } catch {
      #expect(!sctpIsRequired, "\(error)")
      #expect(error.code == .noSCTP)
      #expect(error.description.contains("modprobe sctp") && !error.description.contains("\n"))
    }
  }
}

@Suite(
  .enabled(if: KernelSCTP.isAvailable || sctpIsRequired, "this kernel has no SCTP: Scripts/test runs these inside User Mode Linux"),
  .serialized)
struct KernelSCTPTests {
  /// A listening server and a client on the loopback, associated.
  private func pair(
    _ addresses: [String] = ["127.0.0.1"], from: [String] = [], limits: TransportLimits = TransportLimits()
  ) throws -> (Pump, client: AssociationID, server: AssociationID) {
    let server = try KernelSCTP(limits: limits)
    let client = try KernelSCTP(limits: limits)
    try server.listen(on: addresses.map { try #require(SocketAddress($0, port: 0)) })
    let port = try #require(server.listeningAddresses.first?.port)
    #expect(port != 0)
    let pump = Pump(client: client, server: server)
    _ = try client.connect(
      to: addresses.map { try #require(SocketAddress($0, port: port)) }, from: from.map { try #require(SocketAddress($0, port: 0)) })
    let ids = try pump.establish()
    return (pump, ids.client, ids.server)
  }

  @Test func keepsMessagesApartWithStreamAndPPID() throws {
    let (pump, client, server) = try pair()
    #expect(pump.client.outboundStreams(of: client) == 16)
    #expect(pump.server.outboundStreams(of: server) == 16)
    let messages = [10, 700, 33].map { [UInt8](repeating: UInt8($0 & 0xff), count: $0) }
    for (index, message) in messages.enumerated() { try pump.client.send(message, on: client, stream: UInt16(index * 7)) }
    try pump.server.send([1, 2, 3], on: server, stream: 15)
    try pump.until("all messages") { Pump.messages($0.atServer).count == 3 && Pump.messages($0.atClient).count == 1 }
    for (index, message) in messages.enumerated() {
      #expect(pump.atServer.contains(.message(server, stream: UInt16(index * 7), ppid: 18, octets: message)))
    }
    #expect(pump.atClient.last == .message(client, stream: 15, ppid: 18, octets: [1, 2, 3]))
  }

  @Test func putsLongMessagesTogether() throws {
    var limits = TransportLimits()
    limits.messageOctets = 200_000
    let (pump, client, _) = try pair(limits: limits)
    for length in [65_536, 65_537, 150_000] {
      let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let before = Pump.messages(pump.atServer).count
      try pump.client.send(message, on: client, stream: 1)
      try pump.until("\(length) octets") { Pump.messages($0.atServer).count > before }
      #expect(Pump.messages(pump.atServer).last == message)
    }
  }

  @Test func aMessageBeyondTheBoundClosesTheAssociation() throws {
    var large = TransportLimits()
    large.messageOctets = 200_000
    let server = try KernelSCTP()
    let client = try KernelSCTP(limits: large)
    try server.listen(on: [.loopback(0)])
    _ = try client.connect(to: server.listeningAddresses, from: [])
    let pump = Pump(client: client, server: server)
    let ids = try pump.establish()
    try client.send([UInt8](repeating: 7, count: 140_000), on: ids.client, stream: 0)
    try pump.until("both ends closed") { Pump.closed($0.atServer, ids.server) != nil && Pump.closed($0.atClient, ids.client) != nil }
    #expect(try #require(Pump.closed(pump.atServer, ids.server))?.code == .messageTooLong)
    #expect(try #require(Pump.closed(pump.atClient, ids.client))?.code == .reset)
    let error = #expect(throws: TransportError.self) { try server.send([UInt8](repeating: 7, count: 140_000), on: ids.server, stream: 0) }
    #expect(error?.code == .notConnected)
  }

  @Test func aPeerThatDoesNotReadFillsABoundedQueueThatDrainsInOrder() throws {
    var limits = TransportLimits()
    limits.queuedOctets = 200_000
    let (pump, client, _) = try pair(limits: limits)
    var sent = 0
    var failure: TransportError?
    while failure == nil, sent < 10_000 {
      var message = [UInt8](repeating: 0, count: 1000)
      message[0] = UInt8(sent & 0xff)
      message[1] = UInt8(sent >> 8)
      do { try pump.client.send(message, on: client, stream: 3) } catch {
        failure = error
        break
      }
      sent += 1
    }
    #expect(failure?.code == .queueFull)
    #expect((pump.client as? KernelSCTP)?.queuedOctets(of: client) ?? 0 > 100_000)
    try pump.until("\(sent) messages") { Pump.messages($0.atServer).count == sent }
    let numbers = Pump.messages(pump.atServer).map { Int($0[0]) | Int($0[1]) << 8 }
    #expect(numbers == [Int](0..<sent))
    #expect((pump.client as? KernelSCTP)?.queuedOctets(of: client) == 0)
  }

  @Test func closingDeliversWhatWasSentFirst() throws {
    let (pump, client, server) = try pair()
    for number in 0..<600 { try pump.client.send([UInt8](repeating: UInt8(number & 0xff), count: 1000), on: client, stream: 0) }
    pump.client.close(client)
    let error = #expect(throws: TransportError.self) { try pump.client.send([1], on: client, stream: 0) }
    #expect(error?.code == .notConnected)
    try pump.until("both ends closed") { Pump.closed($0.atServer, server) != nil && Pump.closed($0.atClient, client) != nil }
    #expect(Pump.messages(pump.atServer).count == 600)
    #expect(Pump.closed(pump.atServer, server) == .some(nil))
    #expect(Pump.closed(pump.atClient, client) == .some(nil))
    pump.client.close(client)
  }

  @Test func refusedIsToldWithWhatToDo() throws {
    let client = try KernelSCTP()
    let id = try client.connect(to: [.loopback(1)], from: [])
    let pump = Pump(client: client, server: client)
    try pump.until("an answer") { Pump.closed($0.atClient + $0.atServer, id) != nil }
    let error = try #require(Pump.closed(pump.atClient + pump.atServer, id))
    #expect(error?.code == .refused)
    #expect(error?.description == "cannot connect to 127.0.0.1:1: refused; nothing listens there, start the MME or check address and port")
  }

  @Test func anAbortIsAReset() throws {
    let (pump, client, server) = try pair()
    (pump.server as? KernelSCTP)?.abort(server)
    try pump.until("closed") { Pump.closed($0.atClient, client) != nil }
    #expect(try #require(Pump.closed(pump.atClient, client))?.code == .reset)
  }

  @Test func aTransportThatGoesAwayIsAnEnd() throws {
    let server = try KernelSCTP()
    try server.listen(on: [.loopback(0)])
    var client: KernelSCTP? = try KernelSCTP()
    _ = try client?.connect(to: server.listeningAddresses, from: [])
    var ids: (client: AssociationID, server: AssociationID)?
    if let client { ids = try Pump(client: client, server: server).establish() }
    client = nil
    let pump = Pump(client: server, server: server)
    let id = try #require(ids?.server)
    try pump.until("closed") { Pump.closed($0.atClient + $0.atServer, id) != nil }
  }

  @Test func streamsNotAgreedAreRefused() throws {
    var few = TransportLimits()
    few.streams = 2
    let server = try KernelSCTP(limits: few)
    let client = try KernelSCTP()
    try server.listen(on: [.loopback(0)])
    _ = try client.connect(to: server.listeningAddresses, from: [])
    let ids = try Pump(client: client, server: server).establish()
    #expect(client.outboundStreams(of: ids.client) == 2)
    let error = #expect(throws: TransportError.self) { try client.send([1], on: ids.client, stream: 2) }
    #expect(error?.code == .invalidStream)
  }

  @Test(arguments: [
    (["::1"], []), (["127.0.0.1", "127.0.0.2"], ["127.0.0.3", "127.0.0.4"]), (["127.0.0.1"], ["127.0.0.5"]),
    (["::1", "127.0.0.1"], ["::1", "127.0.0.6"]),
  ])
  func severalAddressesAndIPv6(listening: [String], from: [String]) throws {
    let (pump, client, server) = try pair(listening, from: from)
    try pump.client.send([1], on: client, stream: 1)
    try pump.server.send([2], on: server, stream: 1)
    try pump.until("messages") { Pump.messages($0.atServer) == [[1]] && Pump.messages($0.atClient) == [[2]] }
    if let first = from.first, case .accepted(_, let peer)? = pump.atServer.first {
      #expect(peer.hasPrefix(first) || peer.hasPrefix("[\(first)]"))
    }
  }

  @Test func manyAssociationsInOneProcess() throws {
    let server = try KernelSCTP()
    let client = try KernelSCTP()
    try server.listen(on: [.loopback(0)])
    let pump = Pump(client: client, server: server)
    let ids = try (0..<20).map { _ in try client.connect(to: server.listeningAddresses, from: []) }
    try pump.until("20 associations") { $0.connected.count == 20 && $0.accepted.count == 20 }
    for (index, id) in ids.enumerated() { try client.send([UInt8(index)], on: id, stream: 1) }
    try pump.until("a message from each") { Pump.messages($0.atServer).count == 20 }
    let senders = Set(pump.atServer.compactMap { if case .message(let id, _, _, _) = $0 { id } else { nil } })
    #expect(senders.count == 20)
  }

  @Test func localFaultsAreTold() throws {
    let server = try KernelSCTP()
    try server.listen(on: [.loopback(0)])
    let taken = #expect(throws: TransportError.self) { try KernelSCTP().listen(on: server.listeningAddresses) }
    #expect(taken?.code == .addressInUse)
    let foreign = try #require(SocketAddress("192.0.2.1", port: 0))
    let notOurs = #expect(throws: TransportError.self) { try KernelSCTP().connect(to: [.loopback(1)], from: [foreign]) }
    #expect(notOurs?.code == .addressNotAvailable)
    let none = #expect(throws: TransportError.self) { try KernelSCTP().connect(to: [], from: []) }
    #expect(none?.code == .invalidArgument)
  }

  @Test func aWakeEndsAWait() throws {
    let transport = try KernelSCTP()
    transport.wake()
    #expect(try transport.poll(timeout: nil) == [.wake])
    #expect(try transport.poll(timeout: .milliseconds(2)).isEmpty)
  }

  @Test func anEchoTakesWellUnderADelayedAcknowledgement() throws {
    let (pump, client, server) = try pair()
    let rounds = 200
    let clock = ContinuousClock()
    let took = try clock.measure {
      for round in 1...rounds {
        try pump.client.send([UInt8](repeating: 1, count: 100), on: client, stream: 1)
        // Two in a row from one side stall 200 ms without SCTP_NODELAY.
        try pump.client.send([UInt8](repeating: 2, count: 100), on: client, stream: 1)
        while Pump.messages(pump.atServer).count < 2 * round { try pump.until("both") { Pump.messages($0.atServer).count >= 2 * round } }
        try pump.server.send([3], on: server, stream: 1)
      }
    }
    #expect(took < .seconds(10))
  }
}
