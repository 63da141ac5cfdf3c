import Glibc
import Testing

@testable import Transport

@Suite(.serialized) struct InterruptSignalTests {
  @Test func anInterruptWakesTheTransport() throws {
    let transport = try InProcessTransport(on: InProcessNetwork())
    let before = InterruptSignal.count
    InterruptSignal.install(waking: transport)
    defer { InterruptSignal.uninstall() }
    kill(getpid(), SIGINT)
    #expect(try transport.poll(timeout: .seconds(5)) == [.wake])
    #expect(InterruptSignal.count == before + 1)
  }
}
