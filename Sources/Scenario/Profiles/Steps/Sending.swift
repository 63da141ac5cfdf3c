import NASCrypto
import NASMessages
import Observer
import Profiles
import RadioAccess
import UserEquipment

extension SendStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    if content.isS1AP { return beginS1AP(run) }
    let index = run.ueIndex(ue)
    guard isOverNewConnection || run.driver.ue(index).isConnected else { return .ended(.failed("the UE is not connected")) }
    var crafted: CraftedMessage
    switch content {
    case .octets(let given):
      crafted = CraftedMessage(.octets(given))
      run.mark("send octets")
    case .replay(let name), .badMAC(let name):
      guard var octets = run.lastSent(name, ue: index) else { return .ended(.failed("the UE has sent no \(name)")) }
      if case .badMAC = content {
        guard octets.count > 3, let place = SecurityHeaderType(rawValue: octets[0] >> 4).placeOfMAC else {
          return .ended(.failed("\(name) was sent without a MAC"))
        }
        octets[place] ^= 0xFF
        run.mark("send \(name) (wrong MAC)")
      } else {
        run.mark("send \(name) (replay)")
      }
      crafted = CraftedMessage(.octets(octets))
    case .message(let message):
      crafted = message.crafted(of: run.driver.ue(index))
      run.mark("send \(message.name)" + (message.deviations.isEmpty ? "" : " (\(message.deviations))"))
    case .s1apOctets, .s1ap: return .ended(.failed("an S1AP message is no UE's"))
    }
    if case .octets(let octets) = crafted.content, !isOverNewConnection {
      run.driver.serving(ue: index) { .rrc($0, .nas(octets)) }
      return .ended()
    }
    crafted.isOverNewConnection = isOverNewConnection
    var trial = run.driver.ue(index)
    var octets: [UInt8] = []
    let failure: CraftingFailure? = run.driver.withEngine { engine in
      do throws(CraftingFailure) { octets = try trial.craft(crafted, using: &engine) } catch { return error }
      return nil
    }
    if let failure { return .ended(.failed(failure.description)) }
    if case .octets = crafted.content {} else { run.expectTestersMessage(octets) }
    run.driver.command(.sendCrafted(crafted), ue: index)
    return .ended()
  }
}

extension SecurityHeaderType {
  /// The first octet of the MAC; nil: there is none.
  fileprivate var placeOfMAC: Int? { self == .plain ? nil : rawValue >= Self.serviceRequest.rawValue ? 2 : 1 }
}

extension SentMessage {
  /// The message as this UE would send it, but for what the profile says of it.
  fileprivate func crafted(of ue: UE) -> CraftedMessage {
    var crafted: CraftedMessage
    if let type {
      var message = DeviatingMessage(ue.template(of: type))
      let rows = MessageTable.all.first { $0.type == type }?.rows ?? []
      for field in fields { field.put(into: &message, rows, ue) }
      crafted = CraftedMessage(.message(message.encoded()))
    } else {
      crafted = CraftedMessage(.serviceRequest(ksi: eKSI))
    }
    crafted.headerType =
      switch protection {
      case nil: nil
      case .plain: .plain
      case .integrity: .integrityProtected
      case .ciphered: .integrityProtectedAndCiphered
      case .newContext: .integrityProtectedAndCipheredNewContext
      }
    crafted.shownHeaderType = headerType
    crafted.count =
      switch count {
      case .next: .next
      case .exactly(let number): .exactly(number)
      case .offset(let number): .offset(number)
      }
    crafted.sequenceNumber = sequenceNumber
    crafted.hasWrongMAC = hasWrongMAC
    return crafted
  }
}

extension SentField {
  fileprivate func put(into message: inout DeviatingMessage, _ rows: [InformationElementRow], _ ue: UE) {
    let octet: UInt8 = if case .octets(let octets) = value { octets.first ?? 0 } else { 0 }
    switch place {
    case .protocolDiscriminator: message.protocolDiscriminator = octet
    case .securityHeaderType, .epsBearerIdentity: message.highHalf = octet
    case .procedureTransactionIdentity: message.procedureTransactionIdentity = octet
    case .messageType: message.messageType = octet
    case .element(let label):
      guard let row = rows.first(where: { $0.label == label }) else { return }
      // Whatever its type is: octets go in.
      let field = OptionalField<OpaqueHalfOctet>(row: row)
      switch value {
      case .absent: message.omit(field)
      case .octets(let octets): message.setRaw(field, octets)
      case .identity(let kind, let digits):
        message.setRaw(field, identity(kind, digits, row.valueType == MobileIdentity.self, ue))
      }
    }
  }

  private func identity(_ kind: Identity, _ digits: String?, _ isMobileIdentity: Bool, _ ue: UE) -> [UInt8] {
    let imei = String(ue.configuration.imeisv.prefix(14)) + "0"
    let imsi = digits ?? ue.configuration.imsi
    if isMobileIdentity {
      let identity: MobileIdentity =
        switch kind {
        case .imsi: .imsi(imsi)
        case .imei: .imei(digits ?? imei)
        case .imeisv: .imeisv(digits ?? ue.configuration.imeisv)
        case .guti: ue.registration.guti.map { .tmsi($0.mTMSI) } ?? .noIdentity
        }
      return identity.encodedOctets
    }
    let identity: EPSMobileIdentity =
      switch kind {
      case .imsi: .imsi(imsi)
      case .imei, .imeisv: .imei(digits ?? imei)
      case .guti: ue.registration.guti.map { .guti($0) } ?? .imsi(imsi)
      }
    return identity.encodedOctets
  }
}

extension ProfileRun {
  /// The NAS-PDU of that name that a UE sent last.
  func lastSent(_ name: MessageName, ue: Int) -> [UInt8]? {
    for case .message(let message) in sightings.reversed().map(\.body) where message.direction == .uplink && message.ue == ue {
      if let nas = message.nas.first(where: { $0.name == name.title }) { return nas.octets }
    }
    return nil
  }
}
