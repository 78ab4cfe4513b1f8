using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Testing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;
using static SpendGuard.Sidecar.Tests.Calls.Batches.BatchSteps;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>Whatever breaks, a batch costs no less than it was billed, and never more than was held.</summary>
public sealed class BatchFaultTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly DoubtfulStore _store = new(new InMemoryBudgetStore());
    private SidecarFixture _sidecar = null!;
    private string _agent = "";

    public async Task InitializeAsync()
    {
        _sidecar = await SidecarFixture.StartOnAsync(_store, _time);
        _agent = await _sidecar.AgentAsync();
    }

    public async Task DisposeAsync() => await _sidecar.DisposeAsync();

    [Theory]
    [InlineData(400, false)]
    [InlineData(429, false)]
    [InlineData(529, false)]
    [InlineData(500, true)]
    [InlineData(408, true)]
    public async Task ProviderThatRefuses_CostsNothing_AndOneThatFailsAllThatIsHeld(int status, bool isForfeited)
    {
        _sidecar.Provider.Behaviour = new Behaviour { FailWithStatus = status, BillFailures = isForfeited };

        var reply = await _sidecar.AskAsync(Route, _agent, Of(Message(), Message()));

        Assert.Equal(status, reply.Status);
        _sidecar.Provider.Batches.EndAll();
        var budget = await _sidecar.EndedAsync(_agent);
        Assert.Equal((0L, 0), (budget.Held, budget.Batches));
        Assert.Equal(isForfeited, budget.Spent > 0);
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 0, budget.Spent);
        Assert.Equal(isForfeited ? "false" : null, reply.Headers.GetValueOrDefault("x-should-retry"));
        Assert.Equal(budget.Spent, reply.ChargedMicrocents);
    }

    [Fact]
    public async Task AnswerThatIsLost_ForfeitsWhatIsHeld()
    {
        _sidecar.Provider.Behaviour = new Behaviour { CutBeforeHeaders = true };

        var reply = await _sidecar.AskAsync(Route, _agent, Of(Message()));

        Assert.Equal(502, reply.Status);
        _sidecar.Provider.Batches.EndAll();
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 1, (await _sidecar.EndedAsync(_agent)).Spent);
    }

    [Theory]
    [InlineData("""{"type":"message_batch"}""")]
    [InlineData("""{"id":"../models"}""")]
    [InlineData("""{"id":7}""")]
    public async Task AnswerThatNamesNoBatch_ForfeitsWhatIsHeld(string answer)
    {
        _sidecar.Provider.Behaviour = new Behaviour { FailWithStatus = 200, FailWithBody = answer, BillFailures = true };

        Assert.Equal(502, (await _sidecar.AskAsync(Route, _agent, Of(Message()))).Status);

        _sidecar.Provider.Batches.EndAll();
        Assert.InRange(_sidecar.Provider.Bill.TotalMicrocents, 1, (await _sidecar.EndedAsync(_agent)).Spent);
    }

    [Fact]
    public async Task ProviderThatCannotBeReached_CostsNothing()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("ANTHROPIC_BASE_URL", "http://127.0.0.1:9"));
        var agent = await sidecar.AgentAsync();

        Assert.Equal(502, (await sidecar.AskAsync(Route, agent, Of(Message()))).Status);

        var budget = (await sidecar.BudgetAsync(agent))!;
        Assert.Equal((0L, 0L), (budget.Held, budget.Spent));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(-1)]
    public async Task ResultsThatBreakOff_SettleNothing_AndALaterFetchDoes(int bytes)
    {
        var id = await _sidecar.MakeAsync(_agent, Message(), Message());
        _sidecar.Provider.Batches.End(id);
        var whole = (await WholeAsync(id)).Length;
        _sidecar.Provider.Batches.CutResultsAfter = bytes < 0 ? whole + bytes : bytes;

        await Assert.ThrowsAnyAsync<Exception>(() => _sidecar.ResultsAsync(_agent, id));
        Assert.Equal(1, (await _sidecar.BudgetAsync(_agent))!.Batches);

        _sidecar.Provider.Batches.CutResultsAfter = null;
        Assert.Equal(2, (await _sidecar.ResultsAsync(_agent, id)).Results().Count);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task ResultsThatAreNotThoseOfItsRequests_SettleNothing()
    {
        var id = await _sidecar.MakeAsync(_agent, Message(), Message());
        _sidecar.Provider.Batches.End(id);
        foreach (var lines in (Func<IReadOnlyList<string>, IReadOnlyList<string>>[])
            [
                lines => [lines[0]],
                lines => [],
                lines => [lines[0], lines[0]],
                lines => [.. lines, lines[0].Replace("\"r1\"", "\"r7\"", StringComparison.Ordinal)],
                lines => [lines[0], "not JSON\n"],
                lines => [lines[0], lines[1].Replace("succeeded", "postponed", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].Replace("custom_id", "id", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].Replace("output_tokens", "tokens", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].Replace("\"usage\"", "\"use\"", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].Replace("\"service_tier\":\"batch\"", "\"service_tier\":\"priority\"", StringComparison.Ordinal)],
                lines => [lines[0], lines[1].TrimEnd('\n') + " " + lines[1]],
            ])
        {
            _sidecar.Provider.Batches.Lines = lines;
            await _sidecar.ResultsAsync(_agent, id);
            var budget = (await _sidecar.BudgetAsync(_agent))!;
            Assert.Equal((1, 0L), (budget.Batches, budget.Spent));
        }

        Assert.Contains(_sidecar.Warnings, line => line.Contains("settled nothing", StringComparison.Ordinal));
        _sidecar.Provider.Batches.Lines = lines => [lines[0], "\n", " \r\n", lines[1].TrimEnd('\n')];
        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task HoldThatHasExpired_IsForfeited_AndCorrectedByItsResults()
    {
        var id = await _sidecar.MakeAsync(_agent, Message());
        var held = (await _sidecar.BudgetAsync(_agent))!.Held;
        _time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(held, (await _sidecar.BudgetAsync(_agent))!.Held);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0L, held), ((await _sidecar.BudgetAsync(_agent))!.Held, (await _sidecar.BudgetAsync(_agent))!.Spent));
        _sidecar.Provider.Batches.End(id);
        await _sidecar.ResultsAsync(_agent, id);

        await _sidecar.AssertPaidAsBilledAsync(_agent);
        Assert.Equal(LedgerEntryKind.Corrected, (await _sidecar.Engine.ReadLedgerAsync(_agent).ToListAsync())[^1].Kind);
    }

    /// <summary>The provider has the batch: its caller is told, and who it is of waits for the store.</summary>
    [Fact]
    public async Task NameThatCannotBeCommitted_IsPending_AndTheCallerHasTheAnswer()
    {
        _store.OfCommand = kind => kind == "Name" ? Fate.Lost : Fate.Answered;
        var reply = await _sidecar.AskAsync(Route, _agent, Of(Message()));
        Assert.Equal((200, "pending"), (reply.Status, reply.Headers["x-spendguard-settlement"]));
        var id = (string)reply.Body["id"]!;
        Assert.Equal(404, (await _sidecar.GetAsync(_agent, $"{Route}/{id}")).Status);

        _store.OfCommand = _ => Fate.Answered;
        var named = _store.WhenAskedAsync("Name", 1);
        _time.Advance(TimeSpan.FromSeconds(2));
        await named;
        await Eventually.HoldsAsync(async () => (await _sidecar.GetAsync(_agent, $"{Route}/{id}")).Status == 200);
        _sidecar.Provider.Batches.End(id);
        await _sidecar.ResultsAsync(_agent, id);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    [Fact]
    public async Task StoreThatCannotHold_RefusesTheBatch_AndNothingIsSent()
    {
        _store.OfCommand = kind => kind == "Reserve" ? Fate.Lost : Fate.Answered;

        Assert.Equal(503, (await _sidecar.AskAsync(Route, _agent, Of(Message()))).Status);

        Assert.Empty(_sidecar.Provider.Batches.Ids);
        Assert.Empty(_sidecar.Provider.Calls);
    }

    [Fact]
    public async Task SettlementThatCannotBeCommitted_ComesLater()
    {
        var id = await _sidecar.MakeAsync(_agent, Message());
        _sidecar.Provider.Batches.End(id);
        _store.OfCommand = kind => kind == "Settle" ? Fate.Lost : Fate.Answered;
        Assert.Single((await _sidecar.ResultsAsync(_agent, id)).Results());
        Assert.Equal(1, (await _sidecar.BudgetAsync(_agent))!.Batches);

        _store.OfCommand = _ => Fate.Answered;
        var settled = _store.WhenAskedAsync("Settle", 1);
        _time.Advance(TimeSpan.FromSeconds(2));
        await settled;
        await Eventually.HoldsAsync(async () => (await _sidecar.BudgetAsync(_agent))!.Batches == 0);
        await _sidecar.AssertPaidAsBilledAsync(_agent);
    }

    private async Task<string> WholeAsync(string id)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(_sidecar.Provider.BaseAddress, string.Create(CultureInfo.InvariantCulture, $"{Route}/{id}/results")));
    }
}
