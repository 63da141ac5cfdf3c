import Profiles
import RadioAccess
import S1AP
import UserEquipment

extension HandoverStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let index = run.ueIndex(ue)
    guard run.driver.ue(index).isConnected else { return .ended(.failed("the UE is not connected")) }
    // Beside other branches what a `wait` has seen may still be on its way to the eNB.
    return .until(.seconds(5), else: "the eNB has no AS security for the UE, or no answer of the MME yet") {
      run.driver.radioNetwork.isHandoverPossible(ue: index) ? start(run, index) : nil
    }
  }

  private func start(_ run: ProfileRun, _ index: Int) -> ProfileCheck.Outcome {
    let target = run.cellIndex(cell)
    guard run.driver.radioNetwork.servingENB(ofUE: index) != target else { return .failed("the UE is in cell \(cell) already") }
    let network = run.driver.radioNetwork
    guard !network.isHandingOver(ue: index) else { return .failed("another handover of the UE is under way") }
    let source = network.servingENB(ofUE: index)
    guard kind == .s1 || network.mme(ofENB: source) == network.mme(ofENB: target) else {
      return .failed("an X2 handover keeps the MME (TS 36.300 §10.1.2.1), and cell \(cell) is at another: kind: s1 goes there")
    }
    run.driver.handover(ue: index, toENB: target, kind: kind == .s1 ? .s1 : .x2)
    return .passed
  }
}

extension InterSystemHandoverStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let index = run.ueIndex(ue)
    guard run.driver.ue(index).isConnected else { return .ended(.failed("the UE is not connected")) }
    let plmn = PLMNIdentity(run.plmn)
    guard run.driver.handover(ue: index, to: system == .utran ? .utran(plmn) : .geran(plmn)) else {
      return .ended(.notApplicable("there is no SGSN that would take the UE"))
    }
    return .ended()
  }
}

extension ReturnHandoverStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let isOrdered = run.driver.returnToEUTRAN(ue: run.ueIndex(ue), toENB: run.cellIndex(cell))
    return .ended(isOrdered ? .passed : .notApplicable("there is no SGSN that would hand the UE over"))
  }
}

extension CancelHandoverStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    guard run.driver.radioNetwork.isHandingOver(ue: run.ueIndex(ue)) else {
      return .ended(.failed("no handover of the UE is under way"))
    }
    run.driver.serving(ue: run.ueIndex(ue)) { .cancelHandover($0, .unspecifiedRadioNetwork) }
    return .ended()
  }
}

extension RadioStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    if let unreachable { run.driver.setReachable(eNB: run.cellIndex(unreachable), false) }
    if let reachable { run.driver.setReachable(eNB: run.cellIndex(reachable), true) }
    if let barred { run.driver.setBarred(eNB: run.cellIndex(barred), true) }
    if let admits { run.driver.setBarred(eNB: run.cellIndex(admits), false) }
    let index = run.ueIndex(ue)
    if losesLink {
      guard run.driver.ue(index).isConnected else { return .ended(.failed("the UE is not connected")) }
      run.driver.command(.radio(.linkFailed), ue: index)
    }
    guard let downlinkNAS else { return .ended() }
    run.driver.serving(ue: index) { .holdNAS($0, downlinkNAS == .held) }
    run.driver.serving(ue: index) { .radioUnavailable($0, downlinkNAS == .undeliverable) }
    return .ended()
  }
}
