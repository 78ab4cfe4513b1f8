using System.CommandLine;

namespace SpendGuard.Cli.Agents;

/// <summary>Which agent a command is about.</summary>
internal static class AgentOption
{
    public static Option<string> Required() => new("--agent") { Description = "Id of the agent", HelpName = "id", Required = true };

    public static Option<string?> Optional(string description) => new("--agent") { Description = description, HelpName = "id" };
}
