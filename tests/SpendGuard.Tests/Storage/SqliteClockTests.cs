using CsCheck;
using SpendGuard.Bounds;
using SpendGuard.Budgets;
using SpendGuard.Pricing;
using SpendGuard.Storage;
using SpendGuard.Testing;
using SpendGuard.Testing.Stores;
using SpendGuard.Tests.Calls;

namespace SpendGuard.Tests.Storage;

/// <summary>Processes that share a file, while their machine's clock is set and the machine is started again.</summary>
public sealed class SqliteClockTests : IDisposable
{
    private static readonly SpendGuardOptions Options = new();

    private readonly TempFolder _folder = new();
    private readonly SetClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(6)]
    [InlineData(60)]
    [InlineData(60 * 24 * 365)]
    [InlineData(-60)]
    public async Task ClockIsSet_NoCallOfAnotherProcessIsForfeited(int minutes)
    {
        await using var one = await ProcessAsync();
        await using var two = await ProcessAsync();
        await two.SetBudgetAsync("a", Money.FromDollars(1));
        await using var call = await ReserveAsync(one);

        _clock.Step = TimeSpan.FromMinutes(minutes);

        Assert.Equal(0, await two.ForfeitExpiredAsync());
        Assert.Equal(1, (await two.FindBudgetAsync("a"))!.InFlight);

        // Also one that starts after that.
        await using var three = await ProcessAsync();
        Assert.Equal(0, await three.ForfeitExpiredAsync());
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-60 * 24 * 365)]
    [InlineData(60)]
    public async Task ClockIsSet_HoldThatNobodyEndsLivesNoLongerAndNoLessForIt(int minutes)
    {
        await LeaveHoldAsync();
        _clock.Step = TimeSpan.FromMinutes(minutes);
        await using var next = await ProcessAsync();
        await next.SetBudgetAsync("b", Money.FromDollars(1));

        _clock.Advance(Options.ReservationLifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await next.ForfeitExpiredAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await next.ForfeitExpiredAsync());
    }

    [Fact]
    public async Task MachineIsStartedAgainWithAnyTime_HoldIsForfeitedWithinItsLifetime()
    {
        foreach (var minutes in (int[])[-60 * 24 * 365 * 20, -60, 0, 60])
        {
            await LeaveHoldAsync();
            _clock.Step = TimeSpan.FromMinutes(minutes);
            await using var next = await ProcessAsync(boot: $"started at {minutes}");
            await next.SetBudgetAsync("b", Money.FromDollars(1));

            _clock.Advance(Options.ReservationLifetime);
            Assert.Equal(1, await next.ForfeitExpiredAsync());
        }
    }

    /// <summary>Its provider works on, whatever becomes of the machine that sent it.</summary>
    [Fact]
    public async Task MachineIsStartedAgain_BatchLivesAsLongAsItHadLeft()
    {
        await LeaveHoldAsync(requests: 2, lifetime: TimeSpan.FromHours(25));
        await using var next = await ProcessAsync(boot: "started again");
        await next.SetBudgetAsync("b", Money.FromDollars(1));

        _clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(0, await next.ForfeitExpiredAsync());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await next.ForfeitExpiredAsync());
    }

    [Fact]
    public void Start_IsKnownOnLinux() =>
        Assert.Equal(OperatingSystem.IsLinux(), new SqliteStoreOptions { Path = _folder.File() }.Boot is { Length: > 0 });

    [Fact]
    public async Task SystemThatDoesNotTellItsStart_GoesByItsClock()
    {
        await LeaveHoldAsync(boot: null);
        _clock.Step = Options.ReservationLifetime;

        await using var next = await ProcessAsync(boot: null);
        Assert.Equal(1, await next.ForfeitExpiredAsync());
    }

    [Fact]
    public async Task ContainersThatTakeThemselvesForMachines_MoveWhatIsInFlightOnce()
    {
        await using var one = Store("one");
        await using var two = Store("two");
        await one.SetAsync("a", 100);
        await two.SetAsync("a", 100);
        await one.ReserveAsync("a", "r", 1, 1, expires: 300);
        await two.SetAsync("a", 100);

        _clock.Step = TimeSpan.FromHours(1);
        await one.SetAsync("a", 100);
        await two.SetAsync("a", 100);
        await one.SetAsync("a", 100);

        Assert.Equal(
            StoreSteps.Second(300) + TimeSpan.FromHours(1), (await one.FindReservationAsync(new ReservationId("r"), default))!.ExpiresAt);
    }

    [Fact]
    public async Task ClockIsSetAnyNumberOfTimes_WhatIsLeftOfAHoldIsWhatTimeHasLeft()
    {
        var step = Gen.Select(Gen.Int[-5000, 5000], Gen.Int[0, 100], Gen.Bool);
        var files = 0;
        await step.Array[1, 12].SampleAsync(
            async steps =>
            {
                var file = _folder.File($"{Interlocked.Increment(ref files)}");
                var clock = new SetClock();
                await using var one = Store("one", file, clock);
                await using var two = Store("one", file, clock);
                await one.SetAsync("a", 100);
                var now = clock.GetUtcNow();
                await one.ApplyAsync(new Reserve(new ReservationId("r"), "a", null, null, Money.Zero, Money.Zero, now.AddHours(1), now), default);
                var left = TimeSpan.FromHours(1);
                foreach (var (set, passes, second) in steps)
                {
                    clock.Step += TimeSpan.FromSeconds(set);
                    await (second ? two : one).SetAsync("a", 100);
                    clock.Advance(TimeSpan.FromSeconds(passes));
                    left -= TimeSpan.FromSeconds(passes);
                }

                var expiry = (await two.FindReservationAsync(new ReservationId("r"), default))!.ExpiresAt;
                Assert.InRange(expiry - clock.GetUtcNow() - left, TimeSpan.FromSeconds(-10), TimeSpan.FromSeconds(10));
            },
            iter: 20, threads: 1);
    }

    private async Task LeaveHoldAsync(string? boot = "first", int? requests = null, TimeSpan? lifetime = null)
    {
        await using var process = Store(boot);
        await process.SetAsync("a", 100);
        var now = _clock.GetUtcNow();
        await process.ApplyAsync(
            new Reserve(ReservationId.New(), "a", null, null, Money.Zero, Money.Zero, now + (lifetime ?? Options.ReservationLifetime), now) { Requests = requests },
            default);
    }

    private async Task<SpendGuardEngine> ProcessAsync(string? boot = "first")
    {
        var engine = new SpendGuardEngine(Store(boot), new Prices(PriceBook.LoadBundled()), Options, _clock);
        await engine.FindBudgetAsync("of nobody");
        return engine;
    }

    private SqliteBudgetStore Store(string? boot, string? file = null, TimeProvider? clock = null) =>
        new(new SqliteStoreOptions { Path = file ?? _folder.File(), Clock = clock ?? _clock, Boot = boot });

    private static async Task<ReservedCall> ReserveAsync(SpendGuardEngine engine) => await engine.ReserveAsync(new ModelCall
    {
        Agent = "a",
        Model = new ModelKey("openai", "gpt-4o-mini"),
        Shape = new CallShape { InputBound = 10, OutputTokens = 20 },
    });
}
