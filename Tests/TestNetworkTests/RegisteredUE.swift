import TestNetwork

/// An MME with one eNB, and a UE that has attached.
func registered(_ configure: (inout MMEConfiguration) -> Void = { _ in }) throws -> (NetworkBench, ScriptedUE, Line) {
  let bench = NetworkBench(configure)
  _ = try bench.setUp()
  var ue = ScriptedUE()
  let line = try ue.attach(bench)
  return (bench, ue, line)
}

/// Has the network begin a procedure with the first subscriber's UE, in its turn.
func order(_ command: NetworkCommand, _ bench: NetworkBench) -> [MME.Output] {
  bench.give(.command(command, imsi: NetworkBench.imsi))
}
