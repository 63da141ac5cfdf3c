extension GrammarText {
  /// Security and PDCP (TS 36.413 §9.2.1, §9.2.3).
  static let securityTypes = #"""
    COUNTvalue = record
      pDCP-SN PDCP-SN
      hFN HFN
    COUNTValueExtended = record
      pDCP-SNExtended PDCP-SNExtended
      hFNModified HFNModified
    COUNTvaluePDCP-SNlength18 = record
      pDCP-SNlength18 PDCP-SNlength18
      hFNforPDCP-SNlength18 HFNforPDCP-SNlength18
    DLCOUNT-PDCP-SNlength = choice
      dLCOUNTValuePDCP-SNlength12 COUNTvalue
      dLCOUNTValuePDCP-SNlength15 COUNTValueExtended
      dLCOUNTValuePDCP-SNlength18 COUNTvaluePDCP-SNlength18
      ...
    EncryptionAlgorithms = bits 16 ...
    HFN = int 0..1048575
    HFNModified = int 0..131071
    HFNforPDCP-SNlength18 = int 0..16383
    IntegrityProtectionAlgorithms = bits 16 ...
    IntegrityProtectionIndication = enum required preferred not-needed ...
    NAS-PDU = octets
    NRencryptionAlgorithms = bits 16 ...
    NRintegrityProtectionAlgorithms = bits 16 ...
    NRUESecurityCapabilities = record
      nRencryptionAlgorithms NRencryptionAlgorithms
      nRintegrityProtectionAlgorithms NRintegrityProtectionAlgorithms
    PDCP-SN = int 0..4095
    PDCP-SNExtended = int 0..32767
    PDCP-SNlength18 = int 0..262143
    ReceiveStatusofULPDCPSDUs = bits 4096
    ReceiveStatusOfULPDCPSDUsExtended = bits 1..16384
    ReceiveStatusOfULPDCPSDUsPDCP-SNlength18 = bits 1..131072
    SecurityKey = bits 256
    SecurityContext = record
      nextHopChainingCount int 0..7
      nextHopParameter SecurityKey
    SecurityIndication = record
      integrityProtectionIndication IntegrityProtectionIndication
    UESecurityCapabilities = record
      encryptionAlgorithms EncryptionAlgorithms
      integrityProtectionAlgorithms IntegrityProtectionAlgorithms
    """#
}
