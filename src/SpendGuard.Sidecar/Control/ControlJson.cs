using System.Text.Json.Serialization;
using SpendGuard.Sidecar.Alerts;
using SpendGuard.Sidecar.Control.Approvals;
using SpendGuard.Sidecar.Control.Reports;
using SpendGuard.Sidecar.Control.Tree;
using SpendGuard.Sidecar.Readiness;

namespace SpendGuard.Sidecar.Control;

/// <summary>Reads and writes the bodies of the control routes without reflection.</summary>
[JsonSerializable(typeof(AdminKeyCreated))]
[JsonSerializable(typeof(AlertPage))]
[JsonSerializable(typeof(AlertReplayRequest))]
[JsonSerializable(typeof(AlertsReplayed))]
[JsonSerializable(typeof(AgentRequest))]
[JsonSerializable(typeof(NewAgentRequest))]
[JsonSerializable(typeof(AgentBody))]
[JsonSerializable(typeof(AgentCreated))]
[JsonSerializable(typeof(AgentList))]
[JsonSerializable(typeof(AgentDeleted))]
[JsonSerializable(typeof(RunCreated))]
[JsonSerializable(typeof(BudgetRequest))]
[JsonSerializable(typeof(BudgetBody))]
[JsonSerializable(typeof(GroupRequest))]
[JsonSerializable(typeof(GroupBody))]
[JsonSerializable(typeof(GroupList))]
[JsonSerializable(typeof(GroupDeleted))]
[JsonSerializable(typeof(PauseRequest))]
[JsonSerializable(typeof(LimitRequest))]
[JsonSerializable(typeof(LimitBody))]
[JsonSerializable(typeof(LimitList))]
[JsonSerializable(typeof(LimitRemoved))]
[JsonSerializable(typeof(BreakerRequest))]
[JsonSerializable(typeof(BreakerBody))]
[JsonSerializable(typeof(TreePage))]
[JsonSerializable(typeof(PathBody))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyCreated))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(ReportBody))]
[JsonSerializable(typeof(ApprovalBody))]
[JsonSerializable(typeof(ApprovalList))]
[JsonSerializable(typeof(ApproveRequest))]
[JsonSerializable(typeof(DenyRequest))]
[JsonSerializable(typeof(DryRunRequest))]
[JsonSerializable(typeof(DryRunBody))]
[JsonSerializable(typeof(ProviderChecked))]
internal sealed partial class ControlJson : JsonSerializerContext;
