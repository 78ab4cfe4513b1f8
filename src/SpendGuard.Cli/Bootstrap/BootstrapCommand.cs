using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Budgets;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Numbers;

namespace SpendGuard.Cli.Bootstrap;

/// <summary><c>spendguard bootstrap</c>: an agent with a budget, and a run if one is wanted, in one step that can be repeated.</summary>
/// <remarks>
/// The agent is found by its name, and made under a key that comes of it. Its budget is set only while it has none, and under one key, so that two at once grant it once; a
/// budget that is there is left as it is, and one with another limit than was asked for is not passed over.
/// </remarks>
internal sealed class BootstrapCommand
{
    private const string IdempotencyKey = "spendguard-bootstrap";
    private const int MostAgentsBefore = 1_000;

    private readonly ConnectionOptions _connection;

    private readonly Option<string?> _name = new("--name") { Description = "Name of the agent (REQUIRED, but for --admin-key alone)", HelpName = "name" };
    private readonly Option<Money?> _limit = AmountOption.Cents("--limit", "Hard limit (REQUIRED, but for --admin-key alone)");
    private readonly Option<Money?> _topUp = AmountOption.Cents("--topup", "What to start with [default: the limit]");
    private readonly Option<long> _maxInFlight = new Option<long>("--max-in-flight") { Description = "Calls that may be in flight at once", HelpName = "calls", DefaultValueFactory = static _ => SideBySide.MaxInFlight }.Whole(of: "calls");
    private readonly Option<long> _maxCallShare = new Option<long>("--max-call-share") { Description = "Most that one call may hold of what is free", HelpName = "percent", DefaultValueFactory = static _ => SideBySide.MaxCallShare }.Whole(of: "percent");
    private readonly Option<bool> _skipHealthCheck = new("--skip-health-check") { Description = "Do not ask first whether the sidecar is healthy" };
    private readonly Option<bool> _createRun = new("--create-run") { Description = "Start a run too" };

    private readonly Option<bool> _key = new("--key") { Description = "Make a key that is the agent, and print it; a new one each time" };

    private readonly Option<bool> _adminKey = new("--admin-key") { Description = "Make the key that agents and budgets are set with from then on, and print it; alone, without an agent" };

