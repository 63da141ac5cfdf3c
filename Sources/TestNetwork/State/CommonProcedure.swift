/// An EMM common procedure that awaits the UE's answer. The MME's own rules start them one after another; a command that is to
/// start now lets different ones overlap, but never two of one kind.
indirect enum CommonProcedure: Sendable {
  case identification(Identification)
  case authentication(Authentication)
  case securityMode(SecurityModeControl)
  case esmInformation(ESMInformation)

  var name: String {
    switch self {
    case .identification: "identification"
    case .authentication: "authentication"
    case .securityMode: "security mode control"
    case .esmInformation: "ESM information request"
    }
  }

  /// What supervises it. T3460 of an SMC is kept apart from T3460 of an authentication beside it.
  var timer: (kind: MMETimer.Kind, instance: UInt8) {
    switch self {
    case .identification: (.t3470, 0)
    case .authentication: (.t3460, 0)
    case .securityMode: (.t3460, MMETimer.securityMode)
    case .esmInformation: (.t3489, 0)
    }
  }
}

extension S1Connection {
  var identification: Identification? {
    get {
      for procedure in commons { if case .identification(let value) = procedure { return value } }
      return nil
    }
    set { replace(newValue.map { .identification($0) }) { if case .identification = $0 { true } else { false } } }
  }

  var authentication: Authentication? {
    get {
      for procedure in commons { if case .authentication(let value) = procedure { return value } }
      return nil
    }
    set { replace(newValue.map { .authentication($0) }) { if case .authentication = $0 { true } else { false } } }
  }

  var securityMode: SecurityModeControl? {
    get {
      for procedure in commons { if case .securityMode(let value) = procedure { return value } }
      return nil
    }
    set { replace(newValue.map { .securityMode($0) }) { if case .securityMode = $0 { true } else { false } } }
  }

  var esmInformation: ESMInformation? {
    get {
      for procedure in commons { if case .esmInformation(let value) = procedure { return value } }
      return nil
    }
    set { replace(newValue.map { .esmInformation($0) }) { if case .esmInformation = $0 { true } else { false } } }
  }

  private mutating func replace(_ procedure: CommonProcedure?, _ isSameKind: (CommonProcedure) -> Bool) {
    let place = commons.firstIndex(where: isSameKind)
    switch (place, procedure) {
    case (.some(let place), .some(let procedure)): commons[place] = procedure
    case (.some(let place), nil): commons.remove(at: place)
    case (nil, .some(let procedure)): commons.append(procedure)
    case (nil, nil): break
    }
  }
}
