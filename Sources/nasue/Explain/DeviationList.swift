import Reporting
import UserEquipment

/// The deviations that `--deviation` takes.
enum DeviationList {
  static var text: String {
    var table = Table("deviation", "departs from", "the UE")
    for deviation in Deviation.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
      table.add(deviation.rawValue, deviation.clause, deviation.description)
    }
    return table.text
  }

  /// One object a line.
  static var jsonLines: String {
    Deviation.allCases.sorted { $0.rawValue < $1.rawValue }.map { deviation in
      var json = JSONWriter()
      json.object {
        $0.member("deviation", deviation.rawValue)
        $0.member("clause", deviation.clause)
        $0.member("description", deviation.description)
      }
      json.endLine()
      return json.text
    }.joined()
  }
}
