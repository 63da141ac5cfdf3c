extension GrammarText {
  /// Causes and criticality diagnostics (TS 36.413 §9.2.1.3, §9.2.1.21).
  static let causeTypes = #"""
    Criticality = enum reject ignore notify
    ProcedureCode = int 0..255
    ProtocolIE-ID = int 0..65535
    TriggeringMessage = enum initiating-message successful-outcome unsuccessfull-outcome
    Cause = choice
      radioNetwork CauseRadioNetwork
      transport CauseTransport
      nas CauseNas
      protocol CauseProtocol
      misc CauseMisc
      ...
    CauseMisc = enum control-processing-overload not-enough-user-plane-processing-resources hardware-failure om-intervention \
      unspecified unknown-PLMN ...
    CauseProtocol = enum transfer-syntax-error abstract-syntax-error-reject abstract-syntax-error-ignore-and-notify \
      message-not-compatible-with-receiver-state semantic-error abstract-syntax-error-falsely-constructed-message unspecified ...
    CauseRadioNetwork = enum unspecified tx2relocoverall-expiry successful-handover release-due-to-eutran-generated-reason \
      handover-cancelled partial-handover ho-failure-in-target-EPC-eNB-or-target-system ho-target-not-allowed \
      tS1relocoverall-expiry tS1relocprep-expiry cell-not-available unknown-targetID no-radio-resources-available-in-target-cell \
      unknown-mme-ue-s1ap-id unknown-enb-ue-s1ap-id unknown-pair-ue-s1ap-id handover-desirable-for-radio-reason \
      time-critical-handover resource-optimisation-handover reduce-load-in-serving-cell user-inactivity \
      radio-connection-with-ue-lost load-balancing-tau-required cs-fallback-triggered ue-not-available-for-ps-service \
      radio-resources-not-available failure-in-radio-interface-procedure invalid-qos-combination interrat-redirection \
      interaction-with-other-procedure unknown-E-RAB-ID multiple-E-RAB-ID-instances \
      encryption-and-or-integrity-protection-algorithms-not-supported s1-intra-system-handover-triggered \
      s1-inter-system-handover-triggered x2-handover-triggered ... redirection-towards-1xRTT not-supported-QCI-value \
      invalid-CSG-Id release-due-to-pre-emption n26-interface-not-available insufficient-ue-capabilities \
      maximum-bearer-pre-emption-rate-exceeded up-integrity-protection-not-possible release-due-to-discontinuous-coverage
    CauseTransport = enum transport-resource-unavailable unspecified ...
    CauseNas = enum normal-release authentication-failure detach unspecified ... csg-subscription-expiry \
      uE-not-in-PLMN-serving-area iab-not-authorized
    CriticalityDiagnostics = record
      procedureCode? ProcedureCode
      triggeringMessage? TriggeringMessage
      procedureCriticality? Criticality
      iEsCriticalityDiagnostics? CriticalityDiagnostics-IE-List
    CriticalityDiagnostics-IE-List = list 1..256 CriticalityDiagnostics-IE-Item
    CriticalityDiagnostics-IE-Item = record
      iECriticality Criticality
      iE-ID ProtocolIE-ID
      typeOfError TypeOfError
    TimeToWait = enum v1s v2s v5s v10s v20s v60s ...
    TypeOfError = enum not-understood missing ...
    """#
}
