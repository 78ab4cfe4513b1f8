using System.CommandLine;
using System.CommandLine.Completions;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Agents;

/// <summary>Which agent a command is about. A shell completes it with the agents that there are.</summary>
internal static class AgentOption
{
    /// <summary>More than anybody reads.</summary>
    private const int MostOffered = 500;

    /// <summary>A shell that completes waits for no sidecar longer than this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static Option<string?> Optional(ConnectionOptions connection, string description)
    {
        var option = new Option<string?>("--agent") { Description = description, HelpName = "id|name" };
        option.CompletionSources.Add(context => Offer(connection, context));
        return option;
    }

    /// <summary>The agents that there are, for a shell that completes.</summary>
    public static IEnumerable<CompletionItem> Offer(ConnectionOptions connection, CompletionContext context)
    {
        try
        {
            using var sidecar = connection.Connect(context.ParseResult);
            using var timeout = new CancellationTokenSource(Patience);
            var agents = Task.Run(() => sidecar.ListAgentsAsync(after: null, MostOffered, timeout.Token)).GetAwaiter().GetResult();
            return agents.Body.Agents.Select(agent => new CompletionItem(agent.AgentId, detail: agent.Name));
        }
        catch (Exception exception) when (exception is CommandFailedException or OperationCanceledException)
        {
            // Nothing to offer; the command itself will say what is wrong.
            return [];
        }
    }
}
