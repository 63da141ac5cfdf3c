import Profiles
import TestNetwork

extension ProfileRun {
  /// Orders the MME that serves a UE to start a procedure: in process, or through what the command was given for it.
  ///
  /// - Returns: false where it takes no orders from here.
  func order(_ command: NetworkCommand, text: String, ue: Int, atOnce: Bool) -> Bool {
    if driver.order(command, imsi: imsi(ue), atOnce: atOnce) { return true }
    guard let send = settings.order else { return false }
    let words = text.split(separator: " ").map(String.init)
    guard let verb = words.first else { return false }
    let line = ((atOnce ? ["now"] : []) + [verb, imsi(ue)] + words.dropFirst()).joined(separator: " ")
    let mme = driver.radioNetwork.mme(ofENB: driver.radioNetwork.servingENB(ofUE: ue))
    guard send(profile.mmes[mme].name, line) else { return false }
    note("order: \(line)")
    return true
  }
}
