/// Source eNB to Target eNB Transparent Container (TS 36.413 §9.2.1.7), with what it has to have and the bearers.
public enum SourceENBContainer {
  /// - Parameters:
  ///   - rrcContainer: of the source's RRC, opaque.
  ///   - bearers: E-RAB IDs, 0 to 15; the list is left out where there are none.
  ///   - target: the cell that the UE is to go to; it stands for the history of cells too, which has at least one.
  /// - Returns: the container's octets; nil where a value does not fit the grammar.
  public static func octets(rrcContainer: [UInt8], bearers: [UInt8], target: EUTRANCGI) -> [UInt8]? {
    let node = try? S1APNode("SourceeNB-ToTargeteNB-TransparentContainer") {
      $0.sequence {
        $0.component("rRC-Container") { $0.octets(rrcContainer) }
        if !bearers.isEmpty {
          $0.component("e-RABInformationList") {
            $0.list(bearers) { writer, identifier in
              writer.sequence { $0.component("e-RAB-ID") { $0.number(UInt64(identifier)) } }
            }
          }
        }
        $0.component("targetCell-ID") { $0.value(target) }
        $0.component("uE-HistoryInformation") {
          $0.list([target]) { writer, cell in
            writer.choice("e-UTRAN-Cell") {
              $0.sequence {
                $0.component("global-Cell-ID") { $0.value(cell) }
                $0.component("cellType") { $0.sequence { $0.component("cell-Size") { $0.enumerated("medium") } } }
                $0.component("time-UE-StayedInCell") { $0.number(1) }
              }
            }
          }
        }
      }
    }
    return node?.encoded()
  }
}
