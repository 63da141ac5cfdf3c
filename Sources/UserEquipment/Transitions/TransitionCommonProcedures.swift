import NASCrypto
import NASMessages
import NASSecurity

/// Common procedures of the network (TS 24.301 §5.4).
extension TransitionExplorer {
  func commonProcedures(using engine: inout CryptoEngine) -> [Event] {
    var list: [Event] = []
    func add(_ message: NASMessage, _ note: String = "", _ clause: String, _ prepare: @escaping (inout UE) -> Bool = { _ in true }) {
      list.append(Event(name: message.type.name + note, clause: clause, kind: .message(message), prepare: prepare))
    }
    add(identity(.imsi), " (IMSI)", "§5.4.4")
    add(reallocation, "", "§5.4.1.3")
    for (note, message) in challenges(using: &engine) { add(message, note, "§5.4.2.3, §5.4.2.6") }
    var call = NASMessage(.csServiceNotification)
    call.set(CSServiceNotification.pagingIdentity, .tmsi)
    add(call, "", "§5.6.2.3") {
      $0.registration.nonEPS = .init()
      return true
    }
    let capabilities = base.configuration.replayableCapabilities
    list.append(
      Event(
        name: "SECURITY MODE COMMAND", clause: "§5.4.3.3", kind: .securityModeCommand(securityMode(replaying: capabilities))))
    let fewer = UESecurityCapability(replaying: UENetworkCapability(eea: 0x80, eia: 0x40), nil)
    list.append(
      Event(
        name: "SECURITY MODE COMMAND (capabilities not replayed)", clause: "§5.4.3.5",
        kind: .securityModeCommand(securityMode(replaying: fewer))))
    return list
  }

  private func identity(_ type: IdentityType2) -> NASMessage {
    var message = NASMessage(.identityRequest)
    message.set(IdentityRequest.identityType, type)
    return message
  }

  private var reallocation: NASMessage {
    var message = NASMessage(.gutiReallocationCommand)
    message.set(GUTIReallocationCommand.guti, .guti(GUTI(plmn: base.configuration.plmn, mmeGroupID: 1, mmeCode: 1, mTMSI: 2)))
    return message
  }

  /// Right, with a wrong MAC, with an SQN that was accepted before, without the separation bit.
  private func challenges(using engine: inout CryptoEngine) -> [(String, NASMessage)] {
    let rand = [UInt8](repeating: 0x55, count: 16)
    func message(_ vector: AuthenticationVector, mask: UInt8 = 0) -> NASMessage {
      var message = NASMessage(.authenticationRequest)
      var autn = vector.autn
      autn[autn.count - 1] ^= mask
      message.set(AuthenticationRequest.nasKeySetIdentifier, NASKeySetIdentifier(.native, value: 2))
      message.set(AuthenticationRequest.authenticationParameterRAND, AuthenticationParameterRAND(rand))
      message.set(AuthenticationRequest.authenticationParameterAUTN, AuthenticationParameterAUTN(autn))
      return message
    }
    let right = engine.authenticationVector(for: credentials, sqn: 32, rand: rand)
    let old = engine.authenticationVector(for: credentials, sqn: 0, rand: rand)
    let unseparated = engine.authenticationVector(for: credentials, sqn: 32, rand: rand, amf: 0)
    return [
      ("", message(right)), (" (MAC wrong)", message(right, mask: 1)), (" (SQN out of range)", message(old)),
      (" (separation bit 0)", message(unseparated)),
    ]
  }

  private func securityMode(replaying capabilities: UESecurityCapability) -> NASMessage {
    var message = NASMessage(.securityModeCommand)
    message.set(
      SecurityModeCommand.selectedNASSecurityAlgorithms,
      NASSecurityAlgorithms(ciphering: context.algorithms.ciphering.rawValue, integrity: context.algorithms.integrity.rawValue))
    message.set(SecurityModeCommand.nasKeySetIdentifier, context.eKSI)
    message.set(SecurityModeCommand.replayedUESecurityCapabilities, capabilities)
    return message
  }
}
