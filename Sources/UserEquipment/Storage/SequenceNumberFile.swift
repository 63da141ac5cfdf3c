import NASCrypto

/// The sequence numbers that a USIM accepted, as a file. A real USIM keeps them inside, and no specification lays them out.
///
/// In the frame of ``CheckedRecord`` with the letters `SQN`:
///
///     octets   content
///     14       how many of the 48 bits of SQN are IND: 0 ... 16
///     15-22    Δ of TS 33.102 Annex C.2.1
///     23-30    L of Annex C.2.2; FF in all: no limit
///     31-      the highest SEQ accepted with IND 0, 1, 2, …: six octets each; 0 where none was
public enum SequenceNumberFile {
  static let record = CheckedRecord("SQN", name: "SQN")
  private static let fixedLength = 17

  public static func encoded(_ numbers: USIMSequenceNumbers, imsi: String) -> [UInt8] {
    var content = [UInt8(numbers.indexBits)] + bigEndian(numbers.delta, count: 8)
    content += bigEndian(numbers.ageLimit ?? .max, count: 8)
    for sequence in numbers.sequences { content += bigEndian(sequence, count: 6) }
    return record.encoded(content, imsi: imsi)
  }

  /// - Throws: ``USIMFileError`` when the octets are not this file's, or another card's.
  public static func decode(_ octets: [UInt8], imsi: String) throws(USIMFileError) -> USIMSequenceNumbers {
    let content = try record.content(of: octets, imsi: imsi)
    guard let indexBits = content.first, indexBits <= 16, content.count == fixedLength + 6 << Int(indexBits) else {
      throw USIMFileError(file: record.name, reason: "\(content.count) octets of content are not those of any IND")
    }
    let limit = number(content[9..<fixedLength])
    let sequences = stride(from: fixedLength, to: content.count, by: 6).map { number(content[$0..<($0 + 6)]) }
    let numbers = USIMSequenceNumbers(
      indexBits: Int(indexBits), delta: number(content[1..<9]), ageLimit: limit == .max ? nil : limit, sequences: sequences)
    guard let numbers else { throw USIMFileError(file: record.name, reason: "a SEQ of more than \(48 - Int(indexBits)) bits") }
    return numbers
  }
}
