using System.CommandLine;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Nodes;

namespace SpendGuard.Cli.Budgets;

/// <summary><c>spendguard budget tree</c>: who is under whom, and what is left of every limit.</summary>
internal static class TreeCommand
{
    public static Command Of(Shell shell, ConnectionOptions connection)
    {
        var node = NodeArgument.OptionalNode(connection);
        var command = new Command("tree", "Show all groups and agents with their limits; those below a group; or an agent and what is above it.") { node };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = connection.Connect(parsed);
            connection.Writer(parsed).Write(new TreeReport(await ReadAsync(sidecar, parsed.GetValue(node), stop), shell.Time.GetUtcNow()));
        });
        return command;
    }

    private static async Task<BudgetTree> ReadAsync(SidecarClient sidecar, string? id, CancellationToken stop)
    {
        if (id is null)
        {
            return BudgetTree.Of(await NodeReader.ReadAllAsync(sidecar, stop).ToListAsync(stop));
        }

        var found = await NodeReader.FindAsync(sidecar, id, stop);
        if (!found.IsAgent)
        {
            return BudgetTree.Of(await NodeReader.ReadAllAsync(sidecar, stop).ToListAsync(stop), top: found.Id);
        }

        var path = await sidecar.ReadPathAsync(found.Id, stop);
        var json = path.Json["nodes"]!.AsArray();
        return BudgetTree.Of([.. path.Body.Nodes.Select((node, at) => new Answer<NodeView>(node, json[at]!))]);
    }
}
