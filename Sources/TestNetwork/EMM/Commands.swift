import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// Procedures that the network starts because it was told to. They wait for a running one of the same UE to end, and for an
/// idle UE to answer paging.
extension MME {
  mutating func ordered(_ command: NetworkCommand, imsi: String, using engine: inout CryptoEngine) {
    guard let index = index(named: imsi) else {
      return discard("command for IMSI \(imsi), which the HSS does not have", "configuration")
    }
    guard let id = ues[index].connection else { return orderedForIdle(command, index) }
    switch command {
    case .page, .pageByIMSI: return discard("not paged: the UE is connected", "TS 24.301 §5.6.2", ue: index)
    case .release: return release(id, cause: .normalRelease)
    default: break
    }
    guard enqueue(command, for: index) else { return }
    runQueue(on: id, using: &engine)
  }

  private mutating func orderedForIdle(_ command: NetworkCommand, _ index: Int) {
    guard ues[index].state == .registered else {
      return discard("command refused: the UE is not registered", "TS 24.301 §5.1.3", ue: index)
    }
    switch command {
    case .release: discard("nothing to release: the UE is idle", "TS 36.413 §8.3.3", ue: index)
    case .page: page(index)
    case .pageByIMSI: page(index, byIMSI: true)
    default: if enqueue(command, for: index) { page(index) }
    }
  }

  private mutating func enqueue(_ command: NetworkCommand, for index: Int) -> Bool {
    guard ues[index].queue.count < configuration.maximumQueuedCommands else {
      discard("command refused: \(ues[index].queue.count) are waiting", "configuration", ue: index)
      return false
    }
    ues[index].queue.append(command)
    return true
  }

  /// Starts what waits, as far as nothing runs. Also the rules on SMC beside a change of AS keys are kept here: neither
  /// starts while the other is outstanding (TS 33.401 §7.2.10).
  mutating func runQueue(on id: UInt32, using engine: inout CryptoEngine) {
    while let connection = connections[id], connection.isFree, let index = connection.subject.verified, !ues[index].queue.isEmpty {
      begin(ues[index].queue.removeFirst(), of: index, on: id, using: &engine)
    }
    renewKeysNearWrap(on: id, using: &engine)
  }

  /// A commanded procedure has ended: a procedure that it overlapped goes on, or what waits starts.
  mutating func goOn(_ id: UInt32, using engine: inout CryptoEngine) {
    proceed(id, using: &engine)
    runQueue(on: id, using: &engine)
  }

  /// Starts a command's procedure, whatever else runs.
  private mutating func begin(_ command: NetworkCommand, of index: Int, on id: UInt32, using engine: inout CryptoEngine) {
    switch command {
    case .authenticate(let thenSecurityMode):
      authenticate(index, for: .command(thenSecurityMode: thenSecurityMode), on: id, using: &engine)
    case .securityMode(let algorithms, let basis, let refreshingKeNB, let askingRadioCapabilityID):
      startSecurityMode(
        on: id, algorithms: algorithms, of: basis, refreshingKeNB: refreshingKeNB, askingRadioCapabilityID: askingRadioCapabilityID,
        for: .command, using: &engine)
    case .identify(let type): identify(type, for: .command, on: id, using: &engine)
    case .reallocateGUTI: startGUTIReallocation(of: index, on: id, using: &engine)
    case .emmInformation: sendInformation(on: id, using: &engine)
    case .information(let information): send(information, on: id, using: &engine)
    case .emmStatus(let cause): sendStatus(cause, on: id, using: &engine)
    case .detach(let reattachRequired):
      startDetach(of: index, NetworkDetach(type: reattachRequired ? .reattachRequired : .reattachNotRequired), on: id, using: &engine)
    case .detachRequest(let type, let cause): startDetach(of: index, NetworkDetach(type: type, cause: cause), on: id, using: &engine)
    case .release: release(id, cause: .normalRelease)
    case .activateDedicatedBearer(let linked, let qos, let tft):
      activateDedicatedBearer(of: index, linkedTo: linked, qos: qos, tft: tft, on: id, using: &engine)
    case .modifyBearer(let identity, let qos, let tft):
      modifyBearer(identity, of: index, qos: qos, tft: tft, on: id, using: &engine)
    case .deactivateBearer(let identity, let cause): deactivateBearer(identity, of: index, cause: cause, on: id, using: &engine)
    case .page, .pageByIMSI: break
    }
  }

  /// No waiting: the procedure overlaps with whatever runs over the UE's connection. Of one kind there is still one at a time, so a
  /// second takes the place of the first.
  mutating func orderedNow(_ command: NetworkCommand, imsi: String, using engine: inout CryptoEngine) {
    guard let index = index(named: imsi) else {
      return discard("command for IMSI \(imsi), which the HSS does not have", "configuration")
    }
    switch command {
    // An UE that is connected can be paged too; what comes of it is what the overlap is for.
    case .page: return page(index)
    case .pageByIMSI: return page(index, byIMSI: true)
    default: break
    }
    guard let id = ues[index].connection, connections[id]?.isReleasing == false else { return orderedForIdle(command, index) }
    // What would be sent now waits for the end of the relocation, unless a release ends that too.
    if connections[id]?.isSilent == true, command != .release, !configuration.defects.contains(.downlinkNASAfterRelocation) {
      _ = enqueue(command, for: index)
      return
    }
    begin(command, of: index, on: id, using: &engine)
  }
}

extension S1Connection {
  /// Nothing of this UE's is outstanding.
  var isFree: Bool {
    guard !isReleasing, isSecure, specific == nil, commons.isEmpty, reallocation == nil, bearerProcedures.isEmpty, handover == nil,
      relocation == nil, waitingSecurityMode == nil
    else { return false }
    switch contextSetup {
    case .none, .done: return true
    case .requested, .changingKey: return false
    }
  }
}
