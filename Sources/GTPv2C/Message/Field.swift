/// A value that an information element holds.
public protocol ElementValue: Sendable, Equatable {
  /// - Parameter octets: the element's value; its indices are those of the message.
  init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError)
  var octets: [UInt8] { get }
}

/// An element of a message that a node may count on: reading it throws where it is absent.
public struct MandatoryElement<Value: ElementValue>: Sendable {
  public let type: ElementType
  public let instance: UInt8
  public let name: String

  init(_ name: String, _ type: ElementType, _ instance: UInt8 = 0) {
    self.name = name
    self.type = type
    self.instance = instance
  }
}

/// An element that may be absent (conditional or optional).
public struct OptionalElement<Value: ElementValue>: Sendable {
  public let type: ElementType
  public let instance: UInt8
  public let name: String

  init(_ name: String, _ type: ElementType, _ instance: UInt8 = 0) {
    self.name = name
    self.type = type
    self.instance = instance
  }
}

/// What has elements: a message, or a grouped element.
public protocol ElementHolder {
  var elements: [InformationElement] { get set }
  /// Where a missing element would be, for the error.
  var place: (name: String, offset: Int) { get }
}

extension ElementHolder {
  /// The first of a type and instance; where it is repeated the others are ignored (TS 29.274 §7.7.10).
  func first(_ type: ElementType, _ instance: UInt8) -> InformationElement? {
    elements.first { $0.type == type && $0.instance == instance }
  }

  public subscript<V>(_ field: MandatoryElement<V>) -> V {
    get throws(GTPv2CError) {
      guard let element = first(field.type, field.instance) else {
        throw GTPv2CError(.missing, offset: place.offset, path: field.name).inside(place.name)
      }
      do { return try V(decoding: element.value) } catch { throw error.inside(field.name).inside(place.name) }
    }
  }

  /// nil where it is absent.
  public subscript<V>(_ field: OptionalElement<V>) -> V? {
    get throws(GTPv2CError) {
      guard let element = first(field.type, field.instance) else { return nil }
      do { return try V(decoding: element.value) } catch { throw error.inside(field.name).inside(place.name) }
    }
  }

  /// Every element of a type and instance, for lists.
  public func all<V>(_ field: OptionalElement<V>) throws(GTPv2CError) -> [V] {
    var values: [V] = []
    for element in elements where element.type == field.type && element.instance == field.instance {
      do { values.append(try V(decoding: element.value)) } catch { throw error.inside(field.name).inside(place.name) }
    }
    return values
  }

  public mutating func add<V>(_ field: MandatoryElement<V>, _ value: V) {
    elements.append(InformationElement(field.type, instance: field.instance, value: value.octets))
  }

  /// Adds nothing for nil.
  public mutating func add<V>(_ field: OptionalElement<V>, _ value: V?) {
    if let value { elements.append(InformationElement(field.type, instance: field.instance, value: value.octets)) }
  }
}

extension GTPv2CMessage: ElementHolder {
  public var place: (name: String, offset: Int) { (type.name, 0) }

  /// Whether every element that its table calls mandatory is there: the first that is not (TS 29.274 §7.7.6).
  public var missingElement: String? {
    type.grammar?.rows.first { $0.isMandatory && first($0.type, $0.instance) == nil }?.name
  }

  /// The name of an element by the message's table.
  public func name(of element: InformationElement) -> String {
    type.grammar?.rows.first { $0.type == element.type && $0.instance == element.instance }?.name
      ?? "element \(element.type.rawValue), instance \(element.instance)"
  }
}
