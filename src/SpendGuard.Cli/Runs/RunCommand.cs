using System.CommandLine;
using System.CommandLine.Parsing;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Runs;

/// <summary><c>spendguard run</c>: any program under a budget, unchanged.</summary>
internal sealed class RunCommand
{
    public const string Name = "run";

    private readonly Shell _shell;

    private readonly Option<Money?> _budget = Amount("--budget", "What it may spend, in dollars, such as 5 or 0.05 [default: what the agent of --agent has]");
    private readonly Option<string?> _agent = new("--agent") { Description = "Agent that it runs as, again and again, by its id or its name; one that there is not is made [default: one of this run's own]", HelpName = "agent" };
    private readonly Option<string?> _per = new("--per") { Description = "'day' grants the budget anew at the first run of each day", HelpName = "day" };
    private readonly Option<bool> _ask = new("--ask") { Description = "Ask on the terminal to raise the budget when it runs out; the call waits" };
    private readonly Option<Uri?> _sidecar = new("--sidecar") { Description = "A sidecar that runs already [default: one inside]", HelpName = "url", CustomParser = ParseAddress };
    private readonly Option<string?> _apiKey = new("--api-key") { Description = "Key of that sidecar's control routes [default: $CAP_API_KEY]", HelpName = "key" };
    private readonly Option<bool> _json = new("--json") { Description = "The summary as JSON, on the last line of the error stream" };
    private readonly Argument<string[]> _command = new("command") { Description = "The program and its arguments, after --", Arity = ArgumentArity.OneOrMore };

    public RunCommand(Shell shell)
    {
        _shell = shell;
        Command = new Command(Name, "Run a program under a budget: spendguard run --budget 5 -- PROGRAM …")
        {
            _budget, _agent, _per, _ask, _sidecar, _apiKey, _json, _command,
        };
        Command.Validators.Add(Check);
        Command.SetAction((parsed, stop) => new GuardedRun(_shell, OrderOf(parsed)).RunAsync(stop));
    }

    public Command Command { get; }

    private static Option<Money?> Amount(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "dollars",
        CustomParser = result =>
        {
            if (BudgetAmount.TryParse(result.Tokens[0].Value, out var amount))
            {
                return amount;
            }

            result.AddError($"{name} is '{result.Tokens[0].Value}'; give dollars such as 5 or 0.05, with at most eight decimals.");
            return null;
        },
    };

    private static Uri? ParseAddress(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Query: "" })
        {
            return address;
        }

        result.AddError($"--sidecar is '{result.Tokens[0].Value}'; give an address such as {Connection.ConnectionOptions.DefaultAddress}.");
        return null;
    }

    private void Check(CommandResult result)
    {
        var agent = result.GetValue(_agent);
        var per = result.GetValue(_per);
        if (agent is null && result.GetResult(_budget) is null)
        {
            result.AddError("--budget is needed: the dollars that the program may spend.");
        }

        // An option that is misspelt would be run as a program.
        if (result.GetValue(_command) is [['-', ..] first, ..])
        {
            result.AddError($"'{first}' is no option of {Name}; the program and its arguments come after --.");
        }

        if (per is not (null or "day"))
        {
            result.AddError($"--per is '{per}'; it can be 'day'.");
        }

        if (per is not null && (agent is null || result.GetResult(_budget) is null))
        {
            result.AddError("--per day grants a budget anew to an agent that runs again: name it with --agent, and the budget with --budget.");
        }

        if (agent is not null && !IsAgent(agent, out var fault))
        {
            result.AddError(fault);
        }

        if (result.GetValue(_ask) && result.GetResult(_sidecar) is not null)
        {
            result.AddError("--ask is for the sidecar inside of a run; one that runs elsewhere cannot ask on this terminal.");
        }
    }

    private static bool IsAgent(string id, out string fault)
    {
        try
        {
            _ = new AgentId(id);
            fault = "";
            return true;
        }
        catch (ArgumentException exception)
        {
            fault = exception.Message.Split(" (Parameter", 2)[0];
            return false;
        }
    }

    private RunOrder OrderOf(ParseResult parsed) => new()
    {
        Command = parsed.GetRequiredValue(_command),
        Budget = parsed.GetValue(_budget),
        Agent = parsed.GetValue(_agent) is { } agent ? new AgentId(agent) : (AgentId?)null,
        PerDay = parsed.GetValue(_per) is not null,
        Ask = parsed.GetValue(_ask),
        Sidecar = parsed.GetValue(_sidecar),
        ApiKey = parsed.GetValue(_apiKey) is { Length: > 0 } given ? given : _shell.Variable("CAP_API_KEY"),
        Json = parsed.GetValue(_json),
    };
}
