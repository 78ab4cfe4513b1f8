using System.CommandLine;
using System.CommandLine.Completions;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Nodes;

/// <summary>Which agent or group a command is about. A shell completes it with those that there are.</summary>
internal static class NodeArgument
{
    /// <summary>More than anybody reads.</summary>
    private const int MostOffered = 500;

    /// <summary>A shell that completes waits for no sidecar longer than this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>An agent or a group.</summary>
    public static Argument<string> Node(ConnectionOptions connection)
    {
        var argument = new Argument<string>("node") { HelpName = "node", Description = "An agent or a group: its id, its name, or the beginning of its id" };
        argument.CompletionSources.Add(context => Offer(connection, context, groupsOnly: false));
        return argument;
    }

    /// <summary>An agent or a group, or none.</summary>
    public static Argument<string?> OptionalNode(ConnectionOptions connection)
    {
        var argument = new Argument<string?>("node") { HelpName = "node", Description = "A group to begin at, or an agent [default: all]", Arity = ArgumentArity.ZeroOrOne };
        argument.CompletionSources.Add(context => Offer(connection, context, groupsOnly: false));
        return argument;
    }

    /// <summary>A group.</summary>
    public static Argument<string> Group(ConnectionOptions connection)
    {
        var argument = new Argument<string>("group") { HelpName = "group", Description = "The group: its id, and of one that is there also its name" };
        argument.CompletionSources.Add(context => Offer(connection, context, groupsOnly: true));
        return argument;
    }

    /// <summary>The group that something is under.</summary>
    public static Option<string?> Under(ConnectionOptions connection, string description)
    {
        var option = new Option<string?>("--under") { Description = description, HelpName = "group" };
        option.CompletionSources.Add(context => Offer(connection, context, groupsOnly: true));
        return option;
    }

    private static IEnumerable<CompletionItem> Offer(ConnectionOptions connection, CompletionContext context, bool groupsOnly)
    {
        try
        {
            using var sidecar = connection.Connect(context.ParseResult);
            using var timeout = new CancellationTokenSource(Patience);
            return groupsOnly
                ? Task.Run(() => sidecar.ListGroupsAsync(after: null, MostOffered, timeout.Token)).GetAwaiter().GetResult()
                    .Body.Groups.Select(group => new CompletionItem(group.GroupId, detail: group.Name))
                : Task.Run(() => sidecar.ReadTreeAsync(after: null, MostOffered, timeout.Token)).GetAwaiter().GetResult()
                    .Body.Nodes.Select(node => new CompletionItem(node.Id, detail: node.Name));
        }
        catch (Exception exception) when (exception is CommandFailedException or OperationCanceledException)
        {
            // Nothing to offer; the command itself will say what is wrong.
            return [];
        }
    }
}
