using System.CommandLine;
using System.CommandLine.Parsing;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Agents;

/// <summary>The one agent that a command is about: <c>--agent X</c>, or <c>X</c> alone.</summary>
internal sealed class AgentChoice
{
    private readonly Option<string?> _option;
    private readonly Argument<string?> _argument;

    public AgentChoice(ConnectionOptions connection)
    {
        _option = AgentOption.Optional(connection, "The agent: its id, its name, or the beginning of its id");
        _argument = new Argument<string?>("agent") { HelpName = "agent", Description = "The same, without --agent", Arity = ArgumentArity.ZeroOrOne };
        _argument.CompletionSources.Add(context => AgentOption.Offer(connection, context));
    }

    public void AddTo(Command command)
    {
        command.Arguments.Add(_argument);
        command.Options.Add(_option);
        command.Validators.Add(result =>
        {
            if (((SymbolResult?)result.GetResult(_option) ?? result.GetResult(_argument))?.Tokens is [var said] && string.IsNullOrWhiteSpace(said.Value))
            {
                result.AddError("The agent is empty. Give its id or its name.");
            }
            else if (result.GetResult(_option) is null == result.GetValue(_argument) is null)
            {
                result.AddError(result.GetResult(_option) is null ? "Which agent? Give --agent with its id or its name." : "Give the agent once: --agent, or its id or name alone.");
            }
        });
    }

    public string Of(ParseResult parsed) => parsed.GetValue(_option) ?? parsed.GetValue(_argument)!;
}
