using Microsoft.Extensions.Time.Testing;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Calls.Wire;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;

namespace SpendGuard.Tests.Calls;

/// <summary>Whoever gives a call up, it ends by what had been said of its cost: by all of it, or at no less than the hold and what is known.</summary>
public sealed class GivenUpTests : IAsyncDisposable
{
    private const long Hold = (100 * 250) + (100 * 1_000);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly InMemoryBudgetStore _store = new();
    private readonly SpendGuardEngine _engine;

    public GivenUpTests() => _engine = new SpendGuardEngine(
        _store, new Prices(PriceBook.LoadBundled()), new SpendGuardOptions { LongestCall = TimeSpan.FromMinutes(20) }, _time);

    public enum By
    {
        Disposal,
        DisposalOfAttempts,
        TimeUp,
        TimeUpOfAttempts,
        EngineDisposal,
        Expiry,
    }

    /// <summary>What was said, what that comes to, and whether it is all.</summary>
    private static Dictionary<string, (Func<ProviderReport>? Said, long Known, bool IsAll)> Saids { get; } = new()
    {
        ["nothing"] = (null, 0, false),
        ["no usage yet"] = (() => new ProviderReport(), 0, false),
        ["a part, less than the hold"] = (() => new() { Usage = new Usage { Input = 10, Output = 2 }, Incomplete = "it goes on" }, (10 * 250) + (2 * 1_000), false),
        ["a part, more than the hold"] = (() => new() { Usage = new Usage { Input = 100, Output = 9_000 }, Incomplete = "it goes on" }, (100 * 250) + (9_000 * 1_000), false),
        ["all, less than the hold"] = (() => new() { Usage = new Usage { Input = 10, Output = 2 } }, (10 * 250) + (2 * 1_000), true),
        ["all, more than the hold"] = (() => new() { Usage = new Usage { Input = 100, Output = 9_000 } }, (100 * 250) + (9_000 * 1_000), true),
        ["a part that cannot be priced"] = (() => new() { Usage = new Usage { Input = 100, Output = 9_000, AudioOutput = 1 }, Incomplete = "it goes on" }, (100 * 250) + (9_000 * 1_000), false),
        ["a stated cost"] = (() => new() { LeastCost = Money.FromMicrocents(7 * Hold) }, 7 * Hold, false),
        ["that it was not billed"] = (() => ProviderReport.NotBilled, 0, false),
        ["that it was overloaded"] = (() => ProviderReport.OfOverload, 0, false),
        ["something that throws"] = (() => throw new InvalidOperationException("It is being read."), 0, false),
    };

    public static IEnumerable<object[]> Ways => Enum.GetValues<By>().SelectMany(by => Saids.Keys.Select(said => new object[] { by, said }));

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Call_IsGivenUp_EndsByWhatWasSaid(By by, string said)
    {
        var (say, known, isAll) = Saids[said];
        await _engine.SetBudgetAsync("a", Money.FromDollars(1));
        var call = await _engine.ReserveAsync(Call());
        Assert.Equal(Hold, call.Reservation.Held.Microcents);

        await GiveUpAsync(by, call, say);

        var end = await EndAsync();
        var isSettled = isAll && by != By.Expiry;
        Assert.Equal(
            (isSettled ? LedgerEntryKind.Settled : LedgerEntryKind.Forfeited, isSettled ? known : Math.Max(Hold, known)), (end.Kind, end.Amount.Microcents));
        await Books.AssertBalancedAsync(_store);
    }

    /// <summary>What its caller learns after that counts all the same.</summary>
    [Theory]
    [InlineData(By.TimeUp)]
    [InlineData(By.Expiry)]
    public async Task Call_WasGivenUp_WhatComesLateCorrectsIt(By by)
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(1));
        var call = await _engine.ReserveAsync(Call());
        await GiveUpAsync(by, call, Saids["a part, more than the hold"].Said);
        await EndAsync();

        await call.EndAsync(new ProviderReport { Usage = new Usage { Input = 100, Output = 10_000 } });

        Assert.Equal((100 * 250) + (10_000 * 1_000), (await _store.FindBudgetAsync("a", default))!.Spent.Microcents);
    }

    [Fact]
    public async Task Attempts_AreGivenUp_AHoldThatNoneTookIsReleased()
    {
        await _engine.SetBudgetAsync("a", Money.FromDollars(1));
        var call = await _engine.ReserveAsync(Call());
        await using (var attempts = call.Watch(_ => false, Vendor.Of("openai"), address: null))
        {
            var to = new Strays.Endpoint("api.example.com", 443);
            _ = attempts.Begin(to);
            attempts.Ended(attempts.Begin(to)!, 429, error: null);
        }

        var budget = (await _store.FindBudgetAsync("a", default))!;
        Assert.Equal((0, Hold), (budget.Held.Microcents, budget.Spent.Microcents));
    }

    private async Task GiveUpAsync(By by, ReservedCall call, Func<ProviderReport>? say)
    {
        if (by is By.DisposalOfAttempts or By.TimeUpOfAttempts)
        {
            await using var attempts = call.Watch(_ => false, Vendor.Of("openai"), address: null);
            if (say is not null)
            {
                attempts.Follow(say);
            }

            if (by == By.TimeUpOfAttempts)
            {
                attempts.EndInBackground(timeUp => Task.Delay(Timeout.InfiniteTimeSpan, timeUp), Patience);
                _time.Advance(Patience);
            }

            return;
        }

        if (say is not null)
        {
            call.Follow(say);
        }

        switch (by)
        {
            case By.Disposal:
                await call.DisposeAsync();
                break;
            case By.TimeUp:
                // It does not listen to its token.
                call.EndInBackground(_ => new TaskCompletionSource().Task, Patience);
                _time.Advance(Patience);
                break;
            case By.EngineDisposal:
                await _engine.DisposeAsync();
                break;
            case By.Expiry:
                for (var minutes = 0; minutes < 28; minutes++)
                {
                    _time.Advance(TimeSpan.FromMinutes(1));
                    await _engine.ForfeitExpiredAsync();
                }

                break;
        }
    }

    private async Task<LedgerEntry> EndAsync()
    {
        LedgerEntry? end = null;
        await Eventually.HoldsAsync(async () => (end = (await _store.ReadLedgerAsync(0, "a", int.MaxValue, default))
            .FirstOrDefault(entry => entry.Reservation is not null && entry.Kind != LedgerEntryKind.Reserved)) is not null);
        return end!;
    }

    private static ModelCall Call() => new()
    {
        Agent = "a",
        Model = new ModelKey("openai", "gpt-4o"),
        Shape = new CallShape { InputBound = 100, OutputTokens = 100 },
    };
}
