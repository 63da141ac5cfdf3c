import NASMessages

/// An ATTACH REQUEST of 65 octets, as an LTE handset sends it: decoded, and built from values and encoded.
func messageSubjects() -> [Subject] {
  let octets: [UInt8] = attachRequest65
  let values = AttachRequestValues(octets)
  var output: [UInt8] = []
  output.reserveCapacity(128)
  guard values.encoded() == octets else { fatalError("what is built is not what was read") }
  return [
    Subject(name: "ATTACH REQUEST, 65 octets, decode", bound: 8, allocationBound: 0) { count in
      var sum: UInt64 = 0
      for _ in 0..<count {
        do {
          let message = try NASMessage(decoding: octets, direction: .uplink)
          sum &+= UInt64(message.type.octet)
        } catch {
          fatalError("does not decode: \(error)")
        }
      }
      return sum
    },
    // One allocation: the octets that come out.
    Subject(name: "ATTACH REQUEST, 65 octets, encode", bound: 10, allocationBound: 1) { count in
      var sum: UInt64 = 0
      for _ in 0..<count { sum &+= UInt64(values.encoded().count) }
      return sum
    },
    Subject(name: "ATTACH REQUEST, 65 octets, encode in place", bound: 10, allocationBound: 0) { count in
      var sum: UInt64 = 0

      for _ in 0..<count {
        output.removeAll(keepingCapacity: true)
        values.encode(into: &output)
        sum &+= UInt64(output.count)
      }
      return sum
    },
    // What an INITIAL CONTEXT SETUP REQUEST carries: with the row of its S1AP part (57 blocks) it has to stay below 100.
    Subject(name: "ATTACH ACCEPT with its ESM message, encode", bound: 40) { count in
      var sum: UInt64 = 0
      for index in 0..<count { sum &+= UInt64(attachAccept(mTMSI: UInt32(truncatingIfNeeded: index)).count) }
      return sum
    },
  ]
}

/// ATTACH ACCEPT with ACTIVATE DEFAULT EPS BEARER CONTEXT REQUEST, as an MME sends it, from values.
@inline(never)
private func attachAccept(mTMSI: UInt32) -> [UInt8] {
  let plmn = PLMN(0x00, 0xF1, 0x10)
  var bearer = NASMessage(.activateDefaultEPSBearerContextRequest, procedureTransactionIdentity: 1, epsBearerIdentity: 5)
  bearer.set(ActivateDefaultEPSBearerContextRequest.epsQoS, EPSQoS(qci: 9))
  bearer.set(ActivateDefaultEPSBearerContextRequest.accessPointName, internet)
  bearer.set(ActivateDefaultEPSBearerContextRequest.pdnAddress, .ipv4(0x0A2D_0002))
  bearer.set(ActivateDefaultEPSBearerContextRequest.apnAMBR, ambr)
  var accept = NASMessage(.attachAccept)
  accept.set(AttachAccept.epsAttachResult, .epsOnly)
  accept.set(AttachAccept.t3412Value, GPRSTimer(octet: 0x49))
  accept.set(AttachAccept.taiList, TAIList([.codes(plmn, [7])]))
  accept.set(AttachAccept.esmMessageContainer, ESMMessageContainer(bearer.encoded()))
  accept.set(AttachAccept.guti, .guti(GUTI(plmn: plmn, mmeGroupID: 0x8001, mmeCode: 1, mTMSI: mTMSI)))
  return accept.encoded()
}

private let internet = AccessPointName("internet.mnc001.mcc001.gprs")
private let ambr = APNAMBR(downlink: 300_000, uplink: 50_000)

/// The values of the message's thirteen elements.
private struct AttachRequestValues {
  var attachType: EPSAttachType
  var keySetIdentifier: NASKeySetIdentifier
  var identity: EPSMobileIdentity
  var ueCapability: UENetworkCapability
  var container: ESMMessageContainer
  var lastTAI: TrackingAreaIdentity?
  var drx: DRXParameter?
  var msCapability: MSNetworkCapability?
  var oldLAI: LocationAreaIdentity?
  var tmsiStatus: TMSIStatus?
  var voiceDomain: VoiceDomainPreference?
  var oldGUTIType: GUTIType?
  var featureSupport: MSNetworkFeatureSupport?

