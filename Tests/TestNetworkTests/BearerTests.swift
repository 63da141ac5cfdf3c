import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// EPS bearer contexts, by the network and at the UE's request.
@Suite struct BearerTests {
  private func say(
    _ type: NASMessageType, bearer: UInt8 = 0, transaction: UInt8 = 0, _ ue: inout ScriptedUE, _ line: Line, _ bench: NetworkBench,
    _ fill: (inout NASMessage) -> Void = { _ in }
  ) throws -> [MME.Output] {
    var message = NASMessage(type, procedureTransactionIdentity: transaction, epsBearerIdentity: bearer)
    fill(&message)
    return try bench.uplink(ue.protect(message, bench), line)
  }

  private func bearers(_ bench: NetworkBench) -> Set<UInt8> { bench.mme.ues[0].bearerIdentities }

  /// A dedicated bearer, accepted.
  private func dedicated(_ ue: inout ScriptedUE, _ line: Line, _ bench: NetworkBench) throws -> UInt8 {
    let request = try ue.openLater(order(.activateDedicatedBearer(), bench), bench)
    let identity = request.epsBearerIdentity
    _ = try say(.activateDedicatedEPSBearerContextAccept, bearer: identity, &ue, line, bench)
    return identity
  }

  private func connectivity(_ message: inout NASMessage, _ name: AccessPointName, wantsInformation: Bool = false) {
    message.set(PDNConnectivityRequest.requestType, .initialRequest)
    message.set(PDNConnectivityRequest.pdnType, .ipv4)
    message.set(PDNConnectivityRequest.accessPointName, name)
    if wantsInformation { message.set(PDNConnectivityRequest.esmInformationTransferFlag, .required) }
  }

  @Test func `a dedicated bearer is activated with E-RAB SETUP, modified with E-RAB MODIFY and released with its E-RAB`() throws {
    var (bench, ue, line) = try registered()
    let activation = order(.activateDedicatedBearer(qos: EPSQoS(qci: 5)), bench)
    #expect(activation.messages == [.eRABSetupRequest])
    #expect(activation.pdus[0].pdu.validate().isEmpty)
    let request = try ue.openLater(activation, bench)
    #expect(request.type == .activateDedicatedEPSBearerContextRequest && request.epsBearerIdentity == 6)
    #expect(try request[ActivateDedicatedEPSBearerContextRequest.linkedEPSBearerIdentity].rawValue == 5)
    #expect(bearers(bench) == [5])
    #expect(try say(.activateDedicatedEPSBearerContextAccept, bearer: 6, &ue, line, bench).procedures.count == 1)
    #expect(bearers(bench) == [5, 6])
    #expect(!bench.runs(.t3485))

    let modification = order(.modifyBearer(6, qos: EPSQoS(qci: 7)), bench)
    #expect(modification.messages == [.eRABModifyRequest])
    #expect(modification.pdus[0].pdu.validate().isEmpty)
    #expect(try ue.openLater(modification, bench)[ModifyEPSBearerContextRequest.newEPSQoS]?.qci == 7)
    _ = try say(.modifyEPSBearerContextAccept, bearer: 6, &ue, line, bench)
    #expect(bench.mme.ues[0].bearer(6)?.qci == 7)

    let deactivation = order(.deactivateBearer(6, cause: .regularDeactivation), bench)
    #expect(deactivation.messages == [.eRABReleaseCommand])
    #expect(deactivation.pdus[0].pdu.validate().isEmpty)
    #expect(try ue.openLater(deactivation, bench)[DeactivateEPSBearerContextRequest.esmCause] == .regularDeactivation)
    _ = try say(.deactivateEPSBearerContextAccept, bearer: 6, &ue, line, bench)
    #expect(bearers(bench) == [5])
    #expect(bench.timers.isEmpty)
    try ue.expectAligned(bench)
  }

