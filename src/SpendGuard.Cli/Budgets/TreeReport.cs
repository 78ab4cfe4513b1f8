using System.Text.Json.Nodes;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Limits;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Pauses;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Budgets;

/// <summary>A tree of budgets.</summary>
internal sealed class TreeReport(BudgetTree tree, DateTimeOffset now) : IReport
{
    public JsonNode Json => new JsonObject { ["nodes"] = new JsonArray([.. tree.Branches.Select(branch => branch.Node.Json.DeepClone())]) };

    public IEnumerable<string> Lines => tree.Branches.Count == 0 ? ["(no agents)"] : tree.Branches.SelectMany(branch =>
        branch.Node.Body.Limits.Select(LimitLines.Of).Concat(LimitLines.OfBreaker(branch.Node.Body.IdenticalCalls)).DefaultIfEmpty("window=")
            .Select(limit => $"{NodeLine(branch.Node.Body)} {limit} {Line.Of("paused_above", branch.PausedAbove)}"));

    public IRenderable Picture => tree.Branches.Count == 0
        ? new Unbroken("There are no agents. Create one: ", "spendguard bootstrap --name my-agent --limit 500")
        : new TreePicture(tree, now);

    private static string NodeLine(NodeView node) => string.Join(
        ' ',
        Line.Of("id", node.Id),
        Line.Of("kind", node.Kind),
        Line.Of("name", node.Name),
        Line.Of("under", node.Under),
        Line.Of("paused_by", PauseLine.By(node.Paused)));
}
