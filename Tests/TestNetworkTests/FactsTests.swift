import NASMessages
import Testing

/// The MME's bullets of `ue-context-facts.md`: each test is named for what the list says, and is a test of this room by that name.
@Suite struct FactsTests {
  @Test("eKSI in AUTHENTICATION REQUEST must differ from the one in the initial NAS message and from the one stored in the network")
  func eKSI() throws { try AuthenticationTests().`eKSI values of seventeen attaches never repeat the UE's and are 0 to 6`() }

  @Test("AKA, started or successful, never drops the current context")
  func akaKeepsTheCurrentContext() throws {
    try CommandTests().`authentication alone leaves the current context in use and a partial one beside it`()
    try AuthenticationTests().`re-authentication that is never answered leaves the current context in force`()
  }

  @Test("The MME resets the downlink COUNT only for the first SMC after AKA; otherwise it goes on")
  func downlinkCount() throws {
    try SecurityModeTests().`an SMC for the current context changes the algorithms and lets both COUNTs go on`()
    try CommandTests().`an SMC that wakes a full native context lets its COUNTs go on`()
  }

  @Test("A retransmitted first SMC has the next COUNT; T3460: 4 retransmissions, abort at the 5th expiry")
  func t3460() throws {
    try SecurityModeTests().`SECURITY MODE COMMAND is repeated four times under COUNTs 0 to 4 and any of them may be answered`()
    try SecurityModeTests().`SECURITY MODE COMMAND that is never answered aborts the attach`()
    try AuthenticationTests().`AUTHENTICATION REQUEST goes out four more times, then the attach is aborted`()
  }

  @Test("Replayed capabilities: EEA, EIA always; UEA+UIA only if a Iu or Gb algorithm was indicated; GEA absent if no Gb algorithm")
  func replayedCapabilities() throws { try SecurityModeTests().`capabilities are replayed as the rules build them`() }

  @Test("HASHMME of a plain or bad ATTACH, and of a plain or bad TAU", arguments: [true, false])
  func hashMME(isProtected: Bool) throws {
    try AttachTests().`a known GUTI without a good MAC is authenticated, and the SMC carries HASHMME`(isProtected: isProtected)
    try TrackingAreaUpdateTests().`an update that does not verify is authenticated, with HASHMME of what came`(hasBadMAC: isProtected)
  }

  @Test("What the Replayed NAS message container holds takes the place of what arrived (§5.4.3.4)")
  func replayedContainer() throws {
    try AttachTests().`what the replayed NAS message container holds takes the place of what arrived`()
    try TrackingAreaUpdateTests().`the request in SECURITY MODE COMPLETE takes the place of one that was altered on the way`()
  }

  @Test("SECURITY MODE REJECT: the MME too goes back to the previous context (§5.4.3.5) and aborts the procedure that triggered it")
  func reject() throws {
    try SecurityModeTests().`SECURITY MODE REJECT of a re-authenticated UE leaves the previous context in force`()
    try SecurityModeTests().`SECURITY MODE REJECT, plain, aborts the attach and leaves no context in use`()
  }

  @Test("Collision with TAU: the network aborts SMC and serves the UE's procedure (§5.4.3.7 c)")
  func collision() throws {
    try TrackingAreaUpdateTests().`an update that collides with an SMC ends it and is served under the context in force`()
  }

  @Test("Any other EMM procedure: both go on (§5.4.3.7 d)")
  func otherCollisions() throws {
    try CommandTests().`a GUTI reallocation, an identification and EMM INFORMATION run beside an SMC`()
    try CommandTests().`an SMC started beside an authentication: both run and both end`()
  }

  @Test(
    "Lost to intra-MME handover with the target TAI in the list, or handover failed: retransmit (§5.4.3.7 e); lower-layer failure: abort (a)"
  )
  func notDelivered() throws {
    try CommandTests().`an SMC lost to a handover is owed, and goes out once with the next COUNT when that is over`()
    try CommandTests().`an SMC lost with the radio link ends, the UE is idle, and it starts again when the UE is back`()
  }

  @Test("An SMC may also serve only to change the uplink COUNT of the latest SECURITY MODE COMPLETE (a fresh KeNB)")
  func refresh() throws { try CommandTests().`an SMC that only refreshes the uplink COUNT brings the eNB a KeNB of it`() }

  @Test(
    "MME, before secure exchange (§4.4.4.3): processes plain ATTACH REQUEST, IDENTITY RESPONSE (IMSI), AUTHENTICATION RESPONSE / FAILURE, SECURITY MODE REJECT, DETACH REQUEST, DETACH ACCEPT, TAU REQUEST"
  )
  func beforeTheExchange() throws { try DiscardTests().`before security only the messages that the clause lists are processed plain`() }

  @Test(
    "SERVICE, EXTENDED SERVICE and CONTROL PLANE SERVICE REQUEST with a bad MAC: SERVICE REJECT #9, EMM and security contexts unchanged")
  func badServiceRequests() throws {
    try ServiceAndDetachTests().`a bad SERVICE REQUEST gets cause 9 and changes nothing; the genuine one after it is served`()
    try ServiceTests().`a bad EXTENDED SERVICE REQUEST gets cause 9 and changes nothing`()
    try ServiceTests().`a bad CONTROL PLANE SERVICE REQUEST, or one of no UE, gets cause 9 and changes nothing`()
  }

  @Test("Bad-MAC non-switch-off DETACH: should authenticate; otherwise may ignore")
  func badDetach() throws {
    try ServiceAndDetachTests().`a plain DETACH REQUEST that is no switch-off is authenticated first`()
    try ServiceAndDetachTests().`a plain switch-off DETACH REQUEST does nothing to the UE it names`()
  }

  @Test("After secure exchange the MME discards all that is unprotected or fails its MAC")
  func afterTheExchange() throws {
    try DiscardTests().`after security every plain message is discarded`()
    try DiscardTests().`after security a bad MAC is discarded and the genuine message after it is taken`()
  }

  @Test("ATTACH REQUEST and TAU REQUEST are always unciphered; once ciphering runs, another unciphered message is dropped")
  func unciphered() throws { try DiscardTests().`after security an unciphered message is discarded, except ATTACH REQUEST`() }

  @Test("A COUNT is accepted at most once per context")
  func once() throws {
    try DiscardTests().`a replay is discarded as such`()
    try ServiceAndDetachTests().`a replayed SERVICE REQUEST is not served twice`()
  }

  @Test("The receiver estimates the overflow, verifies, and only then commits: losses at the wrap do not matter")
  func wrap() throws { try DiscardTests().`three hundred uplink messages, some lost at the wrap, keep the COUNTs together`() }

  @Test("EIA0 only for unauthenticated emergency")
  func nullIntegrity() throws {
    try EmergencyTests().`a UE without a SIM is let in under null algorithms, served, and forgotten when it goes`()
    try EmergencyTests().`no IMEI where all must be authenticated, and an ordinary attach never gets null algorithms`()
    try SecurityModeTests().`a UE with null integrity alone is rejected with cause 23`()
  }

  @Test("CONTROL PLANE SERVICE REQUEST with a container is partially ciphered", arguments: [true, false])
  func controlPlane(hasData: Bool) throws {
    try ServiceTests().`CONTROL PLANE SERVICE REQUEST is answered by SERVICE ACCEPT, its data deciphered`(hasData: hasData)
  }

  @Test("A protected AUTHENTICATION REJECT deletes the contexts at both ends")
  func authenticationReject() throws {
    try AuthenticationTests().`a registered UE that fails re-authentication loses its contexts with the protected reject`()
  }
}
