import Alignment
import Profiles
import UserEquipment

extension AssertStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    switch assertion {
    case .aligned(let slugs): return .ended(run.judgeAligned(slugs, ue: ue.map { run.imsi(run.ueIndex($0)) }))
    case .misaligned(let slugs):
      run.reportContexts()
      run.expect(misaligned: slugs)
      let imsi = ue.map { run.imsi(run.ueIndex($0)) }
      let found = run.verdicts().filter { $0.verdict == .misaligned && (imsi == nil || $0.ue == imsi || $0.ue.isEmpty) }
      let missing = slugs.filter { slug in !found.contains { $0.slug == slug || $0.assertion == slug } }
      return .ended(missing.isEmpty ? .passed : .failed("not misaligned: \(missing.joined(separator: ", "))"))
    case .accessStratumKeysAgree: return .ended(run.compareKeys(run.ueIndex(ue)))
    case .state(let name):
      let state = run.driver.ue(run.ueIndex(ue)).state
      return .ended(EMMStateNames.names(name, state) ? .passed : .failed("the UE is in \(state)"))
    }
  }
}

extension ProfileRun {
  /// What must be decided where a profile does not say: that both sides hold one context, and what gave KeNB.
  static let usuallyRequired = [
    "nas-context/kasme", "nas-context/ciphering-algorithm", "nas-context/integrity-algorithm", "kenb-explained",
  ]

  fileprivate func judgeAligned(_ slugs: [String], ue: String?) -> ProfileCheck.Outcome {
    reportContexts()
    let verdicts = verdicts().filter { ue == nil || $0.ue == ue || $0.ue.isEmpty }
    if let wrong = verdicts.first(where: { $0.verdict == .misaligned }) { return .failed(wrong.failureWords) }
    let ues = ue.map { [$0] } ?? attachedUEs.sorted().map { imsi($0) }
    var open: [String] = []
    for ue in ues {
      for slug in slugs.isEmpty ? Self.usuallyRequired : slugs where !profile.allowedUnobserved.contains(slug) {
        let found = verdicts.filter { $0.ue == ue && ($0.slug == slug || $0.assertion == slug) }
        if found.isEmpty {
          open.append("\(slug) of UE \(ue): nothing seen of it")
        } else if let verdict = found.first(where: { $0.verdict == .unobserved && !isExempt($0, of: slug, among: found) }) {
          open.append("\(verdict.slug) of UE \(ue): unobserved: \(verdict.note)")
        }
      }
    }
    if ues.isEmpty { open.append("no UE has attached") }
    return open.isEmpty ? .passed : .failed("required and not decided: " + open.joined(separator: "; "))
  }

  /// Whether it may stay open: by the profile's word, or as one of several that a real peer keeps to itself while it shows others. Who wants
  /// an attribute decided there names it.
  private func isExempt(_ verdict: Verdict, of required: String, among found: [Verdict]) -> Bool {
    if profile.allowedUnobserved.contains(verdict.slug) { return true }
    return !isInProcess && verdict.slug != required && found.contains { $0.verdict == .aligned }
  }

  fileprivate func compareKeys(_ ue: Int) -> ProfileCheck.Outcome {
    let (equipment, eNB) = driver.radioNetwork.radioSecurity(ofUE: ue)
    switch (equipment, eNB) {
    case (nil, nil): return .failed("there is no AS security")
    case (let equipment?, let eNB?): return equipment == eNB ? .passed : .failed("UE and eNB hold different AS keys")
    case (nil, _?): return .failed("the eNB has AS security, the UE has none")
    case (_?, nil): return .failed("the UE has AS security, the eNB has none")
    }
  }
}
