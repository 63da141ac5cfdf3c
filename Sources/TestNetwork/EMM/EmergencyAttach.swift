import NASCrypto
import NASMessages
import NASSecurity

/// Emergency attach of a UE that cannot be, or is not to be, authenticated (TS 24.301 §5.5.1.2, §5.4.2.5, §5.4.3.2): it gets a context of
/// its own with null algorithms, apart from whatever the HSS has under the IMSI that it claims, and loses it when it goes.
extension MME {
  /// Whether the running attach is one for emergency services.
  func isEmergency(_ specific: SpecificProcedure?) -> Bool {
    guard case .attach(let attach) = specific else { return false }
    return (try? attach.initial.message[AttachRequest.epsAttachType]) == .epsEmergencyAttach
  }

  func isGuest(_ index: Int) -> Bool { index >= hss.subscribers.count }

  /// The IMSI, or what a guest was let in as.
  func name(of index: Int) -> String {
    isGuest(index) ? guests[index - hss.subscribers.count] : hss.subscribers[index].imsi
  }

  /// Subscribers by IMSI, guests by the name they have in outputs.
  func index(named name: String) -> Int? {
    hss.index(of: name) ?? guests.firstIndex(of: name).map { $0 + hss.subscribers.count }
  }

  /// Lets the running emergency attach go on without authentication, as policy has it.
  ///
  /// - Returns: false where it is no emergency attach or policy is against it; nothing has happened then.
  mutating func admitGuest(_ name: String, on id: UInt32, using engine: inout CryptoEngine) -> Bool {
    guard isEmergency(connections[id]?.specific), configuration.emergency != .authenticated else { return false }
    guard let index = freeGuest(named: "emergency \(name)") else {
      rejectAttach(on: id, cause: .congestion, using: &engine)
      return true
    }
    leave(id)
    ues[index] = UEContext()
    updateInitial(on: id) {
      $0.mustAuthenticate = false; $0.hasFreshKASME = false
    }
    bind(id, to: index)
    reportProcedure("emergency attach without authentication", on: id)
    proceed(id, using: &engine)
    return true
  }

  /// A place whose guest has gone, or a new one; nil where there are too many.
  private mutating func freeGuest(named name: String) -> Int? {
    let count = hss.subscribers.count
    if let place = guests.indices.first(where: { ues[count + $0].state == .deregistered && ues[count + $0].connection == nil }) {
      guests[place] = name
      return count + place
    }
    guard guests.count < configuration.maximumEmergencyGuests else { return nil }
    guests.append(name)
    ues.append(UEContext())
    return count + guests.count - 1
  }

  /// The context with null algorithms: eKSI 0, over a KASME made up here.
  mutating func nullContext(using engine: inout CryptoEngine) -> NASSecurity.SecurityContext {
    .nullForEmergency(localKASME: KeyMaterial(random.octets(32)), side: .mme, using: &engine)
  }

  /// Contexts of emergencies are never kept (Annex C).
  mutating func forgetGuest(_ index: Int) {
    guard isGuest(index) else { return }
    if let guti = ues[index].guti { ueOfTMSI[guti.mTMSI] = nil }
    if let guti = ues[index].proposedGUTI { ueOfTMSI[guti.mTMSI] = nil }
    ues[index].guti = nil
    ues[index].proposedGUTI = nil
    ues[index].security.deleteAll()
  }
}
