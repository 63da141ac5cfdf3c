import Testing

@testable import Transport

@Suite struct SocketAddressTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1:36412"), ("127.0.0.1:1", "127.0.0.1:1"), ("::1", "[::1]:36412"), ("[::1]", "[::1]:36412"),
    ("[2001:db8::1]:65535", "[2001:db8::1]:65535"),
  ])
  func readsAndPrints(text: String, printed: String) {
    #expect(SocketAddress(text)?.description == printed)
  }

  @Test(arguments: ["", ":1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", "[::1]:", "[::1]x", "[::1", "1.2.3", "::1::", "mme"])
  func refusesWhatIsNoAddress(text: String) {
    #expect(SocketAddress(text) == nil)
  }

  @Test(arguments: ["192.0.2.7:9", "[2001:db8::7]:9"])
  func survivesTheKernelsForm(text: String) throws {
    let address = try #require(SocketAddress(text))
    address.socketOctets.withUnsafeBytes { #expect(SocketAddress(socketOctets: $0) == address) }
  }

  @Test func namesAreLookedUp() throws {
    #expect(try SocketAddress.resolve("localhost:7").contains { $0.port == 7 })
    #expect(try SocketAddress.resolve("[::1]:7").map(\.description) == ["[::1]:7"])
    let error = #expect(throws: TransportError.self) { try SocketAddress.resolve("a:b:c:d:e:f") }
    #expect(error?.code == .invalidArgument || error?.code == .unknownHost)
  }
}
