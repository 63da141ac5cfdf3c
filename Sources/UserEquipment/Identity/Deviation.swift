/// What a UE may be told to do other than TS 24.301 says, since networks in the field need it or a test wants it.
///
/// Off by default; a run that uses one says so on every verdict.
public enum Deviation: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  case acceptPlainAuthenticationRequest = "accept-plain-authentication-request"
  case acceptPlainIdentityRequest = "accept-plain-identity-request"
  case acceptUnprotectedReject = "accept-unprotected-reject"
  case acceptUncipheredMessages = "accept-unciphered-messages"
  case acceptReplayedCapabilitiesMismatch = "accept-replayed-capabilities-mismatch"
  case answerSecurityModeCommandTwice = "answer-smc-twice"
  case resetUplinkCountOnEverySecurityModeCommand = "reset-uplink-count-on-every-smc"
  case ignorePaging = "ignore-paging"
  case silentOnSecurityModeCommand = "silent-on-smc"
  case rekeyAccessStratumAtSecurityModeCommand = "rekey-as-at-smc"
  case disconnectLastPDNConnection = "disconnect-last-pdn"
  case nameNoKeyInUpdate = "name-no-key-in-update"
  case ignoreForbiddenAreas = "ignore-forbidden-areas"

  /// What the UE does instead, in one line.
  public var description: String {
    switch self {
    case .acceptPlainAuthenticationRequest: "answers a plain AUTHENTICATION REQUEST on a connection with secure exchange of NAS messages"
    case .acceptPlainIdentityRequest: "answers a plain IDENTITY REQUEST for the IMSI on a connection with secure exchange of NAS messages"
    case .acceptUnprotectedReject: "acts on a plain ATTACH, TRACKING AREA UPDATE or SERVICE REJECT on a connection with secure exchange"
    case .acceptUncipheredMessages: "takes integrity protected messages that should have been ciphered"
    case .acceptReplayedCapabilitiesMismatch: "does not compare the UE security capabilities replayed in SECURITY MODE COMMAND"
    case .answerSecurityModeCommandTwice: "sends SECURITY MODE COMPLETE twice, the second with the next NAS COUNT"
    case .resetUplinkCountOnEverySecurityModeCommand: "starts its uplink NAS COUNT at zero after every SECURITY MODE COMMAND"
    case .ignorePaging: "does not answer a paging"
    case .silentOnSecurityModeCommand: "does not answer SECURITY MODE COMMAND"
    case .rekeyAccessStratumAtSecurityModeCommand:
      "takes AS keys of a new KASME into use at SECURITY MODE COMMAND, before RRC tells it (breaks ue-keeps-as-keys-until-told)"
    case .disconnectLastPDNConnection:
      "asks to leave its last PDN connection with PDN DISCONNECT REQUEST, not with DETACH REQUEST; a right answer is PDN DISCONNECT REJECT #49"
    case .nameNoKeyInUpdate: "says \"no key is available\" in TRACKING AREA UPDATE REQUEST, which it protects under its current context"
    case .ignoreForbiddenAreas:
      "attaches and updates on request where its lists forbid the tracking area or PLMN, as after a manual selection (TS 23.122 §4.4.3.1.2)"
    }
  }

  /// The clause that it departs from.
  public var clause: String {
    switch self {
    case .acceptPlainAuthenticationRequest, .acceptPlainIdentityRequest, .acceptUnprotectedReject: "TS 24.301 §4.4.4.2"
    case .acceptUncipheredMessages: "TS 24.301 §4.4.5"
    case .acceptReplayedCapabilitiesMismatch, .resetUplinkCountOnEverySecurityModeCommand, .silentOnSecurityModeCommand:
      "TS 24.301 §5.4.3.3"
    case .answerSecurityModeCommandTwice: "TS 24.301 §5.4.3.3"
    case .ignorePaging: "TS 24.301 §5.6.2.2.1"
    case .rekeyAccessStratumAtSecurityModeCommand: "TS 33.401 §7.2.10"
    case .disconnectLastPDNConnection: "TS 24.301 §6.5.2.1"
    case .nameNoKeyInUpdate: "TS 24.301 §5.5.3.2.2"
    case .ignoreForbiddenAreas: "TS 24.301 §5.2.2.3"
    }
  }
}
