import Alignment
import NASCrypto
import NASMessages
import NASSecurity
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

/// What a run does after the attach, in process.
@Suite struct RunStepTests {
  private func run(
    _ steps: [String], detaches: Bool = false, _ configure: (inout MMEConfiguration) -> Void = { _ in }
  ) throws -> (AttachRun, InProcessDriver) {
    var configuration = Worlds.mmeConfiguration()
    configure(&configuration)
    let driver = InProcessDriver(world: Worlds.world(configuration: configuration))
    var options = AttachRun.Options()
    options.detaches = detaches
    options.steps = try steps.map { try RunSteps(parsing: $0) }
    let run = AttachRun(driver: driver, subscribers: [Worlds.credentials()], options: options)
    try run.run()
    return (run, driver)
  }

  private func verdicts(_ run: AttachRun, _ slug: String) -> [Verdict] { run.verdicts().filter { $0.slug == slug } }

  @Test func `a detach and an attach: by GUTI, under the context that was stored, without another challenge`() throws {
    let (run, driver) = try run(["detach,attach*3"])
    #expect(run.results[0].stepFailure == nil)
    #expect(run.results[0].stepsTaken == 6)
    #expect(run.results[0].detached == nil)
    #expect(verdicts(run, "nas-context/kasme").count == 1, "one KASME all along")
    #expect(verdicts(run, "kenb-explained").count == 4)
    #expect(run.verdicts().allSatisfy { $0.verdict == .aligned })
    #expect(driver.ue(0).isRegistered)
  }

  @Test func `forty service requests cross the wrap of five bits, three hundred uplink messages that of eight`() throws {
    let (run, driver) = try run(["service-request*40", "tau*150"])
    #expect(run.results[0].stepFailure == nil)
    #expect(try #require(driver.ue(0).contexts.current?.uplinkNASCount).value > 300)
    #expect(verdicts(run, "kenb-explained").count == 41)
    #expect(run.verdicts().allSatisfy { $0.verdict == .aligned })
  }

  @Test func `what the network starts: re-authentication, algorithms, identity, GUTI, a bearer, paging, detach and re-attach`() throws {
    let (run, driver) = try run([
      "network=authenticate,network=security-mode eia1 eea1 current,network=identity imeisv,network=reallocate-guti,network=bearer activate",
      "release,network=page,await=service", "network=detach re-attach,await=detach,await=attach",
    ])
    #expect(run.results[0].stepFailure == nil)
    #expect(run.results[0].stepsTaken == 11)
    #expect(run.results[0].lostRegistration == false)
    #expect(driver.ue(0).contexts.current?.algorithms.integrity == .eia1)
    #expect(run.verdicts().allSatisfy { $0.verdict == .aligned })
  }

  @Test func `a detach by the network that was waited for leaves nothing to detach from`() throws {
    let (run, _) = try run(["network=detach,await=detach"], detaches: true)
    #expect(run.results[0].detached == true)
    #expect(!run.results[0].lostRegistration)
  }

  @Test(arguments: [
    (false, "await=detach", nil), (true, "await=detach,await=attach,tau", nil), (false, "tau", "the UE is not registered"),
  ])
  func `what comes before the first step is not lost to it`(reattach: Bool, steps: String, words: String?) throws {
    let driver = InProcessDriver(world: Worlds.world())
    var options = AttachRun.Options()
    options.steps = [try RunSteps(parsing: steps)]
    var isOrdered = false
    let run = AttachRun(
      driver: driver, subscribers: [Worlds.credentials()], options: options,
      isInterrupted: {
        // The moment the UE is registered: while the run waits for what networks send behind an attach.
        if !isOrdered, driver.ue(0).isRegistered {
          isOrdered = driver.order(.detach(reattachRequired: reattach), imsi: Worlds.imsi, atOnce: false)
        }
        return false
      })
    try run.run()
    #expect(isOrdered)
    #expect(run.results[0].stepFailure.map { $0.contains(words ?? "no failure") } ?? (words == nil))
    #expect(run.results[0].stepsTaken == (words == nil ? options.steps[0].steps.count : 0))
  }

  @Test(arguments: [
    ("await=service", "await=service: nothing came of it"), ("attach", "attach: the UE is registered"),
    ("detach,tau", "tau: the UE is not registered"), ("detach,detach", "detach: the UE is not registered"),
    ("tau,service-request*5", "service-request, round 1 of 5: rejected, EMM cause"),
  ])
  func `a step that fails says which and why, and none follows`(steps: String, words: String) throws {
    let (run, _) = try run([steps, "wait=1"]) { $0.serviceRejections[Worlds.imsi] = 22 }
    #expect(run.results[0].stepFailure?.contains(words) == true, "\(run.results[0].stepFailure ?? "none")")
    #expect(run.results[0].stepsTaken < 2)
    #expect(run.results[0].summary.contains(words))
  }

  @Test func `a switch-off is followed by an attach from EMM-NULL`() throws {
    let (run, driver) = try run(["switch-off,attach"], detaches: true)
    #expect(run.results[0].stepFailure == nil)
    #expect(run.results[0].detached == true)
    #expect(driver.ue(0).state == .deregistered(.normalService))
  }

  @Test func `an order may overlap with what runs`() throws {
    let driver = InProcessDriver(world: Worlds.world())
    let run = AttachRun(driver: driver, subscribers: [Worlds.credentials()])
    try run.run()
    #expect(driver.order(.authenticate(thenSecurityMode: false), imsi: Worlds.imsi, atOnce: false))
    #expect(driver.order(.identify(.imsi), imsi: Worlds.imsi, atOnce: true))
    // The second did not wait for the first: both are on their way.
    #expect(driver.world.s1Hops.count == 2)
    #expect(driver.order(.reallocateGUTI, imsi: Worlds.imsi, atOnce: false))
    #expect(driver.world.s1Hops.count == 2)
  }
}
