extension GrammarText {
  /// Trace, MDT and QoE measurement (TS 36.413 §9.2.1).
  static let traceAndMeasurementTypes = #"""
    AreaScopeOfMDT = choice
      cellBased CellBasedMDT
      tABased TABasedMDT
      pLMNWide null
      ...
      tAIBased TAIBasedMDT
    AreaScopeOfQMC = choice
      cellBased CellBasedQMC
      tABased TABasedQMC
      tAIBased TAIBasedQMC
      pLMNAreaBased PLMNAreaBasedQMC
      ...
    BluetoothMeasurementConfiguration = record
      bluetoothMeasConfig BluetoothMeasConfig
      bluetoothMeasConfigNameList? BluetoothMeasConfigNameList
      bt-rssi? enum true ...
    BluetoothMeasConfigNameList = list 1..4 BluetoothName
    BluetoothMeasConfig = enum setup ...
    BluetoothName = octets 1..248
    CellBasedMDT = record
      cellIdListforMDT CellIdListforMDT
    CellIdListforMDT = list 1..32 EUTRAN-CGI
    CellBasedQMC = record
      cellIdListforQMC CellIdListforQMC
    CellIdListforQMC = list 1..32 EUTRAN-CGI
    EventL1LoggedMDTConfig = record
      l1Threshold MeasurementThresholdL1LoggedMDT
      hysteresis Hysteresis
      timeToTrigger TimeToTrigger
    Hysteresis = int 0..30
    ImmediateMDT = record
      measurementsToActivate MeasurementsToActivate
      m1reportingTrigger M1ReportingTrigger
      m1thresholdeventA2? M1ThresholdEventA2
      m1periodicReporting? M1PeriodicReporting
      + C i M3Configuration
      + C i M4Configuration
      + C i M5Configuration
      + O i MDT-Location-Info
      + C i M6Configuration
      + C i M7Configuration
      + O i BluetoothMeasurementConfiguration
      + O i WLANMeasurementConfiguration
      + O i SensorMeasurementConfiguration
    InterfacesToTrace = bits 8
    Links-to-log = enum uplink downlink both-uplink-and-downlink ...
    LoggedMDT = record
      loggingInterval LoggingInterval
      loggingDuration LoggingDuration
      + O i BluetoothMeasurementConfiguration
      + O i WLANMeasurementConfiguration
      + O i LoggedMDTTrigger
      + O i SensorMeasurementConfiguration
    LoggingInterval = enum ms1280 ms2560 ms5120 ms10240 ms20480 ms30720 ms40960 ms61440
    LoggedMBSFNMDT = record
      loggingInterval LoggingInterval
      loggingDuration LoggingDuration
      mBSFN-ResultToLog? MBSFN-ResultToLog
    LoggedMDTTrigger = choice
      periodical null
      eventTrigger EventTrigger
      ...
    M3Configuration = record
      m3period M3period
    M3period = enum ms100 ms1000 ms10000 ... ms1024 ms1280 ms2048 ms2560 ms5120 ms10240 min1
    M4Configuration = record
      m4period M4period
      m4-links-to-log Links-to-log
      + O i M4ReportAmount : M4ReportAmountMDT
    M4ReportAmountMDT = enum r1 r2 r4 r8 r16 r32 r64 infinity ...
    M4period = enum ms1024 ms2048 ms5120 ms10240 min1 ...
    M5Configuration = record
      m5period M5period
      m5-links-to-log Links-to-log
      + O i M5ReportAmount : M5ReportAmountMDT
    M5ReportAmountMDT = enum r1 r2 r4 r8 r16 r32 r64 infinity ...
    M5period = enum ms1024 ms2048 ms5120 ms10240 min1 ...
    M6Configuration = record
      m6report-Interval M6report-Interval
      m6delay-threshold? M6delay-threshold
      m6-links-to-log Links-to-log
      + O i M6ReportAmount : M6ReportAmountMDT
    M6ReportAmountMDT = enum r1 r2 r4 r8 r16 r32 r64 infinity ...
    M7Configuration = record
      m7period M7period
      m7-links-to-log Links-to-log
      + O i M7ReportAmount : M7ReportAmountMDT
    M7ReportAmountMDT = enum r1 r2 r4 r8 r16 r32 r64 infinity ...
    M7period = int 1..60 ...
    MDT-Activation = enum immediate-MDT-only immediate-MDT-and-Trace logged-MDT-only ... logged-MBSFN-MDT
    MDT-Location-Info = bits 8
    MDT-Configuration = record
      mdt-Activation MDT-Activation
      areaScopeOfMDT AreaScopeOfMDT
      mDTMode MDTMode
      + O i SignallingBasedMDTPLMNList : MDTPLMNList
    ManagementBasedMDTAllowed = enum allowed ...
    MBSFN-ResultToLog = list 1..8 MBSFN-ResultToLogInfo
    MBSFN-ResultToLogInfo = record
      mBSFN-AreaId? int 0..255
      carrierFreq EARFCN
    MDTPLMNList = list 1..16 PLMNidentity
    MDTMode = choice
      immediateMDT ImmediateMDT
      loggedMDT LoggedMDT
      ...
      mDTMode-Extension MDTMode-Extension
    MDTMode-Extension = item
      M i LoggedMBSFNMDT
    MeasurementsToActivate = bits 8
    MeasurementThresholdA2 = choice
      threshold-RSRP Threshold-RSRP
      threshold-RSRQ Threshold-RSRQ
      ...
    MeasurementThresholdL1LoggedMDT = choice
      threshold-RSRP Threshold-RSRP
      threshold-RSRQ Threshold-RSRQ
      choice-Extensions item
    MDT-ConfigurationNR = octets
    M1PeriodicReporting = record
      reportInterval ReportIntervalMDT
      reportAmount ReportAmountMDT
    PLMNAreaBasedQMC = record
      plmnListforQMC PLMNListforQMC
    PLMNListforQMC = list 1..16 PLMNidentity
    ReportAmountMDT = enum r1 r2 r4 r8 r16 r32 r64 rinfinity
    ReportIntervalMDT = enum ms120 ms240 ms480 ms640 ms1024 ms2048 ms5120 ms10240 min1 min6 min12 min30 min60
    M1ReportingTrigger = enum periodic a2eventtriggered ... a2eventtriggered-periodic
    ReportArea = enum ecgi ...
    SensorMeasConfig = enum setup ...
    SensorMeasConfigNameItem = record
      sensorNameConfig SensorNameConfig
    SensorMeasConfigNameList = list 1..3 SensorMeasConfigNameItem
    SensorMeasurementConfiguration = record
      sensorMeasConfig SensorMeasConfig
      sensorMeasConfigNameList? SensorMeasConfigNameList
    SensorNameConfig = choice
      uncompensatedBarometricConfig enum true ...
      choice-Extensions item
    TAIBasedMDT = record
      tAIListforMDT TAIListforMDT
    TAIListforMDT = list 1..8 TAI
    TABasedMDT = record
      tAListforMDT TAListforMDT
    TAListforMDT = list 1..8 TAC
    TABasedQMC = record
      tAListforQMC TAListforQMC
    TAListforQMC = list 1..8 TAC
    TAIBasedQMC = record
      tAIListforQMC TAIListforQMC
    TAIListforQMC = list 1..8 TAI
    M1ThresholdEventA2 = record
      measurementThreshold MeasurementThresholdA2
    Threshold-RSRP = int 0..97
    Threshold-RSRQ = int 0..34
    TimeToTrigger = enum ms0 ms40 ms64 ms80 ms100 ms128 ms160 ms256 ms320 ms480 ms512 ms640 ms1024 ms1280 ms2560 ms5120
    TraceActivation = record
      e-UTRAN-Trace-ID E-UTRAN-Trace-ID
      interfacesToTrace InterfacesToTrace
      traceDepth TraceDepth
      traceCollectionEntityIPAddress TransportLayerAddress
      + O i MDTConfiguration : MDT-Configuration
      + O i UEAppLayerMeasConfig
      + O i MDTConfigurationNR : MDT-ConfigurationNR
      + O i TraceCollectionEntityURI : URI-Address
    TraceDepth = enum minimum medium maximum minimumWithoutVendorSpecificExtension mediumWithoutVendorSpecificExtension \
      maximumWithoutVendorSpecificExtension ...
    E-UTRAN-Trace-ID = octets 8
    UEAppLayerMeasConfig = record
      containerForAppLayerMeasConfig octets 1..1000
      areaScopeOfQMC AreaScopeOfQMC
      + O i serviceType : ServiceType
    UE-Application-Layer-Measurement-Capability = bits 8
    WLANMeasurementConfiguration = record
      wlanMeasConfig WLANMeasConfig
      wlanMeasConfigNameList? WLANMeasConfigNameList
      wlan-rssi? enum true ...
      wlan-rtt? enum true ...
    WLANMeasConfigNameList = list 1..4 WLANName
    WLANMeasConfig = enum setup ...
    WLANName = octets 1..32
    """#
}
