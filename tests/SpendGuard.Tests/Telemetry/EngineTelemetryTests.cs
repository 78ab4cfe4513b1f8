using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Telemetry;

namespace SpendGuard.Tests.Telemetry;

/// <summary>What the engine tells of calls, in process.</summary>
public sealed class EngineTelemetryTests : IAsyncLifetime
{
    private const string Tags = "gen_ai.provider.name=gcp.gemini gen_ai.request.model=m";

    private readonly AgentId _agent = new(Guid.NewGuid().ToString());
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private readonly FailingStore _store = new();
    private Listeners _listeners = null!;
    private SpendGuardEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _listeners = new Listeners(_agent);
        _engine = Engine(_store, _listeners);
        await _engine.SetBudgetAsync(_agent, Money.FromMicrocents(10_000));
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        _listeners.Dispose();
    }

    [Fact]
    public async Task SettledCall_IsHeldAndSettled_AndItsSpanHasBoth()
    {
        var call = await _engine.ReserveAsync(Call());
        Assert.Equal([(1, Tags)], _listeners.Of("spendguard.call.in_flight"));
        await call.EndAsync(new ProviderReport { Usage = new Usage { Input = 5, CachedInput = 2, Output = 10, ReasoningOutput = 3 } });

        Assert.Equal([(1, Tags), (-1, Tags)], _listeners.Of("spendguard.call.in_flight"));
        Assert.Equal([(300, Tags)], _listeners.Of("spendguard.reservation.held"));
        Assert.Equal([(66, Tags)], _listeners.Of("spendguard.reservation.settled"));
        Assert.Equal([(1, Tags + " spendguard.outcome=settled")], _listeners.Of("spendguard.call.count"));
        Assert.Empty(_listeners.Of("spendguard.reservation.overrun"));
        var span = Assert.Single(_listeners.Spans);
        Assert.Equal("generate_content m", span.DisplayName);
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal((300L, 66L, 9_934L), (span.GetTagItem("spendguard.held_microcents"), span.GetTagItem("spendguard.cost_microcents"), span.GetTagItem("spendguard.remaining_microcents")));
        Assert.Equal((7L, 13L), (span.GetTagItem("gen_ai.usage.input_tokens"), span.GetTagItem("gen_ai.usage.output_tokens")));
        Assert.Equal(call.Reservation.Id.Value, span.GetTagItem("spendguard.reservation.id"));
    }

    [Fact]
    public async Task CallBilledBeyondItsHold_IsAnOverrun()
    {
        var call = await _engine.ReserveAsync(Call());
        await call.EndAsync(new ProviderReport { Usage = new Usage { Input = 20, Output = 200 } });

        Assert.Equal([(840 - 300, Tags)], _listeners.Of("spendguard.reservation.overrun"));
    }

    [Fact]
    public async Task CallForfeitedBeyondItsHold_IsAnOverrun_AndItsSpanHasWhatIsBooked()
    {
        var call = await _engine.ReserveAsync(Call());
        await call.EndAsync(new ProviderReport { Usage = new Usage { Input = 20, Output = 200, WebSearches = 1 } });

        Assert.Equal([(840, Tags)], _listeners.Of("spendguard.reservation.forfeited"));
        Assert.Equal([(840 - 300, Tags)], _listeners.Of("spendguard.reservation.overrun"));
        Assert.Equal(840L, Assert.Single(_listeners.Spans).GetTagItem("spendguard.cost_microcents"));
    }

    [Fact]
    public async Task CallsThatAreNotSettled_AreReleasedForfeitedOrExpired()
    {
        await (await _engine.ReserveAsync(Call())).EndAsync(ProviderReport.NotBilled);
        await (await _engine.ReserveAsync(Call())).EndAsync(ProviderReport.Unknown("a test"));
        await _store.ApplyAsync(
            new Reserve(ReservationId.New(), _agent, null, "gemini:m", Money.FromMicrocents(7), Money.FromMicrocents(7), _time.GetUtcNow(), _time.GetUtcNow()), default);
        await _engine.ForfeitExpiredAsync();

        Assert.Equal([(300, Tags)], _listeners.Of("spendguard.reservation.released"));
        Assert.Equal([(300, Tags), (7, "")], _listeners.Of("spendguard.reservation.forfeited"));
        Assert.Equal(
            [Tags + " spendguard.outcome=released", Tags + " spendguard.outcome=forfeited", "spendguard.outcome=expired"],
            _listeners.Of("spendguard.call.count").Select(call => call.Tags));
        Assert.Equal(["released", "forfeited"], _listeners.Spans.Select(span => span.GetTagItem("spendguard.outcome")));
    }

    [Fact]
    public async Task RefusedCalls_AreCountedByReason()
    {
        await Assert.ThrowsAsync<InsufficientBudgetException>(async () => await _engine.ReserveAsync(Call(input: 10_000)));
        await Assert.ThrowsAsync<UnknownModelException>(async () => await _engine.ReserveAsync(Call() with { Model = new ModelKey("gemini", "any-name") }));
        var shape = Call().Shape with { InputBound = long.MaxValue };
        await Assert.ThrowsAsync<UnboundedCostException>(async () => await _engine.ReserveAsync(Call() with { Shape = shape }));

        // A name that has no price can be any, so it makes no time series.
        Assert.Equal(
            [
                Tags + " spendguard.outcome=refused error.type=insufficient",
                "spendguard.outcome=refused error.type=unknown_model",
                Tags + " spendguard.outcome=refused error.type=unbounded",
            ],
            _listeners.Of("spendguard.call.count").Select(call => call.Tags));
        Assert.Equal(["insufficient", "unknown_model", "unbounded"], _listeners.Spans.Select(span => span.GetTagItem("error.type")));
        Assert.All(_listeners.Spans, span => Assert.Equal(ActivityStatusCode.Error, span.Status));
    }

    [Fact]
    public async Task StoreThatFails_IsMeasured_AndTheCallIsToldToBeUncommitted()
    {
        var call = await _engine.ReserveAsync(Call());
        _store.Fails = true;
        Assert.True((await call.EndAsync(new ProviderReport { Usage = new Usage { Input = 1, Output = 1 } })).IsPending);

        Assert.Equal(
            ["spendguard.command=SetBudget", "spendguard.command=Reserve", "spendguard.command=Settle error.type=store_unavailable"],
            _listeners.Of("spendguard.store.duration").Select(commit => commit.Tags));
        Assert.Contains((1, Tags + " spendguard.outcome=uncommitted"), _listeners.Of("spendguard.call.count"));
        Assert.Equal("uncommitted", Assert.Single(_listeners.Spans).GetTagItem("spendguard.outcome"));
    }

    [Fact]
    public void PriceAge_IsThatOfTheBookInForce() =>
        Assert.Equal([(TimeSpan.FromDays(1).TotalSeconds, "")], _listeners.Of("spendguard.price.age"));

    [Fact]
    public async Task MetricsOfAgents_TellTheFirstApart_AndNoneThatOnlyACallerNames()
    {
        using var listeners = new Listeners(_agent);
        await using var store = new InMemoryBudgetStore();
        await using var engine = Engine(store, listeners, new SpendGuardOptions { MetricsOfAgents = 2 });
        await Assert.ThrowsAsync<UnknownModelException>(async () => await engine.ReserveAsync(Call() with { Agent = "named", Model = new ModelKey("gemini", "other") }));
        await Assert.ThrowsAsync<BudgetNotFoundException>(async () => await engine.ReserveAsync(Call() with { Agent = "named" }));
        foreach (var agent in new[] { "one", "two", "three", "one" })
        {
            await engine.SetBudgetAsync(agent, Money.FromMicrocents(10_000));
            await (await engine.ReserveAsync(Call() with { Agent = agent })).EndAsync(ProviderReport.NotBilled);
        }

        Assert.Equal(
            ["(others)", "(others)", "one", "two", "(others)", "one"],
            listeners.Of("spendguard.call.count").Select(call => call.Tags.Split("gen_ai.agent.id=")[1].Split(' ')[0]));
        Assert.All(
            listeners.Of("spendguard.call.in_flight").GroupBy(change => change.Tags), agent => Assert.Equal(0, agent.Sum(change => change.Value)));
    }

    [Fact]
    public async Task NobodyListens_CostsNoAllocation()
    {
        _listeners.Dispose();
        await using var store = new InMemoryBudgetStore();
        await using var engine = Engine(store, meters: null);
        await engine.SetBudgetAsync(_agent, Money.FromMicrocents(10_000));
        await using var call = await engine.ReserveAsync(Call());
        var settlement = new Settlement
        {
            ReservationId = call.Reservation.Id, End = ReservationEnd.Settled, Held = Money.Zero, Charged = Money.Zero, Budget = (await engine.FindBudgetAsync(_agent))!,
        };
        var asked = Call();
        var refusal = new InvalidOperationException();
        using var telemetry = new EngineTelemetry(meters: null, static () => 0, agents: 1);
        Tell();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Tell();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Tell()
        {
            Assert.Null(telemetry.Start(asked));
            telemetry.Reserved(call);
            telemetry.Refused(CallLabels.Of(asked.Model), _agent, null, refusal);
            telemetry.Ended(call, settlement, bill: null);
            telemetry.Expired(call.Reservation);
            telemetry.NotCommitted(call);
        }
    }

    private SpendGuardEngine Engine(IBudgetStore store, Listeners? meters, SpendGuardOptions? options = null) => new(
        store,
        new Prices(new PriceBook("test", DateTimeOffset.UnixEpoch, [new RateCard
        {
            Model = new ModelKey("gemini", "m"),
            Rates = new TokenRates { Input = Rate.FromMicrocents(2), Output = Rate.FromMicrocents(4) },
            MaxOutputTokens = 70,
        }])),
        options,
        _time,
        logger: null,
        meters);

    private ModelCall Call(long input = 10) => new()
    {
        Agent = _agent,
        Model = new ModelKey("gemini", "m"),
        Shape = new CallShape { InputBound = input },
    };
}
