import NASCrypto
import NASMessages
import NASSecurity

@testable import UserEquipment

/// What the model test gives the UE and says to it.
extension ModelTests {
  static let inputs: [UE.Input] = [
    .powerOn, .attach, .attach, .attach, .detach(switchOff: false), .detach(switchOff: true), .requestService, .requestService,
    .updateTrackingArea(isActive: false), .updateTrackingArea(isActive: true), .campedOn(Bench.area), .campedOn(Bench.otherArea),
    .paged(ServiceTests.ours), .paged(.imsi(Bench.imsi)), .accessStratumSecured, .radioConnectionReleased, .radioConnectionFailed,
    .requestCSFallback(.originating), .requestCSFallback(.emergency), .requestControlPlaneService(paged: false), .leftForOtherSystem,
    .requestSession(.connect("ims")), .requestSession(.disconnect(linked: 5)),
    .enteredFromUTRAN(IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI)),
    .handedOver(
      .fromUTRAN(
        InterSystemTests.umts,
        NASSecurityParametersToEUTRA(
          nonceMME: 1, ciphering: 2, integrity: 2, keySetIdentifier: NASKeySetIdentifier(.mapped, value: 6)))),
    .handedOver(.fromN1(fiveG, containerCount: NASCount(21))),
    .enteredFromN1(IdleChangeFromN1(context: fiveG, mappedGUTI: InterSystemTests.mappedGUTI)), .detachFromNonEPSServices,
    .requestCSFallback(.terminating(accepted: true)), .requestCSFallback(.terminating(accepted: false)),
    .requestControlPlaneService(paged: true), .sendOverControlPlane(.esm([0x52, 0, 0xEB, 1, 1])), .sendOverControlPlane(.nas([9, 1])),
    .requestSession(.connect(nil)), .requestSession(.allocate(linked: 5, SessionTests.flows, EPSQoS(qci: 1))),
    .requestSession(.modify(bearer: 5, SessionTests.flows, nil)), .requestSession(.disconnect(linked: 6)),
    .campedOn(EquivalentPLMNTests.area(of: EquivalentPLMNTests.equivalent)),
    .campedOn(EquivalentPLMNTests.area(of: EquivalentPLMNTests.foreign)), .coverageLost, .noCellFound, .accessBarred, .connectionRefused,
    .accessGranted,
    .calculateNASMAC(over: [1, 2]), .userPlaneChanged([5]), .userPlaneChanged([6]),
    .leftN1Mode(N1Registration(mappedGUTI: Bench.guti, hasN26: true, isRegistered: true)),
    .enteredFromUTRAN(
      IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI, t3312: .running(.seconds(100)))),
  ]

  static let fiveG = FiveGSecurityContext(
    kamf: KeyMaterial([UInt8](repeating: 3, count: 32)), keySetIdentifier: 2, uplinkNASCount: NASCount(300), downlinkNASCount: NASCount(20),
    algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia2))

  static let messages: [NASMessage] = {
    var list: [NASMessage] = [
      Bench.attachAccept(), Bench.attachAccept(), Bench.attachAccept(guti: nil), Bench.updateAccept(), Bench.updateAccept(guti: Bench.guti),
      Bench.updateAccept(areas: [Bench.otherArea], active: [5]), NASMessage(.serviceAccept), NASMessage(.detachAccept),
      NASMessage(.authenticationReject), Bench.emmInformation("net"), Bench.emmStatus(), Bench.gutiReallocationCommand(Bench.guti),
      Bench.detachRequest(.reattachRequired), Bench.detachRequest(.reattachNotRequired), Bench.detachRequest(.imsiDetachByNetwork),
      Bench.esmInformationRequest(), Bench.activation(), Bench.activation(transaction: 2, bearer: 6), SessionTests.dedicated(),
      SessionTests.modification(bearer: 6), SessionTests.deactivation(bearer: 5), SessionTests.deactivation(bearer: 6),
      NASMessage(.emm(0x7F)),
    ]
    var combined = Bench.attachAccept()
    combined.set(AttachAccept.epsAttachResult, .combinedEPSIMSIAttach)
    var notification = NASMessage(.csServiceNotification)
    notification.set(CSServiceNotification.pagingIdentity, PagingIdentity(rawValue: 1))
    list += [
      combined, notification, Bench.updateAccept(result: .combinedTALAUpdated),
      Bench.detachRequest(.reattachNotRequired, cause: .imsiUnknownInHSS), NASMessage(.emm(0x62)),
    ]
    for transaction in [1, 2, 3] as [UInt8] {
      var reject = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: transaction)
      reject.set(PDNConnectivityReject.esmCause, .insufficientResources)
      reject.set(PDNConnectivityReject.backOffTimerValue, GPRSTimer3(seconds: 60))
      list.append(reject)
      for (index, procedure) in SessionProcedure.allCases.enumerated() {
        for cause in [27, 31, 43, 65, 66] as [UInt8] {
          list.append(SessionRejectionTests.reject(procedure, cause, index == 0 ? nil : .deactivated, 2, transaction: transaction))
        }
      }
      var disconnection = NASMessage(.pdnDisconnectReject, procedureTransactionIdentity: transaction)
      disconnection.set(PDNDisconnectReject.esmCause, .invalidEPSBearerIdentity)
      list.append(disconnection)
    }
    var neighbours = Bench.attachAccept()
    neighbours.set(AttachAccept.equivalentPLMNs, PLMNList([EquivalentPLMNTests.equivalent]))
    list += [neighbours, Bench.updateAccept(result: .taUpdatedISRActivated)]
    for type in [IdentityType2.imsi, .imei, .imeisv, .tmsi] { list.append(Bench.identityRequest(type)) }
    for cause in [2, 3, 7, 9, 10, 11, 12, 13, 15, 17, 22, 25, 31, 35, 40, 42, 96] as [UInt8] {
      list.append(Bench.attachReject(EMMCause(rawValue: cause)))
      list.append(Bench.updateReject(EMMCause(rawValue: cause), t3346: cause == 22 ? GPRSTimer(seconds: 60) : nil))
      list.append(Bench.serviceReject(EMMCause(rawValue: cause), t3346: cause == 22 ? GPRSTimer(seconds: 60) : nil))
    }
    return list
  }()

  static func protection(_ index: Int) -> ScriptedNetwork.Protection {
    switch index {
    case 0: .plain
    case 1: .integrity
    case 2: .forged()
    case 3: ScriptedNetwork.Protection(headerType: .integrityProtectedAndCipheredNewContext)
    default: .ciphered
    }
  }
}
