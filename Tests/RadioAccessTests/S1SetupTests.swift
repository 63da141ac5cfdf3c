import S1AP
import Testing

@testable import RadioAccess

@Suite struct S1SetupTests {
  @Test func `the association's first message is S1 SETUP REQUEST on stream 0`() throws {
    let bench = Bench { $0.enbID = 0xABCDE }
    let (pdu, stream) = try #require(bench.give(.associationUp).sent.first)
    #expect(pdu.message == .s1SetupRequest)
    #expect(stream == 0)
    #expect(try pdu.required(.globalENBID, as: GlobalENBID.self) == GlobalENBID(plmn: Bench.plmn, eNBID: .macro(0xABCDE)))
    #expect(pdu.validate().isEmpty)
    #expect(!bench.eNB.isReady)
  }

  @Test func `after a failure it waits for the time to wait and asks again`() throws {
    let bench = Bench()
    bench.give(.associationUp)
    let outputs = try bench.mme(.s1SetupFailure) {
      $0.add(.cause, Cause.unknownPLMN)
      $0.add(.timeToWait, .enumerated("v20s"))
    }
    #expect(outputs == [.startTimer(.setupRetry, after: .seconds(20)), .s1SetupFailed(.unknownPLMN, willRetry: true)])
    #expect(bench.give(.timer(.setupRetry)).messages == [.s1SetupRequest])
  }

  @Test func `it gives up after the configured attempts`() throws {
    let bench = Bench { $0.setupAttempts = 2 }
    bench.give(.associationUp)
    let failure: (inout S1APBuilder) -> Void = { $0.add(.cause, Cause.unknownPLMN) }
    #expect(try bench.mme(.s1SetupFailure, failure).contains(.startTimer(.setupRetry, after: .seconds(10))))
    bench.give(.timer(.setupRetry))
    #expect(try bench.mme(.s1SetupFailure, failure) == [.s1SetupFailed(.unknownPLMN, willRetry: false)])
    #expect(bench.give(.timer(.setupRetry)).isEmpty)
  }

  @Test func `a UE is refused while S1 is not set up`() throws {
    let bench = Bench()
    bench.give(.associationUp)
    let outputs = bench.give(.rrc(1, .connectionSetupComplete(nas: [7], establishmentCause: .emergency)))
    #expect(outputs.released(1))
    #expect(outputs.sent.isEmpty)
  }

  @Test func `losing the association releases every UE`() throws {
    let bench = Bench()
    try bench.setUp()
    _ = try bench.connected(1, mme: 10)
    _ = try bench.connected(2, mme: 11)
    let outputs = bench.give(.associationDown(reason: "reset"))
    #expect(outputs.released(1) && outputs.released(2))
    #expect(bench.eNB.connectedUEs.isEmpty)
    #expect(!bench.eNB.isReady)
  }

  @Test func `MME CONFIGURATION UPDATE is acknowledged`() throws {
    let bench = Bench()
    try bench.setUp()
    #expect(try bench.mme(.mmeConfigurationUpdate).messages == [.mmeConfigurationUpdateAcknowledge])
  }
}
