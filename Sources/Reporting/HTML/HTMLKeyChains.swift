import Alignment

/// Two key chains side by side, and where they part.
enum HTMLKeyChains {
  static func table(_ chains: KeyChains) -> String {
    var text =
      "<table class=\"chains\"><thead><tr><th scope=\"col\">What is due</th><th scope=\"col\">What was sent</th></tr></thead><tbody>\n"
    for step in 0..<max(chains.expected.count, chains.sent.count) {
      let isParting = step == chains.parting
      text += "<tr\(isParting ? " class=\"parting\"" : "")>"
      text += cell(chains.expected, step) + cell(chains.sent, step) + "</tr>\n"
    }
    if chains.sent.isEmpty { text += "<tr><td></td><td>no derivation that was tried gives it</td></tr>\n" }
    return text + "</tbody></table>"
  }

  private static func cell(_ chain: [KeyChains.Step], _ position: Int) -> String {
    guard chain.indices.contains(position) else { return "<td></td>" }
    let step = chain[position]
    return "<td>\(Markup.escape(step.name)) <code>\(Markup.escape(step.key))</code><br>\(Markup.escape(step.origin))</td>"
  }
}