  init(_ octets: [UInt8]) {
    do {
      let message = try NASMessage(decoding: octets, direction: .uplink)
      attachType = try message[AttachRequest.epsAttachType]
      keySetIdentifier = try message[AttachRequest.nasKeySetIdentifier]
      identity = try message[AttachRequest.epsMobileIdentity]
      ueCapability = try message[AttachRequest.ueNetworkCapability]
      container = try message[AttachRequest.esmMessageContainer]
      lastTAI = try message[AttachRequest.lastVisitedRegisteredTAI]
      drx = try message[AttachRequest.drxParameter]
      msCapability = try message[AttachRequest.msNetworkCapability]
      oldLAI = try message[AttachRequest.oldLocationAreaIdentification]
      tmsiStatus = try message[AttachRequest.tmsiStatus]
      voiceDomain = try message[AttachRequest.voiceDomainPreferenceAndUEUsageSetting]
      oldGUTIType = try message[AttachRequest.oldGUTIType]
      featureSupport = try message[AttachRequest.msNetworkFeatureSupport]
    } catch {
      fatalError("does not decode: \(error)")
    }
  }

  @inline(__always)
  private func set(in message: inout NASMessage) {
    message.set(AttachRequest.epsAttachType, attachType)
    message.set(AttachRequest.nasKeySetIdentifier, keySetIdentifier)
    message.set(AttachRequest.epsMobileIdentity, identity)
    message.set(AttachRequest.ueNetworkCapability, ueCapability)
    message.set(AttachRequest.esmMessageContainer, container)
    message.set(AttachRequest.lastVisitedRegisteredTAI, lastTAI)
    message.set(AttachRequest.drxParameter, drx)
    message.set(AttachRequest.msNetworkCapability, msCapability)
    message.set(AttachRequest.oldLocationAreaIdentification, oldLAI)
    message.set(AttachRequest.tmsiStatus, tmsiStatus)
    message.set(AttachRequest.voiceDomainPreferenceAndUEUsageSetting, voiceDomain)
    message.set(AttachRequest.oldGUTIType, oldGUTIType)
    message.set(AttachRequest.msNetworkFeatureSupport, featureSupport)
  }

  /// From the values to octets of their own.
  @inline(never)
  func encoded() -> [UInt8] {
    var message = NASMessage(.attachRequest)
    set(in: &message)
    return message.encoded()
  }

  /// From the values to the end of octets that are there.
  @inline(never)
  func encode(into output: inout [UInt8]) {
    var message = NASMessage(.attachRequest)
    set(in: &message)
    message.encode(into: &output)
  }
}

/// EPS attach by IMSI as a handset sends it: capabilities, PDN CONNECTIVITY REQUEST with PCO, last TAI, DRX, MS network capability, old LAI,
/// TMSI status, voice domain preference: thirteen elements.
private let attachRequest65: [UInt8] = [
  // Type, eKSI, IMSI, capability; ESM message; last TAI, DRX parameter, MS network capability; old LAI, TMSI status, voice domain, GUTI
  // type, MS network features.
  0x07, 0x41, 0x71, 0x08, 0x09, 0x10, 0x10, 0x21, 0x43, 0x65, 0x87, 0x09, 0x05, 0xF0, 0x70, 0xC0, 0x40, 0x11,
  0x00, 0x13, 0x02, 0x01, 0xD0, 0x11, 0xD1, 0x27, 0x0C, 0x80, 0x80, 0x21, 0x05, 0x01, 0x00, 0x00, 0x05, 0x00, 0x00, 0x0D, 0x00,
  0x52, 0x00, 0xF1, 0x10, 0x00, 0x01, 0x5C, 0x0A, 0x00, 0x31, 0x03, 0xE5, 0xE0, 0x34,
  0x13, 0x00, 0xF1, 0x10, 0x00, 0x01, 0x90, 0x5D, 0x01, 0x00, 0xE0, 0xC1,
]