  @Test func `a request with PTI 0 or 255 is rejected with 81, one with a bearer with 43`() throws {
    // TS 24.301 §7.3.1 a-d, §7.3.2 a-d of the network.
    let requests: [(NASMessageType, NASMessageType)] = [
      (.pdnConnectivityRequest, .pdnConnectivityReject), (.pdnDisconnectRequest, .pdnDisconnectReject),
      (.bearerResourceAllocationRequest, .bearerResourceAllocationReject),
      (.bearerResourceModificationRequest, .bearerResourceModificationReject),
    ]
    for (type, reject) in requests {
      var (bench, ue, line) = try registered()
      for (transaction, bearer, cause) in [(0, 0, 81), (255, 5, 81), (7, 5, 43), (7, 2, 43)] as [(UInt8, UInt8, UInt8)] {
        let outputs = try say(type, bearer: bearer, transaction: transaction, &ue, line, bench) {
          switch type {
          case .pdnConnectivityRequest: connectivity(&$0, "ims")
          case .pdnDisconnectRequest: $0.set(PDNDisconnectRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: 5))
          case .bearerResourceAllocationRequest:
            $0.set(BearerResourceAllocationRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: 5))
            $0.set(BearerResourceAllocationRequest.trafficFlowAggregate, .towardsPort(1, precedence: 1))
            $0.set(BearerResourceAllocationRequest.requiredTrafficFlowQoS, EPSQoS(qci: 9))
          default:
            $0.set(BearerResourceModificationRequest.epsBearerIdentityForPacketFilter, LinkedEPSBearerIdentity(rawValue: 5))
            $0.set(BearerResourceModificationRequest.trafficFlowAggregate, .towardsPort(1, precedence: 1))
          }
        }
        let answer = try ue.openLater(outputs, bench)
        #expect(answer.type == reject && answer.procedureTransactionIdentity == transaction && answer.epsBearerIdentity == 0)
        #expect(answer.encoded().last == cause)
      }
      #expect(bearers(bench) == [5] && bench.timers.isEmpty)
    }
  }

  @Test(
    arguments: [
      (.pdnConnectivityRequest, .pdnConnectivityReject, []), (.pdnDisconnectRequest, .pdnDisconnectReject, []),
      (.bearerResourceAllocationRequest, .bearerResourceAllocationReject, [0x05, 0x09]),
      (.bearerResourceModificationRequest, .bearerResourceModificationReject, [0x05, 0x01]),
      // An element that asks for comprehension.
      (.bearerResourceModificationRequest, .bearerResourceModificationReject, [0x05, 0x01, 0xA0, 0x01, 0x00]),
    ] as [(NASMessageType, NASMessageType, [UInt8])])
  func `a request whose mandatory elements are wrong is answered with its own reject 96 (§7.5.3), after what is wrong in its header`(
    type: NASMessageType, reject: NASMessageType, rest: [UInt8]
  ) throws {
    for (transaction, bearer, cause) in [(7, 0, 96), (0, 0, 81), (7, 5, 43)] as [(UInt8, UInt8, UInt8)] {
      var (bench, ue, line) = try registered()
      let octets = [bearer << 4 | 0x02, transaction, type.octet] + rest
      let answer = try ue.openLater(bench.uplink(ue.protect(octets, bench), line), bench)
      #expect(answer.type == reject && answer.procedureTransactionIdentity == transaction && answer.epsBearerIdentity == 0)
      #expect(answer.encoded().last == cause)
      #expect(bearers(bench) == [5] && bench.timers.isEmpty)
    }
  }

  @Test
  func
    `another ESM message that cannot be read, or is none of the MME's, is answered with ESM STATUS; one for a bearer there is not is ignored`()
    throws
  {
    var (bench, ue, line) = try registered()
    // ESM INFORMATION RESPONSE with an element that asks for comprehension; BEARER RESOURCE ALLOCATION REJECT, a message to UEs; none.
    for (octets, cause) in [([0x02, 7, 0xDA, 0x0A, 0x00], 96), ([0x52, 0, 0xD5, 0x1A], 97), ([0x02, 7, 0x00], 97)] as [([UInt8], UInt8)] {
      let answer = try ue.openLater(bench.uplink(ue.protect(octets, bench), line), bench)
      #expect(answer.type == .esmStatus && answer.encoded().last == cause, "\(octets)")
    }
    let unknown = try ue.protect([0x62, 0, 0xDA, 0x0A, 0x00], bench)
    #expect(try bench.uplink(unknown, line).pdus.isEmpty)
    let data: [UInt8] = [0x62, 0, 0xEB, 0, 1, 1]
    let answer = try ue.openLater(bench.uplink(ue.protect(data, bench), line), bench)
    #expect(answer.type == .esmStatus && answer.encoded().last == 43 && answer.epsBearerIdentity == 6)
  }

  @Test func `an attach with a PDN CONNECTIVITY REQUEST that cannot be read is refused with 19 and its reject 96 inside`() {
    let connectivity = PDNConnectivity(ESMMessageContainer([0x02, 9, 0xD0] as [UInt8]))
    #expect(connectivity.refusal == .invalidMandatoryInformation)
    #expect(connectivity.reject(.invalidMandatoryInformation).procedureTransactionIdentity == 9)
  }

  @Test func `a UE that comes back gets all of its E-RABs`() throws {
    var (bench, ue, line) = try registered()
    _ = try dedicated(&ue, line, bench)
    try ue.goIdle(bench, line)
    let (_, outputs) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(outputs.pdus[0].pdu[.eRABToBeSetupListCtxtSUReq]?.elements.count == 2)
  }

  @Test(arguments: [MMETimer.Kind.t3485, .t3486, .t3495])
  func `each request is repeated four times under COUNTs of their own, and the fifth expiry ends it`(kind: MMETimer.Kind) throws {
    var (bench, ue, line) = try registered()
    _ = try dedicated(&ue, line, bench)
    let outputs =
      switch kind {
      case .t3485: order(.activateDedicatedBearer(), bench)
      case .t3486: order(.modifyBearer(6, qos: EPSQoS(qci: 8)), bench)
      default: order(.deactivateBearer(6), bench)
      }
    let request = try ue.openLater(outputs, bench)
    for _ in 0..<4 { #expect(try ue.openLater(bench.expire(kind), bench) == request) }
    let last = try bench.expire(kind)
    #expect(last.procedures.first?.contains("was not answered") == true)
    #expect(last.messages == (kind == .t3485 ? [.eRABReleaseCommand] : []))
    #expect(bearers(bench) == (kind == .t3495 ? [5] : [5, 6]))
    #expect(bench.mme.ues[0].bearer(6)?.qci != 8)
    #expect(bench.timers.isEmpty)
  }

  @Test func `a reject of the UE leaves no bearer and takes the E-RAB back`() throws {
    var (bench, ue, line) = try registered()
    _ = try ue.openLater(order(.activateDedicatedBearer(), bench), bench)
    let outputs = try say(.activateDedicatedEPSBearerContextReject, bearer: 6, &ue, line, bench) {
      $0.set(ActivateDedicatedEPSBearerContextReject.esmCause, .semanticErrorInTheTFTOperation)
    }
    #expect(outputs.messages == [.eRABReleaseCommand])
    #expect(bearers(bench) == [5])
    #expect(outputs.procedures.first?.contains("#41") == true)
  }

  @Test func `a further PDN connection, and its end with its dedicated bearer`() throws {
    var (bench, ue, line) = try registered()
    let outputs = try say(.pdnConnectivityRequest, transaction: 9, &ue, line, bench) { connectivity(&$0, "ims") }
    #expect(outputs.messages == [.eRABSetupRequest])
    let activation = try ue.openLater(outputs, bench)
    #expect(activation.type == .activateDefaultEPSBearerContextRequest)
    #expect(activation.procedureTransactionIdentity == 9 && activation.epsBearerIdentity == 6)
    #expect(try activation[ActivateDefaultEPSBearerContextRequest.accessPointName] == "ims")
    _ = try say(.activateDefaultEPSBearerContextAccept, bearer: 6, &ue, line, bench)
    _ = try ue.openLater(order(.activateDedicatedBearer(linkedTo: 6), bench), bench)
    _ = try say(.activateDedicatedEPSBearerContextAccept, bearer: 7, &ue, line, bench)
    #expect(bearers(bench) == [5, 6, 7])
    let ending = try say(.pdnDisconnectRequest, transaction: 10, &ue, line, bench) {
      $0.set(PDNDisconnectRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: 6))
    }
    #expect(ending.pdus[0].pdu[.eRABToBeReleasedList]?.elements.count == 2)
    let deactivation = try ue.openLater(ending, bench)
    #expect(deactivation.procedureTransactionIdentity == 10)
    _ = try say(.deactivateEPSBearerContextAccept, bearer: 6, &ue, line, bench)
    #expect(bearers(bench) == [5])
  }

  @Test func `§6.4.2.6 b: a dedicated bearer on its way to a PDN connection that the UE ends does not come`() throws {
    var (bench, ue, line) = try registered()
    let outputs = try say(.pdnConnectivityRequest, transaction: 9, &ue, line, bench) { connectivity(&$0, "ims") }
    _ = try ue.openLater(outputs, bench)
    _ = try say(.activateDefaultEPSBearerContextAccept, bearer: 6, &ue, line, bench)
    _ = try ue.openLater(order(.activateDedicatedBearer(linkedTo: 6), bench), bench)
    #expect(bench.runs(.t3485))
    let ending = try say(.pdnDisconnectRequest, transaction: 10, &ue, line, bench) {
      $0.set(PDNDisconnectRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: 6))
    }
    #expect(!bench.runs(.t3485) && bench.runs(.t3495))
    _ = try ue.openLater(ending, bench)
    #expect(try say(.activateDedicatedEPSBearerContextAccept, bearer: 7, &ue, line, bench).discards.count == 1)
    _ = try say(.deactivateEPSBearerContextAccept, bearer: 6, &ue, line, bench)
    #expect(bearers(bench) == [5])
  }

  @Test func `§6.4.3.4: a bearer that the UE does not have, cause 43 to its modification, ends here too`() throws {
    for (cause, left) in [(ESMCause.invalidEPSBearerIdentity, Set<UInt8>([5])), (.semanticErrorInTheTFTOperation, [5, 6])] {
      var (bench, ue, line) = try registered()
      let identity = try dedicated(&ue, line, bench)
      _ = try ue.openLater(order(.modifyBearer(identity, qos: EPSQoS(qci: 7)), bench), bench)
      let outputs = try say(.modifyEPSBearerContextReject, bearer: identity, &ue, line, bench) {
        $0.set(ModifyEPSBearerContextReject.esmCause, cause)
      }
      #expect(bearers(bench) == left)
      #expect(outputs.messages == (left.contains(6) ? [] : [.eRABReleaseCommand]))
    }
  }

  @Test func `a further PDN connection whose APN comes in ESM INFORMATION RESPONSE`() throws {
    var (bench, ue, line) = try registered()
    let asked = try say(.pdnConnectivityRequest, transaction: 9, &ue, line, bench) {
      connectivity(&$0, "x", wantsInformation: true)
    }
    #expect(try ue.openLater(asked, bench).type == .esmInformationRequest)
    let outputs = try say(.esmInformationResponse, transaction: 9, &ue, line, bench) {
      $0.set(ESMInformationResponse.accessPointName, "ims")
    }
    #expect(try ue.openLater(outputs, bench)[ActivateDefaultEPSBearerContextRequest.accessPointName] == "ims")
    #expect(!bench.runs(.t3489))
  }

  @Test func `what cannot be is refused with its cause`() throws {
    var (bench, ue, line) = try registered()
    let same = try say(.pdnConnectivityRequest, transaction: 9, &ue, line, bench) { connectivity(&$0, "internet") }
    #expect(try ue.openLater(same, bench)[PDNConnectivityReject.esmCause] == .multiplePDNConnectionsForAGivenAPNNotAllowed)
    for (linked, cause) in [(UInt8(5), ESMCause.lastPDNDisconnectionNotAllowed), (9, .invalidEPSBearerIdentity)] {
      let outputs = try say(.pdnDisconnectRequest, transaction: 10, &ue, line, bench) {
        $0.set(PDNDisconnectRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: linked))
      }
      #expect(try ue.openLater(outputs, bench)[PDNDisconnectReject.esmCause] == cause)
    }
    let allocation = try say(.bearerResourceAllocationRequest, transaction: 11, &ue, line, bench) {
      $0.set(BearerResourceAllocationRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: 8))
      $0.set(BearerResourceAllocationRequest.trafficFlowAggregate, .towardsPort(1, precedence: 1))
      $0.set(BearerResourceAllocationRequest.requiredTrafficFlowQoS, EPSQoS(qci: 5))
    }
    #expect(try ue.openLater(allocation, bench)[BearerResourceAllocationReject.esmCause] == .invalidEPSBearerIdentity)
    // §7.3.1 a to d: a procedure transaction identity that is reserved, or none.
    for transaction: UInt8 in [0, 255] {
      let connection = try say(.pdnConnectivityRequest, transaction: transaction, &ue, line, bench) { connectivity(&$0, "a") }
      #expect(try ue.openLater(connection, bench)[PDNConnectivityReject.esmCause] == .invalidPTIValue)
      let modification = try say(.bearerResourceModificationRequest, transaction: transaction, &ue, line, bench) {
        $0.set(BearerResourceModificationRequest.epsBearerIdentityForPacketFilter, LinkedEPSBearerIdentity(rawValue: 5))
        $0.set(BearerResourceModificationRequest.trafficFlowAggregate, .towardsPort(1, precedence: 1))
      }
      #expect(try ue.openLater(modification, bench)[BearerResourceModificationReject.esmCause] == .invalidPTIValue)
    }
  }

  @Test func `bearer resources are allocated, modified and given back`() throws {
    var (bench, ue, line) = try registered()
    let allocation = try say(.bearerResourceAllocationRequest, transaction: 11, &ue, line, bench) {
      $0.set(BearerResourceAllocationRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: 5))
      $0.set(BearerResourceAllocationRequest.trafficFlowAggregate, .towardsPort(1, precedence: 1))
      $0.set(BearerResourceAllocationRequest.requiredTrafficFlowQoS, EPSQoS(qci: 4))
    }
    let activation = try ue.openLater(allocation, bench)
    #expect(activation.type == .activateDedicatedEPSBearerContextRequest && activation.procedureTransactionIdentity == 11)
    _ = try say(.activateDedicatedEPSBearerContextAccept, bearer: 6, &ue, line, bench)
    let change = try say(.bearerResourceModificationRequest, transaction: 12, &ue, line, bench) {
      $0.set(BearerResourceModificationRequest.epsBearerIdentityForPacketFilter, LinkedEPSBearerIdentity(rawValue: 6))
      $0.set(BearerResourceModificationRequest.trafficFlowAggregate, TrafficFlowTemplate(.noOperation))
      $0.set(BearerResourceModificationRequest.requiredTrafficFlowQoS, EPSQoS(qci: 3))
    }
    #expect(try ue.openLater(change, bench).type == .modifyEPSBearerContextRequest)
    _ = try say(.modifyEPSBearerContextAccept, bearer: 6, &ue, line, bench)
    #expect(bench.mme.ues[0].bearer(6)?.qci == 3)
    let end = try say(.bearerResourceModificationRequest, transaction: 13, &ue, line, bench) {
      $0.set(BearerResourceModificationRequest.epsBearerIdentityForPacketFilter, LinkedEPSBearerIdentity(rawValue: 6))
      $0.set(BearerResourceModificationRequest.trafficFlowAggregate, TrafficFlowTemplate(.deletePacketFilters, deletedFilters: [0]))
      $0.set(BearerResourceModificationRequest.esmCause, .regularDeactivation)
    }
    #expect(try ue.openLater(end, bench).type == .deactivateEPSBearerContextRequest)
    _ = try say(.deactivateEPSBearerContextAccept, bearer: 6, &ue, line, bench)
    #expect(bearers(bench) == [5])
  }

  @Test func `eleven bearers are all there can be, and several activations run at once`() throws {
    var (bench, ue, line) = try registered()
    var requests: [NASMessage] = []
    for _ in 0..<10 {
      requests.append(
        try ue.openLater(bench.give(.startNow(.activateDedicatedBearer(), imsi: NetworkBench.imsi)), bench))
    }
    #expect(requests.map(\.epsBearerIdentity) == Array(6...15))
    #expect(bench.timers.keys.filter { $0.kind == .t3485 }.count == 10)
    let none = bench.give(.startNow(.activateDedicatedBearer(), imsi: NetworkBench.imsi))
    #expect(none.messages.isEmpty && none.procedures.count == 1)
    for identity in UInt8(6)...15 { _ = try say(.activateDedicatedEPSBearerContextAccept, bearer: identity, &ue, line, bench) }
    #expect(bearers(bench) == Set(5...15))
    let refused = try say(.pdnConnectivityRequest, transaction: 9, &ue, line, bench) { connectivity(&$0, "ims") }
    #expect(try ue.openLater(refused, bench)[PDNConnectivityReject.esmCause] == .maximumNumberOfEPSBearersReached)
  }

  @Test func `a bearer command for an idle UE waits for its service request, and goes out after the context is up`() throws {
    var (bench, ue, line) = try registered()
    try ue.goIdle(bench, line)
    #expect(order(.activateDedicatedBearer(), bench).messages == [.paging])
    let (again, _) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(try bench.contextSetUp(again).messages == [.eRABSetupRequest])
  }

  @Test func `an ESM STATUS ends the procedure that it is about`() throws {
    var (bench, ue, line) = try registered()
    let identity = try dedicated(&ue, line, bench)
    _ = try ue.openLater(order(.modifyBearer(identity, qos: EPSQoS(qci: 7)), bench), bench)
    let outputs = try say(.esmStatus, bearer: identity, &ue, line, bench) { $0.set(ESMStatus.esmCause, .invalidEPSBearerIdentity) }
    #expect(!outputs.procedures.isEmpty)
    #expect(bearers(bench) == [5] && bench.timers.isEmpty)
  }

  @Test func `a connection that goes ends its bearer procedures and their timers`() throws {
    var (bench, ue, line) = try registered()
    _ = try dedicated(&ue, line, bench)
    _ = try ue.openLater(order(.deactivateBearer(6), bench), bench)
    bench.give(.associationDown(0))
    #expect(bench.timers.isEmpty)
    #expect(bearers(bench) == [5])
  }

  @Test func `an answer to nothing is discarded`() throws {
    var (bench, ue, line) = try registered()
    for type in [
      NASMessageType.activateDedicatedEPSBearerContextAccept, .modifyEPSBearerContextAccept, .deactivateEPSBearerContextAccept,
    ] {
      #expect(try say(type, bearer: 6, &ue, line, bench).discards.count == 1)
    }
    #expect(bearers(bench) == [5])
  }
}
