/// A whole HTML file: no scripts, nothing loaded from elsewhere, light or dark as the reader's system is.
enum HTMLPage {
  /// - Parameters:
  ///   - state: `passed` or `failed`.
  ///   - body: markup.
  static func document(title: String, state: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Markup.escape(title)): \(state)</title>
    <style>\(HTMLStyle.sheet)</style>
    </head>
    <body>
    <header><h1>\(Markup.escape(title))</h1><span class="badge \(state)">\(state)</span></header>
    \(body)</body>
    </html>

    """
  }
}