    public BootstrapCommand(ConnectionOptions connection)
    {
        _connection = connection;
        Command = new Command("bootstrap", "Make an agent with a budget, or find the one that was made before.")
        {
            _name, _limit, _topUp, _maxInFlight, _maxCallShare, _skipHealthCheck, _createRun, _key, _adminKey,
        };

        // Before an agent is made: it would be left without a budget.
        _limit.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && BudgetAmount.TryParse(token.Value, bareIsCents: true, out var amount) && amount == Money.Zero)
            {
                result.AddError("--limit is at least 1 cent.");
            }
        });
        _maxInFlight.Validators.Add(static result => RequireBetween(result, 1, "--max-in-flight is at least 1."));
        _maxCallShare.Validators.Add(static result => RequireBetween(result, 1, "--max-call-share is 1 to 100 percent.", most: 100));
        Command.Validators.Add(RequireAnAgent);
        connection.AddTo(Command);
        Command.SetAction(RunAsync);
    }

    public Command Command { get; }

    private async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var sidecar = _connection.Connect(parsed);
        if (!parsed.GetValue(_skipHealthCheck))
        {
            await RequireHealthAsync(sidecar, stop);
        }

        if (parsed.GetValue(_name)?.Trim() is not { } name || parsed.GetValue(_limit) is not { } limit)
        {
            _connection.Writer(parsed).Write(new AdminKeyReport(await AdminKeyAsync(sidecar, stop)));
            return;
        }

        var agent = await FindOrCreateAsync(sidecar, name, stop);
        var budget = await sidecar.TryFindBudgetAsync(agent.AgentId, stop)
            ?? await GrantAsync(
                sidecar,
                agent.AgentId,
                BudgetChange.Of(limit, parsed.GetValue(_topUp) ?? Money.Zero) with
                {
                    MaxInFlight = parsed.GetValue(_maxInFlight),
                    MaxCallSharePercent = parsed.GetValue(_maxCallShare),
                },
                stop);
        if (budget.Body.HardLimit != limit)
        {
            throw new CommandFailedException(
                $"Agent '{name}' ({agent.AgentId}) has a budget already, with a hard limit of {budget.Body.HardLimit} and not {limit}. "
                + $"Change it with: spendguard budget set --agent {agent.AgentId} --limit {Typed(limit)} --topup CENTS");
        }

        var run = parsed.GetValue(_createRun) ? await sidecar.CreateRunAsync(agent.AgentId, stop) : null;
        var key = parsed.GetValue(_key) ? await sidecar.CreateKeyAsync(agent.AgentId, name: null, stop) : null;

        // Last of all: it is told only once, and nothing that fails may come between.
        var adminKey = parsed.GetValue(_adminKey) ? await AdminKeyAsync(sidecar, stop) : null;
        _connection.Writer(parsed).Write(new BootstrapReport(agent.AgentId, name, sidecar.Address, budget, run, key, adminKey));
    }

    /// <summary>Only the key to agents and budgets is made without one.</summary>
    private void RequireAnAgent(CommandResult result)
    {
        var others = (Option[])[_name, _limit, _topUp, _maxInFlight, _maxCallShare, _createRun, _key];
        if (result.GetResult(_adminKey) is not null && Array.TrueForAll(others, option => result.GetResult(option) is null or { Implicit: true }))
        {
            return;
        }

        foreach (var needed in (Option[])[_name, _limit])
        {
            if (result.GetResult(needed) is null)
            {
                result.AddError($"Option '{needed.Name}' is required.");
            }
        }
    }

    private static async Task<string> AdminKeyAsync(SidecarClient sidecar, CancellationToken stop) => (await sidecar.CreateAdminKeyAsync(stop)).Body.AdminKey;

    private static async Task RequireHealthAsync(SidecarClient sidecar, CancellationToken stop)
    {
        var health = await sidecar.HealthAsync(stop);
        if (health.Body.Status != "ok")
        {
            throw new CommandFailedException($"The sidecar at {sidecar.Address} is not healthy: {health.Json.ToJsonString()}. Run: spendguard doctor");
        }
    }

    private static async Task<AgentView> FindOrCreateAsync(SidecarClient sidecar, string name, CancellationToken stop) =>
        await AgentReader.ReadAllAsync(sidecar, stop).Where(agent => agent.Body.Name == name).Take(2).ToListAsync(stop) switch
        {
            [] => await CreateAsync(sidecar, name, stop),
            [var one] => one.Body,
            var several => throw new CommandFailedException(
                $"Several agents have the name '{name}': {string.Join(", ", several.Select(agent => $"'{agent.Body.AgentId}'"))}. "
                + $"Give one of them another: spendguard agent rename {several[^1].Body.AgentId} --name NAME"),
        };

    /// <summary>Under a key that comes of the name, so that two at once make one agent.</summary>
    private static async Task<AgentView> CreateAsync(SidecarClient sidecar, string name, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await sidecar.CreateAgentAsync(new AgentChange(name), KeyOf(name, attempt), stop)).Body;
            }
            catch (HttpFailureException failure) when (failure.Status == 409 && attempt < MostAgentsBefore)
            {
                // One of this name was made before and has been deleted or renamed; its id is not given out again.
            }
        }
    }

    /// <summary>An amount as it is typed without quotes.</summary>
    private static string Typed(Money amount) => amount.WholeCents() is { } cents ? cents.ToString(CultureInfo.InvariantCulture) : $"{amount.ToDollars().ToString(CultureInfo.InvariantCulture)}usd";

    /// <summary>A header takes ASCII only, and a name may be longer than a key.</summary>
    private static string KeyOf(string name, int attempt) => string.Create(
        CultureInfo.InvariantCulture, $"{IdempotencyKey}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}-{attempt}");

    private static void RequireBetween(OptionResult result, long least, string sentence, long most = long.MaxValue)
    {
        if (result.Tokens is [var token] && long.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && (value < least || value > most))
        {
            result.AddError(sentence);
        }
    }

    private static async Task<Answer<BudgetView>> GrantAsync(SidecarClient sidecar, string agent, BudgetChange change, CancellationToken stop)
    {
        try
        {
            return await sidecar.SetBudgetAsync(agent, change, IdempotencyKey, stop);
        }
        catch (HttpFailureException failure) when (failure.Status == 409)
        {
            // Another bootstrap with other figures was first; what it granted is compared with what was asked for.
            return await sidecar.FindBudgetAsync(agent, stop);
        }
    }
}
