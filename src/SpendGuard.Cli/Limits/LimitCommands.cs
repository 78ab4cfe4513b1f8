using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Nodes;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Limits;

/// <summary><c>spendguard limit …</c>.</summary>
internal sealed class LimitCommands
{
    private readonly Shell _shell;
    private readonly ConnectionOptions _connection;

    public LimitCommands(Shell shell, ConnectionOptions connection)
    {
        _shell = shell;
        _connection = connection;
        Command = new Command("limit", "Limits of agents and groups, for a day, a month or any stretch of time: set, list and remove them.") { Set(), List(), Remove() };
        connection.AddTo(Command);
    }

    public Command Command { get; }

    private Command Set()
    {
        var node = NodeArgument.Node(_connection);
        var identical = new Option<int>("--identical-calls") { Description = "A breaker: so many identical calls in a row of a run pause its agent", HelpName = "count" }.Whole(of: "calls");
        var window = new WindowOptions(identical);
        var zone = new Option<string?>("--zone") { Description = "Time zone of the calendar, such as Europe/Berlin [default: UTC]", HelpName = "zone" };
        var amount = AmountOption.Cents("--amount-cents", "What all calls of one window may cost", alias: "--amount");
        var pauses = new Option<bool>("--pauses") { Description = "A breaker: what does not fit pauses the agent or group, until it is resumed" };
        var alertAt = new Option<int[]>("--alert-at")
        {
            Description = "Percentages of the amount at which an alert is raised, such as 50,80,100; '' for none [default: 80,100]",
            HelpName = "percent,…",
            CustomParser = Percentages,
        };
        var asks = new Option<bool>("--asks") { Description = "What does not fit leaves a request for approval: spendguard approvals list" };
        var command = new Command("set", "Set a limit. It takes the place of the one of the same window, which keeps what it has spent.") { node };
        window.AddTo(command);
        command.Options.Add(zone);
        command.Options.Add(amount);
        command.Options.Add(pauses);
        command.Options.Add(asks);
        command.Options.Add(alertAt);
        command.Validators.Add(result =>
        {
            if (result.GetValue(pauses) && result.GetValue(asks))
            {
                result.AddError("Give --pauses or --asks, not both: what does not fit does one of them.");
            }

            if (result.GetResult(amount) is null && result.GetResult(identical) is null)
            {
                result.AddError("Give --amount-cents with what all calls of one window may cost.");
            }
        });
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var found = await NodeReader.FindAsync(sidecar, parsed.GetRequiredValue(node), stop);
            if (parsed.GetValue(amount) is not { } most)
            {
                _connection.Writer(parsed).Write(new BreakerReport(found, await sidecar.SetBreakerAsync(found, new BreakerChange(parsed.GetValue(identical)), stop)));
                return;
            }

            var action = parsed.GetValue(pauses) ? "pause" : parsed.GetValue(asks) ? "ask" : "refuse";
            var change = new LimitChange(most.WholeCents(), parsed.GetValue(zone), action, parsed.GetResult(alertAt) is null ? null : parsed.GetValue(alertAt))
            {
                AmountMicrocents = most.WholeCents() is null ? most.Microcents : null,
            };
            _connection.Writer(parsed).Write(new LimitReport(await sidecar.SetLimitAsync(found, window.NameIn(parsed), change, stop), _shell.Time.GetUtcNow()));
        });
        return command;
    }

    private Command List()
    {
        var node = NodeArgument.Node(_connection);
        var command = new Command("list", "List the limits of an agent or a group, and what is spent and left of each.") { node };
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var found = await NodeReader.FindAsync(sidecar, parsed.GetRequiredValue(node), stop);
            _connection.Writer(parsed).Write(new LimitListReport(await sidecar.ListLimitsAsync(found, stop), _shell.Time.GetUtcNow()));
        });
        return command;
    }

    private Command Remove()
    {
        var node = NodeArgument.Node(_connection);
        var identical = new Option<bool>("--identical-calls") { Description = "The breaker of identical calls" };
        var window = new WindowOptions(identical);
        var command = new Command("remove", "Remove a limit. What it has counted is kept, should it be set again.") { node };
        window.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var sidecar = _connection.Connect(parsed);
            var found = await NodeReader.FindAsync(sidecar, parsed.GetRequiredValue(node), stop);
            if (parsed.GetValue(identical))
            {
                var wasSet = (await sidecar.ListLimitsAsync(found, stop)).Body.IdenticalCalls is not null;
                _connection.Writer(parsed).Write(new BreakerReport(found, await sidecar.RemoveBreakerAsync(found, stop), wasSet));
                return;
            }

            _connection.Writer(parsed).Write(new LimitRemovedReport(found, await sidecar.RemoveLimitAsync(found, window.NameIn(parsed), stop)));
        });
        return command;
    }

    private static int[]? Percentages(ArgumentResult result)
    {
        var numbers = new List<int>();
        foreach (var part in result.Tokens[0].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var percent))
            {
                result.AddError($"--alert-at is '{result.Tokens[0].Value}'; give whole numbers with commas between them, such as 50,80,100.");
                return null;
            }

            numbers.Add(percent);
        }

        return [.. numbers];
    }
}
