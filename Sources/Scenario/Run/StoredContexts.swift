import NASCrypto
import NASMessages
import NASSecurity
import Observer
import UserEquipment

extension StoredContext {
  /// What a UE brings along from before: its current native context, and the GUTI that it names itself by; nil where it has none.
  public init?(of ue: UE) {
    guard let context = ue.contexts.current, context.type == .native, let uplink = context.uplinkNASCount else { return nil }
    self.init(
      imsi: ue.configuration.imsi, guti: ue.registration.guti, kasme: context.kasme, eKSI: context.keySetIdentifier,
      ciphering: context.algorithms.ciphering, integrity: context.algorithms.integrity, nextUplinkCount: uplink.value,
      largestDownlinkCount: context.downlinkNASCount?.value, servingNetwork: ue.configuration.plmn.wireOctets)
  }
}
