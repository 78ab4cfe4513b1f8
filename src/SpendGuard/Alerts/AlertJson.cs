using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SpendGuard.Alerts;

/// <summary>The one form in which an alert is kept by stores and sent to webhooks: <c>{"type":…,"timestamp":…,"data":{…}}</c>.</summary>
[Experimental(ApiTier.Stores)]
public static class AlertJson
{
    private static readonly Dictionary<AlertKind, string> Types = new()
    {
        [AlertKind.LimitThreshold] = "spendguard.limit.threshold",
        [AlertKind.Refused] = "spendguard.call.refused",
        [AlertKind.Paused] = "spendguard.node.paused",
        [AlertKind.Resumed] = "spendguard.node.resumed",
        [AlertKind.Overdrawn] = "spendguard.limit.overdrawn",
        [AlertKind.Forfeited] = "spendguard.call.forfeited",
        [AlertKind.ApprovalRequested] = "spendguard.approval.requested",
    };

    private static readonly Dictionary<string, AlertKind> Kinds = Types.ToDictionary(type => type.Value, type => type.Key, StringComparer.Ordinal);

    /// <summary>The name of what an alert tells of, as receivers know it, such as <c>spendguard.limit.threshold</c>.</summary>
    public static string TypeOf(AlertKind kind) => Types[kind];

    /// <summary>Writes an alert as JSON text.</summary>
    /// <param name="alert">The alert.</param>
    public static string Write(Alert alert) => JsonSerializer.Serialize(BodyOf(alert), AlertBodyJson.Default.AlertBody);

    /// <summary>Reads what <see cref="Write"/> wrote. Fields that are not known are passed over.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="FormatException">It is no alert, or one of a kind that this version does not know.</exception>
    public static Alert Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var body = JsonSerializer.Deserialize(json, AlertBodyJson.Default.AlertBody);
            return body is not null && Kinds.TryGetValue(body.Type, out var kind) ? AlertOf(body, kind) : throw new FormatException($"There is no kind of alert '{body?.Type}'.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new FormatException("What is kept as an alert cannot be read.", exception);
        }
    }

    internal static byte[] WriteUtf8(Alert alert, string? organization = null, string? approveUrl = null) =>
        JsonSerializer.SerializeToUtf8Bytes(BodyOf(alert, organization, approveUrl), AlertBodyJson.Default.AlertBody);

    private static AlertBody BodyOf(Alert alert, string? organization = null, string? approveUrl = null)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return new AlertBody(TypeOf(alert.Kind), alert.At.UtcDateTime, new AlertData
        {
            Id = alert.Id,
            OrganizationId = organization,
            NodeId = alert.Node.Value,
            Limit = alert.Limit,
            Percent = alert.Percent,
            GrantedCents = alert.Granted?.CentsRoundedDown,
            GrantedMicrocents = alert.Granted?.Microcents,
            SpentCents = alert.Spent?.CentsRoundedUp,
            SpentMicrocents = alert.Spent?.Microcents,
            HeldCents = alert.Held?.CentsRoundedUp,
            HeldMicrocents = alert.Held?.Microcents,
            RequiredCents = alert.Required?.CentsRoundedUp,
            RequiredMicrocents = alert.Required?.Microcents,
            AgentId = alert.Agent?.Value,
            RunId = alert.Run?.Value,
            Model = alert.Model,
            By = alert.By,
            Reason = alert.Reason,
            ApprovalId = alert.ApprovalId,
            ApproveUrl = approveUrl,
        });
    }

    private static Alert AlertOf(AlertBody body, AlertKind kind) => new()
    {
        Id = body.Data.Id,
        Kind = kind,
        At = new DateTimeOffset(body.Timestamp.ToUniversalTime()),
        Node = new NodeId(body.Data.NodeId),
        Limit = body.Data.Limit,
        Percent = body.Data.Percent,
        Granted = Amount(body.Data.GrantedMicrocents),
        Spent = Amount(body.Data.SpentMicrocents),
        Held = Amount(body.Data.HeldMicrocents),
        Required = Amount(body.Data.RequiredMicrocents),
        Agent = body.Data.AgentId is { } agent ? new AgentId(agent) : (AgentId?)null,
        Run = body.Data.RunId is { } run ? new RunId(run) : (RunId?)null,
        Model = body.Data.Model,
        By = body.Data.By,
        Reason = body.Data.Reason,
        ApprovalId = body.Data.ApprovalId,
    };

    private static Money? Amount(long? microcents) => microcents is { } amount ? Money.FromMicrocents(amount) : null;
}
