using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Control;

/// <summary>Reads and writes the bodies of the control routes without reflection.</summary>
[JsonSerializable(typeof(AdminKeyCreated))]
[JsonSerializable(typeof(AgentRequest))]
[JsonSerializable(typeof(NewAgentRequest))]
[JsonSerializable(typeof(AgentBody))]
[JsonSerializable(typeof(AgentCreated))]
[JsonSerializable(typeof(AgentList))]
[JsonSerializable(typeof(AgentDeleted))]
[JsonSerializable(typeof(RunCreated))]
[JsonSerializable(typeof(BudgetRequest))]
[JsonSerializable(typeof(BudgetBody))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyCreated))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(DryRunRequest))]
[JsonSerializable(typeof(DryRunBody))]
internal sealed partial class ControlJson : JsonSerializerContext;
