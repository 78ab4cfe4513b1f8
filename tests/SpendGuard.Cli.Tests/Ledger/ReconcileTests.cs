using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Cli.Tests.Ledger;

/// <summary>The ledger against the bill of a provider that keeps its own.</summary>
public sealed class ReconcileTests : IAsyncLifetime
{
    private const int Calls = 1_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-cli-");
    private readonly ConcurrentDictionary<int, bool> _forfeited = [];
    private SidecarFixture _sidecar = null!;

    public async Task InitializeAsync() => _sidecar = await RunningSidecar.StartAsync();

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Trait(Traits.Category, Traits.Slow)]
    [Fact]
    public async Task Reconcile_AfterAThousandMixedCalls_AgreesToTheMicrocent()
    {
        await MakeCallsAsync(seed: 17);
        await WriteBillAsync("bill.csv", call => call.ChargeMicrocents);

        var ran = await Cli().RunAsync("ledger reconcile bill.csv");

        // Whatever was settled agrees to the microcent. What was forfeited is booked at its holds, and said to be.
        Assert.Equal(1, ran.ExitCode);
        var rows = Rows(ran);
        Assert.Equal(MixedCall.Models, rows.Select(row => row.Model).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(row.Forfeited - ForfeitedBill(row.Model), row.Diff));
        Assert.All(rows, row => Assert.Equal(row.Ledger - row.Provider, row.Diff));
        Assert.All(rows, row => Assert.Equal(row.Model is "gpt-4o" or "claude-haiku-4-5", row.Forfeited > 0));
        Assert.Equal(Usd(_sidecar.Provider.Bill.TotalMicrocents), rows.Sum(row => row.Provider));
        Assert.Contains(
            $"${rows.Sum(row => row.Forfeited).ToString("0.00######", CultureInfo.InvariantCulture)} of it are forfeits", ran.Error, StringComparison.Ordinal);

        // The same by provider, and in JSON.
        var byProvider = Rows(await Cli().RunAsync("ledger reconcile bill.csv --by provider"));
        Assert.Equal(["anthropic", "gemini", "grok", "openai"], byProvider.Select(row => row.Name));
        Assert.Equal(rows.Sum(row => row.Diff), byProvider.Sum(row => row.Diff));
        using var json = JsonDocument.Parse((await Cli().RunAsync("ledger reconcile bill.csv --json")).Output);
        Assert.Equal(rows.Sum(row => row.Ledger), json.RootElement.GetProperty("ledger_usd").GetDecimal());
        Assert.False(json.RootElement.GetProperty("agrees").GetBoolean());

        // Within the tolerance of what the forfeits are off by, and not a microcent below it.
        var most = rows.Max(row => decimal.Abs(row.Diff));
        Assert.Equal(0, (await Cli().RunAsync($"ledger reconcile bill.csv --tolerance {most.ToString(CultureInfo.InvariantCulture)}")).ExitCode);
        Assert.Equal(1, (await Cli().RunAsync($"ledger reconcile bill.csv --tolerance {(most - 0.00000001m).ToString(CultureInfo.InvariantCulture)}")).ExitCode);

        // Had the provider charged the holds, all would agree: nothing but the forfeits differs.
        var holds = rows.ToDictionary(row => row.Model, row => row.Forfeited);
        await WriteBillAsync("holds.csv", call => _forfeited.ContainsKey(call.Id) ? 0 : call.ChargeMicrocents, holds);
        var agreed = await Cli().RunAsync("ledger reconcile holds.csv");
        Assert.Equal((0, ""), (agreed.ExitCode, agreed.Error));
    }

    [Fact]
    public async Task Reconcile_ShowsWhatOnlyOneOfThemHas()
    {
        var agent = await _sidecar.AgentWithBudgetAsync();
        Assert.Equal(200, await _sidecar.ChatAsync(agent));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "bill.csv"), "provider,model,cost_usd\nopenai,gpt-5,1.00000001\n");

        var plain = await Cli().RunAsync("ledger reconcile bill.csv");
        var terminal = await Cli(terminal: true).RunAsync("ledger reconcile bill.csv");

        Assert.Equal(
            new Ran(
                1,
                "provider,model,ledger_usd,provider_usd,diff_usd,forfeited_usd\nopenai,gpt-4o-mini,0.0000072,0.00,0.0000072,0.00\n"
                    + "openai,gpt-5,0.00,1.00000001,-1.00000001,0.00\n",
                "The ledger differs from the bill in 2 of 2 rows: in all it has $0.99999281 less than was charged.\n"),
            plain);
        Snapshooter.Xunit.Snapshot.Match(terminal.ToString());
    }

    [Fact]
    public async Task Reconcile_OfAWindow_LooksAtNothingElse()
    {
        var agent = await _sidecar.AgentWithBudgetAsync();
        Assert.Equal(200, await _sidecar.ChatAsync(agent));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "bill.csv"), "provider,model,cost_usd,date\nopenai,gpt-4o-mini,5,2001-01-01\nopenai,gpt-4o-mini,3,2001-01-02\n");

        var ran = await Cli().RunAsync("ledger reconcile bill.csv --from 2001-01-01 --to 2001-01-02");

        Assert.Equal("openai,gpt-4o-mini,0.00,5.00,-5.00,0.00", ran.Output.Split('\n')[1]);
    }

    private static decimal Usd(long microcents) => microcents / 100_000_000m;

    private static List<Row> Rows(Ran ran) =>
        [.. ran.Output.TrimEnd().Split('\n').Skip(1).Select(line => line.Split(',')).Select(fields => new Row(
            fields[0], fields[1], Decimal(fields[2]), Decimal(fields[3]), Decimal(fields[4]), Decimal(fields[5])))];

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private Cli Cli(bool terminal = false) =>
        new() { IsTerminal = terminal, Folder = _folder.FullName, Variables = { ["CAP_BASE_URL"] = _sidecar.Address } };

    private decimal ForfeitedBill(string model) =>
        Usd(_sidecar.Provider.Calls.Where(call => call.Model == model && _forfeited.ContainsKey(call.Id)).Sum(call => call.ChargeMicrocents));

    /// <summary>The provider's books as a cost export: a row for each call that was charged.</summary>
    private async Task WriteBillAsync(string file, Func<ProviderCall, long> charge, IReadOnlyDictionary<string, decimal>? more = null)
    {
        var lines = _sidecar.Provider.Calls.Where(call => call.Billed).Select(call => $"{MixedCall.ProviderOf(call.Model)},{call.Model},{Text(Usd(charge(call)))}")
            .Concat((more ?? new Dictionary<string, decimal>()).Select(row => $"{MixedCall.ProviderOf(row.Key)},{row.Key},{Text(row.Value)}"));
        await File.WriteAllLinesAsync(Path.Combine(_folder.FullName, file), lines.Prepend("provider,model,cost_usd"));

        static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
    }

    private async Task MakeCallsAsync(int seed)
    {
        _sidecar.Provider.ForRequest = request => BehaviourOf(request, seed);
        var agents = new List<string>();
        foreach (var name in Enumerable.Range(0, 8))
        {
            var agent = await _sidecar.NamedAgentAsync($"agent-{name}");
            (await _sidecar.Cli().RunAsync($"budget set --agent {agent} --limit 100000 --max-in-flight 100")).Succeeded();
            agents.Add(agent);
        }

        // Of so little only a few calls can be paid.
        var poor = await _sidecar.NamedAgentAsync("poor");
        await _sidecar.Engine.SetBudgetAsync(new AgentId(poor), Money.FromMicrocents(20_000));
        var statuses = new ConcurrentDictionary<int, int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (call, _) =>
        {
            var mixed = MixedCall.Make(new Random((seed * Calls) + call));
            statuses.AddOrUpdate(await SendAsync(call % 50 == 0 ? poor : agents[call % agents.Count], mixed), 1, (_, count) => count + 1);
        });
        await _sidecar.Provider.WhenIdleAsync();
        await UntilNothingIsHeldAsync();

        // All of it has happened: answers, refusals of the provider and of the budget, and calls whose outcome is not known.
        Assert.Superset(new HashSet<int> { 200, 402, 429, 502 }, statuses.Keys.ToHashSet());
        Assert.DoesNotContain(400, statuses.Keys);
        Assert.InRange(_forfeited.Count, 20, 200);
        Assert.Equal(Calls, statuses.Values.Sum());
    }

    private async Task<int> SendAsync(string agent, MixedCall call)
    {
        try
        {
            return await _sidecar.CallInRunAsync(agent, call.Path, call.Body);
        }
        catch (HttpRequestException)
        {
            // A stream that the provider broke off.
            return 0;
        }
    }

    /// <summary>Honest, but now and then refusing, silent about its usage, or gone without an answer; the last two for two models only.</summary>
    private Behaviour BehaviourOf(SimulatedRequest request, int seed)
    {
        var random = new Random((seed * Calls) + request.CallId);
        var honest = new Behaviour { OutputTokens = random.Next(1, 40), CachedInputTokens = random.Next(0, 3) };
        var unknown = request.Model is "gpt-4o" or "claude-haiku-4-5";
        switch (random.Next(20))
        {
            case 0:
                return honest with { FailWithStatus = 429 };
            case 1 or 2 when unknown:
                _forfeited[request.CallId] = true;
                return honest with { OmitUsage = true };
            case 3 when unknown:
                _forfeited[request.CallId] = true;
                return honest with { CutBeforeHeaders = true, BillCutCalls = random.Next(2) == 0 };
            default:
                return honest;
        }
    }

    private async Task UntilNothingIsHeldAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await _sidecar.Engine.ListAgentsAsync(timeout.Token)).Count is var all && await HeldAsync() > 0)
        {
            timeout.Token.ThrowIfCancellationRequested();
            Assert.NotEqual(0, all);
        }

        async Task<int> HeldAsync()
        {
            var held = 0;
            foreach (var agent in await _sidecar.Engine.ListAgentsAsync(timeout.Token))
            {
                held += (await _sidecar.Engine.ListInFlightAsync(agent.Id, timeout.Token)).Count;
            }

            return held;
        }
    }

    private sealed record Row(string Name, string Model, decimal Ledger, decimal Provider, decimal Diff, decimal Forfeited);
}
