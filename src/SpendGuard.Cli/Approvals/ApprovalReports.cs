using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Approvals;

/// <summary>What has become of one request.</summary>
internal sealed class ApprovalReport(Answer<ApprovalView> approval) : IReport
{
    public JsonNode Json => approval.Json;

    public IEnumerable<string> Lines => [ApprovalLine.Of(approval.Body)];

    public IRenderable Picture => approval.Body.State switch
    {
        "approved" => Markup.FromInterpolated($"[green]Approved[/]: {Dollars.OfMicrocents(approval.Body.AddedMicrocents)} more in the {approval.Body.Limit} limit of [bold]{approval.Body.Node}[/], {ApprovalTable.Until(approval.Body)}."),
        "ended" => Markup.FromInterpolated($"[yellow]Approved before[/]: {Dollars.OfMicrocents(approval.Body.AddedMicrocents)} more in the {approval.Body.Limit} limit of [bold]{approval.Body.Node}[/], which has ended."),
        _ => Markup.FromInterpolated($"[yellow]Denied[/]: the {approval.Body.Limit} limit of [bold]{approval.Body.Node}[/] stays as it is."),
    };
}

internal sealed class ApprovalListReport(IReadOnlyList<Answer<ApprovalView>> approvals, string state, DateTimeOffset now) : IReport
{
    public JsonNode Json => new JsonObject { ["approvals"] = new JsonArray([.. approvals.Select(approval => approval.Json.DeepClone())]) };

    public IEnumerable<string> Lines => approvals.Count == 0 ? [Nothing] : approvals.Select(approval => ApprovalLine.Of(approval.Body));

    public IRenderable Picture => approvals.Count == 0
        ? Markup.FromInterpolated($"[grey]{Nothing}[/]")
        : new Rows((IRenderable[])[ApprovalTable.Of(approvals.Select(approval => approval.Body), now), .. Hints]);

    private string Nothing => state == "pending" ? "(nothing is asked for)" : "(no requests for approval)";

    private IEnumerable<IRenderable> Hints => approvals.FirstOrDefault(approval => approval.Body.State == "pending") is { Body: var first }
        ? [new Unbroken("Approve: ", $"spendguard approvals approve {first.ApprovalId} --add 5 --for 8h")]
        : [];
}

/// <summary>A request on a line, for scripts.</summary>
internal static class ApprovalLine
{
    public static string Of(ApprovalView approval) => string.Join(
        ' ',
        Line.Of("approval_id", approval.ApprovalId),
        Line.Of("state", approval.State),
        Line.Of("agent_id", approval.AgentId),
        Line.Of("node", approval.Node),
        Line.Of("limit", approval.Limit),
        Line.Of("need_microcents", approval.NeedMicrocents),
        Line.Of("model", approval.Model),
        Line.Of("run_id", approval.RunId),
        Line.Of("asked_at", Moment.Of(approval.AskedAt)),
        Line.Of("added_microcents", approval.AddedMicrocents),
        Line.Of("until", Moment.Of(approval.Until)),
        Line.Of("by", approval.By),
        Line.Of("reason", approval.Reason));
}

/// <summary>Requests as a table.</summary>
internal static class ApprovalTable
{
    public static IRenderable Of(IEnumerable<ApprovalView> approvals, DateTimeOffset now) => new FittedTable<ApprovalView>([.. approvals],
    [
        new("request", approval => approval.ApprovalId),
        new("agent", approval => approval.AgentId, Rank: 2, IsCut: true),
        new("limit", approval => approval.Node == approval.AgentId ? approval.Limit : $"{approval.Limit} of {approval.Node}", IsCut: true),
        new(">missing", approval => Dollars.OfMicrocents(approval.NeedMicrocents)),
        new("model", approval => approval.Model ?? "", Rank: 3, IsCut: true),
        new("asked", approval => $"{Spans.Of(now - approval.AskedAt)} ago", Rank: 1, Style: _ => new Style(Color.Grey)),
        new("state", StateOf, IsCut: true, Style: approval => new Style(approval.State == "pending" ? Color.Yellow : Color.Grey)),
    ]);

    /// <summary>Such as <c>until 2026-11-27T20:00:00Z</c>.</summary>
    public static string Until(ApprovalView approval) => approval.Until is { } until ? $"until {Moment.Of(until)}" : "until it is set anew";

    private static string StateOf(ApprovalView approval) => approval.State switch
    {
        "approved" => $"{Dollars.OfMicrocents(approval.AddedMicrocents)} {Until(approval)}{By(approval)}",
        "denied" => $"denied{By(approval)}",
        "ended" => $"{Dollars.OfMicrocents(approval.AddedMicrocents)}, ended{By(approval)}",
        var other => other,
    };

    private static string By(ApprovalView approval) =>
        $"{(approval.By is null ? "" : $", by {approval.By}")}{(approval.Reason is null ? "" : $": {approval.Reason}")}";
}
