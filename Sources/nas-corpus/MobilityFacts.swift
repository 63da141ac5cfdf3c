import NASMessages

extension Facts {
  /// Facts of EMM elements beyond identities and algorithms.
  mutating func addMobility(_ value: any InformationElementValue) {
    switch value {
    case let capability as MSNetworkCapability:
      for bit in capability.features { add("ms \(bit.name)", bit.isSet ? 1 : 0) }
      add("ms SS screening", capability.ssScreeningIndicator)
    case let classmark as MobileStationClassmark2:
      // Of A5/1 the bit says the opposite.
      for bit in classmark.features {
        add(bit.name == "UCS2" ? "classmark UCS2" : "cm2 \(bit.name)", bit.isSet != (bit.name == "A5/1") ? 1 : 0)
      }
      add("cm2 revision", classmark.revisionLevel)
      add("cm2 RF power", classmark.rfPowerCapability)
    case let classmark as MobileStationClassmark3:
      for field in classmark.fields where field.isTold {
        add(field.name == "UCS2 treatment" ? "classmark UCS2" : "cm3 \(field.name)", field.value)
      }
    case let support as EPSNetworkFeatureSupport:
      for bit in support.features { add("network \(bit.name)", bit.isSet ? 1 : 0) }
      add("network CS-LCS", support.locationServicesInCS)
    case let capability as UEAdditionalSecurityCapability:
      for index in 0..<16 {
        add("5gea\(index)", capability.ea >> (15 - UInt16(index)) & 1)
        add("5gia\(index)", capability.ia >> (15 - UInt16(index)) & 1)
      }
    case let drx as DRXParameter:
      add("drx split", drx.splitPGCycleCode)
      add("drx cycle", drx.rawValue >> 4 & 0x0F)
      add("drx CCCH", drx.splitsOnCCCH ? 1 : 0)
      add("drx timer", drx.nonDRXTimer == 0 ? 0 : drx.nonDRXTimer.trailingZeroBitCount + 1)
    case let drx as ExtendedDRXParameters:
      add("eDRX", drx.eDRXCode)
      add("eDRX window", drx.pagingTimeWindowCode)
    case let drx as NBS1DRXParameter: add("NB-S1 DRX", drx.rawValue & 0x0F)
    case let codecs as SupportedCodecList:
      for system in codecs.systems {
        add("codec system", system.identifier)
        for name in codecNames { add("codec \(name)", system.codecs.contains(name) ? 1 : 0) }
      }
    case let preference as VoiceDomainPreference:
      add("voice domain", preference.domain.rawValue)
      add("data centric", preference.isDataCentric ? 1 : 0)
    case let status as TMSIStatus: add("TMSI status", status.rawValue & 1)
    case let type as GUTIType: add("GUTI type", type.rawValue & 1)
    case let signature as PTMSISignature: add("P-TMSI signature", signature.value)
    case let identifier as NetworkResourceIdentifier: add("NRI", identifier.value)
    case let sequence as CipheringKeySequenceNumber: add("CKSN", sequence.value)
    case let properties as DeviceProperties: add("low priority", properties.isLowPriority ? 1 : 0)
    case let support as MSNetworkFeatureSupport: add("extended periodic timers", support.supportsExtendedPeriodicTimers ? 1 : 0)
    case let status as UEStatus:
      add("S1 registered", status.isS1Registered ? 1 : 0)
      add("N1 registered", status.isN1Registered ? 1 : 0)
    case let request as AdditionalInformationRequested: add("ciphering keys", request.requestsCipheringKeys ? 1 : 0)
    case let availability as UERadioCapabilityIDAvailability: add("radio capability ID available", availability.rawValue & 7)
    case let request as UERadioCapabilityIDRequest: add("radio capability ID requested", request.isRequested ? 1 : 0)
    case let type as AdditionalUpdateType:
      add("additional update type", type.isSMSOnly ? 1 : 0)
      add("signalling active", type.isSignallingActive ? 1 : 0)
      add("preferred CIoT", type.preferredCIoT.rawValue)
    case let result as AdditionalUpdateResult: add("additional update result", result.value)
    case let result as EPSAttachResult: add("attach result", result.rawValue & 7)
    case let result as EPSUpdateResult: add("update result", result.rawValue & 7)
    case let type as EPSUpdateType:
      add("update type", type.kind.rawValue)
      add("active", type.isActive ? 1 : 0)
    case let type as ControlPlaneServiceType:
      add("control plane service", type.rawValue & 7)
      add("active", type.isActive ? 1 : 0)
    case let status as SMSServicesStatus: add("SMS services", status.rawValue & 7)
    case let response as CSFBResponse: add("CSFB response", response.rawValue & 7)
    case let policy as NetworkPolicy: add("redirection", policy.forbidsUnsecuredRedirectionToGERAN ? 1 : 0)
    case let policies as Non3GPPNWProvidedPolicies: add("N3EN", policies.permitsNon3GPPEmergencyNumbers ? 1 : 0)
    case let request as IMEISVRequest: add("IMEISV request", request.rawValue & 7)
    case let id as DCNID: add("DCN-ID", id.value)
    case let nonce as Nonce: add("nonce", nonce.value)
    case let identity as PagingIdentity: add("paging identity", identity.rawValue & 1)
    case let indicator as LCSIndicator: add("LCS indicator", indicator.rawValue)
    case let code as SSCode: add("SS code", code.rawValue)
    case let client as LCSClientIdentity:
      if let type = client.clientType { add("LCS client type", type) }
      if let identity = client.internalIdentity { add("LCS internal identity", identity) }
    case let line as CallingLineIdentity:
      add("calling number", text: line.digits)
      add("type of number", line.typeOfNumber)
    case let list as EmergencyNumberList: for number in list.numbers { add("emergency number", text: number.digits) }
    case let list as ExtendedEmergencyNumberList:
      add("valid in PLMN", list.isValidOnlyInPLMN ? 1 : 0)
      for number in list.numbers {
        add("extended emergency number", text: number.digits)
        if !number.subServices.isEmpty { add("sub-services", text: number.subServiceText) }
      }
    case let name as NetworkName:
      add("network name", text: name.text ?? "")
      add("country initials", name.addsCountryInitials ? 1 : 0)
    // tshark's field has the size without the sign.
    case let zone as TimeZone: add("time zone", abs(zone.quarterHours))
    case let time as UniversalTime: add("time zone", abs(time.zone.quarterHours))
    case let saving as DaylightSavingTime: add("daylight saving", saving.hours)
    case let container as GenericMessageContainerType: add("container type", container.rawValue)
    case let capability as N1UENetworkCapability:
      add("n1 CP CIoT", capability.controlPlaneCIoT ? 1 : 0)
      // The bit is 0 where the transfer is supported.
      add("n1 N3 data", capability.n3DataTransfer ? 0 : 1)
      add("n1 HC", capability.ipHeaderCompression ? 1 : 0)
      add("n1 UP CIoT", capability.userPlaneCIoT ? 1 : 0)
      add("n1 preferred CIoT", capability.preferredCIoTBehaviour)
    case let information as WUSAssistanceInformation: if let value = information.pagingProbability { add("paging probability", value / 5) }
    case let timer as GPRSTimer:
      add("timer unit", timer.octet >> 5)
      add("timer count", timer.octet & 0x1F)
    case let timer as GPRSTimer3:
      add("timer 3 unit", timer.octet >> 5)
      add("timer 3 count", timer.octet & 0x1F)
    case let timer as PeriodicUpdateTimer:
      add("timer 3 unit", timer.octet >> 5)
      add("timer 3 count", timer.octet & 0x1F)
    default: addSession(value)
    }
  }
}

private let codecNames = [
  "GSM FR", "GSM HR", "GSM EFR", "FR AMR", "HR AMR", "UMTS AMR", "UMTS AMR2", "TDMA EFR", "PDC EFR", "FR AMR-WB", "UMTS AMR-WB", "OHR AMR",
  "OFR AMR-WB", "OHR AMR-WB", "UMTS EVS",
]
