using System.CommandLine;
using System.CommandLine.Completions;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Agents;

/// <summary>Which agent a command is about. A shell completes it with the agents that there are.</summary>
internal static class AgentOption
{
    /// <summary>A shell that completes waits for no sidecar longer than this.</summary>
    /// <summary>More than anybody reads.</summary>
    private const int MostOffered = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static Option<string> Required(ConnectionOptions connection)
    {
        var option = new Option<string>("--agent") { Description = "Id of the agent", HelpName = "id", Required = true };
        option.CompletionSources.Add(context => Agents(connection, context));
        return option;
    }

    public static Option<string?> Optional(ConnectionOptions connection, string description)
    {
        var option = new Option<string?>("--agent") { Description = description, HelpName = "id" };
        option.CompletionSources.Add(context => Agents(connection, context));
        return option;
    }

    private static IEnumerable<CompletionItem> Agents(ConnectionOptions connection, CompletionContext context)
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
