using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Cli.Budgets;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.Runs.Records;
using SpendGuard.Sidecar;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Readiness;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Cli.Runs.Sidecars;

/// <summary>A sidecar in this process, on a free port of this machine, for one run.</summary>
internal sealed class InnerSidecar : IRunSidecar
{
    /// <summary>Answers of clients that have gone are read to their end first; that has a limit of its own.</summary>
    private static readonly TimeSpan CloseAtMost = TimeSpan.FromMinutes(5);

    private readonly WebApplication _app;
    private readonly SpendGuardEngine _engine;
    private readonly RunGate _gate;
    private readonly SidecarState _state;

    private InnerSidecar(WebApplication app, RunGate gate, SidecarState state)
    {
        (_app, _gate, _state) = (app, gate, state);
        _engine = app.Services.GetRequiredService<SpendGuardEngine>();
    }

    public Action? Changed
    {
        get => _gate.Changed;
        set => _gate.Changed = value;
    }

    public string Origin => _app.Urls.Single().TrimEnd('/');

    public IReadOnlyList<string> Notices => _state.PriceSignature == "bundled"
        ? [$"Prices are those that ship with SpendGuard, {Spans.Of(_state.PriceAge)} old; CAP_PRICING_SOURCE=remote takes signed ones."]
        : [];

    public IReadOnlyList<KeyValuePair<string, string>> MissingKeys => _state.MissingKeys;

    public IReadOnlyList<KeyValuePair<string, string>> Keys => _state.Keys;

    public IReadOnlyList<string> NotReady => _state.NotReady;

    public int? Refused => _gate.Refused;

    public int? Locked => _gate.Locked;

    /// <exception cref="CommandFailedException">A setting is wrong, there are no prices, or the store does not work.</exception>
    public static async Task<InnerSidecar> StartAsync(IReadOnlyDictionary<string, string?> settings, DataFolder folder, string run, IApproval? approval, CancellationToken stop)
    {
        var gate = new RunGate();
        WebApplication? app = null;
        try
        {
            // The settings have all of the environment that a run goes by.
            app = SidecarHost.Build([], environment: new Dictionary<string, string>(StringComparer.Ordinal), configure: builder =>
            {
                builder.Configuration.AddInMemoryCollection(settings);
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(new FileLog(folder.Log, run));
                builder.Services.AddSingleton<IStartupFilter>(gate);

                // Nobody else reaches its control routes, and the budgets of other sidecars are others.
                builder.Services.AddSingleton(new TopUpWay("Who has started this run gives more with a higher --budget, as the same --agent, or is asked with --ask."));
                builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
                if (approval is not null)
                {
                    builder.Services.AddSingleton(approval);
                }

                builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = CloseAtMost);
            });
            await app.LoadPricesAsync(stop);
            await app.StartAsync(stop);
            return new InnerSidecar(app, gate, await app.FindStateAsync(stop));
        }
        catch (Exception exception)
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            throw exception switch
            {
                SettingsException or PricesUnavailableException => new CommandFailedException(exception.Message, ExitCode.Usage, exception),
                StoreUnavailableException or IOException or UnauthorizedAccessException =>
                    new CommandFailedException($"The sidecar of the run cannot start: {exception.Message}", innerException: exception),
                _ => exception,
            };
        }
    }

    public async ValueTask<RunBudget?> FindBudgetAsync(AgentId agent, CancellationToken stop) =>
        await _engine.FindBudgetAsync(agent, stop) is { } budget ? RunBudget.Of(budget) : null;

    public async Task<AgentId?> FindAgentAsync(string said, CancellationToken stop) =>
        (await _engine.FindMeantAsync(said, NodeKind.Agent, stop)).Where(node => node.Id.Value == said || node.Name == said).ToList() switch
    {
        [] => (AgentId?)null,
        [var one] => new AgentId(one.Id.Value),
        var several => throw new CommandFailedException(
            $"Several agents may be meant by '{said}': {string.Join(", ", several.Select(node => $"'{node.Id}'"))}. Name one by its id with --agent.", ExitCode.Usage),
    };

    public async Task CreateAgentAsync(AgentId agent, CancellationToken stop)
    {
        try
        {
            await _engine.CreateAgentAsync(agent: agent, cancellationToken: stop);
        }
        catch (IdConflictException conflict)
        {
            // Another run may have made it meanwhile.
            if (await _engine.FindAgentAsync(agent, stop) is null)
            {
                throw new CommandFailedException($"Agent {agent} was deleted, and its id is not given out again. Name another with --agent.", innerException: conflict);
            }
        }
    }

    public async Task<RunBudget?> SetBudgetAsync(AgentId agent, Money limit, Money topUp, string idempotencyKey, CancellationToken stop)
    {
        try
        {
            return RunBudget.Of(await _engine.SetBudgetAsync(agent, limit, topUp, SideBySide.MaxInFlight, SideBySide.MaxCallShare, idempotencyKey, cancellationToken: stop));
        }
        catch (IdConflictException)
        {
            return null;
        }
    }

    public IAsyncEnumerable<(DateTimeOffset At, Money Limit)> ReadLimitsAsync(AgentId agent, CancellationToken stop) =>
        _engine.ReadLedgerAsync(agent, 0, stop).Where(static entry => entry.Kind == LedgerEntryKind.BudgetSet).Select(static entry => (entry.At, entry.HardLimit));

    /// <summary>Raises a budget by an amount, once for each key.</summary>
    /// <returns>Its limit after that.</returns>
    public async Task<Money> RaiseAsync(AgentId agent, Money amount, string idempotencyKey)
    {
        var budget = await _engine.FindBudgetAsync(agent) ?? throw new InvalidOperationException("A run has a budget.");
        return (await _engine.SetBudgetAsync(agent, budget.HardLimit + amount, amount, idempotencyKey: idempotencyKey)).HardLimit;
    }

    public Task<string> OpenAsync(AgentId agent, RunId run, CancellationToken stop) => Task.FromResult(_gate.Open(agent, run));

    public Task<long> FindLastEntryAsync(AgentId agent, CancellationToken stop) => LastEntry.FindAsync(
        async after => (await _engine.ReadLedgerAsync(agent, after, stop).FirstOrDefaultAsync(stop))?.Sequence);

    public Task CloseAsync(CancellationToken impatient) => _app.StopAsync(impatient);

    public async IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(
        AgentId agent, RunId run, long after, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var entry in _engine.ReadLedgerAsync(agent, after, stop).Where(entry => entry.Run == run))
        {
            yield return entry;
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
